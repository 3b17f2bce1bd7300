/**
 * The images that pulls are measured with, made of words so that they compress as programs and libraries do (about 3 to
 * 1), the same bytes on each machine. Made once, and kept as a registry's storage in the project's cache.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { plainEnv } from '../test/harness/machine.ts';
import { architecture, sha256, type Blob, type BuiltImage } from '../test/harness/image-build.ts';
import { pushImage } from '../test/harness/push.ts';
import { eventually } from '../test/harness/wait.ts';
import { say } from './report.ts';

export const registryProgram = '/usr/bin/docker-registry';
const cacheDir = join(import.meta.dirname, '../.cache');
const version = 1;
const compressed = promisify(gzip);

export type ImagePlan = {
  readonly name: string;
  readonly title: string;
  readonly layers: number;
  readonly filesPerLayer: number;
  /** Before compression. */
  readonly fileBytes: number;
};

export const imagePlans: readonly ImagePlan[] = [
  {
    name: 'files',
    title: 'one layer of 150 MB, 10 000 files',
    layers: 1,
    filesPerLayer: 10_000,
    fileBytes: 44_000,
  },
  { name: 'layers', title: 'ten layers of 20 MB', layers: 10, filesPerLayer: 600, fileBytes: 98_000 },
  { name: 'large', title: 'one layer of 500 MB', layers: 1, filesPerLayer: 250, fileBytes: 5_870_000 },
];

export function referenceOf(plan: ImagePlan): string {
  return `docker.io/bench/${plan.name}:1`;
}

/** Makes what the cache lacks. @returns the registry's storage */
export async function prepareImages(plans: readonly ImagePlan[]): Promise<string> {
  const sum = createHash('sha256').update(JSON.stringify([version, plans]));
  const storage = join(cacheDir, `bench-images-${sum.digest('hex').slice(0, 16)}`);
  if (existsSync(storage)) return storage;
  await mkdir(cacheDir, { recursive: true });
  const data = await mkdtemp(join(cacheDir, 'filling-'));
  const work = await mkdtemp('/tmp/ct-bench-');
  const socket = join(work, 'registry.sock');
  await writeFile(join(work, 'config.json'), registryConfig({ storage: data, net: 'unix', addr: socket }));
  const server = spawn(registryProgram, ['serve', join(work, 'config.json')], {
    stdio: 'ignore',
    env: { ...plainEnv },
  });
  try {
    await eventually('the registry listens', () => existsSync(socket));
    for (const plan of plans) {
      say(`making ${plan.title} (once)`);
      await pushImage(socket, referenceOf(plan), await buildPlan(plan));
    }
    await rename(data, storage);
  } finally {
    server.kill('SIGKILL');
    await rm(work, { recursive: true, force: true });
  }
  return storage;
}

/** YAML is a superset of JSON. Source: distribution, configuration reference. */
export function registryConfig(facts: {
  readonly storage: string;
  readonly net: 'tcp' | 'unix';
  readonly addr: string;
}): string {
  return JSON.stringify({
    version: '0.1',
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: facts.storage } },
    http: { net: facts.net, addr: facts.addr, secret: 'bench' },
  });
}

async function buildPlan(plan: ImagePlan): Promise<BuiltImage> {
  const layers: { readonly blob: Blob; readonly diffId: string }[] = [];
  for (let at = 0; at < plan.layers; at += 1) {
    const tar = makeTar(plan, at);
    const content = await compressed(tar, { level: 6 });
    layers.push({ blob: { digest: sha256(content), content }, diffId: sha256(tar) });
  }
  const config = jsonBlob({
    architecture,
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
  });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = jsonBlob({
    schemaVersion: 2,
    mediaType,
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: config.digest,
      size: config.content.length,
    },
    layers: layers.map(({ blob }) => ({
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      digest: blob.digest,
      size: blob.content.length,
    })),
  });
  return {
    blobs: [...layers.map(({ blob }) => blob), config],
    parts: [],
    top: { ...manifest, mediaType },
    imageId: config.digest,
    manifestDigest: manifest.digest,
  };
}

function jsonBlob(value: unknown): Blob {
  const content = Buffer.from(JSON.stringify(value));
  return { digest: sha256(content), content };
}

/** Fifty files in a directory, of half to one and a half times the mean size. */
function makeTar(plan: ImagePlan, layer: number): Buffer {
  const random = randomNumbers(layer * 1000 + plan.filesPerLayer);
  const pool = makePool(random, 16 * 1024 * 1024);
  const parts: Buffer[] = [];
  for (let file = 0; file < plan.filesPerLayer; file += 1) {
    const directory = `usr/share/layer${layer}/d${Math.floor(file / 50)}/`;
    if (file % 50 === 0) parts.push(header(directory, 0, '5'));
    const bytes = Math.floor(plan.fileBytes * (0.5 + random()));
    const from = Math.floor(random() * (pool.length - Math.min(bytes, pool.length / 2)));
    const content = pool.subarray(from, from + bytes);
    parts.push(header(`${directory}file${file}`, content.length, '0'), content);
    parts.push(Buffer.alloc((512 - (content.length % 512)) % 512));
  }
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

/** Words of 2 to 13 letters out of 30 000, and now and then bytes of any kind. */
function makePool(random: () => number, bytes: number): Buffer {
  const pick = (below: number): number => Math.floor(random() * below);
  const words = Array.from({ length: 30_000 }, () =>
    String.fromCharCode(...Array.from({ length: 2 + pick(12) }, () => 97 + pick(26))),
  );
  const pool = Buffer.alloc(bytes);
  for (let at = 0; at < bytes;) {
    if (pick(12) === 0)
      for (let count = pick(12); count > 0 && at < bytes; count -= 1) pool[at++] = pick(256);
    else at += pool.write(`${words[pick(words.length)] ?? ''} `, at, 'latin1') || 1;
  }
  return pool;
}

/** Xorshift: the same numbers everywhere. */
function randomNumbers(seed: number): () => number {
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 4_294_967_296;
  };
}

function header(name: string, sizeBytes: number, type: string): Buffer {
  const block = Buffer.alloc(512);
  const octal = (value: number, at: number, length: number): void =>
    void block.write(value.toString(8).padStart(length - 1, '0'), at, 'latin1');
  block.write(name, 0, 'latin1');
  octal(type === '5' ? 0o755 : 0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(sizeBytes, 124, 12);
  octal(1_700_000_000, 136, 12);
  block.write(type, 156, 'latin1');
  block.write('ustar\0', 257, 'latin1');
  block.write('00', 263, 'latin1');
  block.fill(0x20, 148, 156);
  octal(
    block.reduce((total, byte) => total + byte, 0),
    148,
    7,
  );
  block[154] = 0;
  return block;
}
