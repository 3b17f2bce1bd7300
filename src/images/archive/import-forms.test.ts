/**
 * Archives as tools in the field write them, and how their images are called.
 */
import '../testing/realm.ts';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { collectGarbage } from '../garbage.ts';
import { removeImage } from '../remove-image.ts';
import {
  type ArchiveEntry,
  archiveOf,
  blob,
  configOf,
  hostArchitecture,
  type IndexEntryOfTest,
  indexOf,
  manifestOf,
  ociIndex,
  once,
} from '../testing/archives.ts';
import { makeTar, sha256 } from '../testing/images.ts';
import { rawEntry, paxEntry, rawTar } from '../testing/tar.ts';
import { imageRequest, openTestStore, testCall, type TestStore } from '../testing/store.ts';
import { importArchive } from './import-archive.ts';

let store: TestStore;
const never = new AbortController().signal;

beforeAll(async () => {
  store = await openTestStore();
});
afterEach(async () => {
  for (const { id } of store.images.parts.catalog.all())
    await removeImage(store.images, imageRequest(id), testCall());
  await collectGarbage(store.images.parts);
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

type Wish = { readonly name?: string; readonly ref?: string };

/** What each image is called. */
async function names(entries: readonly ArchiveEntry[], wish: Wish = {}): Promise<readonly string[][]> {
  return (await imported(await archiveOf(entries), wish)).map(({ repoTags }) => [...repoTags]);
}

async function imported(
  archive: Buffer,
  { name, ref }: Wish = {},
): Promise<Awaited<ReturnType<typeof importArchive>>> {
  const source = { stream: once(archive), name: name ?? null, ref: ref ?? null };
  return await importArchive(store.images.parts, source, never);
}

const one = Buffer.alloc(1024);
const other = await makeTar([{ path: 'other', content: 'other' }]);
const refName = 'org.opencontainers.image.ref.name';
const fullName = 'io.containerd.image.name';

type Made = { readonly manifest: string; readonly config: string; readonly blobs: readonly ArchiveEntry[] };

function image(layers: readonly Buffer[], changes: object = {}): Made {
  const config = configOf(layers, changes);
  const manifest = manifestOf(config, layers);
  return { manifest, config, blobs: [manifest, config, ...new Set(layers)].map(blob) };
}

const first = image([one]);
const second = image([other]);

/** An entry as skopeo and umoci write it. */
function tagged(made: Made, tag: string): IndexEntryOfTest {
  return { content: made.manifest, annotations: { [refName]: tag } };
}

function named(made: Made, name: string): IndexEntryOfTest {
  return { content: made.manifest, annotations: { [fullName]: name, [refName]: name.split(':')[1] ?? '' } };
}

function layout(entries: readonly IndexEntryOfTest[], ...images: readonly Made[]): readonly ArchiveEntry[] {
  const blobs = new Map(images.flatMap((made) => made.blobs).map((each) => [each.name, each]));
  return [...blobs.values(), { name: 'index.json', content: indexOf(...entries) }];
}

function dockerList(...images: readonly object[]): ArchiveEntry {
  return { name: 'manifest.json', content: JSON.stringify(images) };
}

describe('the layer of an archive of docker', () => {
  const config = configOf([one, other, one]);
  const list = dockerList({
    Config: 'config.json',
    RepoTags: ['team/app:1'],
    Layers: ['a/layer.tar', 'b/layer.tar', 'c/layer.tar'],
  });
  const archive = (...links: readonly ArchiveEntry[]): readonly ArchiveEntry[] => [
    { name: 'config.json', content: config },
    { name: 'a/layer.tar', content: one },
    { name: 'b/layer.tar', content: other },
    ...links,
    list,
  ];

  test('may be a link to one that is there already', async () => {
    const link: ArchiveEntry = { name: 'c/layer.tar', type: 'symlink', linkname: '../a/layer.tar' };
    expect(await names(archive(link))).toEqual([['docker.io/team/app:1']]);
  });

  test.each([
    ['out of the archive', '../../../../../../etc/passwd'],
    ['to an absolute path', '/a/layer.tar'],
    ['to nothing', '../d/layer.tar'],
    ['to itself', 'layer.tar'],
    ['to a directory', '../a'],
    ['to a name without end', `${'x/../'.repeat(300)}../a/layer.tar`],
  ])('may be no link %s', async (...[, linkname]) => {
    const link: ArchiveEntry = { name: 'c/layer.tar', type: 'symlink', linkname };
    await expect(names(archive(link))).rejects.toMatchObject({ reason: 'InvalidImage' });
  });

  test('may be no link to a link', async () => {
    const chain = archive(
      { name: 'c/layer.tar', type: 'symlink', linkname: '../d/layer.tar' },
      { name: 'd/layer.tar', type: 'symlink', linkname: '../a/layer.tar' },
    );
    await expect(names(chain)).rejects.toThrow(/is a symlink to/);
  });
});

describe('a layout with tags', () => {
  const two = layout([tagged(first, 'v1'), tagged(second, 'v2')], first, second);

  test('of several images gives each its tag in the repository that is named', async () => {
    expect(await names(two, { name: 'team/app' })).toEqual([
      ['docker.io/team/app:v1'],
      ['docker.io/team/app:v2'],
    ]);
  });

  test('gives the one that is chosen, under any name', async () => {
    expect(await names(two, { ref: 'v2', name: 'team/app:other' })).toEqual([['docker.io/team/app:other']]);
    expect(await names(two, { ref: 'v1', name: 'team/app' })).toEqual([['docker.io/team/app:v1']]);
    expect(store.images.find('team/app:v2')).toBeNull();
  });

  test('says which there are when none is named, and when one is missing', async () => {
    await expect(names(two)).rejects.toThrow(/"v1", "v2"/);
    await expect(names(two, { name: 'team/app:1' })).rejects.toThrow(/several images/);
    await expect(names(two, { name: 'team/app', ref: 'v3' })).rejects.toThrow(/"v3", but "v1", "v2"/);
  });

  test('leaves out what lost its tag to another one, and says so', async () => {
    const foreign = { content: first.manifest + ' ', platform: { os: 'linux', architecture: 'other' } };
    const entries = [{ content: first.manifest }, foreign, tagged(second, 'v1')];
    const archive = await archiveOf(layout(entries, first, second));
    const observe = jest.fn();
    const source = { stream: once(archive), name: 'team/app', observe };
    expect(await importArchive(store.images.parts, source, never)).toMatchObject([
      { id: sha256(Buffer.from(second.config)), repoTags: ['docker.io/team/app:v1'] },
    ]);
    const digest = sha256(Buffer.from(first.manifest));
    expect(observe.mock.calls.flat().filter(isLeftOut)).toEqual([{ kind: 'left-out', digest }]);
    expect(await imported(archive, { name: 'team/old', ref: digest })).toMatchObject([
      { id: sha256(Buffer.from(first.config)), repoTags: ['docker.io/team/old:latest'] },
    ]);
  });

  const isLeftOut = (event: unknown): boolean =>
    typeof event === 'object' && event !== null && 'kind' in event && event.kind === 'left-out';
});

describe('a layout without names', () => {
  const two = layout([{ content: first.manifest }, { content: second.manifest }], first, second);

  test('of several images is refused with what tells them apart, of which one can be chosen', async () => {
    const digest = sha256(Buffer.from(second.manifest));
    for (const wish of [{}, { name: 'team/app:1' }])
      await expect(names(two, wish)).rejects.toMatchObject({
        reason: 'InvalidImage',
        message: expect.stringContaining(digest),
      });
    expect([...store.images.parts.catalog.all()]).toEqual([]);
    expect(await names(two, { name: 'team/app:1', ref: digest })).toEqual([['docker.io/team/app:1']]);
  });

  test('of one image for several platforms is one image', async () => {
    const entries = [
      { content: second.manifest, platform: { os: 'linux', architecture: 'other' } },
      { content: first.manifest, platform: { os: 'linux', architecture: hostArchitecture } },
    ];
    const images = await imported(await archiveOf(layout(entries, first, second)), { name: 'team/app:1' });
    expect(images).toMatchObject([{ id: sha256(Buffer.from(first.config)) }]);
  });

  test('that has the same image twice is one image', async () => {
    const twice = layout([{ content: first.manifest }, { content: first.manifest }], first);
    expect(await names(twice, { name: 'team/app:1' })).toEqual([['docker.io/team/app:1']]);
  });
});

describe('an image with several names', () => {
  const twice = layout([named(first, 'team/a:1'), named(first, 'team/b:2')], first);

  test('is one image', async () => {
    expect(await names(twice)).toEqual([['docker.io/team/a:1', 'docker.io/team/b:2']]);
  });

  test('can be called otherwise', async () => {
    expect(await names(twice, { name: 'my.test/c:3' })).toEqual([['my.test/c:3']]);
    expect(await names(twice, { ref: 'team/b:2' })).toContainEqual(
      expect.arrayContaining(['docker.io/team/b:2']),
    );
  });

  test('is one image in the form of docker, too, and one of its names can be chosen', async () => {
    const docker = [
      { name: 'config.json', content: first.config },
      { name: 'layer.tar', content: one },
      dockerList(
        { Config: 'config.json', RepoTags: ['team/a:1'], Layers: ['layer.tar'] },
        { Config: 'config.json', RepoTags: ['team/b:2', 'team/c:3'], Layers: ['layer.tar'] },
      ),
    ];
    expect(await names(docker, { ref: 'team/b:2' })).toEqual([['docker.io/team/b:2']]);
    expect(await names(docker, { name: 'team/x' })).toHaveLength(1);
    expect(await names(docker)).toEqual([expect.arrayContaining(['docker.io/team/a:1'])]);
    await expect(names(docker, { ref: 'team/d:4' })).rejects.toThrow(/but "team\/a:1"/);
  });
});

describe('an archive that is both', () => {
  const docker = [
    { name: 'config.json', content: configOf([one, other]) },
    { name: 'one.tar', content: one },
    { name: 'other.tar', content: other },
    dockerList({ Config: 'config.json', RepoTags: ['team/app:1'], Layers: ['one.tar', 'other.tar'] }),
  ];
  const good = image([one, other]);
  const swapped = manifestOf(configOf([one, other]), [other, one]);

  test.each<[string, readonly ArchiveEntry[]]>([
    [
      'layers in a wrong order',
      layout([{ content: swapped, annotations: { [fullName]: 'team/app:1' } }], good, {
        ...good,
        blobs: [blob(swapped)],
      }),
    ],
    ['no manifests', [{ name: 'index.json', content: '{"schemaVersion":2,"manifests":null}' }]],
    ['no entries', layout([])],
    ['a blob that is missing', layout([named(good, 'team/app:1')])],
  ])('is read in the form of docker when its OCI half has %s', async (...[, oci]) => {
    expect(await names([...oci, ...docker])).toEqual([['docker.io/team/app:1']]);
  });

  test('says what was wrong first when neither half can be used', async () => {
    const bad = [...layout([]), dockerList({ Config: 'absent', RepoTags: ['team/app:1'], Layers: [] })];
    await expect(names(bad)).rejects.toThrow(/holds no image/);
  });

  test('of another platform is not taken for lack of better', async () => {
    const foreign = { ...named(good, 'team/app:1'), platform: { os: 'linux', architecture: 'other' } };
    const both = [...layout([foreign], good), ...docker];
    await expect(names(both)).rejects.toMatchObject({ reason: 'OtherPlatform' });
    expect([...store.images.parts.catalog.all()]).toEqual([]);
  });
});

describe('an archive', () => {
  test.each([layout([]), [{ name: 'index.json', content: indexOf() }]])(
    'of no image is refused',
    async (...entries) => {
      await expect(names(entries)).rejects.toThrow(/holds no image/);
    },
  );

  test('for another platform is refused, also when it is the only one', async () => {
    const platform = { os: 'linux', architecture: 'other' };
    await expect(names(layout([{ ...named(first, 'a:1'), platform }], first))).rejects.toMatchObject({
      reason: 'OtherPlatform',
    });
    const inner = indexOf({ content: first.manifest, platform });
    const nested = [
      ...first.blobs,
      blob(inner),
      {
        name: 'index.json',
        content: indexOf({ content: inner, mediaType: ociIndex, annotations: { [fullName]: 'a:1' } }),
      },
    ];
    await expect(names(nested)).rejects.toMatchObject({ reason: 'OtherPlatform' });
    const windows = image([one], { os: 'windows' });
    await expect(names(layout([named(windows, 'a:1')], windows))).rejects.toThrow(/for "windows"/);
  });

  test('for this one is taken, and so is one that does not say', async () => {
    for (const platform of [{ os: 'linux', architecture: hostArchitecture }, {}])
      expect(await names(layout([{ ...named(first, 'a:1'), platform }], first))).toHaveLength(1);
  });

  test('is taken under a name by digest when that is its own', async () => {
    const archive = layout([{ content: first.manifest }], first);
    const own = `team/app@${sha256(Buffer.from(first.manifest))}`;
    const [image] = await imported(await archiveOf(archive), { name: own });
    expect(image).toMatchObject({ repoTags: [], repoDigests: [`docker.io/${own}`] });
    const foreign = `team/app@sha256:${'0'.repeat(64)}`;
    await expect(names(archive, { name: foreign })).rejects.toMatchObject({ reason: 'OtherDigest' });
    const docker = [
      { name: 'c', content: configOf([]) },
      dockerList({ Config: 'c', RepoTags: [], Layers: [] }),
    ];
    await expect(names(docker, { name: own })).rejects.toMatchObject({ reason: 'OtherDigest' });
  });

  test('with sparse files is refused with what to do', async () => {
    const pax = paxEntry({
      'GNU.sparse.major': '1',
      'GNU.sparse.minor': '0',
      'GNU.sparse.name': 'layer.tar',
      'GNU.sparse.realsize': '1024',
    });
    const map = Buffer.alloc(512);
    map.write('1\n1024\n0\n');
    const archive = rawTar(pax, rawEntry({ name: 'sparse', content: map }));
    await expect(imported(archive, { name: 'a' })).rejects.toThrow(/--sparse/);
  });

  test('tells of each image that is in the store, also when a later one is refused', async () => {
    const absent = image([Buffer.from('absent')]);
    const broken = layout([named(first, 'a:1'), named(absent, 'b:1')], first);
    const seen: string[] = [];
    const source = {
      stream: once(await archiveOf(broken)),
      name: null,
      onImage: ({ id }: { readonly id: string }): void => void seen.push(id),
    };
    await expect(importArchive(store.images.parts, source, never)).rejects.toThrow(/is missing/);
    expect(seen).toEqual([sha256(Buffer.from(first.config))]);
  });
});
