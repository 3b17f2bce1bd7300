/**
 * A real docker-registry inside a machine's network, holding the test images under their public names. Its storage is
 * pushed once into the project's cache, named by content, and served read-only from there, or as a writable copy.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildSource, type BuiltImage } from './image-build.ts';
import { plainEnv, type Machine } from './machine.ts';
import { pushImage, repositoryOf } from './push.ts';
import { testImages } from './test-images.ts';
import { eventually } from './wait.ts';

const cacheDir = join(import.meta.dirname, '../../.cache');
const program = '/usr/bin/docker-registry';

/** Raised when what the cache holds for the same images must be made anew. */
const cacheVersion = 1;

/** The hosts whose names the mirror configuration sends to the loopback registry. */
export const mirroredHosts = [
  'registry.k8s.io',
  'k8s.gcr.io',
  'gcr.io',
  'docker.io',
  'public.ecr.aws',
] as const;

/** The one account of the registry that asks for credentials. The password's hash is bcrypt with the lowest cost. */
export const account = {
  username: 'tester',
  password: 'letmein',
  htpasswd: 'tester:$2b$04$MytmJMG/yHlo98TCF/CiqeKTacL2TXMlmB9RRvrPGuPezPqfkGIUC\n',
} as const;

export type RegistryFacts = { readonly storage: string; readonly images: ReadonlyMap<string, BuiltImage> };

let known: Promise<RegistryFacts> | null = null;

/** Builds all images (a second or two) and, where the cache has none, pushes them. */
export async function prepareRegistry(): Promise<RegistryFacts> {
  known ??= prepare();
  return await known;
}

async function prepare(): Promise<RegistryFacts> {
  if (!existsSync(program)) throw new Error(`the tests need ${program} (apt-get install docker-registry)`);
  const images = new Map<string, BuiltImage>();
  for (const { names, source } of testImages()) {
    const built = await buildSource(source);
    for (const name of names) images.set(name, built);
  }
  const sum = createHash('sha256').update(`${cacheVersion}`);
  for (const [name, built] of images) sum.update(`${name} ${built.top.digest}\n`);
  const storage = join(cacheDir, `test-registry-${sum.digest('hex').slice(0, 16)}`);
  if (!existsSync(storage)) await fill(storage, images);
  return { storage, images };
}

/** Pushes everything through a registry that listens on a unix socket, then publishes the directory by one rename. */
async function fill(storage: string, images: ReadonlyMap<string, BuiltImage>): Promise<void> {
  await mkdir(cacheDir, { recursive: true });
  const work = await mkdtemp('/tmp/ct-fill-');
  const data = await mkdtemp(join(cacheDir, 'filling-'));
  const socket = join(work, 'registry.sock');
  const config = join(work, 'config.json');
  await writeFile(config, configText({ storage: data, net: 'unix', addr: socket, isReadOnly: false }));
  const server = spawn(program, ['serve', config], { stdio: 'ignore', env: { ...plainEnv } });
  try {
    await eventually('the registry listens', () => existsSync(socket));
    for (const [name, built] of images) await pushImage(socket, name, built);
  } finally {
    await end(server);
    await rm(work, { recursive: true, force: true });
  }
  try {
    await rename(data, storage);
  } catch (error) {
    // Another test process was faster: its content is the same.
    await rm(data, { recursive: true, force: true });
    if (!existsSync(storage)) throw error;
  }
}

type ConfigFacts = {
  readonly storage: string;
  readonly net: 'tcp' | 'unix';
  readonly addr: string;
  readonly isReadOnly: boolean;
  readonly htpasswd?: string;
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
    ...(facts.htpasswd === undefined ? {} : { auth: { htpasswd: { realm: 'test', path: facts.htpasswd } } }),
  });
}

export type RegistryOptions = {
  readonly port?: number;
  readonly isWritable?: boolean;
  readonly needsPassword?: boolean;
};

export class Registry implements AsyncDisposable {
  /** `127.0.0.1:PORT`, inside the machine's network. */
  readonly address: string;
  /** Public name → what was built under it. */
  readonly images: ReadonlyMap<string, BuiltImage>;
  readonly #server: ChildProcess;

  private constructor(address: string, images: ReadonlyMap<string, BuiltImage>, server: ChildProcess) {
    this.address = address;
    this.images = images;
    this.#server = server;
  }

  static async start(machine: Machine, options: RegistryOptions = {}): Promise<Registry> {
    const facts = await prepareRegistry();
    // The network is private: any port is free, and so a fixed one does.
    const port = options.port ?? 5000;
    const address = `127.0.0.1:${port}`;
    const dir = machine.path(`registry-${port}`);
    await mkdir(dir);
    let { storage } = facts;
    if (options.isWritable === true) {
      storage = join(dir, 'data');
      await cp(facts.storage, storage, { recursive: true });
    }
    const htpasswd = join(dir, 'htpasswd');
    await writeFile(htpasswd, account.htpasswd);
    const config = join(dir, 'config.json');
    const text = configText({
      storage,
      net: 'tcp',
      addr: address,
      isReadOnly: options.isWritable !== true,
      ...(options.needsPassword === true ? { htpasswd } : {}),
    });
    await writeFile(config, text);
    const [nsenter, ...argv] = machine.enter([program, 'serve', config]);
    const server = spawn(nsenter, argv, { stdio: 'ignore', env: { ...plainEnv } });
    await eventually('the registry listens', () => isListening(machine, port));
    return new Registry(address, facts.images, server);
  }

  /** What was built under a public name. */
  built(name: string): BuiltImage {
    const found = this.images.get(name);
    if (found === undefined) throw new Error(`no test image is called ${name}`);
    return found;
  }

  /** `registry.k8s.io/pause@sha256:…` for `registry.k8s.io/pause:3.9`. */
  digestReference(name: string): string {
    const { host, repository } = repositoryOf(name);
    return `${host}/${repository}@${this.built(name).top.digest}`;
  }

  async close(): Promise<void> {
    await end(this.#server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** The text of a containers-registries.conf(5) that sends every mirrored host to the registry. */
export function registriesConf(address: string): string {
  const blocks = mirroredHosts.map(
    (host) =>
      `[[registry]]\nprefix = "${host}"\nlocation = "${host}"\n\n[[registry.mirror]]\nlocation = "${address}"\ninsecure = true\n`,
  );
  const own = `[[registry]]\nprefix = "127.0.0.1:5001"\nlocation = "127.0.0.1:5001"\ninsecure = true\n`;
  return ['unqualified-search-registries = ["docker.io"]\n', ...blocks, own].join('\n');
}

async function isListening(machine: Machine, port: number): Promise<boolean> {
  const table = await readFile(`/proc/${machine.holderPid}/net/tcp`, 'utf8');
  const wanted = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A`;
  return table.includes(wanted);
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGKILL');
  await ended;
}
