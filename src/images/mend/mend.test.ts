import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { newContainerId } from '../../base/ids.ts';
import { makeImage, makeTar, writeLayout } from '../testing/images.ts';
import { openTestStore, type TestStore } from '../testing/store.ts';

let store: TestStore;

beforeEach(async () => {
  store = await openTestStore();
});
afterEach(async () => await store[Symbol.asyncDispose]());

type Entries = Parameters<typeof makeTar>[0];

/** Imports an image of the layers, lowest first, and calls `look` with its mounted root. */
async function withRoot(layers: readonly Entries[], look: (root: string) => Promise<void>): Promise<void> {
  const image = makeImage(
    await Promise.all(layers.map(async (entries) => ({ tar: await makeTar(entries) }))),
  );
  const directory = join(store.directory, 'layout');
  await writeLayout(image, directory);
  const { id } = await store.images.importOciLayout(directory, 'test.local/mend');
  await store.restart();
  const containerId = newContainerId();
  const { path } = await store.images.prepareRootfs(id, containerId);
  try {
    await look(path);
  } finally {
    await store.images.removeRootfs(containerId);
  }
}

async function attributes(path: string): Promise<string> {
  const { mode, uid, gid } = await lstat(path);
  return `${(mode & 0o7777).toString(8)} ${uid}:${gid}`;
}

describe('layers that cannot stand alone', () => {
  test('leave the directories below as their own layer described them', async () => {
    await withRoot(
      [
        [
          { path: 'tmp/', type: 'directory', mode: 0o1777 },
          { path: 'home/', type: 'directory', mode: 0o711, uid: 3 },
          { path: 'home/me/', type: 'directory', mode: 0o700, uid: 5, gid: 6 },
        ],
        [
          { path: 'tmp/file', content: 'x' },
          { path: 'home/me/file', content: 'y' },
          { path: 'new/dir/file' },
        ],
      ],
      async (root) => {
        expect(await attributes(join(root, 'tmp'))).toBe('1777 0:0');
        expect(await attributes(join(root, 'home'))).toBe('711 3:0');
        expect(await attributes(join(root, 'home/me'))).toBe('700 5:6');
        expect(await attributes(join(root, 'new/dir'))).toBe('755 0:0');
        expect(await readFile(join(root, 'home/me/file'), 'utf8')).toBe('y');
      },
    );
  });

  test('do not bring back what a layer between has removed', async () => {
    await withRoot(
      [
        [{ path: 'a/', type: 'directory', mode: 0o700 }],
        [{ path: '.wh.a' }],
        [{ path: 'a/file', content: 'x' }],
      ],
      async (root) => expect(await attributes(join(root, 'a'))).toBe('755 0:0'),
    );
  });

  test('may link to a file of a lower layer', async () => {
    await withRoot(
      [
        [
          { path: 'bin/', type: 'directory', mode: 0o711 },
          { path: 'bin/tool', content: 'tool', mode: 0o4755 },
        ],
        [{ path: 'bin/alias', type: 'link', target: 'bin/tool' }],
      ],
      async (root) => {
        expect(await readFile(join(root, 'bin/alias'), 'utf8')).toBe('tool');
        expect(await attributes(join(root, 'bin/alias'))).toBe('4755 0:0');
        expect(await attributes(join(root, 'bin'))).toBe('711 0:0');
      },
    );
  });

  test('that link to nothing make no image', async () => {
    const image = makeImage([
      { tar: await makeTar([{ path: 'etc', type: 'symlink', target: '/etc' }]) },
      { tar: await makeTar([{ path: 'stolen', type: 'link', target: 'etc/passwd' }]) },
    ]);
    await writeLayout(image, join(store.directory, 'layout'));
    const importing = store.images.importOciLayout(join(store.directory, 'layout'), 'test.local/mend');
    await expect(importing).rejects.toThrow('leads nowhere');
  });

  const merged: Entries = [
    { path: 'usr/', type: 'directory' },
    { path: 'usr/lib/', type: 'directory', mode: 0o711 },
    { path: 'usr/lib/base', content: 'base' },
    { path: 'usr/lib/old', content: 'old' },
    { path: 'usr/lib/deep/', type: 'directory', mode: 0o700, uid: 7 },
    { path: 'lib', type: 'symlink', target: 'usr/lib', uid: 3 },
  ];

  test('write through a link of a lower layer to a directory, as all runtimes do', async () => {
    await withRoot(
      [
        merged,
        [
          { path: 'lib/new', content: 'new' },
          { path: 'lib/base', content: 'changed' },
          { path: 'lib/deep/file', content: 'deep' },
          { path: 'lib/own/', type: 'directory', mode: 0o750 },
          { path: 'lib/.wh.old' },
        ],
        [{ path: 'lib/later', content: 'later' }],
      ],
      async (root) => {
        expect(await readlink(join(root, 'lib'))).toBe('usr/lib');
        expect((await lstat(join(root, 'lib'))).uid).toBe(3);
        expect((await readdir(join(root, 'usr/lib'))).sort()).toEqual([
          'base',
          'deep',
          'later',
          'new',
          'own',
        ]);
        expect(await readFile(join(root, 'usr/lib/base'), 'utf8')).toBe('changed');
        expect(await readFile(join(root, 'lib/deep/file'), 'utf8')).toBe('deep');
        expect(await attributes(join(root, 'usr/lib'))).toBe('711 0:0');
        expect(await attributes(join(root, 'usr/lib/deep'))).toBe('700 7:0');
        expect(await attributes(join(root, 'usr/lib/own'))).toBe('750 0:0');
      },
    );
  });

  test('replace a link by a directory that they describe', async () => {
    await withRoot(
      [
        merged,
        [
          { path: 'lib/', type: 'directory' },
          { path: 'lib/new', content: 'new' },
        ],
      ],
      async (root) => {
        expect(await readdir(join(root, 'lib'))).toEqual(['new']);
        expect((await readdir(join(root, 'usr/lib'))).sort()).toEqual(['base', 'deep', 'old']);
      },
    );
  });

  test('do not bring back through a link what a later layer removes or replaces', async () => {
    await withRoot(
      [
        merged,
        [
          { path: 'lib/gone', content: 'x' },
          { path: 'lib/other', content: 'x' },
        ],
        [{ path: 'usr/lib/.wh.gone' }, { path: 'usr/lib/other', content: 'y' }],
      ],
      async (root) => {
        expect((await readdir(join(root, 'lib'))).sort()).toEqual(['base', 'deep', 'old', 'other']);
        expect(await readFile(join(root, 'lib/other'), 'utf8')).toBe('y');
      },
    );
  });

  test.each(['/../../../../../tmp', '../../../../../../../../../tmp', '/tmp'])(
    'never leave the image through a link to %s',
    async (target) => {
      await withRoot(
        [
          [
            { path: 'tmp/', type: 'directory', mode: 0o1777 },
            { path: 'l', type: 'symlink', target },
          ],
          [{ path: 'l/escape', content: 'x' }],
        ],
        async (root) => {
          expect(await readdir(join(root, 'tmp'))).toEqual(['escape']);
          expect(await readdir('/tmp')).not.toContain('escape');
        },
      );
    },
  );

  test('below a link that leads nowhere, or in a circle, stand as a directory', async () => {
    await withRoot(
      [
        [
          { path: 'a', type: 'symlink', target: 'b' },
          { path: 'b', type: 'symlink', target: 'a' },
          { path: 'c', type: 'symlink', target: 'missing' },
        ],
        [{ path: 'a/x' }, { path: 'c/x' }],
      ],
      async (root) => {
        expect(await readdir(join(root, 'a'))).toEqual(['x']);
        expect(await readdir(join(root, 'c'))).toEqual(['x']);
      },
    );
  });
});
