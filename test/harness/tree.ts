/**
 * Everything that a directory tree is, as text, one line an entry: so that two trees can be compared.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { lgetxattr, llistxattr } from '../../src/kernel/calls/attribute-calls.ts';
import { readlinkat, statx } from '../../src/kernel/calls/file-calls.ts';
import { atFdcwd, fileType } from '../../src/kernel/linux-constants.ts';

export type TreeOptions = {
  /** True for trees that went through an archive with times in seconds: directories are then made at other times. */
  readonly isCoarse?: boolean;
};

/** Names are latin1, one character for each byte. */
export function describeTree(root: string, options: TreeOptions = {}): ReadonlyMap<string, string> {
  const lines = new Map<string, string>();
  const firstNames = new Map<string, string>();
  const visit = (path: string): void => {
    const at = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')]);
    const status = statx(atFdcwd, at);
    const kind = status.mode & fileType.mask;
    const inode = `${status.fileSystem.major}:${status.fileSystem.minor}:${status.inode}`;
    const first = firstNames.get(inode) ?? path;
    firstNames.set(inode, first);
    const facts: Record<string, unknown> = {
      mode: status.mode.toString(8),
      owner: `${status.uid}:${status.gid}`,
      xattrs: xattrsOf(at),
    };
    const time = options.isCoarse === true ? status.modifiedNs / 1_000_000_000n : status.modifiedNs;
    if (kind !== fileType.directory || options.isCoarse !== true) facts['time'] = String(time);
    if (kind !== fileType.directory) facts['links'] = [status.links, first];
    if (kind === fileType.link) facts['target'] = readlinkat(atFdcwd, at).toString('latin1');
    if (kind === fileType.block || kind === fileType.character) facts['device'] = status.device;
    if (kind === fileType.regular) {
      facts['bytes'] = String(status.sizeBytes);
      facts['sha256'] = createHash('sha256').update(readFileSync(at)).digest('hex');
    }
    lines.set(path, JSON.stringify(facts));
    if (kind !== fileType.directory) return;
    const names = readdirSync(at, { encoding: 'buffer' }).map((name) => name.toString('latin1'));
    for (const name of names.sort()) visit(path === '' ? name : `${path}/${name}`);
  };
  visit('');
  return lines;
}

/** What overlayfs writes for itself is no part of the tree. */
function xattrsOf(path: Buffer): Readonly<Record<string, string>> {
  const names = llistxattr(path).filter((name) => !name.startsWith('trusted.overlay.'));
  return Object.fromEntries(names.sort().map((name) => [name, lgetxattr(path, name).toString('hex')]));
}

/** The entries in which two trees differ, at most twenty. */
export function differences(
  found: ReadonlyMap<string, string>,
  expected: ReadonlyMap<string, string>,
): readonly string[] {
  const paths = new Set([...found.keys(), ...expected.keys()]);
  return [...paths]
    .filter((path) => found.get(path) !== expected.get(path))
    .slice(0, 20)
    .map((path) => `${path}: ${found.get(path) ?? 'missing'}, expected ${expected.get(path) ?? 'nothing'}`);
}
