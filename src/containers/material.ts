/**
 * All that has to be found or made for a container before its spec can be computed: accounts of the image, sources of mounts,
 * devices, profiles, and the stage where the runtime finds what it cannot take from where it is.
 */
import { failedPrecondition, invalid } from '../base/errors.ts';
import type { AbsolutePath, ContainerId } from '../base/ids.ts';
import { together } from '../base/together.ts';
import type { ImageRecord } from '../images/catalog/image-record.ts';
import type { ImageConfig } from '../images/documents/image-config.ts';
import type { Handler } from '../runtime/handlers/handlers.ts';
import type { MountStage } from '../runtime/mount-stage.ts';
import { startTimeTicks } from '../runtime/programs/process-identity.ts';
import { isProfileLoaded } from '../runtime/security/apparmor.ts';
import type { Services } from '../services.ts';
import { labelsOf, type ContainerMaterial, type PodMaterial } from '../spec/container-spec.ts';
import { requestedOwner } from '../spec/devices.ts';
import type { ContainerConfig } from '../spec/requests/container-config.ts';
import { checkMapped, resolveIdentity, type Identity } from '../spec/users.ts';
import { findHostDevices } from './devices/device-nodes.ts';
import { gatherDevices } from './devices/gather-devices.ts';
import { stageDevices } from './devices/staged-devices.ts';
import { readAccountFiles, readSeccompProfile, resolveMountSources } from './facts.ts';
import { checkMountPoints } from './mounts/image-mount-points.ts';
import { checkPropagation } from './mounts/mount-propagation.ts';
import { relabelMounts } from './mounts/relabel.ts';
import { keepLockedOptions } from './mounts/locked-options.ts';
import { putOnStage } from './mounts/staging.ts';
import { spellOutSubmounts } from './mounts/submounts.ts';
import { notifierOf } from './notifier.ts';

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

export type Gathered = {
  readonly material: ContainerMaterial;
  /** Those of the request, and what the handler must be told of besides. */
  readonly mounts: ContainerConfig['mounts'];
};

export async function gatherMaterial(
  services: BundleServices,
  request: BundleRequest,
  imageConfig: ImageConfig,
): Promise<Gathered> {
  const { config, pod } = request;
  const { accounts, mountSources, devices, ...found } = await findFacts(services, request);
  await checkPropagation(services.kernel, config.mounts, mountSources);
  await relabelMounts(services, {
    mounts: config.mounts,
    sources: mountSources,
    label: labelsOf(pod, config.security, services.host.selinux)?.mount ?? null,
  });
  const identity = resolveIdentity(config.security, imageConfig.user, accounts);
  checkMapped(identity, pod.config.namespaces.user);
  const staged = await stageMounts(services, request, mountSources);
  const material = {
    ...found,
    ...(await ownDevices(services, request, { devices, identity })),
    identity,
    rootfsPath: staged.rootfs,
    mountSources: staged.sources,
    seccompListener: notifierOf(services, request)?.path ?? null,
  };
  return { material, mounts: staged.mounts };
}

type Devices = Pick<ContainerMaterial, 'devices' | 'cdi'>;
type Facts = Pick<
  ContainerMaterial,
  'mountSources' | 'hostDevices' | 'seccompContent' | 'targetPidNamespace' | 'isApparmorLoaded'
> & {
  readonly accounts: Awaited<ReturnType<typeof readAccountFiles>>;
  readonly devices: Devices;
};

/** What depends on nothing else, side by side. */
async function findFacts(services: BundleServices, request: BundleRequest): Promise<Facts> {
  const { config, rootfs, pod } = request;
  const { security, mounts } = config;
  const { seccompProfile } = services.config.current.security;
  const [accounts, mountSources, devices, hostDevices, seccompContent, targetPidNamespace, isApparmorLoaded] =
    await together([
      checkMountPoints(services.kernel, { rootfs, files: pod.files, mounts }).then(() =>
        readAccountFiles(services.kernel, rootfs),
      ),
      resolveMountSources(mounts, request.imageSources),
      gatherDevices(services, config, pod.config.annotations),
      security.isPrivileged ? findHostDevices() : [],
      readSeccompProfile(security.seccomp, seccompProfile),
      security.pid === 'target' ? targetNamespace(services, request) : null,
      security.apparmor?.kind === 'localhost' && services.host.hasApparmor
        ? isProfileLoaded(security.apparmor.reference)
        : false,
    ]);
  return {
    accounts,
    mountSources,
    devices,
    hostDevices,
    seccompContent,
    targetPidNamespace,
    isApparmorLoaded,
  };
}

type Staged = Pick<Gathered, 'mounts'> & {
  readonly rootfs: AbsolutePath;
  readonly sources: readonly string[];
};

async function stageMounts(
  services: BundleServices,
  { config, rootfs, stage, pod, handler }: BundleRequest,
  mountSources: readonly string[],
): Promise<Staged> {
  const { mounts } = config;
  const staged = await putOnStage(services, stage, { rootfs, mounts, sources: mountSources, pod });
  const bound = { mounts, sources: staged.sources };
  const isTopmostOnly = stage !== null && !handler.report.features.hasRecursiveUserBinds;
  const spelled = isTopmostOnly ? await spellOutSubmounts(services.kernel, bound) : bound;
  const kept = pod.namespaces.user === null ? spelled : await keepLockedOptions(services.kernel, spelled);
  return { ...kept, rootfs: staged.rootfs };
}

/** Outside of a user namespace the runtime gives them their owners. */
async function ownDevices(
  services: Pick<BundleServices, 'config'>,
  { config, stage, pod }: BundleRequest,
  { devices, identity }: { readonly devices: Devices; readonly identity: Identity },
): Promise<Devices> {
  const map = pod.config.namespaces.user;
  if (map === null || stage === null) return devices;
  const isOwned = services.config.current.devices.isOwnedByUser && config.security.user.kind !== 'image';
  const requested = isOwned ? requestedOwner(config.security.user, identity) : null;
  return await stageDevices({ stage, map }, devices, { requested, process: identity });
}

/** @throws UnknownContainer, TargetInOtherPod, TargetNotRunning */
async function targetNamespace(
  services: Pick<BundleServices, 'store'>,
  request: BundleRequest,
): Promise<string> {
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
