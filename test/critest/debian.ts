/**
 * Files out of Debian's packages, without installing these: apt-get fetches and verifies each package into the project's
 * cache, and its files are read from there as layer entries. It must not change the machine's own packages.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { extract } from 'tar-stream';
import { mustRun, runCommand, type CommandResult } from '../../src/base/process.ts';
import type { LayerEntry } from '../harness/image-build.ts';
import { cacheDir } from './cache.ts';

const debDir = join(cacheDir, 'debian');
const fetchTimeoutMs = 300_000;

/** package → where its .deb lies; all are fetched by one apt-get where one is missing. */
export async function fetchPackages(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  await mkdir(debDir, { recursive: true });
  const missing = missingOf(names, await readdir(debDir));
  if (missing.length > 0 && (await download(missing)).exitCode !== 0) {
    // A fresh machine has no lists of packages.
    await mustRun({ argv: ['apt-get', '-q', 'update'], timeoutMs: fetchTimeoutMs });
    await download(missing);
  }
  const files = await readdir(debDir);
  const still = missingOf(names, files);
  if (still.length > 0) throw new Error(`apt-get brought no package ${still.join(', ')}`);
  return new Map(names.map((name) => [name, join(debDir, files.find((file) => isOf(file, name)) ?? '')]));
}

async function download(names: readonly string[]): Promise<CommandResult> {
  return await runCommand({
    // As root, since the cache need not be readable by apt's own user.
    argv: ['apt-get', '-q', '-o', 'APT::Sandbox::User=root', 'download', ...names],
    cwd: debDir,
    timeoutMs: fetchTimeoutMs,
  });
}

function missingOf(names: readonly string[], files: readonly string[]): readonly string[] {
  return names.filter((name) => !files.some((file) => isOf(file, name)));
}

function isOf(file: string, name: string): boolean {
  return file.startsWith(`${name}_`) && file.endsWith('.deb');
}

/** `nginx 1.22.1-9+deb12u10` of `…/nginx_1.22.1-9+deb12u10_amd64.deb`. */
export function versionOf(debPath: string): string {
  const [name = '', version = ''] = debPath.slice(debPath.lastIndexOf('/') + 1).split('_');
  return `${name} ${decodeURIComponent(version)}`;
}

/** The files and symbolic links of a package whose paths (without a leading slash) are wanted, in the package's order. */
export async function readPackage(
  debPath: string,
  isWanted: (path: string) => boolean,
): Promise<readonly LayerEntry[]> {
  const child = spawn('dpkg-deb', ['--fsys-tarfile', debPath], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit') as Promise<unknown[]>;
  const entries: LayerEntry[] = [];
  const tar = child.stdout.pipe(extract());
  for await (const entry of tar) {
    const { name, type, mode, linkname } = entry.header;
    const path = name.replace(/^\.\//, '');
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(Buffer.from(chunk as Uint8Array));
    if (!isWanted(path)) continue;
    if (type === 'symlink') entries.push({ kind: 'symlink', path, target: linkname ?? '' });
    if (type === 'file') {
      entries.push({ kind: 'file', path, content: Buffer.concat(chunks), mode: mode ?? 0o644 });
    }
  }
  const [code] = await ended;
  if (code !== 0) throw new Error(`read ${debPath}: dpkg-deb exit code ${String(code)}`);
  return entries;
}
