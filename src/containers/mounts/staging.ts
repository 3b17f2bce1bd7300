/**
 * What the runtime cannot take from where it is: the root file system of a container in a user namespace, whose root may
 * not pass through our directories, and mounts with id mappings of their own. Views of them stand on a stage while the
 * container is being created.
 */
import { errnoOf, invalid, messageOf } from '../../base/errors.ts';
import { absolutePath, type AbsolutePath, type ContainerId } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import type { Rollback } from '../../base/rollback.ts';
import { MountStage } from '../../runtime/mount-stage.ts';
import { holdNamespaces, type NamespaceHolder } from '../../runtime/namespace-holder.ts';
import type { Services } from '../../services.ts';
import type { ContainerConfig, MountConfig } from '../../spec/requests/container-config.ts';
import type { PodMaterial } from '../../spec/container-spec.ts';
import { hostRootOf, isSameIdMap, type IdMap } from '../../spec/requests/id-mapping.ts';
import { removeContainerFiles } from '../container-files.ts';

export type StagingServices = Pick<Services, 'kernel' | 'paths' | 'programs'>;

/** Null where nothing needs one. What cannot be unmounted is logged, and goes with the container. */
export async function openStage(
  services: StagingServices,
  container: { readonly id: ContainerId; readonly config: ContainerConfig; readonly pod: PodMaterial },
  around: { readonly rollback: Rollback; readonly log: Log },
): Promise<(AsyncDisposable & { readonly stage: MountStage }) | null> {
  const { id, config, pod } = container;
  if (pod.namespaces.user === null && config.mounts.every(({ idMap }) => idMap === null)) return null;
  around.rollback.defer('remove stage', async () => await removeContainerFiles(services, id));
  const stage = await MountStage.open(services.kernel, {
    dir: services.paths.stage(id),
    gid: rootGid(pod),
  });
  return {
    stage,
    [Symbol.asyncDispose]: async () => {
      await stage
        .close()
        .catch((error: unknown) => around.log.error({ error: messageOf(error) }, 'stage cannot be closed'));
    },
  };
}

function rootGid(pod: PodMaterial): number | null {
  const map = pod.config.namespaces.user;
  return map === null ? null : (hostRootOf(map)?.gid ?? null);
}

export type Props = {
  readonly rootfs: AbsolutePath;
  readonly mounts: readonly MountConfig[];
  /** One real path per mount. */
  readonly sources: readonly string[];
  readonly pod: PodMaterial;
};

/** The paths that the runtime is told. @throws IdMapUnsupported, UserNamespaceFailed */
export async function putOnStage(
  services: StagingServices,
  stage: MountStage | null,
  props: Props,
): Promise<{ readonly rootfs: AbsolutePath; readonly sources: readonly string[] }> {
  const { rootfs, mounts, sources, pod } = props;
  if (stage === null) return { rootfs, sources };
  await using namespaces = new Namespaces(services, pod);
  const staged: string[] = [];
  for (const [index, mount] of mounts.entries()) {
    const source = sources[index] ?? '';
    // crun 1.8.1 forgets these options in a user namespace.
    const isForgotten = pod.namespaces.user !== null && mount.restrictions.length > 0;
    if (mount.idMap === null && !isForgotten) staged.push(source);
    else {
      const idMap = mount.idMap === null ? null : await namespaces.of(mount.idMap);
      staged.push(await addView(stage, mount, { source: absolutePath(source), idMap }));
    }
  }
  const isReachable = pod.namespaces.user === null;
  return { rootfs: isReachable ? rootfs : await stage.addRoot(rootfs), sources: staged };
}

async function addView(
  stage: MountStage,
  mount: MountConfig,
  { source, idMap }: { readonly source: AbsolutePath; readonly idMap: AbsolutePath | null },
): Promise<AbsolutePath> {
  try {
    return await stage.add({ source, isRecursive: true, idMap, flags: mount.restrictions });
  } catch (cause) {
    const why = reasons.get(errnoOf(cause) ?? '');
    if (idMap === null || why === undefined) throw cause;
    throw invalid(
      'IdMapUnsupported',
      `mount on "${mount.containerPath}" with uidMappings and gidMappings: "${source}" ${why}`,
      { cause },
    );
  }
}

/** Source: mount_setattr(2), ERRORS. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['EINVAL', 'lies on a file system that cannot be id-mapped'],
  ['EPERM', 'is mounted with other owners already (an id-mapped mount)'],
  ['ENOSYS', 'cannot be id-mapped by this kernel: expected Linux 5.12 or later'],
]);

/** The user namespaces of mappings: the pod's own where it is the same, else one made for the purpose. */
class Namespaces implements AsyncDisposable {
  readonly #services: StagingServices;
  readonly #pod: PodMaterial;
  readonly #held: { readonly map: IdMap; readonly holder: NamespaceHolder }[] = [];

  constructor(services: StagingServices, pod: PodMaterial) {
    this.#services = services;
    this.#pod = pod;
  }

  async of(map: IdMap): Promise<AbsolutePath> {
    const { config, namespaces } = this.#pod;
    const own = config.namespaces.user;
    if (own !== null && namespaces.user !== null && isSameIdMap(map, own))
      return absolutePath(namespaces.user);
    const held = this.#held.find((each) => isSameIdMap(each.map, map));
    if (held !== undefined) return held.holder.userNamespace;
    const holder = await holdNamespaces(this.#services, { idMap: map, kinds: [] });
    this.#held.push({ map, holder });
    return holder.userNamespace;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { holder } of this.#held) await holder[Symbol.asyncDispose]();
  }
}
