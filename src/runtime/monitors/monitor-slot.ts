/**
 * One place for a monitor. It outlives its process: when the monitor dies a successor is started in the same slot and
 * adopts the containers that live on.
 *
 *   (none) ──start──▶ connected ──connection lost──▶ reviving ──reconnect, or successor + adopt──▶ connected
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AdoptParams, ExitRecord, HelloResult, MonitorEvent } from '../../../conmon-ts/protocol.ts';
import type { Log } from '../../base/log.ts';
import { sleepMs } from '../../base/time.ts';
import { MonitorFailure, type ConnectionEvents, type MonitorConnection } from './monitor-connection.ts';
import { connectWhenReady, startMonitor, tryConnect, type MonitorPlace } from './monitor-process.ts';

/** What a slot needs of the daemon. */
export type SlotOptions = {
  readonly runDir: string;
  readonly argv: readonly [string, ...string[]];
  readonly log: Log;
  readonly onSpawned: (pid: number) => Promise<void>;
  readonly onEvent: (event: MonitorEvent) => void;
  /** How many pods a slot serves now. */
  readonly podsOn: (slot: string) => number;
  /** The containers of a slot that have not exited, for a successor. */
  readonly orphansOf: (slot: string) => readonly AdoptParams[];
  /** What a monitor knows, at every (re)connection: exits that we may have missed. */
  readonly onReport: (slot: string, hello: HelloResult) => void;
  /** Readies the hand-over of what only we still hold (a terminal's master), for the adoption. */
  readonly adoptWith: (
    params: AdoptParams,
    adopt: (params: AdoptParams) => Promise<ExitRecord | null>,
  ) => Promise<void>;
};

/** One monitor, for `status`. */
export type MonitorState = {
  readonly name: string;
  readonly pid: number | null;
  readonly state: 'connected' | 'starting' | 'gone';
  readonly pods: number;
  /** Containers that have not exited. */
  readonly containers: number;
};

/** Room for one pod on a slot, until its record counts it. */
export interface Placement extends Disposable {
  readonly slot: string;
}

const probeTimeoutMs = 2_000;
const adoptTimeoutMs = 30_000;
const forgetTimeoutMs = 10_000;
/** How long a monitor may take to notice an end that we know of. */
const forgetPatienceMs = 5_000;
const forgetPollMs = 5;
const firstRetryMs = 100;
const longestRetryMs = 5_000;

export class MonitorSlot {
  readonly name: string;
  readonly #options: SlotOptions;
  readonly #place: MonitorPlace;
  /** Aborted when the daemon ends. */
  readonly #signal: AbortSignal;
  #connection: MonitorConnection | null = null;
  #pid: number | null = null;
  /** The running attempt to have a connection; callers share it. */
  #reviving: Promise<MonitorConnection> | null = null;
  /** Pods that are being made and are in no record yet. */
  #reserved = 0;

  constructor(name: string, options: SlotOptions, signal: AbortSignal) {
    const dir = join(options.runDir, 'monitors', name);
    this.name = name;
    this.#options = options;
    this.#place = { dir, socketPath: join(dir, 'control') };
    this.#signal = signal;
  }

  /** Pods served and pods about to come. */
  get pods(): number {
    return this.#options.podsOn(this.name) + this.#reserved;
  }

  get isConnected(): boolean {
    return this.#connection !== null && !this.#connection.isClosed;
  }

  get isStarting(): boolean {
    return this.#reviving !== null;
  }

  state(): MonitorState {
    const { name } = this;
    const notConnected = this.isStarting ? 'starting' : 'gone';
    return {
      name,
      pid: this.#pid,
      pods: this.#options.podsOn(name),
      containers: this.#options.orphansOf(name).length,
      state: this.isConnected ? 'connected' : notConnected,
    };
  }

  /** Keeps room for a pod until its record counts it. */
  reserve(): Placement {
    let isHeld = true;
    this.#reserved += 1;
    return {
      slot: this.name,
      [Symbol.dispose]: () => {
        if (isHeld) this.#reserved -= 1;
        isHeld = false;
      },
    };
  }

  /** The connection, made when there is none: to the monitor that lives, or to a new one. */
  async connected(): Promise<MonitorConnection> {
    if (this.#connection !== null && !this.#connection.isClosed) return this.#connection;
    this.#reviving ??= this.#revive().finally(() => {
      this.#reviving = null;
    });
    return await this.#reviving;
  }

  /** Takes up the connection to a monitor that lives. @returns null when there is none */
  async greet(): Promise<MonitorConnection | null> {
    const opened = await tryConnect(this.#place.socketPath, this.#events());
    return opened === null ? null : await this.#take(opened);
  }

  /** Whether the monitor answers at once; says so in the log when not. */
  async answers(): Promise<boolean> {
    try {
      const connection = await this.connected();
      await connection.probe(probeTimeoutMs);
      return true;
    } catch (error) {
      this.#options.log.warn(
        { monitor: this.name, err: error },
        'monitor does not answer: new pods go elsewhere',
      );
      return false;
    }
  }

  /** Lets the monitor drop what it holds of an ended container; one that is gone, or never knew it, has nothing. */
  async forget(containerId: string): Promise<void> {
    const connection = this.#connection;
    if (connection === null || connection.isClosed) return;
    const patienceEndMs = performance.now() + forgetPatienceMs;
    for (;;) {
      try {
        await connection.request('forget', { containerId }, forgetTimeoutMs);
        return;
      } catch (error) {
        if (!(error instanceof MonitorFailure)) throw error;
        if (error.reason === 'UnknownContainer') return;
        // We may know of an end sooner than the monitor, whose loop has yet to come to it.
        if (error.reason !== 'StillRunning' || performance.now() > patienceEndMs) throw error;
      }
      await sleepMs(forgetPollMs, this.#signal);
    }
  }

  /** Ends the monitor, which must serve nothing, and removes its files. The slot is of no use afterwards. */
  async retire(): Promise<void> {
    const connection = this.#connection;
    this.#connection = null;
    try {
      await connection?.request('retire', {}, probeTimeoutMs);
    } catch (error) {
      // It ends by itself when nobody is connected to it.
      this.#options.log.warn({ monitor: this.name, err: error }, 'retire monitor');
    } finally {
      connection?.close();
    }
    await rm(this.#place.dir, { recursive: true, force: true });
  }

  /** Tells the monitor to end now, as the daemon does. @throws when it does not answer */
  async dismiss(): Promise<void> {
    // One that is only starting would wait for a daemon in vain.
    const connection = this.#reviving === null ? this.#connection : await this.#reviving;
    await connection?.request('retire', {}, probeTimeoutMs);
  }

  close(): void {
    this.#connection?.close();
  }

  async #revive(): Promise<MonitorConnection> {
    this.#signal.throwIfAborted();
    const living = await this.greet();
    if (living !== null) return living;
    const { argv, onSpawned } = this.#options;
    const started = await startMonitor({ place: this.#place, argv, onSpawned });
    return await this.#take(await connectWhenReady(started, this.#events()));
  }

  async #take(opened: {
    readonly connection: MonitorConnection;
    readonly hello: HelloResult;
  }): Promise<MonitorConnection> {
    const { connection, hello } = opened;
    this.#options.onReport(this.name, hello);
    const known = new Set(hello.containers.map(({ containerId }) => containerId));
    const orphans = this.#options.orphansOf(this.name).filter(({ containerId }) => !known.has(containerId));
    if (orphans.length > 0) await this.#adopt(connection, orphans);
    this.#connection = connection;
    this.#pid = hello.pid;
    return connection;
  }

  async #adopt(connection: MonitorConnection, orphans: readonly AdoptParams[]): Promise<void> {
    const { log, adoptWith } = this.#options;
    const adopt = async (params: AdoptParams): Promise<ExitRecord | null> =>
      (await connection.request('adopt', params, adoptTimeoutMs)).exit;
    const results = await Promise.allSettled(orphans.map(async (params) => await adoptWith(params, adopt)));
    for (const result of results) {
      if (result.status === 'rejected')
        log.error({ monitor: this.name, err: result.reason }, 'adopt container');
    }
    log.warn(
      { monitor: this.name, containers: orphans.length },
      'monitor adopted containers that had lost theirs',
    );
  }

  #events(): ConnectionEvents {
    return { onEvent: this.#options.onEvent, onClosed: () => void this.#lost() };
  }

  /** The connection has ended: with containers to serve, have a monitor again as soon as possible. */
  async #lost(): Promise<void> {
    const { log, orphansOf } = this.#options;
    this.#connection = null;
    let delayMs = firstRetryMs;
    while (!this.#signal.aborted && orphansOf(this.name).length > 0) {
      try {
        await this.connected();
        return;
      } catch (error) {
        log.error({ monitor: this.name, err: error, retryMs: delayMs }, 'start a new monitor');
      }
      // The wait ends early only when we end.
      await sleepMs(delayMs, this.#signal).catch(() => undefined);
      delayMs = Math.min(delayMs * 2, longestRetryMs);
    }
  }
}
