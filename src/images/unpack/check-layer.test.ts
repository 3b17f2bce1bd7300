/**
 * What a check of a layer that is there notices, needs and lets pass.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { rm, writeFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { lsetxattr } from '../../kernel/calls/attribute-calls.ts';
import { makeDevice, mknodat } from '../../kernel/calls/file-calls.ts';
import { atFdcwd, fileType } from '../../kernel/linux-constants.ts';
import { archiveLimits } from '../limits.ts';
import { capabilityBytes, paxEntry, rawEntry, rawTar } from '../testing/tar.ts';
import { TestUnpacking } from '../testing/unpacking.ts';
import { LayerInventory } from './layer-inventory.ts';
import type { TarEntry } from './tar/tar-entry.ts';

let unpacking: TestUnpacking;

beforeAll(async () => {
  unpacking = await TestUnpacking.create();
});
afterAll(async () => await unpacking[Symbol.asyncDispose]());
beforeEach(async () => await unpacking.next());

/** What is wrong with the layer that was just unpacked of the archive. */
async function faultsAfter(
  archive: Buffer,
  damage: () => void | Promise<void> = () => undefined,
): Promise<readonly string[]> {
  const unpacked = await unpacking.unpack(archive);
  await damage();
  return await unpacking.check(unpacked);
}

const hard = (name: string, linkName: string): Buffer => rawEntry({ name, linkName, type: '1' });
const file = (name: string, content = name): Buffer => rawEntry({ name, content: Buffer.from(content) });

describe('a check of a layer', () => {
  const odd: readonly (readonly [string, readonly Buffer[]])[] = [
    ['a hard link whose lower file is brought later', [hard('a', 'x'), file('x')]],
    ['a hard link to a lower file that it removes', [rawEntry({ name: '.wh.x' }), hard('a', 'x')]],
    ['a chain of hard links to a lower file', [hard('a', 'x'), hard('b', 'a')]],
    ['a file in place of a hard link to a lower file', [hard('a', 'x'), file('a')]],
    ['a hard link to a lower file in place of a file', [file('a'), hard('a', 'x')]],
    ['a whiteout of a hard link to a lower file', [hard('a', 'x'), rawEntry({ name: '.wh.a' })]],
    ['a hard link to itself', [hard('a', 'a'), file('b'), hard('b', 'b')]],
    ['a directory below what it removes', [rawEntry({ name: '.wh.d' }), file('d/e/f')]],
    ['an attribute of no capability', [paxEntry({ 'SCHILY.xattr.user.x': 'y' }), file('a')]],
  ];

  test.each(odd)('finds nothing wrong with %s', async (_, entries) => {
    expect(await faultsAfter(rawTar(...entries))).toEqual([]);
  });

  test('finds another device and another capability', async () => {
    const archive = rawTar(
      rawEntry({ name: 'null', type: '3', device: [1, 3] }),
      paxEntry({ 'SCHILY.xattr.security.capability': capabilityBytes(0x2000) }),
      file('cap'),
    );
    const faults = await faultsAfter(archive, async () => {
      await rm(unpacking.at('null'));
      const mode = fileType.character | 0o755;
      mknodat(atFdcwd, unpacking.at('null'), { mode, device: makeDevice(1, 5) });
      lsetxattr(unpacking.at('cap'), 'security.capability', capabilityBytes(0x3000));
    });
    expect(faults).toEqual([
      expect.stringContaining('is another device'),
      expect.stringContaining('another attribute'),
    ]);
  });

  test('finds a capability that is gone', async () => {
    const pax = paxEntry({ 'SCHILY.xattr.security.capability': capabilityBytes(0x2000) });
    const faults = await faultsAfter(rawTar(pax, file('cap', 'x')), async () => {
      // A write takes it away.
      await writeFile(unpacking.at('cap'), 'y');
    });
    expect(faults.length).toBe(1);
  });

  test('tells of twenty faults at most', async () => {
    const many = Array.from({ length: 30 }, (_, count) => file(`f${count}`));
    const faults = await faultsAfter(rawTar(...many), async () => {
      for (let count = 0; count < 30; count += 1) await rm(unpacking.at(`f${count}`));
    });
    expect(faults.length).toBe(20);
    await unpacking.next();
    const strangers = await faultsAfter(rawTar(file('f')), async () => {
      for (let count = 0; count < 30; count += 1) await writeFile(unpacking.at(`s${count}`), '');
    });
    expect(strangers.length).toBe(20);
  });

  test('takes a layer that a greater limit once let in', async () => {
    const unpacked = await unpacking.unpack(rawTar(file('a'), file('b')));
    expect(await unpacking.check(unpacked, { entries: 1, layerBytes: 10 })).toEqual([]);
  });

  const name = (path: string): Buffer =>
    rawEntry({ name: '././@LongLink', type: 'L', content: Buffer.from(`${path}\0`) });
  const deep = `${'n'.repeat(200)}/`.repeat(19);

  test.each<readonly [string, readonly Buffer[]]>([
    ['entries behind a block of zeros', [file('a'), Buffer.alloc(512), file('b')]],
    ['two long names', [name('gnu'), paxEntry({ path: 'pax' }), file('short')]],
    ['a global header in between', [paxEntry({ path: 'pax' }), paxEntry({ a: 'b' }, 'g'), file('short')]],
    ['the name of a sparse file that is none', [paxEntry({ 'GNU.sparse.name': 'name' }), file('a')]],
    ['a sparse file of an unknown version', [paxEntry({ 'GNU.sparse.major': '7' }), file('a')]],
    ['a directory of some size', [rawEntry({ name: 'd/', sizeBytes: 512 }), file('a')]],
    ['a path of 4000 bytes', [paxEntry({ path: deep.padEnd(4000, 'x') }), file('a')]],
  ])('takes a layer with what was let in before it was refused: %s', async (_, entries) => {
    const archive = rawTar(...entries);
    const before = { isLenient: true, pathBytes: 4096 };
    const unpacked = await unpacking.unpack(archive, before);
    expect(await unpacking.check(unpacked)).toEqual([]);
  });
});

describe('the inventory of a layer', () => {
  const entry = (path: string, more: Partial<TarEntry> = {}): TarEntry => ({
    kind: 'file',
    path,
    linkTarget: '',
    mode: 0o644,
    uid: 0,
    gid: 0,
    storedBytes: 0,
    realBytes: 0,
    segments: null,
    modifiedNs: 0n,
    deviceMajor: 0,
    deviceMinor: 0,
    xattrs: new Map(),
    ...more,
  });

  test('keeps nothing of an entry that it does not compare', () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    using inventory = new LayerInventory(archiveLimits);
    const add = (count: number): readonly WeakRef<object>[] => {
      const xattrs = new Map([['trusted.x', Buffer.alloc(100_000)]]);
      const segments = [{ at: count, bytes: 0 }];
      inventory.add(entry(`file${count}`, { xattrs, segments }));
      return [new WeakRef(xattrs), new WeakRef(segments)];
    };
    const kept = Array.from({ length: 10 }, (_, count) => add(count)).flat();
    // What was referred to in this turn of the loop stays until the next.
    return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      collect();
      expect(kept.filter((each) => each.deref() !== undefined)).toEqual([]);
    });
  });

  test('of more than it may keep is given up, and no fault found in it', () => {
    using inventory = new LayerInventory(archiveLimits, 3_000_000);
    for (let count = 0; count < 40_000; count += 1) inventory.add(entry(`${'n'.repeat(200)}${count}`));
    expect(inventory.faults(true)).toEqual([]);
  });
});
