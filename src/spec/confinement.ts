/**
 * Which AppArmor profile a container gets: what the request asks for against what the kernel has. No file is read here.
 * Source: CRI SecurityProfile; cri.md 4.10.
 */
import { failedPrecondition } from '../base/errors.ts';
import type { SecurityProfile } from './requests/security-profile.ts';
import { shown } from './text.ts';

export type ApparmorFacts = {
  readonly hasApparmor: boolean;
  /** The loaded profile behind RuntimeDefault; null when there is none. */
  readonly defaultProfile: string | null;
};

/** A container without a profile named gets the default one where there is one; whoever names one gets it or an error. */
export type ApparmorInput = {
  /** Null: the request names none. */
  readonly profile: SecurityProfile | null;
  readonly isPrivileged: boolean;
  /** Of a Localhost profile: whether the kernel knows it. */
  readonly isLoaded: boolean;
};

/**
 * The profile's name for the OCI spec, or null for none.
 * @throws ApparmorUnavailable when a profile is asked for and the kernel has no AppArmor; ApparmorNotLoaded
 */
export function planApparmor(input: ApparmorInput, facts: ApparmorFacts): string | null {
  const { profile } = input;
  if (input.isPrivileged || profile?.kind === 'unconfined') return null;
  if (profile === null) return facts.hasApparmor ? facts.defaultProfile : null;
  const name = profile.kind === 'localhost' ? profile.reference : facts.defaultProfile;
  const what = `AppArmor profile ${name === null ? 'RuntimeDefault' : shown(name)}`;
  if (!facts.hasApparmor)
    throw failedPrecondition('ApparmorUnavailable', `${what}: the kernel of this node has no AppArmor`);
  if (name === null || (profile.kind === 'localhost' && !input.isLoaded))
    throw failedPrecondition('ApparmorNotLoaded', `${what}: expected it to be loaded on this node`);
  return name;
}
