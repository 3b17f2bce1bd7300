/**
 * AppArmor and SELinux of a container: what the request asks for against what the kernel has. Labels are allocated by
 * somebody else. Source: CRI SecurityProfile, SELinuxOption; cri.md 4.10.
 */
import { invalid } from '../base/errors.ts';
import type { SecurityProfile } from './security-profile.ts';
import { shown } from './text.ts';

export type ApparmorFacts = {
  readonly hasApparmor: boolean;
  /** The profile that the daemon loaded for RuntimeDefault; null when it loaded none. */
  readonly defaultProfile: string | null;
};

/**
 * The profile's name for the OCI spec, or null for none.
 * @throws ApparmorUnavailable when a profile of the node is asked for and the kernel has no AppArmor
 */
export function planApparmor(
  profile: SecurityProfile | null,
  isPrivileged: boolean,
  facts: ApparmorFacts,
): string | null {
  if (isPrivileged || profile?.kind === 'unconfined') return null;
  if (profile?.kind === 'localhost') {
    if (facts.hasApparmor) return profile.reference;
    throw invalid(
      'ApparmorUnavailable',
      `AppArmor profile ${shown(profile.reference)}: the kernel of this node has no AppArmor`,
    );
  }
  return facts.hasApparmor ? facts.defaultProfile : null;
}

/** Computed labels; null when the kernel has no SELinux or the container is not labelled. */
export type SelinuxLabels = { readonly process: string; readonly mount: string };
