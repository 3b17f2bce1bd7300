import '../../images/testing/realm.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { chmod, mkdir, readdir, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AbsolutePath, absolutePath } from '../../base/ids.ts';
import { makeImage, sha256, type TestImage, writeLayout } from '../../images/testing/images.ts';
import { openTestStore, type TestStore } from '../../images/testing/store.ts';
import { rawEntry, rawTar } from '../../images/testing/tar.ts';
import { ThreadedKernel } from '../../kernel/threaded-kernel.ts';
import type { Finding } from './finding.ts';
import { scanImages, scanImagesDeeply } from './scan-images.ts';

const tar = rawTar(
  rawEntry({ name: 'bin/', type: '5' }),
  rawEntry({ name: 'bin/tool', content: Buffer.from('the tool') }),
);
let store: TestStore;
let image: TestImage;
let rootDir: AbsolutePath;

beforeEach(async () => {
  store = await openTestStore();
  rootDir = absolutePath(join(store.directory, 'state'));
  image = makeImage([{ tar }], { Cmd: ['x'] });
  await writeLayout(image, join(store.directory, 'layout'));
  await store.images.importOciLayout(join(store.directory, 'layout'), 'test.local/app:1');
  await store.images.close();
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
});

const layer = sha256(tar).slice('sha256:'.length);

function at(...path: readonly string[]): string {
  return join(rootDir, 'images', ...path);
}

async function repairAll(findings: readonly Finding[]): Promise<void> {
  await using kernel = new ThreadedKernel();
  for (const { repair } of findings) await repair?.(kernel);
}

function kinds(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ kind }) => kind).sort();
}

describe('the doctor, in the image store', () => {
  test('finds nothing where all is well, quickly and in depth', async () => {
    expect(await scanImages({ rootDir })).toEqual([]);
    expect(await scanImagesDeeply({ rootDir })).toEqual([]);
  });

  test('finds nothing where there is no store', async () => {
    const nowhere = { rootDir: absolutePath(join(store.directory, 'nowhere')) };
    expect(await scanImages(nowhere)).toEqual([]);
    expect(await scanImagesDeeply(nowhere)).toEqual([]);
  });

  test.each<readonly [string, readonly string[], () => Promise<void>]>([
    [
      'a layer without files',
      ['image', 'layer'],
      async () => await rm(at('layers', layer, 'diff'), { recursive: true }),
    ],
    [
      'a link in place of a layer',
      ['image', 'layer'],
      async () => {
        await rm(at('layers', layer), { recursive: true });
        await symlink('/etc', at('layers', layer));
      },
    ],
    ['a missing layer', ['image'], async () => await rm(at('layers', layer), { recursive: true })],
    [
      'a record that was cut',
      ['image'],
      async () => await truncate(at('records', `${image.configDigest.slice('sha256:'.length)}.json`), 50),
    ],
    [
      'a directory in place of a config',
      ['image'],
      async () => {
        const blob = at('blobs/sha256', image.configDigest.slice('sha256:'.length));
        await rm(blob);
        await mkdir(blob);
      },
    ],
    [
      'a missing config',
      ['image'],
      async () => await rm(at('blobs/sha256', image.configDigest.slice('sha256:'.length))),
    ],
  ])('finds %s at a quick look, and sets aside what it repairs', async (_, expected, damage) => {
    await damage();
    const found = await scanImages({ rootDir });
    expect(kinds(found)).toEqual(expected);
    await repairAll(found);
    expect(kinds(await scanImages({ rootDir }))).toEqual(expected.map(() => 'quarantine'));
  });

  test('finds a missing mend, and sets the image aside', async () => {
    const upper = rawTar(rawEntry({ name: 'usr/alias', type: '1', linkName: 'bin/tool' }));
    await store.restart();
    await writeLayout(makeImage([{ tar }, { tar: upper }]), join(store.directory, 'mended'));
    await store.images.importOciLayout(join(store.directory, 'mended'), 'test.local/mended:1');
    await store.images.close();
    expect(await scanImages({ rootDir })).toEqual([]);
    const [mend = ''] = await readdir(at('mends'));
    await rm(at('mends', mend), { recursive: true });
    const found = await scanImages({ rootDir });
    expect(found.map(({ kind, what }) => [kind, what])).toEqual([['image', expect.stringContaining('mend')]]);
  });

  test.each<readonly [string, string, () => Promise<void>]>([
    ['another mode', 'layer', async () => await chmod(at('layers', layer, 'diff/bin/tool'), 0o4755)],
    [
      'another byte',
      'layer',
      async () => {
        await writeFile(at('layers', layer, 'diff/bin/tool'), 'the fool');
        await utimes(at('layers', layer, 'diff/bin/tool'), 1_700_000_000, 1_700_000_000);
      },
    ],
    [
      'a config that is not what its digest says',
      'blob',
      async () => await writeFile(at('blobs/sha256', image.configDigest.slice('sha256:'.length)), '{}'),
    ],
  ])('finds %s in depth only', async (_, kind, damage) => {
    await damage();
    expect(await scanImages({ rootDir })).toEqual([]);
    const found = await scanImagesDeeply({ rootDir });
    expect(kinds(found)).toEqual([kind]);
    await repairAll(found);
    await store.restart();
    expect(store.images.find('test.local/app:1')).toBeNull();
    await store.images.importOciLayout(join(store.directory, 'layout'), 'test.local/app:1');
    await store.images.parts.flushes.settled();
    expect(await scanImagesDeeply({ rootDir })).toEqual([]);
    expect(await readdir(at('layers'))).toEqual([layer]);
  });
});
