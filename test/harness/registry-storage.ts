/**
 * What a docker-registry serves: images pushed once into the project's cache, in a directory that is named by their content.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildSource, type BuiltImage } from './image-build.ts';
import { plainEnv } from './machine.ts';
import { pushImage } from './push.ts';
import type { NamedImage } from './test-images.ts';
import { eventually } from './wait.ts';

const cacheDir = join(import.meta.dirname, '../../.cache');
export const registryProgram = '/usr/bin/docker-registry';

/** Raised when what the cache holds for the same images must be made anew. */
const cacheVersion = 1;

export type RegistryStorage = {
  readonly path: string;
  /** Public name → what was built under it. */
  readonly built: ReadonlyMap<string, BuiltImage>;
};

/** Builds images and, where the cache has them not, pushes them. */
export async function prepareStorage(images: readonly NamedImage[]): Promise<RegistryStorage> {
  if (!existsSync(registryProgram))
    throw new Error(`the tests need ${registryProgram} (apt-get install docker-registry)`);
  const built = new Map<string, BuiltImage>();
  for (const { names, source } of images) {
    const one = await buildSource(source);
    for (const name of names) built.set(name, one);
  }
  const sum = createHash('sha256').update(`${cacheVersion}`);
  for (const [name, one] of built) sum.update(`${name} ${one.top.digest}\n`);
  const path = join(cacheDir, `test-registry-${sum.digest('hex').slice(0, 16)}`);
  if (!existsSync(path)) await fill(path, built);
  return { path, built };
}

/** Pushes everything through a registry that listens on a unix socket, then publishes the directory by one rename. */
async function fill(path: string, images: ReadonlyMap<string, BuiltImage>): Promise<void> {
  await mkdir(cacheDir, { recursive: true });
  const work = await mkdtemp('/tmp/ct-fill-');
  const data = await mkdtemp(join(cacheDir, 'filling-'));
  const socket = join(work, 'registry.sock');
  const config = join(work, 'config.json');
  await writeFile(config, configText({ storage: data, net: 'unix', addr: socket, isReadOnly: false }));
  const server = spawn(registryProgram, ['serve', config], { stdio: 'ignore', env: { ...plainEnv } });
  try {
    await eventually('the registry listens', () => existsSync(socket));
    for (const [name, built] of images) await pushImage(socket, name, built);
  } finally {
    await endRegistry(server);
    await rm(work, { recursive: true, force: true });
  }
  try {
    await rename(data, path);
  } catch (error) {
    // Another test process was faster: its content is the same.
    await rm(data, { recursive: true, force: true });
    if (!existsSync(path)) throw error;
  }
}

export type ConfigFacts = {
  readonly storage: string;
  readonly net: 'tcp' | 'unix';
  readonly addr: string;
  readonly isReadOnly: boolean;
  readonly htpasswd?: string;
};

/** YAML is a superset of JSON. Source: distribution, configuration reference. */
export function configText(facts: ConfigFacts): string {
  return JSON.stringify({
    version: '0.1',
    log: { level: 'error', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: facts.storage },
      maintenance: { uploadpurging: { enabled: false }, readonly: { enabled: facts.isReadOnly } },
    },
    http: { net: facts.net, addr: facts.addr, secret: 'test' },
    ...(facts.htpasswd === undefined ? {} : { auth: { htpasswd: { realm: 'test', path: facts.htpasswd } } }),
  });
}

export async function endRegistry(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGKILL');
  await ended;
}
