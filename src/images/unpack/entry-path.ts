/**
 * Turns a name of an archive into a path below the layer, or refuses it. Pure. A leading "/" means the layer's own root,
 * as it does for every other runtime; ".." takes the name before it away, and is refused where there is none.
 */
import { badImage } from '../documents/document.ts';
import type { ArchiveLimits } from '../limits.ts';

/** `etc/passwd`; the root itself is the empty text. @throws InvalidImage */
export function entryPath(name: string, limits: ArchiveLimits): string {
  if (name.includes('\0')) refuse(name, 'has a NUL byte');
  if (name.length > limits.pathBytes) refuse(name, `is longer than ${limits.pathBytes} bytes`);
  const parts: string[] = [];
  for (const part of name.split('/')) {
    if (part === '..' && parts.pop() === undefined) refuse(name, 'leaves the layer through ".."');
    if (part !== '' && part !== '.' && part !== '..') parts.push(part);
  }
  if (parts.length > limits.depth) refuse(name, `is deeper than ${limits.depth} directories`);
  if (parts.some((part) => part.length > limits.nameBytes))
    refuse(name, `has a part longer than ${limits.nameBytes} bytes`);
  return parts.join('/');
}

/** The directory that holds the path; that of a top-level name is the root, the empty text. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A path below the layer as the file system takes it: its bytes. The layer's root is `.`. */
export function pathBytes(path: string): Buffer {
  return path === '' ? Buffer.from('.') : Buffer.from(path, 'latin1');
}

/** @throws InvalidImage */
export function refuse(name: string, why: string): never {
  const shown = Buffer.from(name.slice(0, 200), 'latin1').toString('utf8');
  throw badImage(`layer archive: entry ${JSON.stringify(shown)} ${why}`);
}
