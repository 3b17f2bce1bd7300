import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryWatch } from './watch.ts';

let directory: string;
let watch: DirectoryWatch | null = null;
let told = Promise.withResolvers<void>();
let count = 0;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cni-watch-'));
});

afterEach(async () => {
  watch?.close();
  await rm(directory, { recursive: true });
});

async function start(path: string): Promise<DirectoryWatch> {
  count = 0;
  watch = new DirectoryWatch(path, () => {
    count += 1;
    told.resolve();
  });
  await watch.arm();
  return watch;
}

/** Does it, and waits for the news of it; arms again as the user of the watch does. */
async function expectNews(act: () => Promise<unknown>): Promise<void> {
  told = Promise.withResolvers<void>();
  await act();
  await told.promise;
  await watch?.arm();
}

test('a file that comes, changes and goes is told', async () => {
  await start(directory);
  await expectNews(async () => await writeFile(join(directory, 'a'), '1'));
  await expectNews(async () => await writeFile(join(directory, 'a'), '22'));
  await expectNews(async () => await rm(join(directory, 'a')));
});

test('many changes at once are told together', async () => {
  await start(directory);
  await expectNews(async () => {
    for (let at = 0; at < 50; at += 1) await writeFile(join(directory, `f${at}`), '');
  });
  expect(count).toBeLessThan(50);
});

test('a directory that does not exist is told when it appears, step by step, and again after it has gone', async () => {
  const path = join(directory, 'a/b/c');
  await start(path);
  for (let round = 0; round < 2; round += 1) {
    await expectNews(async () => await mkdir(join(directory, 'a')));
    await expectNews(async () => await mkdir(path, { recursive: true }));
    await expectNews(async () => await writeFile(join(path, 'file'), ''));
    await expectNews(async () => await rm(join(directory, 'a'), { recursive: true }));
  }
});

test('a directory that is replaced under its name is watched on', async () => {
  const path = join(directory, 'conf');
  await mkdir(path);
  await mkdir(join(directory, 'new'));
  await start(path);
  await expectNews(async () => {
    await rename(path, join(directory, 'old'));
    await rename(join(directory, 'new'), path);
  });
  await expectNews(async () => await writeFile(join(path, 'file'), ''));
});
