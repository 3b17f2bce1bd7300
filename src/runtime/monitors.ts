/**
 * The monitors of this node, by slot. A slot outlives its process: when a monitor dies a successor is started in the same
 * slot and adopts the containers that live on. New pods go to the emptiest slot that answers.
 *
 *   (none) ──start──▶ connected ──connection lost──▶ reviving ──reconnect, or successor + adopt──▶ connected
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  AdoptParams,
  ExitRecord,
  HelloResult,
  Method,
  Methods,
  MonitorEvent,
} from '../../conmon-ts/protocol.ts';
import { unavailable } from '../base/errors.ts';
import { ensureDirectory } from '../base/files.ts';
import type { Log } from '../base/log.ts';
import { sleepMs } from '../base/time.ts';
import { MonitorFailure, type MonitorConnection } from './monitor-connection.ts';
import {
  describeState,
  newSlot,
  reserve,
  type MonitorState,
  type Placement,
  type Slot,
} from './monitor-slot.ts';
import { connectWhenReady, startMonitor, tryConnect } from './monitor-process.ts';

export type { CreateParams, CreateResult } from '../../conmon-ts/protocol.ts';

export type MonitorsOptions = {
  readonly runDir: string;
  readonly argv: readonly [string, ...string[]];
  /** How many pods share one monitor, 1 or more. */
  readonly podsPerMonitor: number;
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

const probeTimeoutMs = 2_000;
const adoptTimeoutMs = 30_000;
const forgetTimeoutMs = 10_000;
/** How long a monitor may take to notice an end that we know of. */
const forgetPatienceMs = 5_000;
const forgetPollMs = 5;
const firstRetryMs = 100;
const longestRetryMs = 5_000;

export class Monitors {
  readonly #options: MonitorsOptions;
  readonly #slots = new Map<string, Slot>();
  readonly #abort = new AbortController();

  constructor(options: MonitorsOptions) {
    this.#options = options;
  }

  /** Connects to the monitors that live, and starts successors where containers wait for one. */
  async recover(slotsInUse: ReadonlySet<string>): Promise<void> {
    const dir = join(this.#options.runDir, 'monitors');
    await ensureDirectory(dir);
    const names = new Set([...(await readdir(dir)), ...slotsInUse]);
    const attempts = [...names].map(async (name) => {
      const slot = this.#slot(name);
      if (slotsInUse.has(name)) await this.#connected(slot);
      else await this.#greet(slot);
    });
    for (const result of await Promise.allSettled(attempts)) {
      if (result.status === 'rejected') this.#options.log.error({ err: result.reason }, 'connect to monitor');
    }
  }

  /** The slots with their processes, for `status`. */
  list(): readonly MonitorState[] {
    return [...this.#slots.values()].map((slot) => ({
      name: slot.name,
      pid: slot.pid,
      pods: this.#options.podsOn(slot.name),
      containers: this.#options.orphansOf(slot.name).length,
      state: describeState(slot),
    }));
  }

  /** Room for a new pod: on the emptiest slot that has room and answers, or is starting; else on a new one. */
  async place(): Promise<Placement> {
    const candidates = [...this.#slots.values()]
      .filter((slot) => slot.connection !== null || slot.reviving !== null)
      .filter((slot) => this.#podsOn(slot) < this.#options.podsPerMonitor)
      .sort((a, b) => this.#podsOn(a) - this.#podsOn(b));
    for (const slot of candidates) {
      const placement = reserve(slot);
      if (this.#podsOn(slot) <= this.#options.podsPerMonitor && (await this.#answers(slot))) return placement;
      placement[Symbol.dispose]();
    }
    const slot = this.#slot(this.#freeName());
    const placement = reserve(slot);
    try {
      await this.#connected(slot);
      return placement;
    } catch (error) {
      placement[Symbol.dispose]();
      throw error;
    }
  }

  /** Starts a monitor before the first pod asks for one. */
  async warm(): Promise<void> {
    try {
      if (![...this.#slots.values()].some((slot) => slot.connection !== null))
        await this.#connected(this.#slot(this.#freeName()));
    } catch (error) {
      this.#options.log.error({ err: error }, 'start a first monitor');
    }
  }

  /** Asks the monitor of a slot. @throws MonitorFailure, MonitorSilent, MonitorGone */
  async request<M extends Method>(
    slot: string,
    method: M,
    ask: { readonly params: Methods[M][0]; readonly timeoutMs: number },
  ): Promise<Methods[M][1]> {
    const connection = await this.#connected(this.#slot(slot));
    return await connection.request(method, ask.params, ask.timeoutMs);
  }

  /** Ends monitors that serve nothing while another one has room: one stays warm for the next pod. */
  async trim(): Promise<void> {
    const hasRoom = (slot: Slot): boolean =>
      slot.connection !== null && this.#podsOn(slot) < this.#options.podsPerMonitor;
    // The newest go first, so that names do not wander.
    for (const slot of [...this.#slots.values()].toReversed()) {
      const others = [...this.#slots.values()].filter((other) => other !== slot);
      if (this.#podsOn(slot) === 0 && slot.reviving === null && others.some(hasRoom))
        await this.#retire(slot);
    }
  }

  async #retire(slot: Slot): Promise<void> {
    this.#slots.delete(slot.name);
    const { connection } = slot;
    slot.connection = null;
    try {
      await connection?.request('retire', {}, probeTimeoutMs);
    } catch (error) {
      // It ends by itself when nobody is connected to it.
      this.#options.log.warn({ monitor: slot.name, err: error }, 'retire monitor');
    } finally {
      connection?.close();
    }
    await rm(slot.place.dir, { recursive: true, force: true });
  }

  /** Lets a monitor drop what it holds of an ended container; a monitor that is gone, or never knew it, has nothing. */
  async forget(slot: string, containerId: string): Promise<void> {
    const connection = this.#slots.get(slot)?.connection ?? null;
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
      await sleepMs(forgetPollMs, this.#abort.signal);
    }
  }

  /** Lets go of all connections; monitors without containers end by themselves. */
  close(): void {
    this.#abort.abort(unavailable('ShuttingDown', 'the daemon is ending'));
    for (const slot of this.#slots.values()) slot.connection?.close();
  }

  /** Tells monitors that serve nothing to end now. */
  async retireIdle(): Promise<void> {
    const idle = [...this.#slots.values()].filter((slot) => this.#options.podsOn(slot.name) === 0);
    const results = idle.map(async (slot) => {
      // One that is only starting would wait for a daemon in vain.
      const connection = slot.reviving === null ? slot.connection : await slot.reviving;
      await connection?.request('retire', {}, probeTimeoutMs);
    });
    await Promise.allSettled(results);
  }

  #podsOn(slot: Slot): number {
    return this.#options.podsOn(slot.name) + slot.reserved;
  }

  async #answers(slot: Slot): Promise<boolean> {
    try {
      const connection = await this.#connected(slot);
      await connection.probe(probeTimeoutMs);
      return true;
    } catch (error) {
      this.#options.log.warn(
        { monitor: slot.name, err: error },
        'monitor does not answer: new pods go elsewhere',
      );
      return false;
    }
  }

  async #connected(slot: Slot): Promise<MonitorConnection> {
    if (slot.connection !== null && !slot.connection.isClosed) return slot.connection;
    slot.reviving ??= this.#revive(slot).finally(() => {
      slot.reviving = null;
    });
    return await slot.reviving;
  }

  /** Takes up the connection to a monitor that lives. @returns null when there is none */
  async #greet(slot: Slot): Promise<MonitorConnection | null> {
    const opened = await tryConnect(slot.place.socketPath, this.#events(slot));
    return opened === null ? null : await this.#take(slot, opened);
  }

  async #revive(slot: Slot): Promise<MonitorConnection> {
    this.#abort.signal.throwIfAborted();
    const living = await this.#greet(slot);
    if (living !== null) return living;
    const started = await startMonitor({
      place: slot.place,
      argv: this.#options.argv,
      onSpawned: this.#options.onSpawned,
    });
    return await this.#take(slot, await connectWhenReady(started, this.#events(slot)));
  }

  async #take(
    slot: Slot,
    opened: { readonly connection: MonitorConnection; readonly hello: HelloResult },
  ): Promise<MonitorConnection> {
    const { connection, hello } = opened;
    this.#options.onReport(slot.name, hello);
    const known = new Set(hello.containers.map(({ containerId }) => containerId));
    const orphans = this.#options.orphansOf(slot.name).filter(({ containerId }) => !known.has(containerId));
    if (orphans.length > 0) await this.#adopt(slot, connection, orphans);
    slot.connection = connection;
    slot.pid = hello.pid;
    return connection;
  }

  async #adopt(slot: Slot, connection: MonitorConnection, orphans: readonly AdoptParams[]): Promise<void> {
    const adopt = async (params: AdoptParams): Promise<ExitRecord | null> =>
      (await connection.request('adopt', params, adoptTimeoutMs)).exit;
    const results = await Promise.allSettled(
      orphans.map(async (params) => await this.#options.adoptWith(params, adopt)),
    );
    for (const result of results) {
      if (result.status === 'rejected')
        this.#options.log.error({ monitor: slot.name, err: result.reason }, 'adopt container');
    }
    this.#options.log.warn(
      { monitor: slot.name, containers: orphans.length },
      'monitor adopted containers that had lost theirs',
    );
  }

  #events(slot: Slot): { onEvent: (event: MonitorEvent) => void; onClosed: () => void } {
    return { onEvent: this.#options.onEvent, onClosed: () => void this.#lost(slot) };
  }

  /** The connection has ended: with containers to serve, have a monitor again as soon as possible. */
  async #lost(slot: Slot): Promise<void> {
    slot.connection = null;
    let delayMs = firstRetryMs;
    while (!this.#abort.signal.aborted && this.#options.orphansOf(slot.name).length > 0) {
      try {
        await this.#connected(slot);
        return;
      } catch (error) {
        this.#options.log.error({ monitor: slot.name, err: error, retryMs: delayMs }, 'start a new monitor');
      }
      // The wait ends early only when we end.
      await sleepMs(delayMs, this.#abort.signal).catch(() => undefined);
      delayMs = Math.min(delayMs * 2, longestRetryMs);
    }
  }

  #slot(name: string): Slot {
    const known = this.#slots.get(name);
    if (known !== undefined) return known;
    const dir = join(this.#options.runDir, 'monitors', name);
    const slot = newSlot(name, { dir, socketPath: join(dir, 'control') });
    this.#slots.set(name, slot);
    return slot;
  }

  #freeName(): string {
    for (let number = 1; ; number += 1) {
      const slot = this.#slots.get(`m${number}`);
      const isFree =
        slot === undefined ||
        (slot.connection === null && slot.reviving === null && this.#podsOn(slot) === 0);
      if (isFree) return `m${number}`;
    }
  }
}
