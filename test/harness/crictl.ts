/**
 * The real crictl, built once from its Go module into the project's cache where `go` is installed. Where it cannot be had
 * the reason is told, and the tests that need it are skipped with it.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../src/base/process.ts';
import { plainEnv, type Machine } from './machine.ts';

const moduleVersion = 'sigs.k8s.io/cri-tools/cmd/crictl@v1.37.0';
const binDir = join(import.meta.dirname, '../../.cache/bin');
const buildTimeoutMs = 600_000;

export type Crictl = { readonly path: string } | { readonly path: null; readonly reason: string };

/** CRICTL=PATH names one that exists already. */
export async function findCrictl(): Promise<Crictl> {
  const own = process.env['CRICTL'] ?? join(binDir, 'crictl');
  if (existsSync(own)) return { path: own };
  const go = ['/usr/local/go/bin/go', '/usr/bin/go'].find((path) => existsSync(path));
  if (go === undefined) return { path: null, reason: 'crictl is not tried: go is not installed' };
  await mkdir(binDir, { recursive: true });
  const { exitCode, stderr } = await runCommand({
    argv: [go, 'install', moduleVersion],
    env: { ...plainEnv, GOBIN: binDir, GOFLAGS: '-buildvcs=false' },
    timeoutMs: buildTimeoutMs,
  });
  if (exitCode === 0) return { path: own };
  return {
    path: null,
    reason: `crictl is not tried: go install ${moduleVersion}: ${stderr.trim().slice(-300)}`,
  };
}

export type CrictlRun = (...args: readonly string[]) => Promise<string>;

/** A function that runs crictl inside the machine against a socket and returns its standard output. @throws when it fails */
export function crictlIn(machine: Machine, path: string, socketPath: string): CrictlRun {
  const endpoint = `unix://${socketPath}`;
  return async (...args) => {
    const { stdout } = await machine.run(path, '-r', endpoint, '-i', endpoint, '-t', '20s', ...args);
    return stdout.toString('utf8').trim();
  };
}
