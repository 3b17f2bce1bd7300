/* oxlint-disable no-restricted-imports, typescript/no-unsafe-type-assertion -- test support: it starts programs and trusts the monitor's answers */
/** For tests: a monitor process and a small daemon's end of its control socket. Nothing of the product imports this. */
import { spawn, type ChildProcess } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { protocolVersion, type Failure, type Method, type Methods, type MonitorEvent } from '../protocol.ts';

class Refused extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(`${failure.reason}: ${failure.message}`);
    this.failure = failure;
  }
}

type Waiter = { resolve: (value: unknown) => void; reject: (error: Error) => void };

/** One daemon connection. */
export class TestClient implements Disposable {
  readonly #socket: Socket;
  readonly #waiters = new Map<number, Waiter>();
  readonly #eventWaiters: {
    matches: (event: MonitorEvent) => boolean;
    resolve: (event: MonitorEvent) => void;
  }[] = [];
  readonly events: MonitorEvent[] = [];
  #next = 1;
  #rest = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      for (const waiter of this.#waiters.values()) waiter.reject(new Error('connection closed'));
      this.#waiters.clear();
    });
  }

  static async connect(path: string): Promise<TestClient> {
    const { client } = await TestClient.greet(path);
    return client;
  }

  static async greet(path: string): Promise<{ client: TestClient; hello: Methods['hello'][1] }> {
    const socket = connect(path);
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    const client = new TestClient(socket);
    return { client, hello: await client.call('hello', { version: protocolVersion }) };
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(JSON.parse(line));
  }

  #take(message: { id?: number; result?: unknown; error?: Failure } & Partial<MonitorEvent>): void {
    if (message.event !== undefined) {
      const event = message as MonitorEvent;
      this.events.push(event);
      for (const waiter of this.#eventWaiters.filter((each) => each.matches(event))) waiter.resolve(event);
      return;
    }
    const waiter = this.#waiters.get(message.id ?? 0);
    this.#waiters.delete(message.id ?? 0);
    if (message.error !== undefined) waiter?.reject(new Refused(message.error));
    else waiter?.resolve(message.result);
  }

  async call<M extends Method>(method: M, params: Methods[M][0]): Promise<Methods[M][1]> {
    const id = this.#next++;
    const answer = new Promise((resolve, reject) => this.#waiters.set(id, { resolve, reject }));
    this.#socket.write(`${JSON.stringify({ id, method, params })}\n`);
    return (await answer) as Methods[M][1];
  }

  /** The next or an earlier event that matches. */
  async event<E extends MonitorEvent['event']>(
    name: E,
    containerId: string,
  ): Promise<Extract<MonitorEvent, { event: E }>> {
    const matches = (event: MonitorEvent): boolean =>
      event.event === name &&
      ('containerId' in event ? event.containerId : event.exit.containerId) === containerId;
    const earlier = this.events.find(matches);
    const found =
      earlier ??
      (await new Promise<MonitorEvent>((resolve) => this.#eventWaiters.push({ matches, resolve })));
    return found as Extract<MonitorEvent, { event: E }>;
  }

  close(): void {
    this.#socket.destroy();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** A running monitor. */
export class TestMonitor {
  readonly process: ChildProcess;
  readonly socketPath: string;
  readonly ended: Promise<unknown>;
  log = '';

  private constructor(child: ChildProcess, socketPath: string) {
    this.process = child;
    this.socketPath = socketPath;
    this.ended = new Promise((resolve) => child.once('exit', resolve));
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  static async start(
    directory: string,
    options: { name?: string; args?: readonly string[] } = {},
  ): Promise<TestMonitor> {
    const socketPath = join(directory, `${options.name ?? 'monitor'}.sock`);
    const main = join(import.meta.dirname, '../main.ts');
    const argv = ['--no-warnings', main, '--socket', socketPath, ...(options.args ?? [])];
    const child = spawn(process.execPath, argv, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env['PATH'] },
    });
    const monitor = new TestMonitor(child, socketPath);
    await new Promise<void>((resolve, reject) => {
      child.stderr?.on('data', (text: Buffer) => {
        monitor.log += text.toString();
        if (monitor.log.includes('monitor is ready')) resolve();
      });
      child.once('exit', () => reject(new Error(`monitor ended: ${monitor.log}`)));
    });
    return monitor;
  }

  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.ended;
  }
}
