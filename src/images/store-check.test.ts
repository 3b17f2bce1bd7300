import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  chmod,
  chown,
  link,
  lchown,
  mkdir,
  readdir,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { checkJob, checkOncePerBoot } from './store-check.ts';
import { type FakeRegistry, startFakeRegistry } from './testing/fake-registry.ts';
import { makeImage, sha256, type TestImage } from './testing/images.ts';
import { openTestStore, pull, type TestStore } from './testing/store.ts';
import { paxEntry, rawEntry, rawTar } from './testing/tar.ts';

let registry: FakeRegistry;
let store: TestStore;
let name: string;
let image: TestImage;

const lower = rawTar(
  rawEntry({ name: 'etc/', type: '5' }),
  rawEntry({ name: 'etc/passwd', content: Buffer.from('root:x:0:0::/:') }),
  rawEntry({ name: 'gone', content: Buffer.from('x') }),
);
/** One of everything, so that a check that is too strict finds fault with it. */
const upper = rawTar(
  rawEntry({ name: './', type: '5', mode: 0o755 }),
  rawEntry({ name: 'bin/', type: '5', mode: 0o2755 }),
  rawEntry({ name: 'bin/tool', content: Buffer.from('tool'), mode: 0o4755 }),
  rawEntry({ name: 'bin/alias', type: '1', linkName: 'bin/tool' }),
  rawEntry({ name: 'bin/shell', type: '2', linkName: '../bin/tool' }),
  rawEntry({ name: 'etc/shadow', type: '1', linkName: 'etc/passwd' }),
  rawEntry({ name: 'null', type: '3', device: [1, 3], mode: 0o666 }),
  rawEntry({ name: 'fifo', type: '6' }),
  rawEntry({ name: '.wh.gone' }),
  rawEntry({ name: 'opaque/.wh..wh..opq' }),
  rawEntry({ name: 'implied/deep/file', content: Buffer.from('content of the file') }),
  paxEntry({ 'GNU.sparse.size': '100000', 'GNU.sparse.map': '50000,512' }),
  rawEntry({ name: 'sparse', content: Buffer.alloc(512, 's') }),
  paxEntry({ mtime: '-5.5', path: 'h\u00c3\u00a4' }),
  rawEntry({ name: 'x', content: Buffer.from('y') }),
);

beforeEach(async () => {
  store = await openTestStore();
  registry = await startFakeRegistry();
  image = makeImage([{ tar: lower }, { tar: upper }]);
  registry.serve(image, 'team/app:1');
  name = `${registry.host}/team/app:1`;
  await pull(store, name);
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

function at(...path: readonly string[]): string {
  return join(store.directory, 'state/images', ...path);
}

function inLayer(...path: readonly string[]): string {
  return at('layers', sha256(upper).slice('sha256:'.length), ...path);
}

function layersFetched(): readonly string[] {
  return registry.asked
    .map(({ url }) => url.split('/').at(-1) ?? '')
    .filter((digest) => image.layerDigests.includes(digest));
}

/** Starts the store again; `isNewBoot`: as after a reboot, and waits for what it finds. */
async function restart(isNewBoot: boolean): Promise<void> {
  if (isNewBoot) await rm(at('checked'), { force: true });
  await store.restart();
  if (!isNewBoot) return;
  // The layer and the image.
  while ((await readdir(at('quarantine'))).length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** The image can be had again, and of its layers only the upper one had to be fetched. */
async function expectOnlyDamagedFetched(): Promise<void> {
  expect(store.images.find(name)).toBeNull();
  expect((await readdir(at('quarantine'))).length).toBeGreaterThan(1);
  registry.asked.length = 0;
  await pull(store, name);
  expect(layersFetched()).toEqual([image.layerDigests[1]]);
  expect(await deepFaults()).toEqual([]);
}

async function deepFaults(): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const layer of store.images.parts.layers.all()) {
    const job = await checkJob(store.images.parts, layer, 'content');
    if (job !== null)
      faults.push(...(await store.images.parts.unpackers.check(job, new AbortController().signal)));
  }
  return faults;
}

describe('at each start', () => {
  test.each<readonly [string, () => Promise<void>]>([
    ['whose files are gone', async () => await rm(inLayer('diff'), { recursive: true })],
    [
      'whose files are a link',
      async () => {
        await rename(inLayer('diff'), inLayer('elsewhere'));
        await symlink('elsewhere', inLayer('diff'));
      },
    ],
    ['without a record', async () => await rm(inLayer('layer.json'))],
    ['with a damaged record', async () => await truncate(inLayer('layer.json'), 200)],
    ['without its skeleton', async () => await rm(inLayer('archive.zst'))],
  ])('a layer %s is set aside, and only that is pulled again', async (_, damage) => {
    await damage();
    await restart(false);
    await expectOnlyDamagedFetched();
  });

  test('a short link that leads elsewhere is put right', async () => {
    const [first = ''] = await readdir(at('l'));
    await rm(at('l', first));
    await symlink('/etc', at('l', first));
    await store.restart();
    expect(store.images.find(name)).not.toBeNull();
    expect(await readdir(at('l', first))).not.toContain('hostname');
  });

  test.each<readonly [string, (mend: string) => Promise<void>]>([
    ['is missing', async () => await Promise.resolve()],
    ['is empty', async (mend) => await mkdir(mend)],
    [
      'holds something else',
      async (mend) => {
        await mkdir(mend);
        await writeFile(join(mend, 'other'), '');
      },
    ],
    ['is no directory', async (mend) => await writeFile(mend, '')],
  ])('an image whose mend %s is set aside, and is whole when it is pulled again', async (_, damage) => {
    const [mend = ''] = await readdir(at('mends'));
    await rm(at('mends', mend), { recursive: true });
    await damage(at('mends', mend));
    await store.restart();
    expect(store.images.find(name)).toBeNull();
    registry.asked.length = 0;
    await pull(store, name);
    expect(layersFetched()).toEqual([]);
    expect(await readdir(at('mends', mend, 'diff', 'etc'))).toEqual(['shadow']);
  });

  test.each<readonly [string, string]>([
    ['that is damaged', 'garbage'],
    ['of a newer version', '{"format":"cri-ts-record","version":99,"sha256":""}\n{}\n'],
  ])('an image with a record %s is set aside, and none of its layers pulled again', async (_, text) => {
    const [record = ''] = await readdir(at('records'));
    await writeFile(at('records', record), text);
    await store.restart();
    expect(store.images.find(name)).toBeNull();
    registry.asked.length = 0;
    await pull(store, name);
    expect(layersFetched()).toEqual([]);
  });

  test('a blob that is no file does not end the start', async () => {
    const blob = at('blobs/sha256', image.configDigest.slice('sha256:'.length));
    await rm(blob);
    await mkdir(join(blob, 'x'), { recursive: true });
    await store.restart();
    expect(store.images.find(name)).toBeNull();
    await pull(store, name);
    await store.restart();
    expect(store.images.find(name)).not.toBeNull();
  });

  test('what a dead daemon left unfinished is removed, also when it is a lot', async () => {
    for (let each = 0; each < 20; each += 1)
      await mkdir(at('tmp', `gone-${each}`, 'a/b/c'), { recursive: true });
    await store.restart();
    expect(await readdir(at('tmp'))).toEqual([]);
  });

  test('an image whose config is damaged is set aside, and none of its layers pulled again', async () => {
    await writeFile(at('blobs/sha256', image.configDigest.slice('sha256:'.length)), 'garbage');
    await store.restart();
    expect(store.images.find(name)).toBeNull();
    registry.asked.length = 0;
    await pull(store, name);
    expect(layersFetched()).toEqual([]);
  });
});

describe('once after a boot', () => {
  test.each<readonly [string, () => Promise<void>]>([
    ['that lacks a file', async () => await rm(inLayer('diff/bin/tool'))],
    ['with a shorter file', async () => await truncate(inLayer('diff/implied/deep/file'), 3)],
    ['with another mode', async () => await chmod(inLayer('diff/bin/tool'), 0o755)],
    ['with another owner', async () => await chown(inLayer('diff/implied/deep/file'), 5, 0)],
    ['with another owner of a link', async () => await lchown(inLayer('diff/bin/shell'), 5, 0)],
    ['with another time', async () => await utimes(inLayer('diff/bin/tool'), 1, 1)],
    ['with a file too many', async () => await writeFile(inLayer('diff/implied/more'), '')],
    ['without a whiteout', async () => await rm(inLayer('diff/gone'))],
    [
      'with a link in place of a directory',
      async () => {
        await rename(inLayer('diff/implied'), inLayer('implied'));
        await symlink('../implied', inLayer('diff/implied'));
      },
    ],
    [
      'with a link that leads elsewhere',
      async () => {
        await rm(inLayer('diff/bin/shell'));
        await symlink('/etc/passwd', inLayer('diff/bin/shell'));
      },
    ],
    [
      'with a file of its own in place of a hard link',
      async () => {
        await rm(inLayer('diff/bin/alias'));
        await writeFile(inLayer('diff/bin/alias'), 'tool', { mode: 0o4755 });
      },
    ],
    ['with a damaged skeleton', async () => await truncate(inLayer('archive.zst'), 50)],
  ])('a layer %s is set aside, and only that is pulled again', async (_, damage) => {
    await damage();
    await restart(true);
    await expectOnlyDamagedFetched();
  });

  test('a layer that cannot be looked at keeps nobody from looking at the others', async () => {
    // One that is not rebuildable: a start does not look at its skeleton.
    const [one, two] = ['one', 'two'].map((content) =>
      rawTar(
        rawEntry({ name: 'x', content: Buffer.from('old') }),
        rawEntry({ name: 'x', content: Buffer.from(content) }),
      ),
    );
    const odd = makeImage([{ tar: one ?? lower }, { tar: two ?? lower }]);
    registry.serve(odd, 'team/odd:1');
    await pull(store, `${registry.host}/team/odd:1`);
    for (const tar of [one ?? lower, two ?? lower]) {
      const skeleton = at('layers', sha256(tar).slice('sha256:'.length), 'archive.zst');
      await rm(skeleton);
      await symlink('archive.zst', skeleton);
    }
    await rm(inLayer('diff/bin/tool'));
    await restart(true);
    while (!(await readdir(at(''))).includes('checked'))
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(store.images.find(name)).toBeNull();
    expect(store.images.find(`${registry.host}/team/odd:1`)).not.toBeNull();
  });

  test('a damaged layer and its images are out of sight at once, before anything is moved', async () => {
    await rm(inLayer('diff/bin/tool'));
    const { layers } = store.images.parts;
    const original = layers.setAside.bind(layers);
    const seen: unknown[] = [];
    jest.spyOn(layers, 'setAside').mockImplementation(async (diffId) => {
      seen.push(store.images.find(name));
      await original(diffId);
    });
    await rm(at('checked'));
    await checkOncePerBoot(store.images.parts, new AbortController().signal);
    expect(seen).toEqual([null]);
  });

  test('a layer with one of everything is found whole, at every depth', async () => {
    await rm(at('checked'));
    await store.restart();
    while (!(await readdir(at(''))).includes('checked'))
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(store.images.find(name)).not.toBeNull();
    expect(await readdir(at('quarantine'))).toEqual([]);
    expect(await deepFaults()).toEqual([]);
  });
});

describe('in depth', () => {
  test('the whole second of a time is that time, as file systems with small inodes keep it', async () => {
    const timed = makeImage([
      {
        tar: rawTar(
          paxEntry({ mtime: '1600000000.5' }),
          rawEntry({ name: 'timed', content: Buffer.from('x') }),
        ),
      },
    ]);
    registry.serve(timed, 'team/timed:1');
    await pull(store, `${registry.host}/team/timed:1`);
    const [layer = ''] = store.images.find(`${registry.host}/team/timed:1`)?.layers ?? [];
    const path = at('layers', layer.slice('sha256:'.length), 'diff/timed');
    await utimes(path, 1_600_000_000, 1_600_000_000);
    expect(await deepFaults()).toEqual([]);
    await utimes(path, 1_600_000_001, 1_600_000_001);
    expect(await deepFaults()).toHaveLength(1);
  });

  test('a byte that changed behind the back of size and time is found', async () => {
    const path = inLayer('diff/implied/deep/file');
    await writeFile(path, 'content of the FILE');
    await utimes(path, 1_700_000_000, 1_700_000_000);
    expect(await deepFaults()).toEqual([expect.stringContaining('the content of its files is "sha256:')]);
  });

  test('entries that replaced each other are no damage', async () => {
    const twice = makeImage([
      {
        tar: rawTar(
          rawEntry({ name: 'x', content: Buffer.from('old') }),
          rawEntry({ name: 'keep', type: '1', linkName: 'x' }),
          rawEntry({ name: 'x', content: Buffer.from('new and longer') }),
          rawEntry({ name: '.wh.y', content: Buffer.from('nobody reads this') }),
          rawEntry({ name: 'y', content: Buffer.from('y') }),
        ),
      },
    ]);
    registry.serve(twice, 'team/twice:1');
    await pull(store, `${registry.host}/team/twice:1`);
    expect(await deepFaults()).toEqual([]);
  });

  test('a hard link more is found by nothing, since it changes nothing in the layer', async () => {
    await link(inLayer('diff/bin/tool'), at('tmp/link'));
    expect(await deepFaults()).toEqual([]);
  });
});
