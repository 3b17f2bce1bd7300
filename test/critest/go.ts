/**
 * The Go toolchain, where it is installed: it builds critest, crictl and two tiny programs of the images. Everything is
 * fetched by the machine's own Go settings (GOPROXY and the like).
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from '../../src/base/process.ts';
import { cacheDir } from './cache.ts';

const buildTimeoutMs = 900_000;
const maxOutputBytes = 4 * 1024 * 1024;

/** The `go` command, or null where there is none. */
export function findGo(): string | null {
  const dirs = [...(process.env['PATH'] ?? '').split(':'), '/usr/local/go/bin', '/usr/lib/go/bin'];
  return dirs.map((dir) => join(dir, 'go')).find((path) => existsSync(path)) ?? null;
}

/** Runs `go ARGS` in a directory and returns its standard output. @throws CommandError */
export async function runGo(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const go = findGo();
  if (go === null) throw new Error('go is not installed');
  const { stdout } = await mustRun({
    argv: [go, ...args],
    cwd,
    env: { HOME: '/root', ...process.env, GOFLAGS: '-buildvcs=false', ...env },
    timeoutMs: buildTimeoutMs,
    maxStdoutBytes: maxOutputBytes,
  });
  return stdout.toString('utf8');
}

/** Compiles one source file to a static program, the same bytes each time; returns its path. */
export async function buildStatic(name: string, source: string): Promise<string> {
  const dir = join(cacheDir, 'programs', name);
  const file = join(dir, 'main.go');
  await mkdir(dir, { recursive: true });
  await writeFile(file, source);
  await runGo(['build', '-trimpath', '-ldflags=-s -w -buildid=', '-o', join(dir, name), file], dir, {
    CGO_ENABLED: '0',
  });
  return join(dir, name);
}
