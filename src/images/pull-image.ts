/**
 * PullImage: manifest → config → layers (those that are missing, side by side) → record. An identical pull with the same
 * credentials is joined; a pull that nobody waits for any more stops. Source: CRI ImageService.PullImage.
 */
import type { AuthConfig, PullImageRequest, PullImageResponse } from '../../cri-api/runtime-v1.ts';
import type { Call } from '../base/call.ts';
import { CriError, errnoOf, exhausted, invalid } from '../base/errors.ts';
import type { ImageId } from '../base/ids.ts';
import type { ImageParts } from './image-parts.ts';
import type { Images } from './images.ts';
import { networkLimitsOf } from './settings.ts';
import { pullReference } from './pull-reference.ts';
import { parseReferences, type Reference, repositoryOf } from './reference.ts';
import { authFromFile } from './registry/auth-file.ts';
import { readHosts } from './registry/configured-hosts.ts';
import { credentialsOf, fingerprint } from './registry/credentials.ts';
import type { RegistryHosts } from './registry/endpoint.ts';
import { Repository } from './registry/repository.ts';
import { Transport } from './registry/transport.ts';

/** @throws InvalidImageName, RegistryUnavailable, ImageAccessDenied, ImageNotInRegistry, WrongContent, InvalidImage, NoSpace */
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
  const hosts = await readHosts(parts.settings());
  parts.catalog.setSearchDomains(hosts.searchDomains);
  const references = parseReferences(what.name, hosts.searchDomains);
  await using transport = new Transport(networkLimitsOf(parts.settings(), parts.networkLimits));
  try {
    const image = await pullFirst(references, async (reference) => {
      const repository = await openRepository(parts, { reference, hosts, transport, ...what });
      return await pullReference(parts, { reference, repository, observe }, signal);
    });
    observe({ kind: 'ended', failure: null });
    const durationMs = Math.round(performance.now() - startedAtMs);
    parts.log.info({ image: image.id, name: what.name, durationMs }, 'image pulled');
    return image.id;
  } catch (error) {
    observe({ kind: 'ended', failure: error });
    throw withAdvice(error, what.name);
  }
}

/** A short name means the first registry that has it. */
async function pullFirst<T>(
  references: readonly Reference[],
  pullOne: (reference: Reference) => Promise<T>,
): Promise<T> {
  let failure: unknown = null;
  for (const reference of references) {
    try {
      return await pullOne(reference);
    } catch (error) {
      const isAbsent = error instanceof CriError && absentReasons.has(error.reason);
      if (!isAbsent) throw error;
      failure ??= error;
    }
  }
  throw failure;
}

/** A registry may say either of a repository that it does not have. */
const absentReasons: ReadonlySet<string> = new Set(['ImageNotInRegistry', 'ImageAccessDenied']);

type Opening = Pull & {
  readonly reference: Reference;
  readonly hosts: RegistryHosts;
  readonly transport: Transport;
};

async function openRepository(parts: ImageParts, opening: Opening): Promise<Repository> {
  const { reference, hosts, transport } = opening;
  const { authFile } = parts.settings();
  const auth = opening.auth ?? (authFile === null ? null : await authFromFile(authFile, reference));
  return new Repository({
    transport,
    limits: networkLimitsOf(parts.settings(), parts.networkLimits),
    endpoints: hosts.endpointsOf(reference),
    credentials: credentialsOf(auth, reference.domain),
    log: parts.log.child({ repository: repositoryOf(reference) }),
  });
}

function withAdvice(error: unknown, name: string): unknown {
  const isFull =
    errnoOf(error) === 'ENOSPC' || (error instanceof CriError && error.message.includes('ENOSPC'));
  if (!isFull) return error;
  return exhausted('NoSpace', `pull image "${name}": no space left on the image store's file system`, {
    cause: error,
  });
}
