/**
 * Which seccomp filter a container gets: none, ours, or a file of the node's, whose content is read by somebody else and
 * checked here. Source: seccomp(2); OCI config-linux.md, seccomp; cri.md 4.10.
 */
import { internal } from '../../base/errors.ts';
import type { OciSeccomp } from '../oci-spec.ts';
import { defaultSeccomp } from './seccomp-default.ts';
import { parseSeccompProfile } from './seccomp-profile.ts';
import type { Architecture } from './architectures.ts';
import type { SecurityProfile } from '../requests/security-profile.ts';

export type SeccompInput = {
  /** Null: the request names none, and the container has none. */
  readonly profile: SecurityProfile | null;
  readonly isPrivileged: boolean;
  /** The JSON of a profile in a file, parsed but not checked: of Localhost, or the node's own RuntimeDefault; else undefined. */
  readonly content: unknown;
  readonly architecture: Architecture;
  /** The container's bounding set. */
  readonly capabilities: readonly string[];
};

/** @returns null for no filter. @throws InvalidSeccompProfile */
export function planSeccomp(input: SeccompInput): OciSeccomp | null {
  if (input.isPrivileged || input.profile === null) return null;
  switch (input.profile.kind) {
    case 'unconfined':
      return null;
    case 'runtime-default':
      return input.content === undefined
        ? defaultSeccomp(input.architecture, input.capabilities)
        : parseSeccompProfile(input.content, input);
    case 'localhost':
      if (input.content === undefined)
        throw internal(
          'MissingSeccompProfile',
          `plan seccomp: no content of "${input.profile.reference}" was given`,
        );
      return parseSeccompProfile(input.content, input);
    default:
      return input.profile satisfies never;
  }
}
