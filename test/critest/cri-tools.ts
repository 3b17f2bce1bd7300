/**
 * critest, crictl and ginkgo, built once from their Go module into the project's cache. One constant of critest's source is laid
 * over while compiling: the digest of an upstream image that no offline registry can have is replaced by that of ours.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from '../../src/base/process.ts';
import { cacheDir } from './cache.ts';
import { runGo } from './go.ts';

const module = 'sigs.k8s.io/cri-tools';
export const criToolsVersion = 'v1.37.0';
/** The digest in critest's source. */
const upstreamDigest = 'sha256:9700f9a2f5bf2c45f2f605a0bd3bce7cf37420ec9d3ed50ac2758413308766bf';
const names = ['critest', 'crictl', 'ginkgo'] as const;
const digestFile = 'pkg/validate/consts.go';

/** `ginkgo` is what critest runs its specifications side by side with; all three lie in one directory. */
export type CriTools = Readonly<Record<(typeof names)[number], string>>;

/** Builds what is missing (two minutes). `digest` is that of the image `test-image-digest` in our registry. */
export async function buildCriTools(digest: string): Promise<CriTools> {
  const sum = createHash('sha256').update(`${upstreamDigest} ${digest}`).digest('hex').slice(0, 8);
  const dir = join(cacheDir, `cri-tools-${criToolsVersion}-${sum}`);
  const tools = { critest: join(dir, 'critest'), crictl: join(dir, 'crictl'), ginkgo: join(dir, 'ginkgo') };
  if (names.every((name) => existsSync(tools[name]))) return tools;
  await mkdir(cacheDir, { recursive: true });
  // Its real path: Go overlays files by that, and the cache may be a link.
  const work = await realpath(await mkdtemp(join(cacheDir, 'building-')));
  try {
    await build(work, digest);
    await rm(dir, { recursive: true, force: true });
    await mkdir(dir);
    for (const name of names) await rename(join(work, name), join(dir, name));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return tools;
}

/** A copy of the module: Go's module cache is read-only, and the build may complete go.sum. */
async function copyModule(work: string): Promise<string> {
  const told: unknown = JSON.parse(
    await runGo(['mod', 'download', '-json', `${module}@${criToolsVersion}`], work),
  );
  const source = join(work, 'source');
  await cp(directoryOf(told), source, { recursive: true });
  await mustRun({ argv: ['chmod', '-R', 'u+w', source], timeoutMs: 30_000 });
  return source;
}

const common = ['-mod=mod', '-trimpath', `-ldflags=-X ${module}/pkg/version.Version=${criToolsVersion}`];

/** crictl alone, which is built in less than a minute. */
export async function buildCrictl(): Promise<string> {
  const path = join(cacheDir, `crictl-${criToolsVersion}`);
  if (existsSync(path)) return path;
  await mkdir(cacheDir, { recursive: true });
  const work = await mkdtemp(join(cacheDir, 'building-'));
  try {
    await runGo(['build', ...common, '-o', join(work, 'crictl'), './cmd/crictl'], await copyModule(work));
    await rename(join(work, 'crictl'), path);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return path;
}

async function build(work: string, digest: string): Promise<void> {
  const source = await copyModule(work);
  const original = join(source, digestFile);
  const text = await readFile(original, 'utf8');
  if (!text.includes(upstreamDigest))
    throw new Error(`${digestFile} of ${module} does not name ${upstreamDigest}`);
  const replaced = join(work, 'consts.go');
  const overlay = join(work, 'overlay.json');
  await writeFile(replaced, text.replaceAll(upstreamDigest, digest));
  await writeFile(overlay, JSON.stringify({ Replace: { [original]: replaced } }));
  await runGo(['build', ...common, '-o', join(work, 'crictl'), './cmd/crictl'], source);
  await runGo(['build', ...common, '-o', join(work, 'ginkgo'), 'github.com/onsi/ginkgo/v2/ginkgo'], source);
  await runGo(
    ['test', '-c', ...common, `-overlay=${overlay}`, '-o', join(work, 'critest'), './cmd/critest'],
    source,
  );
}

/** Source: go.dev/ref/mod, `go mod download -json`. */
function directoryOf(told: unknown): string {
  if (typeof told === 'object' && told !== null && 'Dir' in told && typeof told.Dir === 'string')
    return told.Dir;
  throw new Error(`go mod download of ${module} named no directory`);
}
