/**
 * One entry of an archive, put together from its header and from what the PAX and GNU headers before it say. Pure. It does
 * not judge paths: whoever writes the entry does.
 * Source: POSIX.1-2017 pax "pax Extended Header"; GNU tar manual, "Basic Tar Format" (long names).
 */
import { badImage } from '../../documents/document.ts';
import type { ArchiveLimits } from '../../limits.ts';
import { parsePaxNumber, parsePaxTime, type PaxRecords, sparseForm, type TarHeader } from './tar-header.ts';

export type TarKind = 'file' | 'directory' | 'symlink' | 'hardlink' | 'character' | 'block' | 'fifo';

export type TarEntry = {
  readonly kind: TarKind;
  /** latin1: one character for each byte. */
  readonly path: string;
  readonly linkTarget: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content in the archive; 0 for everything but files. */
  readonly storedBytes: number;
  /** Bytes of the file: more than those stored when it is sparse. */
  readonly realBytes: number;
  /** Where the stored bytes belong in the file, ascending; null: one after the other. */
  readonly segments: readonly Segment[] | null;
  readonly modifiedNs: bigint;
  readonly deviceMajor: number;
  readonly deviceMinor: number;
  readonly xattrs: ReadonlyMap<string, Buffer>;
};

/** A piece of a sparse file that is not a hole. */
export type Segment = { readonly at: number; readonly bytes: number };

/** Everything that was said of the next entry. */
export type EntryParts = {
  readonly header: TarHeader;
  readonly pax: PaxRecords;
  readonly longName: string | null;
  readonly longLink: string | null;
};

const kinds: Readonly<Record<string, TarKind>> = {
  '0': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character',
  '4': 'block',
  '5': 'directory',
  '6': 'fifo',
  '7': 'file',
  S: 'file',
};

const xattrPrefix = 'SCHILY.xattr.';
/** The ids that the kernel takes: all ones means "leave as it is". */
const maxUserId = 4_294_967_294;

/** The entry as if it were not sparse. @throws InvalidImage */
export function mergeEntry(parts: EntryParts, limits: ArchiveLimits): TarEntry {
  const { header, pax } = parts;
  const { isLenient } = limits;
  const isSparse = sparseForm(pax, isLenient) !== null;
  const path =
    (isSparse || isLenient ? said(pax, 'GNU.sparse.name') : undefined) ??
    oneOf(said(pax, 'path'), parts.longName, isLenient) ??
    header.name;
  const kind = kindOf(header.type, path);
  const isPlain = kind === 'file' || (header.type === '0' && !isLenient);
  const sizeBytes = isPlain ? sizeOf(said(pax, 'size'), header.sizeBytes) : 0;
  // Where readers do not agree whether content follows, a file could be hidden in it from a scanner.
  if (kind !== 'file' && !isLenient && (isSparse || sizeBytes > 0))
    throw badImage(`layer archive: a ${kind} with the content of a file`);
  return {
    kind,
    path,
    linkTarget: oneOf(said(pax, 'linkpath'), parts.longLink, isLenient) ?? header.linkName,
    mode: header.mode,
    uid: userId(said(pax, 'uid'), header.uid),
    gid: userId(said(pax, 'gid'), header.gid),
    storedBytes: sizeBytes,
    realBytes: sizeBytes,
    segments: null,
    modifiedNs: timeOf(said(pax, 'mtime'), header.modifiedNs),
    deviceMajor: header.deviceMajor,
    deviceMinor: header.deviceMinor,
    xattrs: xattrsOf(pax, limits),
  };
}

/** An empty value takes a record back. */
function said(pax: PaxRecords, key: string): string | undefined {
  const value = pax.get(key);
  return value === '' ? undefined : value;
}

/** GNU and PAX headers for one entry must not contradict each other: readers do not agree on which counts. */
function oneOf(pax: string | undefined, gnu: string | null, isLenient: boolean): string | undefined {
  if (pax !== undefined && gnu !== null && pax !== gnu && !isLenient)
    throw badImage('layer archive: an entry with two different long names');
  return pax ?? gnu ?? undefined;
}

function kindOf(type: string, path: string): TarKind {
  if (type === '0' && path.endsWith('/')) return 'directory';
  const kind = kinds[type];
  if (kind === undefined)
    throw badImage(`layer archive: an entry of type ${JSON.stringify(type)}, which is not supported`);
  return kind;
}

function sizeOf(pax: string | undefined, headerBytes: number): number {
  const sizeBytes = pax === undefined ? headerBytes : parsePaxNumber(pax);
  if (sizeBytes < 0) throw badImage('layer archive: a file of negative size');
  return sizeBytes;
}

function userId(pax: string | undefined, header: number): number {
  const id = pax === undefined ? header : parsePaxNumber(pax);
  if (id < 0 || id > maxUserId)
    throw badImage(`layer archive: an owner of ${id}, expected 0 to ${maxUserId}`);
  return id;
}

function timeOf(pax: string | undefined, headerNs: bigint): bigint {
  return pax === undefined ? headerNs : parsePaxTime(pax);
}

const noXattrs: ReadonlyMap<string, Buffer> = new Map();

function xattrsOf(pax: PaxRecords, limits: ArchiveLimits): ReadonlyMap<string, Buffer> {
  if (pax.size === 0) return noXattrs;
  const xattrs = new Map<string, Buffer>();
  let bytes = 0;
  for (const [key, value] of pax) {
    if (!key.startsWith(xattrPrefix)) continue;
    bytes += key.length + value.length;
    xattrs.set(key.slice(xattrPrefix.length), Buffer.from(value, 'latin1'));
  }
  if (xattrs.size > limits.xattrs || bytes > limits.xattrBytes)
    throw badImage(
      `layer archive: an entry with ${xattrs.size} extended attributes of ${bytes} bytes, at most ${limits.xattrs} of ${limits.xattrBytes} are taken`,
    );
  return xattrs;
}
