/**
 * From what somebody asked for to the places where it can be had: short names resolved, configuration read anew,
 * credentials chosen. Used by whatever pulls: images, artifacts.
 */
import type { AuthConfig } from '../../../cri-api/runtime-v1.ts';
import { CriError } from '../../base/errors.ts';
import type { ImageParts } from '../image-parts.ts';
import type { Observer } from '../progress.ts';
import { type Reference, repositoryOf } from '../names/reference.ts';
import { type ConfiguredHosts, readHosts } from '../registry/hosts/configured-hosts.ts';
import { CredentialSources } from '../registry/credentials/credential-sources.ts';
import { Repository } from '../registry/repository.ts';
import { Transport } from '../registry/transport.ts';
import { networkLimitsOf } from '../settings.ts';
import { candidatesOf } from '../names/short-names.ts';

export type RepositoryParts = Pick<
  ImageParts,
  'settings' | 'networkLimits' | 'tlsContexts' | 'catalog' | 'log'
>;

export type Want = {
  readonly name: string;
  readonly auth: AuthConfig | null;
  readonly observe: Observer;
};

export type OpenedRepository = { readonly reference: Reference; readonly repository: Repository };

/**
 * Calls `use` with the repository of each meaning of a name in turn, until one has what is wanted. Connections live as
 * long as `use` runs.
 * @throws InvalidImageName, ShortNameAmbiguous, RegistryBlocked, RegistriesConfInvalid, HostsTomlInvalid,
 *   CertificatesInvalid, and what `use` throws
 */
export async function withRepository<T>(
  parts: RepositoryParts,
  want: Want,
  use: (opened: OpenedRepository) => Promise<T>,
): Promise<T> {
  const hosts = await readHosts(parts.settings());
  for (const key of hosts.conf.unknownKeys) parts.log.warn({ key }, 'registries: unknown key');
  parts.catalog.setShortNames(hosts.conf);
  const candidates = candidatesOf(want.name, hosts.conf);
  const limits = networkLimitsOf(parts.settings(), parts.networkLimits);
  await using transport = new Transport({ limits, contexts: parts.tlsContexts });
  return await firstThatHasIt(candidates, async (reference) => {
    const repository = await openRepository(parts, { ...want, reference, hosts, transport });
    return await use({ reference, repository });
  });
}

/** A short name means the first registry that has it. One that cannot be asked is not passed over: it might have it. */
async function firstThatHasIt<T>(
  candidates: readonly Reference[],
  use: (reference: Reference) => Promise<T>,
): Promise<T> {
  let failure: unknown = null;
  for (const reference of candidates) {
    try {
      return await use(reference);
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

type Opening = Want & {
  readonly reference: Reference;
  readonly hosts: ConfiguredHosts;
  readonly transport: Transport;
};

async function openRepository(parts: RepositoryParts, opening: Opening): Promise<Repository> {
  const { reference, hosts, transport, auth, observe } = opening;
  const { authFile, credentialHelperTimeoutMs } = parts.settings();
  return new Repository({
    transport,
    limits: networkLimitsOf(parts.settings(), parts.networkLimits),
    endpoints: await hosts.endpointsOf(reference),
    credentials: new CredentialSources({
      auth,
      domain: reference.domain,
      authFile,
      helpers: hosts.conf.credentialHelpers,
      helperTimeoutMs: credentialHelperTimeoutMs,
    }),
    observe,
    log: parts.log.child({ repository: repositoryOf(reference) }),
  });
}
