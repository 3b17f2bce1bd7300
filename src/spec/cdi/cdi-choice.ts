/**
 * Which edits a container gets for the CDI devices that it asks for: those of each specification once, then those of its
 * devices, in the order asked. A device of a later directory hides its namesake in an earlier one; two in directories of
 * the same rank are a conflict, and neither is used.
 * Source: CDI specification, error handling; the reference implementation's cache.
 */
import { invalid } from '../../base/errors.ts';
import type { CdiEdits, CdiFile, CdiSpec } from './cdi-spec.ts';

type Found = {
  readonly spec: CdiSpec;
  readonly edits: CdiEdits;
  readonly priority: number;
  readonly paths: readonly string[];
};

/** @throws UnknownCdiDevice (naming the files that could not be read), CdiConflict */
export function chooseCdiEdits(
  names: readonly string[],
  files: readonly CdiFile[],
  dirs: readonly string[],
): readonly CdiEdits[] {
  const known = findDevices(files);
  const seen = new Set<CdiSpec>();
  const chosen: CdiEdits[] = [];
  for (const name of new Set(names)) {
    const found = known.get(name);
    if (found === undefined) throw unknownDevice(name, files, dirs);
    if (found.paths.length > 1)
      throw invalid(
        'CdiConflict',
        `CDI device "${name}": expected one file to describe it, got ${found.paths.map((path) => `"${path}"`).join(', ')}`,
      );
    if (!seen.has(found.spec)) chosen.push(found.spec.edits);
    seen.add(found.spec);
    chosen.push(found.edits);
  }
  return chosen;
}

function findDevices(files: readonly CdiFile[]): ReadonlyMap<string, Found> {
  const known = new Map<string, Found>();
  for (const file of files) {
    if ('fault' in file) continue;
    const { spec, path, priority } = file;
    for (const [device, edits] of spec.devices) {
      const name = `${spec.kind}=${device}`;
      const before = known.get(name);
      if (before !== undefined && before.priority > priority) continue;
      const paths = before?.priority === priority ? [...before.paths, path] : [path];
      known.set(name, { spec, edits, priority, paths });
    }
  }
  return known;
}

/** A file that is broken is no business of a container that needs nothing of it; of one that misses a device it is. */
function unknownDevice(name: string, files: readonly CdiFile[], dirs: readonly string[]): Error {
  const faults = files.flatMap((file) => ('fault' in file ? [`"${file.path}": ${file.fault}`] : []));
  const broken = faults.length === 0 ? '' : `; not readable: ${faults.slice(0, 5).join('; ')}`;
  const where = dirs.map((dir) => `"${dir}"`).join(', ');
  return invalid('UnknownCdiDevice', `CDI device "${name}": no file in ${where} describes it${broken}`);
}
