/**
 * From a checked request and facts to the whole OCI runtime configuration of a container. Pure: the same input gives the
 * same config.json. Each concern is a file of its own; here they are put together, once, in the open.
 * Source: OCI runtime spec 1.0.2; cri.md 4.10, 4.11; features.md 7.
 */
import type { ContainerId } from '../base/ids.ts';
import { planAnnotations } from './annotations.ts';
import { applyCdi, type CdiFacts, type ResolvedCdiEdits } from './cdi/apply-cdi.ts';
import { bindMovedDevices } from './bound-devices.ts';
import { planCapabilities } from './capabilities.ts';
import { containerCgroupsPath } from './cgroup-path.ts';
import { type ApparmorFacts, planApparmor } from './confinement.ts';
import type { ContainerConfig } from './requests/container-config.ts';
import {
  type HostDevice,
  planDevices,
  type PlannedDevices,
  requestedOwner,
  type ResolvedDevice,
} from './devices.ts';
import { planHiddenPaths } from './hidden-paths.ts';
import { planMounts, type PodFiles, rootfsPropagation } from './mounts.ts';
import { ociIdMappings, planNamespaces, type PodNamespacePaths } from './namespaces.ts';
import type { OciLinux, OciProcess, OciRlimit, OciSeccomp, OciSpec } from './oci-spec.ts';
import type { PodConfig } from './requests/pod-config.ts';
import type { PodPlan } from './pod-plan.ts';
import { type ImageProcessConfig, planArgs, planEnv, planWorkingDir } from './process.ts';
import { reachableOomScoreAdj, reachableRlimits, type RlimitFacts } from './process-limits.ts';
import { type CgroupFacts, checkResources, effectiveResources, ociResources } from './resources.ts';
import type { Architecture } from './seccomp/architectures.ts';
import { notifyRefusals } from './seccomp/seccomp-notify.ts';
import { planSeccomp } from './seccomp/seccomp.ts';
import { planSelinux, type SelinuxContexts, type SelinuxLabels } from './selinux.ts';
import { effectiveStopSignal } from './signals.ts';
import { textMap } from './text-map.ts';
import type { Identity } from './users.ts';

/** What the machine and the daemon can do; found out at start. */
export type HostFacts = ApparmorFacts &
  RlimitFacts & {
    readonly architecture: Architecture;
    /** Names with `CAP_`; the daemon's own bounding set. */
    readonly boundingCapabilities: readonly string[];
    /** The daemon's own oom_score_adj. */
    readonly oomScoreAdj: number;
    readonly cgroup: CgroupFacts;
    /** Of the node's policy; null: containers are not labelled, and what requests say of it is not applicable. */
    readonly selinux: SelinuxContexts | null;
  };

/** What the runtime handler can do, and its configuration. */
export type HandlerFacts = {
  readonly cdi: CdiFacts;
  readonly hasRecursiveReadonly: boolean;
  /** Privileged containers get the host's devices. */
  readonly hasHostDevices: boolean;
  /** Privileged containers without them may use every device. */
  readonly isEveryDeviceAllowed: boolean;
  /** The smallest memory limit with which the runtime can start a process; default: any. */
  readonly minMemoryBytes?: bigint;
  /** Annotation names that may reach the runtime; a trailing `*` stands for any rest. */
  readonly allowedAnnotations: readonly string[];
};

/** From the configuration. */
export type SecurityDefaults = {
  readonly capabilities: readonly string[];
  readonly rlimits: readonly OciRlimit[];
  /** Requested devices belong to runAsUser and runAsGroup. */
  readonly isDeviceOwnedByUser: boolean;
  /** Processes of one container; 0: no limit. */
  readonly pidsLimit: number;
};

/** What was found or made for this container before its spec can be written. */
export type ContainerMaterial = {
  readonly rootfsPath: string;
  readonly identity: Identity;
  /** One real path per `config.mounts`. */
  readonly mountSources: readonly string[];
  /** `config.devices`, resolved; directories expanded. */
  readonly devices: readonly ResolvedDevice[];
  /** Of `config.cdiDevices`, in the order in which they apply. */
  readonly cdi: readonly ResolvedCdiEdits[];
  /** Every device node of the host; only used for privileged containers. */
  readonly hostDevices: readonly HostDevice[];
  /** Where the seccomp notifier listens; null: none is asked for. */
  readonly seccompListener: string | null;
  /** The JSON of a seccomp profile in a file; undefined when none is asked for. */
  readonly seccompContent: unknown;
  /** Of a Localhost AppArmor profile: whether the kernel knows it. */
  readonly isApparmorLoaded: boolean;
  /** PID mode `target`: `/proc/PID/ns/pid` of the other container. */
  readonly targetPidNamespace: string | null;
};

export type PodMaterial = {
  readonly config: PodConfig;
  readonly plan: PodPlan;
  readonly namespaces: PodNamespacePaths;
  readonly files: PodFiles;
  /** The pod's own SELinux level; null: it was made without. */
  readonly selinuxLevel: string | null;
};

export type ContainerInput = {
  readonly containerId: ContainerId;
  readonly config: ContainerConfig;
  readonly image: ImageProcessConfig;
  readonly pod: PodMaterial;
  readonly material: ContainerMaterial;
  readonly host: HostFacts;
  readonly handler: HandlerFacts;
  readonly defaults: SecurityDefaults;
};

export type ContainerPlan = {
  readonly spec: OciSpec;
  /** The kernel's number. */
  readonly stopSignal: number;
  /** What calls return that the seccomp notifier refuses; null: there is none. */
  readonly notifierErrno: number | null;
  /** What was asked for and cannot be had on this machine, in words, for the log. */
  readonly leftOut: readonly string[];
};

/**
 * @throws NoCommand, InvalidCommand, InvalidWorkingDir, RROUnsupported, ApparmorUnavailable, ApparmorNotLoaded,
 *   InvalidSeccompProfile, InvalidResources, MemoryLimitTooLow, UnifiedUnsupported, CdiUnsupported
 */
export function planContainer(input: ContainerInput): ContainerPlan {
  const { config, pod, material } = input;
  const { security } = config;
  const capabilities = planCapabilities(security.capabilities, security.isPrivileged, {
    defaults: input.defaults.capabilities,
    bounding: input.host.boundingCapabilities,
  });
  const { linux, leftOut, notifierErrno } = planLinux(input, capabilities.sets.bounding);
  const spec: OciSpec = {
    ociVersion: '1.0.2',
    process: planProcess(input, capabilities.sets),
    root: { path: material.rootfsPath, readonly: security.isReadonlyRootfs },
    mounts: planMounts({
      files: pod.files,
      requested: config.mounts,
      sources: material.mountSources,
      isPrivileged: security.isPrivileged,
      isReadonlyRootfs: security.isReadonlyRootfs,
      hasRecursiveReadonly: input.handler.hasRecursiveReadonly,
      isSysBound: pod.config.namespaces.user !== null && pod.config.namespaces.net === 'host',
    }),
    annotations: planAnnotations({
      kind: 'container',
      podId: pod.plan.podId,
      pod: pod.config.metadata,
      containerName: config.metadata.name,
      allowed: input.handler.allowedAnnotations,
      requested: textMap([...Object.entries(pod.config.annotations), ...Object.entries(config.annotations)]),
    }),
    linux,
  };
  const complete = applyCdi(spec, material.cdi, input.handler.cdi);
  const places = [...material.devices, ...material.cdi.flatMap(({ deviceNodes }) => deviceNodes)];
  return {
    spec: pod.config.namespaces.user === null ? complete : bindMovedDevices(complete, places),
    stopSignal: effectiveStopSignal(config.stopSignal, input.image.stopSignal),
    notifierErrno,
    leftOut: [
      ...capabilities.leftOut.map((name) => `${name}: not in the daemon's own bounding set`),
      ...leftOut,
    ],
  };
}

/** A container's SELinux labels, or those of its pod as such; null where containers are not labelled. */
export function labelsOf(
  pod: Pick<PodMaterial, 'config' | 'selinuxLevel'>,
  security: Pick<ContainerConfig['security'], 'selinux' | 'isPrivileged'> | null,
  contexts: SelinuxContexts | null,
): SelinuxLabels | null {
  if (contexts === null || pod.selinuxLevel === null) return null;
  return planSelinux({
    contexts,
    podLevel: pod.selinuxLevel,
    podOptions: pod.config.security.selinux,
    options: security?.selinux ?? null,
    isPrivileged: security?.isPrivileged ?? false,
  });
}

function planProcess(input: ContainerInput, capabilities: OciProcess['capabilities']): OciProcess {
  const { config, image, host, material } = input;
  const { identity } = material;
  const { apparmor: profile, isPrivileged } = config.security;
  const apparmor = planApparmor({ profile, isPrivileged, isLoaded: material.isApparmorLoaded }, host);
  const labels = labelsOf(input.pod, config.security, host.selinux);
  return {
    terminal: config.tty,
    user: { uid: identity.uid, gid: identity.gid, additionalGids: identity.additionalGids },
    args: planArgs(config, image),
    env: planEnv({
      image,
      requested: config.envs,
      hostname: input.pod.plan.hostname,
      home: identity.home,
      isTerminal: config.tty,
    }),
    cwd: planWorkingDir(config.workingDir, image),
    capabilities,
    rlimits: reachableRlimits(input.defaults.rlimits, host),
    noNewPrivileges: config.security.noNewPrivileges,
    oomScoreAdj: reachableOomScoreAdj(config.resources.oomScoreAdj, host),
    ...(apparmor === null ? {} : { apparmorProfile: apparmor }),
    ...(labels === null ? {} : { selinuxLabel: labels.process }),
  };
}

function planLinux(
  input: ContainerInput,
  capabilities: readonly string[],
): Pick<ContainerPlan, 'leftOut' | 'notifierErrno'> & { readonly linux: OciLinux } {
  const { config, host, material, pod } = input;
  const { security } = config;
  checkResources(config.resources, input.handler.minMemoryBytes ?? 0n);
  const { resources, leftOut } = effectiveResources(config.resources, host.cgroup);
  const pids = input.defaults.pidsLimit === 0 ? {} : { pids: { limit: BigInt(input.defaults.pidsLimit) } };
  const devices = devicesOf(input);
  const { seccomp, notifierErrno } = seccompOf(input, capabilities);
  const propagation = rootfsPropagation(config.mounts);
  const labels = labelsOf(pod, security, host.selinux);
  const linux: OciLinux = {
    ...ociIdMappings(pod.config.namespaces.user),
    namespaces: planNamespaces({
      pod: pod.namespaces,
      pidMode: security.pid,
      targetPid: material.targetPidNamespace,
      cgroupVersion: host.cgroup.version,
    }),
    cgroupsPath: containerCgroupsPath(pod.plan.cgroup, input.containerId),
    resources: { devices: devices.rules, ...ociResources(resources), ...pids },
    devices: devices.devices,
    ...planHiddenPaths(security, security.isPrivileged),
    ...(seccomp === null ? {} : { seccomp }),
    ...(propagation === null ? {} : { rootfsPropagation: propagation }),
    ...(labels === null ? {} : { mountLabel: labels.mount }),
  };
  return { linux, leftOut, notifierErrno };
}

function devicesOf({ config, material, handler, defaults }: ContainerInput): PlannedDevices {
  const { user, isPrivileged } = config.security;
  return planDevices({
    requested: material.devices,
    host: material.hostDevices,
    isPrivileged,
    hasHostDevices: handler.hasHostDevices,
    isEveryDeviceAllowed: handler.isEveryDeviceAllowed,
    owner: defaults.isDeviceOwnedByUser ? requestedOwner(user, material.identity) : { uid: null, gid: null },
  });
}

function seccompOf(
  { config, material, host }: ContainerInput,
  capabilities: readonly string[],
): Pick<ContainerPlan, 'notifierErrno'> & { readonly seccomp: OciSeccomp | null } {
  const { architecture } = host;
  const { seccomp: profile, isPrivileged } = config.security;
  const content = material.seccompContent;
  const seccomp = planSeccomp({ profile, isPrivileged, content, architecture, capabilities });
  if (seccomp === null || material.seccompListener === null) return { seccomp, notifierErrno: null };
  const notifying = notifyRefusals(seccomp, material.seccompListener, architecture);
  return { seccomp: notifying.seccomp, notifierErrno: notifying.errno };
}
