/**
 * The image store: records that cannot be read, layers of a wrong form, parts that images need and that are not there; and
 * in depth every blob by its digest, every layer entry by entry and byte by byte. It changes nothing; what is repaired is
 * set aside, and whoever needs it pulls it again.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { explain } from '../../base/errors.ts';
import { ensureDirectory, readBounded } from '../../base/files.ts';
import { type Digest, isDigest, joinPath, parseDigest } from '../../base/ids.ts';
import { artifactPaths } from '../../images/documents/artifact-title.ts';
import { algorithmOf, digestOf } from '../../images/disk/blobs.ts';
import type { LayerRecord } from '../../images/disk/layer-record.ts';
import { readLayer } from '../../images/disk/layers.ts';
import { hexOf, Layout } from '../../images/disk/layout.ts';
import { type ImageRecord, imageFromJson } from '../../images/catalog/image-record.ts';
import { archiveLimits, documentLimits } from '../../images/limits.ts';
import { parseManifest } from '../../images/documents/manifest.ts';
import { checkJob } from '../../images/store-check.ts';
import { defaultWorkerUrl, UnpackPool } from '../../images/unpack/unpack-pool.ts';
import { decodeRecord } from '../../store/record-file.ts';
import type { Finding } from './finding.ts';
import type { Scene } from './scan.ts';
import { listNames } from './known.ts';

const maxRecordBytes = 16 * 1024 * 1024;
const workers = { unpackers: 2, unpackerIdleMs: 1000 };

type Store = {
  readonly layout: Layout;
  readonly images: readonly ImageRecord[];
  readonly layers: ReadonlyMap<Digest, LayerRecord>;
  readonly findings: Finding[];
};

/** Quick: what a start of the daemon looks at, too. */
export async function scanImages(scene: Pick<Scene, 'rootDir'>): Promise<readonly Finding[]> {
  const store = await readStore(scene.rootDir);
  const { layout, findings } = store;
  for (const image of store.images) {
    const missing = image.layers.filter((diffId) => !store.layers.has(diffId));
    for (const diffId of missing)
      findings.push(imageFinding(layout, image, `its layer "${diffId}" is missing`));
    for (const digest of new Set([parseDigest(image.id), ...image.manifests])) {
      const { fault } = await readBlob(layout, digest);
      if (fault !== null) findings.push(imageFinding(layout, image, `its blob "${digest}" ${fault}`));
    }
    if (image.isMended && !(await listNames(layout.mend(image.id))).includes('diff'))
      findings.push(imageFinding(layout, image, 'its mend is missing'));
  }
  for (const name of await listNames(layout.quarantine))
    findings.push({
      kind: 'quarantine',
      id: join(layout.quarantine, name),
      what: 'set aside as damaged: look at it, then delete it',
      repair: null,
    });
  return findings;
}

/** Every byte; may last. */
export async function scanImagesDeeply(scene: Pick<Scene, 'rootDir'>): Promise<readonly Finding[]> {
  const store = await readStore(scene.rootDir);
  await using pool = new UnpackPool({ workerUrl: defaultWorkerUrl(), ...workers });
  const found = [...(await scanBlobs(store.layout)), ...(await scanArtifacts(store))];
  const checks = [...store.layers.values()].map(async (layer) => {
    const faults = await layerFaults(store.layout, layer, pool);
    if (faults.length > 0) found.push(layerFinding(store.layout, hexOf(layer.diffId), faults.join('; ')));
  });
  await Promise.all(checks);
  return found;
}

async function readStore(rootDir: string): Promise<Store> {
  const layout = new Layout(`${rootDir}/images`);
  const findings: Finding[] = [];
  const layers = new Map<Digest, LayerRecord>();
  for (const name of await listNames(layout.layers)) {
    try {
      const record = await readLayer(joinPath(layout.layers, name));
      layers.set(record.diffId, record);
    } catch (error) {
      findings.push(layerFinding(layout, name, explain(error)));
    }
  }
  const images: ImageRecord[] = [];
  for (const name of await listNames(layout.records)) {
    if (!name.endsWith('.json')) continue;
    try {
      const bytes = await readBounded(joinPath(layout.records, name), maxRecordBytes);
      if (bytes !== null) images.push(imageFromJson(decodeRecord(bytes.toString('utf8'))));
    } catch (error) {
      findings.push(recordFinding(layout, name, explain(error)));
    }
  }
  return { layout, images, layers, findings };
}

async function layerFaults(layout: Layout, layer: LayerRecord, pool: UnpackPool): Promise<readonly string[]> {
  try {
    const job = await checkJob({ layout, archiveLimits }, layer, 'content');
    const faults = job === null ? [] : await pool.check(job, new AbortController().signal);
    // The daemon may have removed it meanwhile, file by file.
    return faults.length > 0 && (await listNames(layout.layer(layer.diffId))).length === 0 ? [] : faults;
  } catch (error) {
    return [`cannot be looked at: ${explain(error)}`];
  }
}

type BlobSight = { readonly bytes: Buffer | null; readonly fault: string | null };

/** What a blob's file holds, whatever its digest says. */
async function readBlob(layout: Layout, digest: Digest): Promise<BlobSight> {
  try {
    const bytes = await readBounded(layout.blob(digest), documentLimits.configBytes);
    return { bytes, fault: bytes === null ? 'is missing' : null };
  } catch (error) {
    return { bytes: null, fault: `cannot be read: ${explain(error)}` };
  }
}

async function scanBlobs(layout: Layout): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for (const algorithm of ['sha256', 'sha512'] as const) {
    for (const name of await listNames(joinPath(layout.blobs, algorithm))) {
      const digest = `${algorithm}:${name}`;
      if (!isDigest(digest)) continue;
      const path = layout.blob(digest);
      const { bytes } = await readBlob(layout, digest);
      if (bytes === null || digestOf(bytes, algorithm) === digest) continue;
      found.push({
        kind: 'blob',
        id: path,
        what: 'its content is not what its digest says',
        repair: async () => await rm(path, { force: true }),
      });
    }
  }
  return found;
}

/** The files of artifacts are blobs by their titles. */
async function scanArtifacts({ layout, images, layers }: Store): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for (const image of images) {
    const digest = parseDigest(image.id);
    if (image.artifactType === null || !layers.has(digest)) continue;
    const { bytes } = await readBlob(layout, digest);
    const manifest = bytes === null ? null : parseManifest(bytes, null);
    if (manifest?.kind !== 'artifact') continue;
    for (const [at, path] of artifactPaths(manifest.blobs).entries()) {
      const wanted = manifest.blobs[at]?.digest;
      if (wanted === undefined) continue;
      const actual = await fileDigest(joinPath(layout.layerDiff(digest), ...path.split('/')), wanted);
      if (actual !== wanted)
        found.push(layerFinding(layout, hexOf(digest), `"${path}" is "${actual}", expected "${wanted}"`));
    }
  }
  return found;
}

async function fileDigest(path: string, like: Digest): Promise<string> {
  try {
    const hash = createHash(algorithmOf(like));
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk);
    return `${algorithmOf(like)}:${hash.digest('hex')}`;
  } catch (error) {
    return explain(error);
  }
}

function layerFinding(layout: Layout, name: string, what: string): Finding {
  const path = joinPath(layout.layers, name);
  return { kind: 'layer', id: path, what, repair: async () => await setAside(layout, path, `layer-${name}`) };
}

function recordFinding(layout: Layout, name: string, what: string): Finding {
  const path = joinPath(layout.records, name);
  return { kind: 'image', id: path, what, repair: async () => await setAside(layout, path, name) };
}

function imageFinding(layout: Layout, image: ImageRecord, what: string): Finding {
  const names = image.repoTags.length > 0 ? ` (${image.repoTags.join(', ')})` : '';
  return recordFinding(layout, `${hexOf(image.id)}.json`, `${what}${names}: pull it again`);
}

async function setAside(layout: Layout, path: string, name: string): Promise<void> {
  await ensureDirectory(layout.quarantine);
  await rename(path, joinPath(layout.quarantine, `${Date.now()}-${name}`));
}
