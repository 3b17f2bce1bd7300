/**
 * The OCI bundle of a container: facts are gathered, the spec is computed, config.json and the template of later execs are
 * written to the container's run directory.
 */
import { rm, writeFile } from 'node:fs/promises';
import { failedPrecondition, invalid } from '../base/errors.ts';
import { ensureDirectory } from '../base/files.ts';
import { together } from '../base/together.ts';
import { joinPath, type AbsolutePath, type ContainerId } from '../base/ids.ts';
import type { Rollback } from '../base/rollback.ts';
import type { ImageConfig } from '../images/documents/image-config.ts';
import type { ImageRecord } from '../images/catalog/image-record.ts';
import { isProfileLoaded } from '../runtime/security/apparmor.ts';
import { execTemplateName } from '../runtime/sessions/exec-process.ts';
import type { Handler } from '../runtime/handlers/handlers.ts';
import type { MountStage } from '../runtime/mount-stage.ts';
import { startTimeTicks } from '../runtime/programs/process-identity.ts';
import type { Services } from '../services.ts';
import { hostRootOf } from '../spec/requests/id-mapping.ts';
import type { ContainerConfig } from '../spec/requests/container-config.ts';
import {
  labelsOf,
  planContainer,
  type ContainerMaterial,
  type ContainerPlan,
  type PodMaterial,
} from '../spec/container-spec.ts';
import { stringifyOci, type OciProcess } from '../spec/oci-spec.ts';
import { checkMapped, resolveIdentity } from '../spec/users.ts';
import type { ContainerUser } from '../store/container-record.ts';
import { makeImageDirectory, type ImageRoot } from './mounts/image-directory.ts';
import { checkMountPoints } from './mounts/image-mount-points.ts';
import { minMemoryBytes } from './min-memory.ts';
import { checkPropagation } from './mounts/mount-propagation.ts';
import { relabelMounts } from './mounts/relabel.ts';
import { findHostDevices } from './devices/device-nodes.ts';
import { readAccountFiles, readSeccompProfile, resolveMountSources } from './facts.ts';
import { gatherDevices } from './devices/gather-devices.ts';
import { checkListener, notifierOf, openNotifier } from './notifier.ts';
import { putOnStage } from './mounts/staging.ts';
import { spellOutSubmounts } from './mounts/submounts.ts';
import { provideVolumes } from './mounts/volume-directories.ts';

export type BundleServices = Pick<
  Services,
  'config' | 'host' | 'paths' | 'kernel' | 'images' | 'store' | 'programs' | 'cdi' | 'seccompNotifiers'
>;

export type BundleRequest = {
  readonly id: ContainerId;
  readonly config: ContainerConfig;
  readonly image: ImageRecord;
  readonly handler: Handler;
  readonly rootfs: AbsolutePath;
  /** Needed in a user namespace and for id-mapped mounts; else null. */
  readonly stage: MountStage | null;
  readonly pod: PodMaterial;
  /** Where image volumes are mounted, by the mount's place in the request. */
  readonly imageSources: ReadonlyMap<number, AbsolutePath>;
};

export async function writeBundle(
  services: BundleServices,
  request: BundleRequest,
  rollback: Rollback,
): Promise<ContainerPlan & { readonly user: ContainerUser }> {
  const { id, image, rootfs } = request;
  const { dir, spec } = services.paths.container(id);
  const imageConfig = await services.images.config(image.id);
  const { volumes } = imageConfig;
  const root = { path: rootfs, owner: rootOf(request.pod) };
  const more = await provideVolumes(services, {
    id,
    root,
    volumes,
    mounts: request.config.mounts,
  });
  const wanted = { ...request.config, mounts: [...request.config.mounts, ...more] };
  const { material, mounts } = await gather(services, { ...request, config: wanted }, imageConfig);
  const config = { ...wanted, mounts };
  await makeWorkingDir(services, root, config.workingDir === '' ? imageConfig.workingDir : config.workingDir);
  const { defaultCapabilities, defaultUlimits } = services.config.current.security;
  const plan = planContainer({
    containerId: id,
    config,
    image: { ...imageConfig, stopSignal: imageConfig.stopSignal ?? '' },
    pod: request.pod,
    material,
    host: services.host,
    handler: handlerFacts(services, request.handler),
    defaults: {
      capabilities: defaultCapabilities,
      rlimits: defaultUlimits,
      isDeviceOwnedByUser: services.config.current.devices.isOwnedByUser,
      pidsLimit: services.config.current.limits.containerPids,
    },
  });
  const listener = plan.spec.linux.seccomp?.listenerPath;
  if (listener !== undefined && plan.notifierErrno === null) await checkListener(listener);
  rollback.defer('remove run directory', async () => await rm(dir, { recursive: true, force: true }));
  await ensureDirectory(dir);
  await together([
    writeFile(spec, stringifyOci(plan.spec), { mode: 0o600 }),
    writeFile(joinPath(dir, execTemplateName), execTemplate(plan.spec.process), { mode: 0o600 }),
  ]);
  await openNotifier(services, request, { errno: plan.notifierErrno, rollback });
  const { uid, gid, additionalGids } = plan.spec.process.user;
  return { ...plan, user: { uid, gid, groups: additionalGids } };
}

function handlerFacts(
  services: BundleServices,
  handler: Handler,
): Parameters<typeof planContainer>[0]['handler'] {
  const options = services.config.current.runtimes.get(handler.report.name);
  return {
    hasRecursiveReadonly: handler.report.features.hasRecursiveReadonlyMounts,
    hasHostDevices: options?.isPrivilegedWithoutHostDevices !== true,
    isEveryDeviceAllowed: options?.isEveryDeviceAllowed === true,
    cdi: handler.report.features.cdi,
    allowedAnnotations: options?.allowedAnnotations ?? [],
    minMemoryBytes: minMemoryBytes(services, handler.report),
  };
}

async function gather(
  services: BundleServices,
  request: BundleRequest,
  imageConfig: ImageConfig,
): Promise<{ readonly material: ContainerMaterial; readonly mounts: ContainerConfig['mounts'] }> {
  const { config, rootfs, stage, pod } = request;
  const { security } = config;
  const { seccompProfile } = services.config.current.security;
  const [
    accounts,
    mountSources,
    wantedDevices,
    hostDevices,
    seccompContent,
    targetPidNamespace,
    isApparmorLoaded,
  ] = await together([
    checkMountPoints(services.kernel, { rootfs, files: pod.files, mounts: config.mounts }).then(() =>
      readAccountFiles(services.kernel, rootfs),
    ),
    resolveMountSources(config.mounts, request.imageSources),
    gatherDevices(services, config, request.pod.config.annotations),
    security.isPrivileged ? findHostDevices() : [],
    readSeccompProfile(security.seccomp, seccompProfile),
    security.pid === 'target' ? targetNamespace(services, request) : null,
    security.apparmor?.kind === 'localhost' && services.host.hasApparmor
      ? isProfileLoaded(security.apparmor.reference)
      : false,
  ]);
  await checkPropagation(services.kernel, config.mounts, mountSources);
  await relabelMounts(services, {
    mounts: config.mounts,
    sources: mountSources,
    label: labelsOf(pod, security, services.host.selinux)?.mount ?? null,
  });
  const { mounts } = config;
  const identity = resolveIdentity(security, imageConfig.user, accounts);
  checkMapped(identity, pod.config.namespaces.user);
  const staged = await putOnStage(services, stage, { rootfs, mounts, sources: mountSources, pod });
  const bound = { mounts, sources: staged.sources };
  const isTopmostOnly = stage !== null && !request.handler.report.features.hasRecursiveUserBinds;
  const spelled = isTopmostOnly ? await spellOutSubmounts(services.kernel, bound) : bound;
  const material = {
    rootfsPath: staged.rootfs,
    identity,
    mountSources: spelled.sources,
    ...wantedDevices,
    hostDevices,
    seccompContent,
    isApparmorLoaded,
    seccompListener: notifierOf(services, request)?.path ?? null,
    targetPidNamespace,
  };
  return { material, mounts: spelled.mounts };
}

/** @throws UnknownContainer, TargetInOtherPod, TargetNotRunning */
async function targetNamespace(services: BundleServices, request: BundleRequest): Promise<string> {
  const { targetId } = request.config.security;
  const { process, podId } = services.store.container(targetId);
  if (podId !== request.pod.plan.podId) {
    throw invalid(
      'TargetInOtherPod',
      `PID namespace of container "${targetId}": expected a container of the same pod`,
    );
  }
  if ((await startTimeTicks(process.pid)) === process.startTimeTicks) return `/proc/${process.pid}/ns/pid`;
  throw failedPrecondition(
    'TargetNotRunning',
    `PID namespace of container "${targetId}": expected a running container`,
  );
}

/** Who is root in the pod, in ids of the host. */
function rootOf(pod: PodMaterial): ImageRoot['owner'] {
  const map = pod.config.namespaces.user;
  return map === null ? null : hostRootOf(map);
}

/** It need not be in the image's layers. */
async function makeWorkingDir(services: BundleServices, root: ImageRoot, path: string): Promise<void> {
  if (path !== '' && path !== '/') await makeImageDirectory(services.kernel, root, path);
}

/** See exec-process.ts: the args are put in front when an exec is started. */
function execTemplate(process: OciProcess): string {
  const text = stringifyOci({ ...process, args: [], terminal: false });
  return text.replace('"args":[],', '');
}
