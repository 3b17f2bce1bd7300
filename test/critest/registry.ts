/**
 * A docker-registry inside a machine's network that holds the images of the specifications. Its storage is pushed once into
 * the project's cache, named by content, and served read-only from there.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildSource, type BuiltImage } from '../harness/image-build.ts';
import { plainEnv, type Machine } from '../harness/machine.ts';
import { pushImage } from '../harness/push.ts';
import type { NamedImage } from '../harness/test-images.ts';
import { eventually } from '../harness/wait.ts';
import { cacheDir } from './cache.ts';

const program = '/usr/bin/docker-registry';
const port = 5000;

/** Raised when what the cache holds for the same images must be made anew. */
const cacheVersion = 1;

export const registryAddress = `127.0.0.1:${port}`;

export type Storage = { readonly path: string; readonly built: ReadonlyMap<string, BuiltImage> };

/** Builds the images and, where the cache has them not, pushes them. */
export async function prepareStorage(images: readonly NamedImage[]): Promise<Storage> {
  const built = new Map<string, BuiltImage>();
  for (const { names, source } of images) {
    const one = await buildSource(source);
    for (const name of names) built.set(name, one);
  }
  const sum = createHash('sha256').update(`${cacheVersion}`);
  for (const [name, one] of built) sum.update(`${name} ${one.top.digest}\n`);
  const path = join(cacheDir, `registry-${sum.digest('hex').slice(0, 16)}`);
  if (!existsSync(path)) await fill(path, built);
  return { path, built };
}

async function fill(path: string, built: ReadonlyMap<string, BuiltImage>): Promise<void> {
  await mkdir(cacheDir, { recursive: true });
  const work = await mkdtemp('/tmp/ct-fill-');
  const data = await mkdtemp(join(cacheDir, 'filling-'));
  const socket = join(work, 'registry.sock');
  const config = join(work, 'config.json');
  await writeFile(config, configText({ storage: data, net: 'unix', addr: socket, isReadOnly: false }));
  const server = spawn(program, ['serve', config], { stdio: 'ignore', env: { ...plainEnv } });
  try {
    await eventually('the registry listens', () => existsSync(socket));
    for (const [name, one] of built) await pushImage(socket, name, one);
  } finally {
    await end(server);
    await rm(work, { recursive: true, force: true });
  }
  await rename(data, path);
}

type ConfigFacts = {
  readonly storage: string;
  readonly net: 'tcp' | 'unix';
  readonly addr: string;
  readonly isReadOnly: boolean;
};

/** YAML is a superset of JSON. Source: distribution, configuration reference. */
function configText(facts: ConfigFacts): string {
  return JSON.stringify({
    version: '0.1',
    log: { level: 'error', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: facts.storage },
      maintenance: { uploadpurging: { enabled: false }, readonly: { enabled: facts.isReadOnly } },
    },
    http: { net: facts.net, addr: facts.addr, secret: 'test' },
  });
}

/** Serves a storage inside the machine until the machine is closed. */
export async function serveStorage(machine: Machine, storage: Storage): Promise<void> {
  const config = machine.path('registry.json');
  const text = configText({ storage: storage.path, net: 'tcp', addr: registryAddress, isReadOnly: true });
  await writeFile(config, text);
  const [nsenter, ...argv] = machine.enter([program, 'serve', config]);
  spawn(nsenter, argv, { stdio: 'ignore', env: { ...plainEnv } });
  await eventually('the registry listens', async () => {
    const table = await readFile(`/proc/${machine.holderPid}/net/tcp`, 'utf8');
    return table.includes(`0100007F:${port.toString(16).toUpperCase()} 00000000:0000 0A`);
  });
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGKILL');
  await ended;
}
