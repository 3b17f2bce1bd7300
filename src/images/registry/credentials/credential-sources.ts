/**
 * Whose credentials are shown to which endpoint. They are looked for when an endpoint asks for some, not before.
 *
 *   the request's own    only to the host that the image's name names
 *   the node's own       to each endpoint those filed under its own name: auth_file and helpers, in the order that
 *                        credential-helpers of registries.conf gives
 */
import type { AuthConfig } from '../../../../cri-api/runtime-v1.ts';
import { readAuthFile } from './auth-file.ts';
import { askHelper } from './credential-helper.ts';
import { anonymous, type Credentials, credentialsOf, registryOf } from './credentials.ts';
import type { Endpoint } from '../endpoint.ts';
import { authFileHelper } from '../hosts/registries-conf.ts';

export type CredentialOptions = {
  /** What came with the request. */
  readonly auth: AuthConfig | null;
  /** The registry of the image's name. */
  readonly domain: string;
  readonly authFile: string | null;
  readonly helpers: readonly string[];
  readonly helperTimeoutMs: number;
};

export class CredentialSources {
  readonly #options: CredentialOptions;
  readonly #requested: Credentials;

  /** @throws InvalidAuth */
  constructor(options: CredentialOptions) {
    this.#options = options;
    this.#requested = credentialsOf(options.auth, options.domain);
  }

  /**
   * Whether those of an endpoint are known to be meant for it. A request's without a server are for whatever its name
   * means, and of a short name that may be another registry.
   */
  areItsOwn({ isNamed }: Pick<Endpoint, 'isNamed'>): boolean {
    const { auth } = this.#options;
    const areRequested = isNamed && this.#requested.kind !== 'anonymous';
    return !areRequested || (auth !== null && auth.serverAddress !== '');
  }

  /** @throws AuthFileInvalid, CredentialHelperFailed */
  async of(
    endpoint: Pick<Endpoint, 'isNamed' | 'credentialName'>,
    signal: AbortSignal,
  ): Promise<Credentials> {
    if (endpoint.isNamed && this.#requested.kind !== 'anonymous') return this.#requested;
    for (const helper of this.#options.helpers) {
      const found = await this.#ask(helper, endpoint.credentialName, signal);
      if (found.kind !== 'anonymous') return found;
    }
    return anonymous;
  }

  async #ask(helper: string, name: string, signal: AbortSignal): Promise<Credentials> {
    const { authFile, helperTimeoutMs: timeoutMs } = this.#options;
    const registry = registryOf(name);
    if (helper !== authFileHelper) return await askHelper({ helper, registry, timeoutMs }, signal);
    const answer = authFile === null ? anonymous : await readAuthFile(authFile, name);
    if (answer.kind !== 'helper') return answer;
    return await askHelper({ helper: answer.helper, registry, timeoutMs }, signal);
  }
}
