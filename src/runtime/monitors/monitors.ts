/**
 * The monitors of this node, by slot, and which of them a new pod gets: the emptiest that answers.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Method, Methods } from '../../../conmon-ts/protocol.ts';
import { unavailable } from '../../base/errors.ts';
import { ensureDirectory } from '../../base/files.ts';
import { MonitorSlot, type MonitorState, type Placement, type SlotOptions } from './monitor-slot.ts';

export type { CreateParams, CreateResult } from '../../../conmon-ts/protocol.ts';

export type MonitorsOptions = SlotOptions & {
  /** How many pods share one monitor, 1 or more. */
  readonly podsPerMonitor: number;
};

export class Monitors {
  readonly #options: MonitorsOptions;
  readonly #slots = new Map<string, MonitorSlot>();
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
      if (slotsInUse.has(name)) await slot.connected();
      else await slot.greet();
    });
    for (const result of await Promise.allSettled(attempts)) {
      if (result.status === 'rejected') this.#options.log.error({ err: result.reason }, 'connect to monitor');
    }
  }

  /** The slots with their processes, for `status`. */
  list(): readonly MonitorState[] {
    return [...this.#slots.values()].map((slot) => slot.state());
  }

  /** Room for a new pod: on the emptiest slot that has room and answers, or is starting; else on a new one. */
  async place(): Promise<Placement> {
    const { podsPerMonitor } = this.#options;
    const candidates = [...this.#slots.values()]
      .filter((slot) => slot.isConnected || slot.isStarting)
      .filter((slot) => slot.pods < podsPerMonitor)
      .sort((a, b) => a.pods - b.pods);
    for (const slot of candidates) {
      const placement = slot.reserve();
      if (slot.pods <= podsPerMonitor && (await slot.answers())) return placement;
      placement[Symbol.dispose]();
    }
    const slot = this.#slot(this.#freeName());
    const placement = slot.reserve();
    try {
      await slot.connected();
      return placement;
    } catch (error) {
      placement[Symbol.dispose]();
      throw error;
    }
  }

  /** Starts a monitor before the first pod asks for one. */
  async warm(): Promise<void> {
    try {
      if (![...this.#slots.values()].some((slot) => slot.isConnected))
        await this.#slot(this.#freeName()).connected();
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
    const connection = await this.#slot(slot).connected();
    return await connection.request(method, ask.params, ask.timeoutMs);
  }

  /** Ends monitors that serve nothing while another one has room: one stays warm for the next pod. */
  async trim(): Promise<void> {
    const hasRoom = (slot: MonitorSlot): boolean =>
      slot.isConnected && slot.pods < this.#options.podsPerMonitor;
    // The newest go first, so that names do not wander.
    for (const slot of [...this.#slots.values()].toReversed()) {
      const others = [...this.#slots.values()].filter((other) => other !== slot);
      if (slot.pods > 0 || slot.isStarting || !others.some(hasRoom)) continue;
      this.#slots.delete(slot.name);
      await slot.retire();
    }
  }

  /** Lets a monitor drop what it holds of an ended container. */
  async forget(slot: string, containerId: string): Promise<void> {
    await this.#slots.get(slot)?.forget(containerId);
  }

  /** Lets go of all connections; monitors without containers end by themselves. */
  close(): void {
    this.#abort.abort(unavailable('ShuttingDown', 'the daemon is ending'));
    for (const slot of this.#slots.values()) slot.close();
  }

  /** Tells monitors that serve nothing to end now. */
  async retireIdle(): Promise<void> {
    const idle = [...this.#slots.values()].filter((slot) => this.#options.podsOn(slot.name) === 0);
    await Promise.allSettled(idle.map(async (slot) => await slot.dismiss()));
  }

  #slot(name: string): MonitorSlot {
    const known = this.#slots.get(name);
    if (known !== undefined) return known;
    const slot = new MonitorSlot(name, this.#options, this.#abort.signal);
    this.#slots.set(name, slot);
    return slot;
  }

  #freeName(): string {
    for (let number = 1; ; number += 1) {
      const slot = this.#slots.get(`m${number}`);
      if (slot === undefined || (!slot.isConnected && !slot.isStarting && slot.pods === 0))
        return `m${number}`;
    }
  }
}
