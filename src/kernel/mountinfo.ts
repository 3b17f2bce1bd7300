/**
 * Reads and parses mountinfo. Mount points may be named by containers and volumes, so names arrive escaped and may hold
 * anything; a line that does not parse is an error, not skipped: a mount that is overlooked would be left behind.
 */
import { open } from 'node:fs/promises';
import { internal } from '../base/errors.ts';
import type { MountEntry } from './contract/mounts.ts';

/** 100 000 mounts with long overlay options. */
const maxBytes = 256 * 1024 * 1024;

/** The mounts of this process's mount namespace, in the kernel's order (a mount comes after its parent). */
export async function readMounts(path = '/proc/self/mountinfo'): Promise<readonly MountEntry[]> {
  await using file = await open(path, 'r');
  const chunks: Buffer[] = [];
  let lengthBytes = 0;
  for (;;) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(64 * 1024), 0, 64 * 1024, null);
    if (bytesRead === 0) break;
    chunks.push(buffer.subarray(0, bytesRead));
    lengthBytes += bytesRead;
    if (lengthBytes > maxBytes)
      throw internal('MountinfoTooLarge', `read "${path}": more than ${maxBytes} bytes`);
  }
  return parseMountinfo(Buffer.concat(chunks).toString('utf8'));
}

/** Source: proc_pid_mountinfo(5). @throws BadMountinfo */
export function parseMountinfo(text: string): readonly MountEntry[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(parseLine);
}

// id parent major:minor root target options [tag…] - type source superoptions
function parseLine(line: string): MountEntry {
  const fields = line.split(' ');
  const dash = fields.indexOf('-', 6);
  const [id, parentId, , root, target, options] = fields;
  const [type, source, superOptions] = dash === -1 ? [] : fields.slice(dash + 1);
  if (
    root === undefined ||
    target === undefined ||
    options === undefined ||
    type === undefined ||
    source === undefined
  )
    throw internal(
      'BadMountinfo',
      `mountinfo line ${JSON.stringify(line.slice(0, 300))}: expected 10 fields or more`,
    );
  return {
    id: Number(id),
    parentId: Number(parentId),
    root: unescape(root),
    target: unescape(target),
    options: options.split(','),
    propagation: propagationOf(fields.slice(6, dash)),
    type: unescape(type),
    source: unescape(source),
    superOptions: (superOptions ?? '').split(',').map(unescape),
  };
}

function propagationOf(tags: readonly string[]): MountEntry['propagation'] {
  const isShared = tags.some((tag) => tag.startsWith('shared:'));
  const isSlave = tags.some((tag) => tag.startsWith('master:'));
  if (tags.includes('unbindable')) return 'unbindable';
  if (isShared) return isSlave ? 'shared-slave' : 'shared';
  return isSlave ? 'slave' : 'private';
}

/** Space, tab, newline, backslash and `#` are written as `\` and three octal digits of the byte. */
function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/** The mounts at a path, at the path or below it, newest first: the order in which they can be unmounted. */
export function mountsBelow(mounts: readonly MountEntry[], path: string): readonly MountEntry[] {
  const below = path === '/' ? '/' : `${path}/`;
  return mounts.filter((mount) => mount.target === path || mount.target.startsWith(below)).toReversed();
}

/** The mount that a path lies on: the one that was mounted last among those with the longest path. */
export function mountOf(entries: readonly MountEntry[], path: string): MountEntry {
  let found: MountEntry | null = null;
  for (const entry of entries) {
    const holds = entry.target === '/' || path === entry.target || path.startsWith(`${entry.target}/`);
    if (holds && (found === null || entry.target.length >= found.target.length)) found = entry;
  }
  if (found === null) throw internal('NoMount', `mount of "${path}": expected at least the root's`);
  return found;
}
