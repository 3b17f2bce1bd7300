/**
 * A real docker-registry inside a machine's network, holding the test images under their public names: its storage is
 * served read-only, or as a writable copy.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuiltImage } from './image-build.ts';
import { plainEnv, type Machine } from './machine.ts';
import { repositoryOf } from './push.ts';
import {
  configText,
  endRegistry,
  prepareStorage,
  registryProgram,
  type RegistryStorage,
} from './registry-storage.ts';
import { testImages } from './test-images.ts';
import { eventually } from './wait.ts';

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

export type RegistryOptions = {
  readonly port?: number;
  readonly isWritable?: boolean;
  readonly needsPassword?: boolean;
  /** What it holds; default: the test images. */
  readonly storage?: RegistryStorage;
};

let known: Promise<RegistryStorage> | null = null;

/** Builds all test images (a second or two) and, where the cache has none, pushes them. */
export async function prepareRegistry(): Promise<RegistryStorage> {
  known ??= prepareStorage(testImages());
  return await known;
}

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
    const facts = options.storage ?? (await prepareRegistry());
    // The network is private: any port is free, and so a fixed one does.
    const port = options.port ?? 5000;
    const address = `127.0.0.1:${port}`;
    const dir = machine.path(`registry-${port}`);
    await mkdir(dir);
    let storage = facts.path;
    if (options.isWritable === true) {
      storage = join(dir, 'data');
      await cp(facts.path, storage, { recursive: true });
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
    const [nsenter, ...argv] = machine.enter([registryProgram, 'serve', config]);
    const server = spawn(nsenter, argv, { stdio: 'ignore', env: { ...plainEnv } });
    await eventually('the registry listens', () => isListening(machine, port));
    return new Registry(address, facts.built, server);
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
    await endRegistry(this.#server);
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
