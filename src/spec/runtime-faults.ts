/**
 * Known faults of OCI runtimes by which a container or an image reaches the node, and the releases that mended them. A
 * distribution may have mended an older release; only its version text is known here, so what comes out is a warning.
 * Source: the advisories of opencontainers/runc and containers/crun; features.md 7.
 */

type Fault = {
  readonly id: string;
  /** The first mended release of each maintained line, oldest line first; a later line than the last is mended. */
  readonly mendedIn: readonly string[];
};

const faultsByProgram: Readonly<Record<string, readonly Fault[]>> = {
  runc: [
    { id: 'CVE-2019-5736', mendedIn: ['1.0.0-rc7'] },
    { id: 'CVE-2019-16884', mendedIn: ['1.0.0-rc9'] },
    { id: 'CVE-2019-19921', mendedIn: ['1.0.0-rc10'] },
    { id: 'CVE-2021-30465', mendedIn: ['1.0.0-rc95'] },
    { id: 'CVE-2022-29162', mendedIn: ['1.1.2'] },
    { id: 'CVE-2023-25809', mendedIn: ['1.1.5'] },
    { id: 'CVE-2023-27561', mendedIn: ['1.1.5'] },
    { id: 'CVE-2023-28642', mendedIn: ['1.1.5'] },
    { id: 'CVE-2024-21626', mendedIn: ['1.1.12'] },
    { id: 'CVE-2024-45310', mendedIn: ['1.1.14', '1.2.0-rc3'] },
    { id: 'CVE-2025-31133', mendedIn: ['1.2.8', '1.3.3', '1.4.0-rc3'] },
    { id: 'CVE-2025-52565', mendedIn: ['1.2.8', '1.3.3', '1.4.0-rc3'] },
    { id: 'CVE-2025-52881', mendedIn: ['1.2.8', '1.3.3', '1.4.0-rc3'] },
    { id: 'CVE-2026-41579', mendedIn: ['1.3.6', '1.4.3', '1.5.0-rc4'] },
  ],
  crun: [
    { id: 'CVE-2019-18837', mendedIn: ['0.10.5'] },
    { id: 'CVE-2022-27650', mendedIn: ['1.4.4'] },
    { id: 'CVE-2025-24965', mendedIn: ['1.20.0'] },
    { id: 'CVE-2026-30892', mendedIn: ['1.27.0'] },
  ],
};

/**
 * The faults that a runtime has by its version, oldest first; none for a program or a version text that is not known.
 * @param version the first line of `--version`: `runc version 1.1.5+ds1`
 */
export function faultsOf(version: string): readonly string[] {
  const [, program = '', text = ''] = /^(\S+) version v?(\d\S*)/.exec(version) ?? [];
  const faults = Object.hasOwn(faultsByProgram, program) ? (faultsByProgram[program] ?? []) : [];
  const release = parseRelease(text);
  if (release === null) return [];
  return faults.filter(({ mendedIn }) => !isMended(release, mendedIn)).map(({ id }) => id);
}

/** Major, minor, patch, and the number of the candidate (a release counts as later than all of its candidates). */
type Release = readonly [number, number, number, number];

function parseRelease(text: string): Release | null {
  const found = /^(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?:-rc\.?(\d{1,4}))?/.exec(text);
  if (found === null) return null;
  const [, major = '', minor = '', patch = '0', candidate] = found;
  return [
    Number(major),
    Number(minor),
    Number(patch),
    candidate === undefined ? Infinity : Number(candidate),
  ];
}

/** Mended: at or after the release of its own line, or of a line later than all that are named. */
function isMended(release: Release, mendedIn: readonly string[]): boolean {
  const mended = mendedIn.map(parseRelease).filter((each) => each !== null);
  const ofLine = mended.find(([major, minor]) => major === release[0] && minor === release[1]);
  const last = mended.at(-1);
  return compare(release, ofLine ?? last ?? release) >= 0;
}

function compare(a: Release, b: Release): number {
  for (const [index, part] of a.entries()) {
    const other = b[index] ?? 0;
    if (part !== other) return part > other ? 1 : -1;
  }
  return 0;
}
