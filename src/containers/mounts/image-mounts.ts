/**
 * The image volumes of one container: `Mount.image` becomes the read-only mount of that image, `image_sub_path` a place
 * inside it. The kubelet knows these failures by the word in front of their message, and shows the rest to the user.
 * Source: CRI Mount; KEP-4639, KEP-5365; cri.md 2.7, 4.11.
 */
import type { ContainerConfig as CriConfig } from '../../../cri-api/runtime-v1.ts';
import { notFound, unknown } from '../../base/errors.ts';
import type { AbsolutePath, ContainerId } from '../../base/ids.ts';
import type { ImageRecord } from '../../images/catalog/image-record.ts';
import type { VolumePlace } from '../../images/rootfs/image-volumes.ts';
import type { Services } from '../../services.ts';
import type { ContainerConfig, MountConfig } from '../../spec/requests/container-config.ts';

export type ImageMounts = {
  /** Where the files are, by the mount's place in the request. */
  readonly sources: ReadonlyMap<number, AbsolutePath>;
  /** The id of each mount's image, likewise. */
  readonly imageIds: ReadonlyMap<number, string>;
};

export type ImageMountRequest = {
  readonly id: ContainerId;
  readonly config: ContainerConfig;
  /** The pod's user namespace: the owners of the files appear as it maps them. */
  readonly idMap: AbsolutePath | null;
  /** The container's; null: containers are not labelled. */
  readonly selinuxLabel: string | null;
};

type Wanted = { readonly at: number; readonly mount: MountConfig; readonly image: ImageRecord };

/** A failure leaves what `images.removeVolumes` takes away. @throws ImageVolumeMountFailed */
export async function mountImages(
  services: Pick<Services, 'images'>,
  container: ImageMountRequest,
): Promise<ImageMounts> {
  const { id, config, idMap, selinuxLabel } = container;
  const wanted = findImages(services, config.mounts);
  const sources = new Map<number, AbsolutePath>();
  const imageIds = new Map(wanted.map(({ at, image }) => [at, image.id]));
  const [first] = wanted;
  if (first === undefined) return { sources, imageIds };
  const { volumes } = services.images.parts;
  // An image that is mounted at two places is mounted once.
  const images = [...new Map(wanted.map(({ image }) => [image.id, image])).values()];
  const places = await explained(first.mount, async () => await volumes.reserve(id, images));
  const mounted = new Set<VolumePlace>();
  for (const { at, mount, image } of wanted) {
    const place = places[images.findIndex((each) => each.id === image.id)];
    if (place === undefined || mount.source.kind !== 'image') continue;
    const { subPath } = mount.source;
    const source = await explained(mount, async () => {
      if (!mounted.has(place)) await volumes.mount(place, { idMap, selinuxLabel });
      mounted.add(place);
      return await volumes.resolve(place.target, subPath);
    });
    sources.set(at, source);
  }
  return { sources, imageIds };
}

/** The request as it was resolved: what ContainerStatus tells of the images. */
export function withImageRefs(config: CriConfig, imageIds: ImageMounts['imageIds']): CriConfig {
  if (imageIds.size === 0) return config;
  const mounts = config.mounts.map((mount, at) => {
    const imageRef = imageIds.get(at);
    if (imageRef === undefined || mount.image === null) return mount;
    return { ...mount, image: { ...mount.image, imageRef } };
  });
  return { ...config, mounts };
}

function findImages(services: Pick<Services, 'images'>, mounts: readonly MountConfig[]): readonly Wanted[] {
  return mounts.flatMap((mount, at) => {
    if (mount.source.kind !== 'image') return [];
    const { image: name } = mount.source;
    const image = find(services, mount, name);
    return [{ at, mount, image }];
  });
}

function find(services: Pick<Services, 'images'>, mount: MountConfig, name: string): ImageRecord {
  try {
    const image = services.images.find(name);
    if (image !== null) return image;
    throw notFound('NoImage', 'not present, expected it to have been pulled');
  } catch (error) {
    throw failed(mount, error);
  }
}

async function explained<T>(mount: MountConfig, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failed(mount, error);
  }
}

function failed(mount: MountConfig, cause: unknown): Error {
  const image = mount.source.kind === 'image' ? mount.source.image : '';
  const what = `image ${JSON.stringify(image.slice(0, 300))} on ${JSON.stringify(mount.containerPath)}`;
  return unknown('ImageVolumeMountFailed', `ImageVolumeMountFailed: ${what}`, { cause });
}
