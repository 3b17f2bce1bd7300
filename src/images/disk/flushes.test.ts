import '../testing/realm.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FakeRegistry, startFakeRegistry } from '../testing/fake-registry.ts';
import { makeImage, makeTar, type TestImage } from '../testing/images.ts';
import { openTestStore, pull, type TestStore } from '../testing/store.ts';

let registry: FakeRegistry;
let store: TestStore;
let image: TestImage;
let name: string;

beforeEach(async () => {
  store = await openTestStore();
  registry = await startFakeRegistry();
  image = makeImage([
    { tar: await makeTar([{ path: 'lower', content: 'x' }]) },
    { tar: await makeTar([{ path: 'upper', content: 'y' }]) },
  ]);
  registry.serve(image, 'team/app:1');
  name = `${registry.host}/team/app:1`;
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

function at(...path: readonly string[]): string {
  return join(store.directory, 'state/images', ...path);
}

async function announce(boot: string, entries: readonly string[]): Promise<void> {
  await writeFile(at('unflushed/test'), [boot, ...entries, ''].join('\n'));
}

async function layers(): Promise<readonly string[]> {
  return (await readdir(at('layers'))).map((hex) => `layers/${hex}`);
}

describe('a layer that is shown before it is on the disk', () => {
  test('is no longer announced once it is there', async () => {
    await pull(store, name);
    await store.images.parts.flushes.settled();
    expect(await readdir(at('unflushed'))).toEqual([]);
  });

  test('is discarded after a power cut, with nothing else, and can be pulled again', async () => {
    const id = await pull(store, name);
    const [first = '', second = ''] = await layers();
    await store.images.parts.flushes.settled();
    await announce('another-boot', [first]);
    await store.restart();
    expect(store.images.find(name)).toBeNull();
    expect(await layers()).toEqual([second]);
    expect(await readdir(at('unflushed'))).toEqual([]);
    expect(await readdir(at('tmp'))).toEqual([]);
    registry.asked.length = 0;
    expect(await pull(store, name)).toBe(id);
    const fetched = registry.asked.filter(({ url }) =>
      image.layerDigests.some((digest) => url.endsWith(digest)),
    );
    expect(fetched).toHaveLength(1);
  });

  test('stays when only the daemon died, and is flushed at the next start', async () => {
    await pull(store, name);
    await store.images.parts.flushes.settled();
    await announce((await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim(), await layers());
    await store.restart();
    expect(store.images.find(name)).not.toBeNull();
    await store.images.parts.flushes.settled();
    expect(await readdir(at('unflushed'))).toEqual([]);
  });

  test('whose announcement names something else takes that nowhere', async () => {
    await pull(store, name);
    await announce('another-boot', [
      '../../etc',
      'records',
      'layers',
      'layers/../records',
      'blobs/sha256',
      '/etc',
    ]);
    await store.restart();
    expect(store.images.find(name)).not.toBeNull();
  });
});
