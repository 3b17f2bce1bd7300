/**
 * What is wrong in a configuration: all of it at once, each with the place, the key, what was found and what was expected.
 */

export type Fault = {
  /** The file, `CRI_TS_…` variable or `--flag` that holds the value. */
  readonly source: string;
  /** `cni.conf_dir`; null when the source as a whole is wrong. */
  readonly key: string | null;
  readonly problem: string;
};

/** The configuration cannot be used. `faults` has all that is wrong with it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly reason = 'InvalidConfig';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(
      faults.length === 1 ? `read configuration: ${faults.map(printFault).join('')}` : printFaults(faults),
    );
    this.faults = faults;
  }
}

function printFaults(faults: readonly Fault[]): string {
  return [
    `read configuration: ${faults.length} faults`,
    ...faults.map((fault) => `  ${printFault(fault)}`),
  ].join('\n');
}

/** `/etc/cri-ts/cri-ts.toml: cni.conf_dir: found 3, expected an absolute path` */
export function printFault(fault: Fault): string {
  return [fault.source, ...(fault.key === null ? [] : [fault.key]), fault.problem].join(': ');
}

/** What was found, in one short line. */
export function quoteFound(raw: unknown): string {
  const text = typeof raw === 'bigint' ? String(raw) : (JSON.stringify(raw) ?? typeof raw);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** The known name that was probably meant, or null. */
export function nearest(name: string, known: readonly string[]): string | null {
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(name.slice(0, 100), candidate) }))
    .sort((one, other) => one.distance - other.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= Math.max(2, Math.floor(best.candidate.length / 3))
    ? best.candidate
    : null;
}

/** Levenshtein's distance: insertions, deletions and replacements between two words. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
