/**
 * CDI edits put into a finished OCI spec: environment, devices with their cgroup rules, network interfaces, mounts, hooks,
 * resctrl class, groups. What stands there for the same name or path is replaced.
 * Source: CDI specification, OCI edits; OCI config.md, hooks; config-linux.md, devices, intelRdt, netDevices.
 */
import { unimplemented } from '../../base/errors.ts';
import type { CdiDeviceNode, CdiEdits, CdiHook } from './cdi-spec.ts';
import type { OciDevice, OciDeviceRule, OciHook, OciHooks, OciMount, OciSpec } from '../oci-spec.ts';

/** A node whose type and numbers are known, from the file or from the host. */
export type ResolvedCdiNode = Omit<CdiDeviceNode, 'type'> & { readonly type: OciDevice['type'] };
export type ResolvedCdiEdits = Omit<CdiEdits, 'deviceNodes'> & {
  readonly deviceNodes: readonly ResolvedCdiNode[];
};

/** What the runtime handler knows of; another one would pass over it silently. */
export type CdiFacts = {
  readonly hasNetDevices: boolean;
  /** `schemata` and `enableMonitoring` of OCI 1.3. */
  readonly hasRdtSchemata: boolean;
};

/** @throws CdiUnsupported */
export function applyCdi(spec: OciSpec, edits: readonly ResolvedCdiEdits[], facts: CdiFacts): OciSpec {
  let edited = spec;
  for (const each of edits) {
    checkSupport(each, facts);
    edited = applyOne(edited, each);
  }
  return edited;
}

function checkSupport({ netDevices, intelRdt }: ResolvedCdiEdits, facts: CdiFacts): void {
  if (netDevices.length > 0 && !facts.hasNetDevices) throw unsupported('netDevices');
  if (intelRdt === null || facts.hasRdtSchemata) return;
  if (intelRdt.schemata.length > 0) throw unsupported('intelRdt.schemata');
  if (intelRdt.isMonitored) throw unsupported('intelRdt.enableMonitoring');
}

function unsupported(key: string): Error {
  return unimplemented(
    'CdiUnsupported',
    `CDI ${key}: expected a runtime handler that knows it (OCI 1.3): this one does not`,
  );
}

function applyOne(spec: OciSpec, edits: ResolvedCdiEdits): OciSpec {
  const { process, linux } = spec;
  const { devices, rules } = planNodes(edits.deviceNodes, process.user);
  const hooks = withHooks(spec.hooks, edits.hooks);
  const intelRdt = edits.intelRdt === null ? linux.intelRdt : ociRdt(edits.intelRdt);
  const netDevices = {
    ...linux.netDevices,
    ...Object.fromEntries(edits.netDevices.map(({ hostName, name }) => [hostName, { name }])),
  };
  const additionalGids = [
    ...new Set([...process.user.additionalGids, ...edits.additionalGids.filter((gid) => gid !== 0)]),
  ];
  return {
    ...spec,
    process: { ...process, user: { ...process.user, additionalGids }, env: withEnv(process.env, edits.env) },
    mounts: withMounts(spec.mounts, edits.mounts),
    ...(hooks === undefined ? {} : { hooks }),
    linux: {
      ...linux,
      devices: withoutPaths(linux.devices, devices),
      resources: { ...linux.resources, devices: [...(linux.resources.devices ?? []), ...rules] },
      ...(intelRdt === undefined ? {} : { intelRdt }),
      ...(Object.keys(netDevices).length === 0 ? {} : { netDevices }),
    },
  };
}

/** A name that is there already gets the new value in its old place. */
function withEnv(env: readonly string[], added: readonly string[]): readonly string[] {
  const nameOf = (entry: string): string => entry.slice(0, entry.indexOf('='));
  return [...new Map([...env, ...added].map((entry) => [nameOf(entry), entry])).values()];
}

function withoutPaths(before: readonly OciDevice[], added: readonly OciDevice[]): readonly OciDevice[] {
  return [...new Map([...before, ...added].map((device) => [device.path, device])).values()];
}

function planNodes(
  nodes: readonly ResolvedCdiNode[],
  user: { readonly uid: number; readonly gid: number },
): { readonly devices: readonly OciDevice[]; readonly rules: readonly OciDeviceRule[] } {
  const devices = nodes.map(({ type, path, major, minor, fileMode, uid, gid }) => ({
    type,
    path,
    major,
    minor,
    fileMode: fileMode ?? 0o666,
    uid: uid ?? user.uid,
    gid: gid ?? user.gid,
  }));
  const rules = nodes.flatMap(({ type, major, minor, permissions: access }): readonly OciDeviceRule[] =>
    type === 'b' || type === 'c' ? [{ allow: true, type, major, minor, access }] : [],
  );
  return { devices, rules };
}

/** Parents before children, as everywhere; among equals the order stays. */
function withMounts(before: readonly OciMount[], added: ResolvedCdiEdits['mounts']): readonly OciMount[] {
  if (added.length === 0) return before;
  const taken = new Set(added.map(({ containerPath }) => containerPath));
  const mounts = [
    ...before.filter(({ destination }) => !taken.has(destination)),
    ...added.map(({ hostPath, containerPath, type, options }) => ({
      destination: containerPath,
      type: type === '' ? 'bind' : type,
      source: hostPath,
      options: bindOptions(type, options),
    })),
  ];
  return mounts.toSorted((a, b) => depth(a.destination) - depth(b.destination));
}

/** A mount of no type is a bind mount, also where the vendor left the word out. */
function bindOptions(type: string, options: readonly string[]): readonly string[] {
  const isBind = type !== '' || options.includes('bind') || options.includes('rbind');
  return isBind ? options : ['rbind', ...options];
}

function depth(path: string): number {
  return path === '/' ? 0 : path.split('/').length - 1;
}

function withHooks(before: OciHooks | undefined, added: readonly CdiHook[]): OciHooks | undefined {
  let hooks = before;
  for (const { hookName, path, args, env, timeoutS } of added) {
    const hook: OciHook = {
      path,
      ...(args.length === 0 ? {} : { args }),
      ...(env.length === 0 ? {} : { env }),
      ...(timeoutS === null ? {} : { timeout: timeoutS }),
    };
    hooks = { ...hooks, [hookName]: [...(hooks?.[hookName] ?? []), hook] };
  }
  return hooks;
}

function ociRdt(intelRdt: NonNullable<CdiEdits['intelRdt']>): OciSpec['linux']['intelRdt'] {
  const { closId, l3CacheSchema, memBwSchema, schemata, isMonitored } = intelRdt;
  return {
    ...(closId === '' ? {} : { closID: closId }),
    ...(l3CacheSchema === '' ? {} : { l3CacheSchema }),
    ...(memBwSchema === '' ? {} : { memBwSchema }),
    ...(schemata.length === 0 ? {} : { schemata }),
    ...(isMonitored ? { enableMonitoring: true } : {}),
  };
}
