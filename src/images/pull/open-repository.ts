/**
 * From what somebody asked for to the places where it can be had: short names resolved, configuration read anew,
 * credentials chosen. Used by whatever pulls: images, artifacts.
 */
import type { AuthConfig } from '../../../cri-api/runtime-v1.ts';
import { CriError, messageOf } from '../../base/errors.ts';
import type { ImageParts } from '../image-parts.ts';
import type { Observer } from '../progress.ts';
import { type Reference, repositoryOf } from '../names/reference.ts';
import { type ConfiguredHosts, readHosts } from '../registry/hosts/configured-hosts.ts';
import { concluded } from '../registry/failures.ts';
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
  const hosts = await readHosts(parts.settings(), (key) =>
    parts.log.warn({ key }, 'registries: unknown key'),
  );
  parts.catalog.setShortNames(hosts.conf);
  const candidates = candidatesOf(want.name, hosts.conf);
  const limits = networkLimitsOf(parts.settings(), parts.networkLimits);
  await using transport = new Transport({ limits, contexts: parts.tlsContexts });
  const failures: CriError[] = [];
  for (const reference of candidates) {
    const repository = await openRepository(parts, { ...want, reference, hosts, transport });
    try {
      return await use({ reference, repository });
    } catch (error) {
      if (repository.isMeant || !isAbsent(error)) throw error;
      failures.push(error);
    }
  }
  throw absentEverywhere(failures);
}

/**
 * A short name means the first registry that has it. One that cannot be asked is not passed over: it might have it. Nor is
 * one that does not take our credentials; but those who do may answer either of a repository that they do not have.
 */
function isAbsent(error: unknown): error is CriError {
  return (
    error instanceof CriError &&
    (error.reason === 'ImageNotInRegistry' || error.reason === 'ImageAccessDenied')
  );
}

/** What each registry answered; denied, if one did: there it may be. */
function absentEverywhere(failures: readonly CriError[]): CriError {
  const denied = failures.find(({ reason }) => reason === 'ImageAccessDenied');
  const { code, reason } = denied ?? concluded(failures);
  return new CriError({ code, reason, message: failures.map(messageOf).join('; ') });
}

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
