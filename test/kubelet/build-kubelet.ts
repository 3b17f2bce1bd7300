/**
 * The kubelet, built once from its Go module into the project's cache. Its staging modules are replaced in its repository by
 * directories that the module does not carry; here they are replaced by the releases of the same day.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runGo } from '../critest/go.ts';

const module = 'k8s.io/kubernetes';
const minor = 37;
const patch = 2;
export const kubeletVersion = `v1.${minor}.${patch}`;
/** Kubernetes numbers its libraries so. */
const stagingVersion = `v0.${minor}.${patch}`;

const cacheDir = join(import.meta.dirname, '../../.cache');

/** KUBELET=PATH names one that exists already; else it is built where the cache has none (minutes). */
export async function buildKubelet(): Promise<string> {
  const own = process.env['KUBELET'];
  if (own !== undefined) return own;
  const path = join(cacheDir, `kubelet-${kubeletVersion}`);
  if (existsSync(path)) return path;
  await mkdir(cacheDir, { recursive: true });
  const work = await realpath(await mkdtemp(join(cacheDir, 'building-')));
  try {
    await writeModule(work);
    await runGo([...buildFlags, '-o', join(work, 'kubelet'), `${module}/cmd/kubelet`], work, {
      CGO_ENABLED: '0',
    });
    await rename(join(work, 'kubelet'), path);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return path;
}

const version = 'k8s.io/component-base/version';
const versionFlags = [
  `-X ${version}.gitVersion=${kubeletVersion}`,
  `-X ${version}.gitMajor=1`,
  `-X ${version}.gitMinor=${minor}`,
];
const buildFlags = ['build', '-mod=mod', '-trimpath', `-ldflags=-s -w ${versionFlags.join(' ')}`];

/** A module of our own that needs the kubelet's. Source: go.dev/ref/mod, the replace directive. */
async function writeModule(work: string): Promise<void> {
  const told: unknown = JSON.parse(
    await runGo(['mod', 'download', '-json', `${module}@${kubeletVersion}`], work),
  );
  const needed = await readFile(goModOf(told), 'utf8');
  const staging = [...needed.matchAll(/^\t(k8s\.io\/\S+) v0\.0\.0$/gm)].map(([, name = '']) => name);
  const lines = [
    'module kubelet',
    /^go .*$/m.exec(needed)?.[0] ?? '',
    /^godebug .*$/m.exec(needed)?.[0] ?? '',
    `require ${module} ${kubeletVersion}`,
    ...staging.map((name) => `replace ${name} => ${name} ${stagingVersion}`),
  ];
  await writeFile(join(work, 'go.mod'), `${lines.join('\n')}\n`);
}

function goModOf(told: unknown): string {
  if (typeof told === 'object' && told !== null && 'GoMod' in told && typeof told.GoMod === 'string')
    return told.GoMod;
  throw new Error(`go mod download of ${module} named no go.mod`);
}
