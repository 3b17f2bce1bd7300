import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { absolutePath, newContainerId } from '../base/ids.ts';
import { ThreadedKernel } from '../kernel/threaded-kernel.ts';
import { exportArchive } from './archive/export-archive.ts';
import { importArchive } from './archive/import-archive.ts';
import { removeImage } from './remove-image.ts';
import { type FakeRegistry, startFakeRegistry } from './testing/fake-registry.ts';
import { makeImage, makeTar, type TestImage, writeLayout } from './testing/images.ts';
import { imageRequest, openTestStore, pull, testCall, type TestStore } from './testing/store.ts';

const child = fileURLToPath(new URL('./testing/store-child.ts', import.meta.url));
const compileCache = fileURLToPath(new URL('../../.cache/compile', import.meta.url));
let registry: FakeRegistry;
let store: TestStore;
let image: TestImage;
let name: string;

beforeEach(async () => {
  store = await openTestStore();
  registry = await startFakeRegistry();
  const layers = [1, 2, 3].map(async (number) => ({
    tar: await makeTar([
      { path: `f${number}`, content: randomBytes(200_000) },
      { path: 'shared/', type: 'directory' },
      { path: `shared/${number}`, content: `${number}` },
    ]),
  }));
  image = makeImage(await Promise.all(layers));
  registry.serve(image, 'team/app:1');
  name = `${registry.host}/team/app:1`;
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

/** With a crash point it dies there by itself. */
function begin(verb: 'pull' | 'import' | 'export', what: string, crashAt?: string): ChildProcess {
  const argv = ['--no-warnings', child, join(store.directory, 'state'), verb, what];
  const env = { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: compileCache };
  return spawn(process.execPath, argv, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: crashAt === undefined ? env : { ...env, CRI_TS_CRASH_AT: crashAt },
  });
}

/** Kills the process some time after it began to pull; null: after it has pulled. */
async function killAfter(process: ChildProcess, delayMs: number | null): Promise<void> {
  const ended = new Promise((resolve) => process.once('exit', resolve));
  const word = delayMs === null ? 'done' : 'begun';
  for await (const chunk of process.stdout ?? []) if (String(chunk).includes(word)) break;
  await new Promise((resolve) => setTimeout(resolve, delayMs ?? 0));
  process.kill('SIGKILL');
  await ended;
}

async function expectWholeOrNone(): Promise<void> {
  await store.restart();
  const state = join(store.directory, 'state/images');
  expect(await readdir(join(state, 'tmp'))).toEqual([]);
  expect(await readdir(join(state, 'quarantine'))).toEqual([]);
  const found = store.images.find(name);
  if (found === null) {
    expect(await readdir(join(state, 'layers'))).toEqual([]);
    return;
  }
  const containerId = newContainerId();
  const { path } = await store.images.prepareRootfs(found.id, containerId);
  expect((await readdir(join(path, 'shared'))).sort()).toEqual(['1', '2', '3']);
  await store.images.removeRootfs(containerId);
}

describe('a daemon that is killed while it pulls', () => {
  test.each([0, 30, 60, 100, 150, 220, null])(
    'after %p ms leaves the image whole or not at all, and the next pull succeeds',
    async (delayMs) => {
      await store.images.close();
      await killAfter(begin('pull', name), delayMs);
      await expectWholeOrNone();
      if (delayMs === null) expect(store.images.find(name)?.id).toBe(image.configDigest);
      expect(await pull(store, name)).toBe(image.configDigest);
      await expectWholeOrNone();
    },
  );
});

describe('a daemon that is killed while it works on an archive', () => {
  const tag = 'test.local/app:1';
  let archive: string;

  /** Ends when the process has died at its crash point. */
  async function died(process: ChildProcess): Promise<void> {
    const ended = new Promise((resolve) => process.once('exit', (_, signal) => resolve(signal)));
    process.stdout?.resume();
    expect(await ended).toBe('SIGKILL');
  }

  beforeEach(async () => {
    const layout = join(store.directory, 'layout');
    await writeLayout(image, layout);
    await store.images.importOciLayout(layout, tag);
    archive = join(store.directory, 'app.tar');
    await pipeline(
      Readable.from(exportArchive(store.images, [tag], new AbortController().signal)),
      createWriteStream(archive),
    );
  });

  test.each(['spool', 'layers', 'blobs', 'record', 'answer'])(
    'at step "%s" of an import leaves its images whole or not at all',
    async (step) => {
      await removeImage(store.images, imageRequest(tag), testCall());
      await store.images.close();
      await died(begin('import', archive, `ImportImages:${step}`));
      name = tag;
      await expectWholeOrNone();
      expect(store.images.find(tag) !== null).toBe(step === 'answer');
      const { parts } = store.images;
      await importArchive(parts, { stream: createReadStream(archive), name: null }, testCall().signal);
      await expectWholeOrNone();
      expect(store.images.find(tag)?.id).toBe(image.configDigest);
    },
  );

  test.each(['layer', 'layer-written'])('at step "%s" of an export leaves no trace', async (step) => {
    const layers = await readdir(join(store.directory, 'state/images/layers'));
    await store.images.close();
    await died(begin('export', tag, `ExportImages:${step}`));
    name = tag;
    await expectWholeOrNone();
    expect(await readdir(join(store.directory, 'state/images/layers'))).toEqual(layers);
    // Nothing is leased any more.
    await removeImage(store.images, imageRequest(tag), testCall());
    expect(await readdir(join(store.directory, 'state/images/layers'))).toEqual([]);
  });
});

describe('a full disk', () => {
  test('makes a pull fail clearly and leave nothing, and an image can still be removed', async () => {
    await using kernel = new ThreadedKernel();
    await store.images.close();
    const target = absolutePath(join(store.directory, 'state'));
    const mount = await kernel.mount({
      source: 'tmpfs',
      target,
      type: 'tmpfs',
      flags: [],
      data: 'size=900k',
    });
    try {
      await store.restart();
      const small = makeImage([{ tar: await makeTar([{ path: 'small', content: 'x'.repeat(1000) }]) }]);
      registry.serve(small, 'team/small:1');
      const smallName = `${registry.host}/team/small:1`;
      await pull(store, smallName);
      const folders = ['layers', 'l', 'blobs/sha256', 'mends', 'records', 'tmp'];
      const look = async (): Promise<readonly (readonly string[])[]> =>
        await Promise.all(folders.map(async (each) => await readdir(join(target, 'images', each))));
      const before = await look();
      const contents = ['1', '2', '3', 'x'.repeat(2_000_000)];
      const tars = contents.map(async (content, at) => await makeTar([{ path: `f${at}`, content }]));
      registry.serve(makeImage((await Promise.all(tars)).map((tar) => ({ tar }))), 'team/large:1');
      await expect(pull(store, `${registry.host}/team/large:1`)).rejects.toMatchObject({
        code: 'exhausted',
        reason: 'NoSpace',
      });
      expect(await look()).toEqual(before);
      await removeImage(store.images, imageRequest(smallName), testCall());
      expect(store.images.find(smallName)).toBeNull();
    } finally {
      await store.images.close();
      await mount.unmount();
    }
  });
});
