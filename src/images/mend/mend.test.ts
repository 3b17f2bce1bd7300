import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { lstat, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ImageId, newContainerId } from '../../base/ids.ts';
import { lgetxattr, llistxattr } from '../../kernel/calls/attribute-calls.ts';
import { makeImage, makeTar, writeLayout } from '../testing/images.ts';
import { aclBytes, paxEntry, rawEntry, rawTar } from '../testing/tar.ts';
import { openTestStore, type TestStore } from '../testing/store.ts';

let store: TestStore;

beforeEach(async () => {
  store = await openTestStore();
});
afterEach(async () => await store[Symbol.asyncDispose]());

type Entries = Parameters<typeof makeTar>[0];

/** Imports an image of the layers, lowest first, and calls `look` with its mounted root. */
async function withRoot(layers: readonly Entries[], look: (root: string) => Promise<void>): Promise<void> {
  await withImage(await Promise.all(layers.map(makeTar)), look);
}

async function withImage(tars: readonly Buffer[], look: (root: string) => Promise<void>): Promise<void> {
  const image = makeImage(tars.map((tar) => ({ tar })));
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

  type Case = readonly [behaviour: string, layers: readonly Entries[], expected: readonly string[]];
  const file = (path: string, content = path): Entries[number] => ({ path, content });
  const directory = (path: string): Entries[number] => ({ path, type: 'directory' });
  const hard = (path: string, target: string): Entries[number] => ({ path, type: 'link', target });
  const base: Entries = [
    directory('usr/'),
    directory('usr/lib/'),
    { path: 'lib', type: 'symlink', target: 'usr/lib' },
  ];
  const usr = ['lib -> usr/lib', 'usr/', 'usr/lib/'];

  const links: readonly Case[] = [
    [
      'hard links to lower files, whose names come again',
      [[file('x', 'old')], [hard('a', 'x'), file('a', 'new')]],
      ['a: new', 'x: old'],
    ],
    [
      'hard links to lower files, which an upper layer replaces or removes',
      [[file('x')], [hard('a', 'x'), hard('b', 'x')], [file('a', 'new'), file('.wh.b', '')]],
      ['a: new', 'x: x'],
    ],
    [
      'a hard link of which its own layer removes the lower file',
      [
        [file('a', 'old'), file('x')],
        [hard('a', 'x'), file('.wh.a', '')],
      ],
      ['a: x', 'x: x'],
    ],
    ['a chain in one layer', [[file('x')], [hard('a', 'x'), hard('b', 'a')]], ['a: x', 'b: x', 'x: x']],
    ['a chain through layers', [[file('x')], [hard('a', 'x')], [hard('b', 'a')]], ['a: x', 'b: x', 'x: x']],
    [
      'a chain whose middle goes',
      [[file('x')], [hard('a', 'x')], [hard('b', 'a'), file('.wh.a', ''), file('.wh.x', '')]],
      ['b: x'],
    ],
    [
      'a hard link to a lower file that its own layer replaces later',
      [[file('b', 'old')], [hard('a', 'b'), file('b', 'new')]],
      ['a: old', 'b: new'],
    ],
    [
      'hard links through which two lower files change places',
      [
        [file('a', 'one'), file('b', 'two')],
        [hard('t', 'a'), hard('a', 'b'), hard('b', 't')],
      ],
      ['a: two', 'b: one', 't: one'],
    ],
    [
      'a hard link to what is called through a link',
      [[...base, file('usr/lib/x')], [hard('a', 'lib/x')]],
      ['a: usr/lib/x', ...usr, 'usr/lib/x: usr/lib/x'],
    ],
    [
      'a hard link below a link',
      [[...base, file('x')], [hard('lib/a', 'x')]],
      [...usr, 'usr/lib/a: x', 'x: x'],
    ],
    [
      'a hard link to what the layer itself brings through a link',
      [base, [file('lib/x'), hard('a', 'usr/lib/x')]],
      ['a: lib/x', ...usr, 'usr/lib/x: lib/x'],
    ],
  ];

  const shadows: readonly Case[] = [
    [
      'a directory that a later layer removes where it truly is',
      [base, [file('lib/foo/x')], [file('usr/lib/.wh.foo', '')]],
      usr,
    ],
    [
      'a directory that a later layer replaces by a file',
      [base, [file('lib/foo/x')], [file('usr/lib/foo', 'file')]],
      [...usr, 'usr/lib/foo: file'],
    ],
    [
      'a file that becomes a directory',
      [base, [file('lib/a')], [directory('lib/a/'), file('lib/a/x')]],
      [...usr, 'usr/lib/a/', 'usr/lib/a/x: lib/a/x'],
    ],
    [
      'a directory that becomes a file',
      [base, [directory('lib/a/'), file('lib/a/x')], [file('lib/a')]],
      [...usr, 'usr/lib/a: lib/a'],
    ],
    [
      'a directory in place of a file in place of a directory',
      [[...base, file('usr/lib/a/old')], [file('lib/a')], [directory('usr/lib/a/'), file('usr/lib/a/new')]],
      [...usr, 'usr/lib/a/', 'usr/lib/a/new: usr/lib/a/new'],
    ],
    [
      'a directory that a later layer describes in place of the link',
      [base, [file('lib/x')], [directory('lib/'), file('lib/y')]],
      ['lib/', 'lib/y: lib/y', 'usr/', 'usr/lib/', 'usr/lib/x: lib/x'],
    ],
    [
      'a link below a link',
      [
        [...base, directory('opt/'), { path: 'usr/lib/d', type: 'symlink', target: '/opt' }],
        [file('lib/d/x')],
      ],
      ['lib -> usr/lib', 'opt/', 'opt/x: lib/d/x', 'usr/', 'usr/lib/', 'usr/lib/d -> /opt'],
    ],
    [
      'two layers that write through the same link, and remove of each other',
      [base, [file('lib/a'), file('lib/b')], [file('lib/.wh.a', ''), file('lib/c')]],
      [...usr, 'usr/lib/b: lib/b', 'usr/lib/c: lib/c'],
    ],
  ];

  const opaque: readonly Case[] = [
    [
      'a directory in place of a link that its layer removes',
      [
        [...base, file('usr/lib/old')],
        [file('.wh.lib', ''), file('lib/x')],
      ],
      ['lib/', 'lib/x: lib/x', 'usr/', 'usr/lib/', 'usr/lib/old: usr/lib/old'],
    ],
    [
      'a directory in place of a link that its layer removes afterwards',
      [base, [file('lib/d/x'), file('.wh.lib', '')]],
      ['lib/', 'lib/d/', 'lib/d/x: lib/d/x', 'usr/', 'usr/lib/'],
    ],
    [
      'a directory below one that hides what is called like it',
      [
        [...base, directory('d/'), { path: 'd/e', type: 'symlink', target: '/usr/lib' }],
        [directory('d/'), file('d/.wh..wh..opq', ''), file('d/e/x')],
      ],
      ['d/', 'd/e/', 'd/e/x: d/e/x', ...usr],
    ],
    [
      'an opaque root, which hides all that is below',
      [
        [file('a'), directory('d/'), file('d/low'), file('d/both', 'low')],
        [file('.wh..wh..opq', ''), directory('d/'), file('d/both', 'high')],
        [file('b')],
      ],
      ['b: b', 'd/', 'd/both: high'],
    ],
    [
      'an opaque root of the lowest layer, which hides nothing',
      [[file('a'), file('.wh..wh..opq', '')]],
      ['a: a'],
    ],
  ];

  test.each([...links, ...shadows, ...opaque])('show %s', async (_, layers, expected) => {
    await withRoot(layers, async (root) => expect(await tree(root)).toEqual(expected));
  });

  test('lend access lists and attributes, too', async () => {
    const pax = (records: Readonly<Record<string, Buffer>>): Buffer =>
      paxEntry(
        Object.fromEntries(Object.entries(records).map(([name, value]) => [`SCHILY.xattr.${name}`, value])),
      );
    const attributes = { 'system.posix_acl_default': aclBytes(5), 'user.x': Buffer.from('y') };
    const lower = rawTar(pax(attributes), rawEntry({ name: 'd/', type: '5' }));
    await withImage([lower, await makeTar([file('d/f')])], async (root) => {
      expect(lgetxattr(join(root, 'd'), 'system.posix_acl_default')).toEqual(aclBytes(5));
      expect(lgetxattr(join(root, 'd'), 'user.x').toString()).toBe('y');
      expect(llistxattr(join(root, 'd/f')).filter((name) => name.startsWith('system'))).toEqual([]);
    });
  });

  test('that hide what lies behind a link make no image', async () => {
    const layers = [base, [file('lib/.wh..wh..opq', '')]];
    await expect(withRoot(layers, async () => undefined)).rejects.toThrow(
      expect.objectContaining({ reason: 'InvalidImage' }),
    );
  });

  test.each<readonly [string, Entries]>([
    ['two files', [file('lib/x', 'one'), file('usr/lib/x', 'two')]],
    ['a file and a directory', [file('lib/x', 'one'), directory('usr/lib/x/')]],
  ])('that bring %s to one place, directly and through a link, make no image', async (_, entries) => {
    await expect(withRoot([base, entries], async () => undefined)).rejects.toThrow(
      expect.objectContaining({ reason: 'InvalidImage' }),
    );
  });

  test('are mended anew when their image comes again, unless a container has the mend mounted', async () => {
    const { catalog, layout } = store.images.parts;
    const tars = await Promise.all([[file('x')], [hard('a', 'x')]].map(makeTar));
    const directory = join(store.directory, 'again');
    await writeLayout(makeImage(tars.map((tar) => ({ tar }))), directory);
    const come = async (): Promise<ImageId> =>
      (await store.images.importOciLayout(directory, 'test.local/mend')).id;
    const id = await come();
    const names = async (): Promise<readonly string[]> => await readdir(join(layout.mend(id), 'diff'));
    await writeFile(join(layout.mend(id), 'diff/stale'), '');
    await come();
    expect(await names()).toEqual(['a', 'stale']);

    const containerId = newContainerId();
    await store.images.prepareRootfs(id, containerId);
    await catalog.setAside(id, 'damaged');
    await come();
    expect(await names()).toEqual(['a', 'stale']);

    await store.images.removeRootfs(containerId);
    await catalog.setAside(id, 'damaged');
    await come();
    expect(await names()).toEqual(['a']);
  });

  test('that write through too many links make no image', async () => {
    const names = Array.from({ length: 65 }, (_, count) => `l${count}`);
    const lower: Entries = names.map((path) => ({ path, type: 'symlink', target: 'd' }));
    const layers = [[directory('d/'), ...lower], names.map((name) => file(`${name}/x`))];
    await expect(withRoot(layers, async () => undefined)).rejects.toThrow(/more than 64 links/);
  });
});

/** Directories with a slash, links with where they lead, files with their content. */
async function tree(root: string, path = ''): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(root, path), { withFileTypes: true })) {
    const name = join(path, entry.name);
    if (entry.isDirectory()) found.push(`${name}/`, ...(await tree(root, name)));
    else if (entry.isSymbolicLink()) found.push(`${name} -> ${await readlink(join(root, name))}`);
    else found.push(`${name}: ${await readFile(join(root, name), 'utf8')}`);
  }
  return found.sort();
}
