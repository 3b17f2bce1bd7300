/**
 * Versions of the CNI specification: which we speak, which operations each has, and the choice among those that a list
 * offers and its plugins support. Pure; plugins are asked elsewhere.
 */
import { asObject, parseJson, ShapeError, textListField } from './json.ts';

/** Ascending. 0.1.0 and 0.2.0 know neither chains nor several addresses and are not spoken. */
export const knownVersions = ['0.3.0', '0.3.1', '0.4.0', '1.0.0', '1.1.0'] as const;
export type CniVersion = (typeof knownVersions)[number];

export function isKnownVersion(text: string): text is CniVersion {
  return knownVersions.some((version) => version === text);
}

export function isAtLeast(version: CniVersion, minimum: CniVersion): boolean {
  return knownVersions.indexOf(version) >= knownVersions.indexOf(minimum);
}

/** CHECK, and prevResult on DEL. Source: CNI SPEC 0.4.0. */
export function hasCheck(version: CniVersion): boolean {
  return isAtLeast(version, '0.4.0');
}

/** STATUS and GC. Source: CNI SPEC 1.1.0. */
export function hasStatusAndGc(version: CniVersion): boolean {
  return isAtLeast(version, '1.1.0');
}

/** Those of the texts that we speak, highest first, each once. */
export function spokenVersions(texts: readonly string[]): readonly CniVersion[] {
  return knownVersions.filter((version) => texts.includes(version)).toReversed();
}

/** The highest of `offered` (highest first) that every plugin supports, or null. */
export function chooseVersion(
  offered: readonly CniVersion[],
  supportedByPlugins: readonly (readonly string[])[],
): CniVersion | null {
  return offered.find((version) => supportedByPlugins.every((list) => list.includes(version))) ?? null;
}

/** The answer to VERSION. Source: CNI SPEC 1.1, section 5, "VERSION Success". @throws ShapeError */
export function parseVersionAnswer(stdout: string): readonly string[] {
  const answer = asObject(parseJson(stdout, 'answer to VERSION'), 'answer to VERSION');
  const versions = textListField(answer, 'supportedVersions', 'answer');
  if (versions.length === 0) throw new ShapeError('answer.supportedVersions: expected at least one version');
  return versions;
}
