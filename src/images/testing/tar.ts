/**
 * Tar archives byte by byte, for tests of what no honest tool writes.
 */

export type RawEntry = {
  readonly name: string | Buffer;
  readonly type?: string;
  readonly linkName?: string;
  readonly content?: Buffer;
  /** What the header says; default: the content's length. */
  readonly sizeBytes?: number;
  readonly mode?: number;
  readonly device?: readonly [major: number, minor: number];
};

/** One header with its content, padded. */
export function rawEntry(entry: RawEntry): Buffer {
  const content = entry.content ?? Buffer.alloc(0);
  const header = Buffer.alloc(512);
  header.set(typeof entry.name === 'string' ? Buffer.from(entry.name, 'latin1') : entry.name, 0);
  writeOctal(header, { at: 100, length: 8, value: entry.mode ?? 0o755 });
  writeOctal(header, { at: 108, length: 8, value: 0 });
  writeOctal(header, { at: 116, length: 8, value: 0 });
  writeOctal(header, { at: 124, length: 12, value: entry.sizeBytes ?? content.length });
  writeOctal(header, { at: 136, length: 12, value: 1_700_000_000 });
  header.write(entry.type ?? '0', 156, 'latin1');
  header.write(entry.linkName ?? '', 157, 'latin1');
  header.write('ustar\0', 257, 'latin1');
  header.write('00', 263, 'latin1');
  writeOctal(header, { at: 329, length: 8, value: entry.device?.[0] ?? 0 });
  writeOctal(header, { at: 337, length: 8, value: entry.device?.[1] ?? 0 });
  return Buffer.concat([sealed(header), content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

/** The entry with other bytes in its header, and a right checksum. */
export function withField(entry: Buffer, at: number, bytes: Buffer): Buffer {
  const changed = Buffer.from(entry);
  changed.set(bytes, at);
  return sealed(changed);
}

/** The entry with the checksum that its header should have. */
export function sealed(entry: Buffer): Buffer {
  entry.fill(0x20, 148, 156);
  const sum = entry.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  entry.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return entry;
}

/** A PAX header for the next entry; values are bytes. */
export function paxEntry(records: Readonly<Record<string, string | Buffer>>, type: 'x' | 'g' = 'x'): Buffer {
  const lines = Object.entries(records).map(([key, value]) => {
    const tail = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value), Buffer.from('\n')]);
    let length = tail.length;
    while (String(length).length + tail.length !== length) length = String(length).length + tail.length;
    return Buffer.concat([Buffer.from(String(length)), tail]);
  });
  return rawEntry({ name: 'PaxHeader', type, content: Buffer.concat(lines) });
}

/** The entries with the two blocks of zeros that end an archive. */
export function rawTar(...entries: readonly Buffer[]): Buffer {
  return Buffer.concat([...entries, Buffer.alloc(1024)]);
}

/** A value of `security.capability`: `permitted` are the bits of the capabilities, effective. Source: capabilities(7). */
export function capabilityBytes(permitted: number): Buffer {
  const value = Buffer.alloc(20);
  value.writeUInt32LE(0x02000001, 0);
  value.writeUInt32LE(permitted, 4);
  return value;
}

/** A value of `system.posix_acl_…`: `user::rwx user:UID:rwx group::--- mask::rwx other::---`. Source: acl(5). */
export function aclBytes(uid: number): Buffer {
  const entries: readonly (readonly [tag: number, bits: number, id: number])[] = [
    [0x01, 7, 0xffffffff],
    [0x02, 7, uid],
    [0x04, 0, 0xffffffff],
    [0x10, 7, 0xffffffff],
    [0x20, 0, 0xffffffff],
  ];
  const value = Buffer.alloc(4 + 8 * entries.length);
  value.writeUInt32LE(2, 0);
  for (const [at, [tag, bits, id]] of entries.entries()) {
    value.writeUInt16LE(tag, 4 + at * 8);
    value.writeUInt16LE(bits, 6 + at * 8);
    value.writeUInt32LE(id, 8 + at * 8);
  }
  return value;
}

function writeOctal(header: Buffer, field: { at: number; length: number; value: number }): void {
  header.write(`${field.value.toString(8).padStart(field.length - 1, '0')}\0`, field.at, 'latin1');
}
