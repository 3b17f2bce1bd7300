import '../testing/realm.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { newContainerId } from '../../base/ids.ts';
import { networkLimits } from '../limits.ts';
import { startFakeRegistry } from '../testing/fake-registry.ts';
import { artifactPaths } from '../documents/artifact-title.ts';
import { imageStatus } from '../image-status.ts';
import { removeImage } from '../remove-image.ts';
import { startRegistry, type TestRegistry } from '../testing/registry.ts';
import { imageRequest, openTestStore, pull, testCall, type TestStore } from '../testing/store.ts';
import type { TestImage } from '../testing/images.ts';

let store: TestStore;
let registry: TestRegistry;

beforeEach(async () => {
  store = await openTestStore();
  registry = await startRegistry();
});
afterEach(async () => {
  await registry[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
});

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const empty = Buffer.from('{}');

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

type File = { readonly title: string | null; readonly content: string };

/** An artifact as `oras push` makes it. */
function makeArtifact(
  files: readonly File[],
  artifactType = 'application/vnd.test.model',
  configBytes = empty,
): TestImage {
  const blobs = new Map([[sha256(configBytes), configBytes]]);
  const layers = files.map(({ title, content }) => {
    const bytes = Buffer.from(content);
    blobs.set(sha256(bytes), bytes);
    const annotations = title === null ? {} : { 'org.opencontainers.image.title': title };
    const mediaType = 'application/vnd.oci.image.layer.v1.tar';
    return { mediaType, digest: sha256(bytes), size: bytes.length, annotations };
  });
  const config = {
    mediaType:
      configBytes === empty ? 'application/vnd.oci.empty.v1+json' : 'application/vnd.test.config+json',
    digest: sha256(configBytes),
    size: configBytes.length,
  };
  const manifest = Buffer.from(
    JSON.stringify({ schemaVersion: 2, mediaType: manifestType, artifactType, config, layers }),
  );
  blobs.set(sha256(manifest), manifest);
  return {
    blobs,
    manifest,
    manifestDigest: sha256(manifest),
    manifestType,
    configDigest: sha256(empty),
    layerDigests: layers.map(({ digest }) => digest),
  };
}

async function pushed(files: readonly File[], tag = '1'): Promise<string> {
  await registry.push(makeArtifact(files), 'team/model', tag);
  return `${registry.host}/team/model:${tag}`;
}

const model: readonly File[] = [
  { title: 'weights.bin', content: 'w'.repeat(300_000) },
  { title: 'meta/card.md', content: 'card' },
  { title: null, content: 'nameless' },
];

async function mounted(name: string, look: (root: string) => Promise<void>): Promise<void> {
  const image = store.images.find(name);
  if (image === null) throw new Error(`no ${name}`);
  const id = newContainerId();
  try {
    const { volumes } = store.images.parts;
    for (const place of await volumes.reserve(id, [image])) {
      await volumes.mount(place);
      await look(place.target);
    }
  } finally {
    await store.images.removeVolumes(id);
  }
}

describe('an artifact', () => {
  test('is pulled, told of by its manifest, and shown by its titles when it is mounted', async () => {
    const name = await pushed(model);
    const id = await pull(store, name);
    expect(id).toBe(makeArtifact(model).manifestDigest);
    const status = await imageStatus(store.images, { ...imageRequest(name), verbose: true }, testCall());
    expect(status.image).toMatchObject({ id, repoTags: [name], uid: null, username: '' });
    expect(status.image?.size).toBeGreaterThan(300_000n);
    expect(status.info['info']).toContain('application/vnd.test.model');
    await mounted(name, async (root) => {
      expect((await readdir(root)).sort()).toEqual(
        ['meta', sha256(Buffer.from('nameless')).replace(':', '-'), 'weights.bin'].sort(),
      );
      expect(await readFile(join(root, 'meta/card.md'), 'utf8')).toBe('card');
      expect((await stat(join(root, 'weights.bin'))).mode & 0o777).toBe(0o644);
    });
  });

  test('outlives a restart, and is collected when it is removed', async () => {
    const name = await pushed(model);
    const id = await pull(store, name);
    await store.restart();
    expect(store.images.find(name)?.artifactType).toBe('application/vnd.test.model');
    await removeImage(store.images, imageRequest(id), testCall());
    expect([...store.images.parts.layers.all()]).toEqual([]);
    expect(await store.images.parts.blobs.list()).toEqual([]);
  });

  test('keeps its config until it is removed', async () => {
    const config = Buffer.from('{"name":"chart"}');
    const artifact = makeArtifact(model, 'application/vnd.test.chart', config);
    await registry.push(artifact, 'team/chart', '1');
    const id = await pull(store, `${registry.host}/team/chart:1`);
    await store.restart();
    const { blobs } = store.images.parts;
    expect((await blobs.list()).toSorted()).toEqual([artifact.manifestDigest, sha256(config)].toSorted());
    await removeImage(store.images, imageRequest(id), testCall());
    expect(await blobs.list()).toEqual([]);
  });

  test('cannot be run', async () => {
    await pull(store, await pushed(model));
    const [image] = store.images.parts.catalog.all();
    if (image === undefined) throw new Error('no image');
    await expect(store.images.config(image.id)).rejects.toMatchObject({ reason: 'ArtifactNotImage' });
  });

  test('shares the files of its other versions instead of fetching them again', async () => {
    const one = await pushed(model, '1');
    const two = await pushed([...model.slice(0, 2), { title: 'new', content: 'new' }], '2');
    await pull(store, one);
    await pull(store, two);
    await mounted(two, async (root) => {
      expect((await stat(join(root, 'weights.bin'))).nlink).toBe(2);
      expect(await readFile(join(root, 'new'), 'utf8')).toBe('new');
    });
    await removeImage(store.images, imageRequest(one), testCall());
    await mounted(two, async (root) => {
      expect(await readFile(join(root, 'weights.bin'), 'utf8')).toBe(model[0]?.content);
    });
  });

  test('that takes long comes over several connections', async () => {
    const limits = { ...networkLimits, parallelAfterMs: 30, partBytes: 64 * 1024 };
    await using slowStore = await openTestStore({ networkLimits: limits });
    await using slow = await startFakeRegistry();
    const artifact = makeArtifact([{ title: 'weights.bin', content: 'w'.repeat(1_500_000) }]);
    const [digest = ''] = artifact.layerDigests;
    const bytes = artifact.blobs.get(digest) ?? empty;
    slow.serve(artifact, 'team/model:1');
    slow.intercept = (request, response) => {
      if (request.url?.endsWith(digest) !== true || request.headers.range !== undefined) return false;
      response.writeHead(200, { 'content-length': bytes.length });
      for (let at = 0; at < 64 * 1024; at += 1024) response.write(bytes.subarray(at, at + 1024));
      // The rest comes when others have brought theirs.
      const timer = setInterval(() => {
        if (slow.asked.filter((each) => each.range !== null).length < 3) return;
        response.end(bytes.subarray(64 * 1024));
        clearInterval(timer);
      }, 5);
      return true;
    };
    expect(await pull(slowStore, `${slow.host}/team/model:1`)).toBe(artifact.manifestDigest);
  });

  test.each([
    ['../outside'],
    ['/etc/passwd'],
    ['a/../../b'],
    ['a//b'],
    ['.'],
    ['nul\0byte'],
    ['line\nbreak'],
    ['x'.repeat(256)],
    ['d/'.repeat(20) + 'deep'],
  ])('with the title %j is refused and leaves nothing', async (title) => {
    const name = await pushed([{ title, content: 'x' }]);
    await expect(pull(store, name)).rejects.toMatchObject({ reason: 'InvalidImage' });
    expect(await readdir(store.images.parts.layout.temporary)).toEqual([]);
    expect([...store.images.parts.layers.all()]).toEqual([]);
  });
});

describe('titles', () => {
  const digest = sha256(empty) as Parameters<typeof artifactPaths>[0][number]['digest'];
  test.each([[['a', 'a']], [['a', 'a/b']], [['x/y/z', 'x/y']]])(
    '%j cannot stand beside each other',
    (titles) => {
      expect(() => artifactPaths(titles.map((title) => ({ digest, title })))).toThrow(/artifact/);
    },
  );
});
