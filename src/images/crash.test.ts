import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { absolutePath, newContainerId } from '../base/ids.ts';
import { ThreadedKernel } from '../kernel/threaded-kernel.ts';
import { removeImage } from './remove-image.ts';
import { type FakeRegistry, startFakeRegistry } from './testing/fake-registry.ts';
import { makeImage, makeTar, type TestImage } from './testing/images.ts';
import { imageRequest, openTestStore, pull, testCall, type TestStore } from './testing/store.ts';

const child = fileURLToPath(new URL('./testing/pull-child.ts', import.meta.url));
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

function startPull(): ChildProcess {
  return spawn(process.execPath, ['--no-warnings', child, join(store.directory, 'state'), name], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] ?? '' },
  });
}

/** Kills the process some time after it began to pull; null: after it has pulled. */
async function killAfter(process: ChildProcess, delayMs: number | null): Promise<void> {
  const ended = new Promise((resolve) => process.once('exit', resolve));
  const word = delayMs === null ? 'pulled' : 'pulling';
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
  test.each([0, 20, 40, 60, 80, 100, 130, 170, 220, 300, null])(
    'after %p ms leaves the image whole or not at all, and the next pull succeeds',
    async (delayMs) => {
      await store.images.close();
      await killAfter(startPull(), delayMs);
      await expectWholeOrNone();
      if (delayMs === null) expect(store.images.find(name)?.id).toBe(image.configDigest);
      expect(await pull(store, name)).toBe(image.configDigest);
      await expectWholeOrNone();
    },
  );
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
      const large = makeImage([{ tar: await makeTar([{ path: 'large', content: 'x'.repeat(2_000_000) }]) }]);
      registry.serve(large, 'team/large:1');
      await expect(pull(store, `${registry.host}/team/large:1`)).rejects.toMatchObject({
        code: 'exhausted',
        reason: 'NoSpace',
      });
      expect(await readdir(join(target, 'images/tmp'))).toEqual([]);
      await removeImage(store.images, imageRequest(smallName), testCall());
      expect(store.images.find(smallName)).toBeNull();
    } finally {
      await store.images.close();
      await mount.unmount();
    }
  });
});
