/**
 * Which entry of an index suits this machine. Pure.
 * Source: OCI image spec, image-index "platform"; Go's GOARCH and the variants of arm.
 */
import { arch } from 'node:process';
import { badImage } from './document.ts';

export type Platform = {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string | null;
};

/** What an index offers; an entry that names no platform may be for any. */
type Offer = { readonly platform: Platform | null };

/** The machine's own platform. */
export function hostPlatform(): Platform {
  const isArm = arch === 'arm64';
  return { os: 'linux', architecture: isArm ? 'arm64' : arch === 'x64' ? 'amd64' : arch, variant: null };
}

/** `linux/arm64/v8`. */
export function platformText(platform: Platform): string {
  const { os, architecture, variant } = platform;
  return [os, architecture, ...(variant === null ? [] : [variant])].join('/');
}

/**
 * The best entry: same system and architecture, exact variant before the baseline, baseline before an unknown one; of
 * equals the first. Attestations and entries of other platforms never match. If nothing does, the first entry that names
 * no platform, as containers/image takes it: its config then says what it is for.
 * @throws InvalidImage naming the platforms that there are
 */
export function choosePlatform<E extends Offer>(entries: readonly E[], wanted: Platform, what: string): E {
  const ranked = entries
    .map((entry) => ({ entry, rank: rankOf(entry.platform, wanted) }))
    .filter((each) => each.rank !== null)
    .sort((one, other) => (one.rank ?? 0) - (other.rank ?? 0));
  const best = ranked[0]?.entry ?? entries.find((entry) => entry.platform === null);
  if (best !== undefined) return best;
  const offered = entries.flatMap((entry) => (entry.platform === null ? [] : [platformText(entry.platform)]));
  const list = [...new Set(offered)].slice(0, 20).join(', ');
  throw badImage(`${what}: no image for ${platformText(wanted)} (it offers ${list === '' ? 'none' : list})`);
}

/** Whether an entry of that platform could be taken here. */
export function suits(offered: Platform | null, wanted: Platform): boolean {
  return rankOf(offered, wanted) !== null;
}

function rankOf(offered: Platform | null, wanted: Platform): number | null {
  if (offered === null || offered.os !== wanted.os || offered.architecture !== wanted.architecture)
    return null;
  const baseline = wanted.architecture === 'arm64' ? 'v8' : wanted.architecture === 'amd64' ? 'v1' : null;
  const want = wanted.variant ?? baseline;
  const have = offered.variant ?? baseline;
  if (have === want) return 0;
  // An amd64 v2 or arm64 v9 image may use instructions that the baseline lacks.
  return have === baseline ? 1 : null;
}
