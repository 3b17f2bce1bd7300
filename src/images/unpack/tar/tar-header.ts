/**
 * One 512-byte header of a tar archive and the records of a PAX header, from hostile bytes to checked data. Pure. Names
 * are kept as latin1 text, one character for each byte, since they need not be UTF-8.
 * Source: POSIX.1-2017 pax "ustar Interchange Format", "pax Extended Header"; GNU tar manual, "Basic Tar Format".
 */
import { badImage } from '../../documents/document.ts';

export const blockBytes = 512;

export type TarHeader = {
  readonly name: string;
  readonly linkName: string;
  /** The type flag as a character; an old header's NUL is `0`. */
  readonly type: string;
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly modifiedNs: bigint;
  readonly deviceMajor: number;
  readonly deviceMinor: number;
};

/** What PAX records override; values are latin1 text as well. */
export type PaxRecords = ReadonlyMap<string, string>;

const nsPerSecond = 1_000_000_000n;

/** @returns null for a block of zeros, which ends an archive. @throws InvalidImage */
export function parseTarHeader(block: Buffer): TarHeader | null {
  if (isZero(block)) return null;
  checkSum(block);
  const magic = block.toString('latin1', 257, 263);
  const prefix = magic === 'ustar\0' ? textAt(block, 345, 155) : '';
  const name = textAt(block, 0, 100);
  const type = block.toString('latin1', 156, 157);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: textAt(block, 157, 100),
    type: type === '\0' ? '0' : type,
    mode: numberAt(block, 100, 8) & 0o7777,
    uid: numberAt(block, 108, 8),
    gid: numberAt(block, 116, 8),
    sizeBytes: numberAt(block, 124, 12),
    modifiedNs: BigInt(numberAt(block, 136, 12)) * nsPerSecond,
    deviceMajor: magic.startsWith('ustar') ? numberAt(block, 329, 8) : 0,
    deviceMinor: magic.startsWith('ustar') ? numberAt(block, 337, 8) : 0,
  };
}

/** `LENGTH KEY=VALUE\n`, repeated. @throws InvalidImage */
export function parsePaxRecords(body: Buffer): PaxRecords {
  const records = new Map<string, string>();
  const sparse: string[] = [];
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(0x20, at);
    const digits = space < 0 ? '' : body.toString('latin1', at, Math.min(space, at + 11));
    const end = at + (/^[0-9]{1,10}$/.test(digits) ? Number(digits) : 0);
    // Every record goes beyond its own first blank: whatever a length says, the loop comes to an end.
    if (space < 0 || end <= space + 1 || end > body.length || body[end - 1] !== 0x0a)
      throw badImage('layer archive: a PAX record has a wrong length');
    const text = body.toString('latin1', space + 1, end - 1);
    const equals = text.indexOf('=');
    if (equals <= 0) throw badImage('layer archive: a PAX record has no key');
    const [key, value] = [text.slice(0, equals), text.slice(equals + 1)];
    if (key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes') sparse.push(value);
    else records.set(key, value);
    at = end;
  }
  // Version 0.0 of sparse files repeats two keys where 0.1 has one list.
  if (sparse.length > 0) records.set('GNU.sparse.map', sparse.join(','));
  return records;
}

/** How the holes of a sparse file are told; null: it is none. @throws InvalidImage for what readers do not agree on */
export function sparseForm(pax: PaxRecords, isLenient: boolean): 'list' | 'text' | null {
  if (isLenient) return lenientSparseForm(pax);
  const [major, minor] = [pax.get('GNU.sparse.major') ?? '', pax.get('GNU.sparse.minor') ?? ''];
  if (major === '1' && minor === '0') return 'text';
  const isOld = major === '0' && (minor === '0' || minor === '1');
  if (!isOld && (major !== '' || minor !== ''))
    throw badImage(
      `layer archive: a sparse file of version ${JSON.stringify(`${major}.${minor}`.slice(0, 60))}`,
    );
  return isOld || pax.has('GNU.sparse.map') ? 'list' : null;
}

function lenientSparseForm(pax: PaxRecords): 'list' | 'text' | null {
  if (pax.get('GNU.sparse.major') === '1') return 'text';
  return pax.has('GNU.sparse.map') ? 'list' : null;
}

/** A decimal with up to nine digits of fraction that count: seconds to nanoseconds. @throws InvalidImage */
export function parsePaxTime(text: string): bigint {
  const match = /^(-?)([0-9]{1,12})(?:\.([0-9]{0,30}))?$/.exec(text);
  if (match === null)
    throw badImage(`layer archive: PAX time ${JSON.stringify(text.slice(0, 60))} is no decimal`);
  const [, sign, seconds = '0', fraction = ''] = match;
  const ns = BigInt(seconds) * nsPerSecond + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  return sign === '-' ? -ns : ns;
}

/** A decimal from 0 to 2^53 - 1. @throws InvalidImage */
export function parsePaxNumber(text: string): number {
  const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : -1;
  if (!Number.isSafeInteger(value) || value < 0)
    throw badImage(`layer archive: PAX number ${JSON.stringify(text.slice(0, 60))} is no whole number`);
  return value;
}

const zeros = Buffer.alloc(blockBytes);

function isZero(block: Buffer): boolean {
  return block[0] === 0 && block.equals(zeros);
}

function checkSum(block: Buffer): void {
  const stated = numberAt(block, 148, 8);
  let unsigned = 8 * 0x20;
  let signed = unsigned;
  for (let at = 0; at < blockBytes; at += 1) {
    if (at >= 148 && at < 156) continue;
    const byte = block[at] ?? 0;
    unsigned += byte;
    // Some old programs summed signed characters.
    signed += byte > 127 ? byte - 256 : byte;
  }
  if (stated !== unsigned && stated !== signed)
    throw badImage('layer archive: a header has a wrong checksum');
}

/** Text up to the first NUL. */
function textAt(block: Buffer, at: number, length: number): string {
  const text = block.toString('latin1', at, at + length);
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

/** Octal text, or base 256 when the first bit is set. @throws InvalidImage also when it is over 2^53 */
export function numberAt(block: Buffer, at: number, length: number): number {
  const first = block[at] ?? 0;
  if ((first & 0x80) !== 0) return base256At(block, at, length);
  // Old programs left something behind the NUL.
  const text = /^[ \0]*([^ \0]*) *(?:\0|$)/.exec(block.toString('latin1', at, at + length))?.[1] ?? '?';
  if (text === '') return 0;
  if (!/^[0-7]+$/.test(text)) throw badImage('layer archive: a header has a number that is not octal');
  return Number.parseInt(text, 8);
}

function base256At(block: Buffer, at: number, length: number): number {
  let value = BigInt((block[at] ?? 0) & 0x7f);
  const isNegative = (value & 0x40n) !== 0n;
  for (let next = at + 1; next < at + length; next += 1) value = (value << 8n) | BigInt(block[next] ?? 0);
  // Times before 1970 are written as two's complement.
  const signed = isNegative ? value - (1n << BigInt(length * 8 - 1)) : value;
  const number = Number(signed);
  if (!Number.isSafeInteger(number)) throw badImage('layer archive: a header has a number over 2^53');
  return number;
}
