/**
 * What holds when every check of an archive is wrong: attacks carried out by a thread that checks nothing. They aim at
 * files of the test only, so that a confinement that is broken harms nobody.
 */
import '../testing/realm.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { rawEntry, rawTar, type RawEntry } from '../testing/tar.ts';

const naiveUrl = new URL('../testing/naive-worker.ts', import.meta.url);
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'confinement-'));
  await mkdir(join(directory, 'layer'));
  await mkdir(join(directory, 'outside'));
  await writeFile(join(directory, 'outside/secret'), 'untouched', { mode: 0o600 });
});
afterEach(async () => await rm(directory, { recursive: true, force: true }));

/** Unpacks without checks. @returns the error numbers of what the kernel refused */
async function unpackNaively(...entries: readonly RawEntry[]): Promise<readonly string[]> {
  const archive = rawTar(...entries.map(rawEntry));
  const workerData = { directory: join(directory, 'layer'), archive };
  const worker = new Worker(naiveUrl, { workerData, trackUnmanagedFds: false });
  const answer = Promise.withResolvers<readonly string[]>();
  worker.once('message', answer.resolve).once('error', answer.reject);
  const errors = await answer.promise;
  await worker.terminate();
  return errors;
}

async function expectUntouched(): Promise<void> {
  expect(await readdir(join(directory, 'outside'))).toEqual(['secret']);
  expect(await readFile(join(directory, 'outside/secret'), 'utf8')).toBe('untouched');
  const { mode, nlink } = await lstat(join(directory, 'outside/secret'));
  expect([mode & 0o777, nlink]).toEqual([0o600, 1]);
  expect((await readdir(directory)).sort()).toEqual(['layer', 'outside']);
}

const content = Buffer.from('escaped');
const link = (name: string, linkName: string): RawEntry => ({ name, linkName, type: '2' });
const hard = (name: string, linkName: string): RawEntry => ({ name, linkName, type: '1' });

describe('a thread that checks nothing', () => {
  test('cannot leave the layer by ".."', async () => {
    await unpackNaively(
      { name: '../outside/secret', content, mode: 0o777 },
      { name: '../escape', content },
      { name: 'a/../../outside/new', content },
    );
    await expectUntouched();
  });

  test('cannot leave it by an absolute name', async () => {
    // A layer's own directory of this name, at most: the name is longer than a header holds otherwise.
    await unpackNaively({ name: join(directory, 'outside/secret'), content, mode: 0o777 });
    await expectUntouched();
    expect(await readFile(join(directory, 'layer', directory, 'outside/secret'), 'utf8')).toBe('escaped');
  });

  test.each(['..', '../outside', '/$HOME/outside', '/proc/self/root/$HOME/outside'])(
    'cannot follow a link to %s',
    async (target) => {
      const errors = await unpackNaively(
        link('l', target.replace('/$HOME', directory)),
        { name: 'l/escape', content },
        { name: 'l/outside/secret', content, mode: 0o777 },
        { name: 'l/secret', content, mode: 0o777 },
      );
      await expectUntouched();
      expect(errors).toContain('ELOOP');
      expect(await readdir(join(directory, 'layer'))).toEqual(['l']);
    },
  );

  test('cannot write or change the mode through a link that is the name itself', async () => {
    const errors = await unpackNaively(link('l', join(directory, 'outside/secret')), {
      name: 'l',
      content,
      mode: 0o777,
    });
    await expectUntouched();
    expect(errors).toContain('ELOOP');
  });

  test('cannot take hold of a file outside by a hard link', async () => {
    await unpackNaively(
      hard('h', '../outside/secret'),
      hard('i', join(directory, 'outside/secret')),
      link('l', '../outside'),
      hard('j', 'l/secret'),
      { name: 'h', content, mode: 0o777 },
    );
    await expectUntouched();
  });

  test('cannot open a device that it has made', async () => {
    // The null device: whoever could open it here could open a disk as well.
    const errors = await unpackNaively(
      { name: 'disk', type: '3', device: [1, 3], mode: 0o666 },
      { name: 'disk', content },
    );
    expect((await lstat(join(directory, 'layer/disk'))).isCharacterDevice()).toBe(true);
    expect(errors).toContain('EACCES');
    await expectUntouched();
  });
});
