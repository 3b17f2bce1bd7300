/**
 * A private host for the tests of this library: a network namespace in place of the machine's, in which the real plugins
 * run; namespaces for pods; scripted plugins. Nothing of the product imports it. `close()` takes everything away.
 */
// oxlint-disable-next-line no-restricted-imports -- a laboratory, not the library: it keeps namespaces alive by processes
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CniOptions } from './api.ts';

const realPluginDir = '/usr/lib/cni';
const run = promisify(execFile);

/** A network namespace that lives as long as its process, which ends with ours. */
export type LabNamespace = { readonly path: string; readonly close: () => Promise<void> };

export type LoggedLine = {
  readonly level: 'info' | 'warn';
  readonly message: string;
  readonly fields: object;
};

export class Lab implements AsyncDisposable {
  readonly directory: string;
  readonly confDir: string;
  readonly pluginDir: string;
  readonly cacheDir: string;
  readonly leasesDir: string;
  readonly logged: LoggedLine[] = [];
  readonly #host: LabNamespace;
  readonly #namespaces = new Set<LabNamespace>();

  private constructor(directory: string, host: LabNamespace) {
    this.directory = directory;
    this.confDir = join(directory, 'net.d');
    this.pluginDir = join(directory, 'bin');
    this.cacheDir = join(directory, 'cache');
    this.leasesDir = join(directory, 'leases');
    this.#host = host;
  }

  static async open(): Promise<Lab> {
    const lab = new Lab(await mkdtemp(join(tmpdir(), 'cni-lab-')), await holdNamespace());
    await mkdir(lab.confDir);
    await mkdir(lab.pluginDir);
    await lab.onHost('ip', 'link', 'set', 'lo', 'up');
    return lab;
  }

  options(changes: Partial<CniOptions> = {}): CniOptions {
    const note =
      (level: LoggedLine['level']) =>
      (fields: object, message: string): void =>
        void this.logged.push({ level, message, fields });
    return {
      confDir: this.confDir,
      pluginDirs: [this.pluginDir, realPluginDir],
      cacheDir: this.cacheDir,
      networkName: null,
      log: { info: note('info'), warn: note('warn') },
      ...changes,
    };
  }

  /** Lets the real plugin of this name run in the private host. */
  async useReal(...names: readonly string[]): Promise<void> {
    for (const name of names)
      await this.script(name, `exec nsenter --net=${this.#host.path} ${realPluginDir}/${name}`);
  }

  /** A plugin in shell; `$LAB` is the laboratory's directory. */
  async script(name: string, body: string): Promise<void> {
    const path = join(this.pluginDir, name);
    await rm(path, { force: true });
    await writeFile(path, `#!/bin/sh\nLAB=${this.directory}\n${body}\n`);
    await chmod(path, 0o755);
  }

  async configure(file: string, content: object | string): Promise<void> {
    await writeFile(
      join(this.confDir, file),
      typeof content === 'string' ? content : JSON.stringify(content),
    );
  }

  /** A file that a scripted plugin wrote; empty when there is none. */
  async read(name: string): Promise<string> {
    return await readFile(join(this.directory, name), 'utf8').catch(() => '');
  }

  async files(name: string): Promise<readonly string[]> {
    const names: string[] = await readdir(join(this.directory, name)).catch(() => []);
    return names.sort();
  }

  async podNamespace(): Promise<LabNamespace> {
    const namespace = await holdNamespace();
    this.#namespaces.add(namespace);
    return namespace;
  }

  async onHost(...argv: readonly string[]): Promise<string> {
    return await inside(this.#host.path, argv);
  }

  async close(): Promise<void> {
    for (const namespace of this.#namespaces) await namespace.close();
    await this.#host.close();
    await rm(this.directory, { recursive: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Runs a program in a namespace; its standard output. */
export async function inside(netnsPath: string, argv: readonly string[]): Promise<string> {
  return (await run('nsenter', [`--net=${netnsPath}`, ...argv])).stdout;
}

async function holdNamespace(): Promise<LabNamespace> {
  const holder: ChildProcess = spawn('unshare', ['--net', 'sh', '-c', 'echo ready; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (holder.stdout === null) throw new Error('start a namespace: no output');
  await once(holder.stdout, 'data');
  const close = async (): Promise<void> => {
    if (holder.exitCode !== null || holder.signalCode !== null) return;
    const ended = once(holder, 'exit');
    holder.stdin?.end();
    await ended;
  };
  return { path: `/proc/${holder.pid}/ns/net`, close };
}

/** The processes of the machine whose command line has this text, ours excepted. */
export async function processesWith(text: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.includes(text) && Number(pid) !== process.pid) found.push(line.replaceAll('\0', ' '));
  }
  return found;
}
