import '../../images/testing/realm.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { mustRun } from '../../base/process.ts';
import { makeTar } from '../../images/testing/images.ts';
import { writeArchive } from './write-output.ts';

const never = new AbortController().signal;
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'output-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function* archive(...pieces: readonly (string | Buffer | Error)[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    if (Error.isError(piece)) throw piece;
    yield await Promise.resolve(Buffer.from(piece));
  }
}

async function write(output: string, ...pieces: readonly (string | Buffer | Error)[]): Promise<void> {
  await writeArchive(archive(...pieces), { output, isDirectory: false }, never);
}

async function special(kind: 'p' | 'c', ...numbers: readonly string[]): Promise<string> {
  const path = join(directory, 'special');
  await mustRun({ argv: ['mknod', path, kind, ...numbers], timeoutMs: 10_000 });
  return path;
}

describe('an export to a file', () => {
  test('replaces it whole, with its mode, or not at all', async () => {
    const path = join(directory, 'file');
    await writeFile(path, 'before', { mode: 0o600 });
    await expect(write(path, 'half', new Error('cut'))).rejects.toThrow('cut');
    expect(await readFile(path, 'utf8')).toBe('before');
    expect(await readdir(directory)).toEqual(['file']);
    await write(path, 'whole', ' archive');
    expect(await readFile(path, 'utf8')).toBe('whole archive');
    expect((await lstat(path)).mode & 0o777).toBe(0o600);
  });

  test.each(['there', 'missing'])('goes where a link leads, which stays: the file is %s', async (state) => {
    await mkdir(join(directory, 'far'));
    const target = join(directory, 'far/file');
    if (state === 'there') await writeFile(target, 'before');
    await symlink('far/file', join(directory, 'middle'));
    await symlink(join(directory, 'middle'), join(directory, 'link'));
    await write(join(directory, 'link'), 'archive');
    expect(await readlink(join(directory, 'link'))).toBe(join(directory, 'middle'));
    expect(await readFile(target, 'utf8')).toBe('archive');
    expect(await readdir(join(directory, 'far'))).toEqual(['file']);
  });

  test('refuses links in circles, directories and what has no place', async () => {
    await symlink('two', join(directory, 'one'));
    await symlink('one', join(directory, 'two'));
    await expect(write(join(directory, 'one'), 'x')).rejects.toThrow(/ELOOP|links/);
    await expect(write(directory, 'x')).rejects.toMatchObject({ reason: 'NotWritable' });
    await expect(write(join(directory, 'none/file'), 'x')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('an export to what is no file', () => {
  test('is refused as a directory', async () => {
    const path = await special('c', '1', '3');
    const written = writeArchive(archive('archive'), { output: path, isDirectory: true }, never);
    await expect(written).rejects.toMatchObject({ reason: 'NotWritable' });
  });

  test('leaves a device what it is', async () => {
    const path = await special('c', '1', '3');
    await write(path, 'archive');
    expect((await lstat(path)).isCharacterDevice()).toBe(true);
    expect(await readdir(directory)).toEqual(['special']);
  });

  test('goes through a pipe to whoever reads it', async () => {
    const path = await special('p');
    const big = 'x'.repeat(300_000);
    const written = write(path, big, 'end');
    expect(await text(createReadStream(path))).toBe(`${big}end`);
    await written;
    expect((await lstat(path)).isFIFO()).toBe(true);
  });

  test('can be given up while nobody reads', async () => {
    const path = await special('p');
    const stop = new AbortController();
    const written = writeArchive(archive('x'), { output: path, isDirectory: false }, stop.signal);
    stop.abort(new Error('Ctrl-C'));
    await expect(written).rejects.toThrow('Ctrl-C');
  });
});

describe('an export to a directory', () => {
  const entries = ['oci-layout', 'index.json', 'blobs/sha256/1'].map((path) => ({ path, content: path }));
  const to = async (output: string, ...pieces: readonly (Buffer | Error)[]): Promise<void> =>
    await writeArchive(archive(...pieces), { output, isDirectory: true }, never);

  test('is there as a whole, in one that is new or empty', async () => {
    const tar = await makeTar(entries);
    await mkdir(join(directory, 'empty'));
    for (const name of ['empty', 'new/below']) {
      await to(join(directory, name), tar);
      const names = await readdir(join(directory, name), { recursive: true });
      expect(names.sort()).toEqual(['blobs', 'blobs/sha256', 'blobs/sha256/1', 'index.json', 'oci-layout']);
    }
    await expect(to(join(directory, 'empty'), tar)).rejects.toMatchObject({ reason: 'NotEmpty' });
  });

  test('that breaks off leaves nothing', async () => {
    const tar = await makeTar(entries);
    await mkdir(join(directory, 'empty'));
    for (const name of ['empty', 'new/below']) {
      const cut = to(join(directory, name), tar.subarray(0, 2000), new Error('cut'));
      await expect(cut).rejects.toThrow('cut');
      await expect(to(join(directory, name), tar.subarray(0, 2000))).rejects.toThrow();
    }
    expect(await readdir(directory, { recursive: true })).toEqual(['empty']);
  });

  test('is not a layout before it is whole', async () => {
    const target = join(directory, 'new');
    const seen: string[] = [];
    async function* slowly(): AsyncGenerator<Buffer> {
      yield await makeTar(entries);
      await new Promise((resolve) => setTimeout(resolve, 20));
      seen.push(...(await readdir(target)));
    }
    await writeArchive(slowly(), { output: target, isDirectory: true }, never);
    expect(seen.filter((name) => !name.endsWith('.part'))).toEqual([]);
  });

  test('is not called “-”', async () => {
    await expect(to('-')).rejects.toMatchObject({ reason: 'NoOutput' });
  });
});
