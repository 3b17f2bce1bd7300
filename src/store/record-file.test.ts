import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeRecord, encodeRecord, RecordFolder } from './record-file.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cri-ts-records-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

function open(damaged: string[] = []): RecordFolder {
  return new RecordFolder({ path: join(dir, 'pods'), onDamaged: (file) => void damaged.push(file) });
}

describe('a record', () => {
  test('comes back as it went, keys in their order', () => {
    const value = { b: 1, a: [null, 'x\n', { '2': true, '1': false }] };
    expect(decodeRecord(encodeRecord(value))).toEqual(value);
  });

  test('with one changed byte is refused', () => {
    expect(() => decodeRecord(encodeRecord({ id: 'abc' }).replace('abc', 'abd'))).toThrow('checksum');
  });

  test('that was cut off is refused', () => {
    expect(() => decodeRecord(encodeRecord({ id: 'abc' }).slice(0, -4))).toThrow('checksum');
  });

  test('of a newer version is refused by that reason', () => {
    expect(() => decodeRecord(encodeRecord({}).replace('"version":1', '"version":2'))).toThrow('version 2');
  });
});

describe('a folder of records', () => {
  test('reads what was written, and nothing that was removed', async () => {
    const folder = open();
    await folder.readAll(String);
    await folder.write('a', { n: 1 }, true);
    await folder.write('a', { n: 2 }, false);
    await folder.write('b', { n: 3 }, true);
    await folder.remove('b');
    await folder.remove('never there');
    expect(await folder.readAll((value) => value)).toEqual([{ n: 2 }]);
  });

  test('sets damaged files aside, tells of them, and keeps the others', async () => {
    const damaged: string[] = [];
    const folder = open(damaged);
    await folder.readAll(String);
    await folder.write('good', { n: 1 }, true);
    await writeFile(join(dir, 'pods', 'bad.json'), 'garbage');
    expect(await folder.readAll((value) => value)).toEqual([{ n: 1 }]);
    expect({ damaged, left: await readdir(join(dir, 'pods')) }).toEqual({
      damaged: [join(dir, 'pods', 'bad.json')],
      left: ['good.json'],
    });
    const [name = ''] = await readdir(join(dir, 'quarantine'));
    expect(await readFile(join(dir, 'quarantine', name), 'utf8')).toBe('garbage');
  });

  test('sweeps temporary files of a writer that died', async () => {
    const folder = open();
    await folder.readAll(String);
    await writeFile(join(dir, 'pods', '.a.json.1.1.tmp'), 'half');
    await folder.readAll(String);
    expect(await readdir(join(dir, 'pods'))).toEqual([]);
  });
});
