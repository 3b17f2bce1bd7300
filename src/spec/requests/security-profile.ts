/**
 * How a seccomp or AppArmor profile is asked for, after parsing: the structured message beats the deprecated string, and
 * absence is kept apart from the runtime's default. It resolves no profile.
 * Source: CRI SecurityProfile; cri.md 4.10.
 */

/** `null` in the fields that use this type means that no profile was named. */
export type SecurityProfile =
  | { readonly kind: 'runtime-default' }
  | { readonly kind: 'unconfined' }
  /** Seccomp: an absolute path of a JSON file. AppArmor: the name of a loaded profile. */
  | { readonly kind: 'localhost'; readonly reference: string };
