/**
 * PullImage: manifest → config → layers (those that are missing, side by side) → record. An identical pull with the same
 * credentials is joined; a pull that nobody waits for any more stops. Source: CRI ImageService.PullImage.
 */
import type { AuthConfig, PullImageRequest, PullImageResponse } from '../../cri-api/runtime-v1.ts';
import type { Call } from '../base/call.ts';
import { invalid, isNoSpace } from '../base/errors.ts';
import type { ImageId } from '../base/ids.ts';
import { noRoomFor } from './garbage.ts';
import type { ImageParts } from './image-parts.ts';
import type { Images } from './images.ts';
import { withRepository } from './pull/open-repository.ts';
import { pullReference } from './pull/pull-reference.ts';
import { fingerprint } from './registry/credentials/credentials.ts';

/**
 * @throws InvalidImageName, InvalidAuth, RegistryUnavailable, ImageAccessDenied, ImageNotInRegistry, WrongContent,
 *   InvalidImage, NoSpace, and what `withRepository` throws
 */
export async function pullImage(
  images: Pick<Images, 'parts'>,
  request: PullImageRequest,
  call: Call,
): Promise<PullImageResponse> {
  const name = request.image?.image ?? '';
  if (name === '') throw invalid('ImageNameMissing', 'pull image: expected the name of an image');
  const { parts } = images;
  const key = JSON.stringify([name, fingerprint(request.auth)]);
  const imageRef = await parts.pulls.run(key, { signal: call.signal, isDetached: false }, (signal) =>
    pull({ ...parts, log: call.log }, { name, auth: request.auth }, signal),
  );
  return { imageRef };
}

type Pull = { readonly name: string; readonly auth: AuthConfig | null };

async function pull(parts: ImageParts, what: Pull, signal: AbortSignal): Promise<ImageId> {
  const startedAtMs = performance.now();
  const observe = parts.observePull({ name: what.name });
  try {
    const image = await withRepository(parts, { ...what, observe }, (opened) =>
      pullReference(parts, { ...opened, observe }, signal),
    );
    observe({ kind: 'ended', failure: null });
    const durationMs = Math.round(performance.now() - startedAtMs);
    parts.log.info({ image: image.id, name: what.name, durationMs }, 'image pulled');
    return image.id;
  } catch (error) {
    observe({ kind: 'ended', failure: error });
    throw isNoSpace(error) ? await noRoomFor(parts, `pull image "${what.name}"`, error) : error;
  }
}
