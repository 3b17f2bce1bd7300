/**
 * A CRI server as a process inside a machine: started, killed, stopped and started again, with its output collected. What
 * it serves and how it is configured is in `daemon.ts` and `containerd.ts`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { CriClient } from './client.ts';
import { plainEnv, type Machine } from './machine.ts';
import { eventually } from './wait.ts';

export type Launch = {
  readonly argv: readonly string[];
  readonly socketPath: string;
  /** Standard output and standard error of all starts, one after the other. */
  readonly logPath: string;
  readonly env?: Readonly<Record<string, string>>;
};

const startTimeoutMs = 30_000;
const stopTimeoutMs = 30_000;

export class Server implements AsyncDisposable {
  readonly machine: Machine;
  readonly #launch: Launch;
  #process: ChildProcess | null = null;
  #client: CriClient | null = null;

  constructor(machine: Machine, launch: Launch) {
    this.machine = machine;
    this.#launch = launch;
  }

  get argv(): readonly string[] {
    return this.#launch.argv;
  }

  get socketPath(): string {
    return this.#launch.socketPath;
  }

  /** @throws when it does not run */
  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error('the server does not run');
    return pid;
  }

  get isRunning(): boolean {
    return this.#process !== null && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** The client of most calls; it reconnects by itself after a restart. */
  get client(): CriClient {
    this.#client ??= new CriClient(this.socketPath);
    return this.#client;
  }

  /** Starts the process and waits until Version answers. @throws with the log's end when it does not come up */
  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    this.launch(env);
    try {
      await eventually('the server answers Version', () => this.#answers(), { timeoutMs: startTimeoutMs });
      if (!this.isRunning) throw new Error('the server has ended');
    } catch (cause) {
      throw new Error(`the server did not start; the end of its log:\n${await this.logEnd()}`, { cause });
    }
  }

  /** Starts the process without waiting. */
  launch(env: Readonly<Record<string, string>> = {}): void {
    if (this.isRunning) throw new Error('the server runs already');
    const log = openSync(this.#launch.logPath, 'a', 0o600);
    const [program, ...args] = this.machine.enter(this.#launch.argv);
    this.#process = spawn(program, args, {
      stdio: ['ignore', log, log],
      env: { ...plainEnv, ...this.#launch.env, ...env },
      detached: true,
    });
    closeSync(log);
  }

  async #answers(): Promise<boolean> {
    // To wait on for a process that has ended would only cost time.
    if (!this.isRunning) return true;
    // A fresh connection each time: grpc-js backs off for a second after a refused one.
    using client = new CriClient(this.socketPath);
    await client.call('Version', { version: '' }, { timeoutMs: 1000 });
    return true;
  }

  /** What a power cut does to the process. Its children go on. */
  async kill9(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** SIGTERM, as systemd does. @throws when it does not end */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Waits until the process has ended by itself (a crash point). */
  async ended(timeoutMs = stopTimeoutMs): Promise<void> {
    await eventually('the server ends', () => !this.isRunning, { timeoutMs });
    this.#forgetClient();
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.#forgetClient();
    if (this.isRunning) {
      this.#process?.kill(signal);
      await eventually(`the server ends after ${signal}`, () => !this.isRunning, {
        timeoutMs: stopTimeoutMs,
      });
    }
    this.#process = null;
  }

  #forgetClient(): void {
    this.#client?.close();
    this.#client = null;
  }

  async log(): Promise<string> {
    return await readFile(this.#launch.logPath, 'utf8');
  }

  async logEnd(): Promise<string> {
    return (await this.log()).split('\n').slice(-25).join('\n');
  }

  async close(): Promise<void> {
    await this.kill9();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
