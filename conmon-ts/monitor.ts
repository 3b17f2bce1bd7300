/**
 * What the monitor answers: one function for each method of protocol.ts, over the table of its containers. Sockets and framing are
 * not known here.
 */
import { adoptContainer } from './adopt.ts';
import type { Container } from './container.ts';
import { createContainer } from './create.ts';
import { MonitorError, messageOf } from './failure.ts';
import {
  oldestProtocolVersion,
  protocolVersion,
  type AdoptParams,
  type ContainerReport,
  type CreateParams,
  type HelloParams,
  type Methods,
  type MonitorEvent,
} from './protocol.ts';
import type { Reaper } from './watch/reaper.ts';
import { parseParams } from './control/requests.ts';
import { Slices } from './watch/slice-kills.ts';

export interface MonitorOwner {
  /** To all daemons. */
  publish(event: MonitorEvent): void;
  /** A container was added or taken away, or the monitor was retired. */
  onChange(): void;
}

const maxContainers = 4096;
const drainBoundMs = 2000;

export class Monitor {
  readonly #containers = new Map<string, Container>();
  /** Being created or adopted. */
  readonly #pending = new Set<string>();
  readonly #owner: MonitorOwner;
  readonly #reaper: Reaper;
  readonly #build: string;
  readonly #slices = new Slices();
  #isRetired = false;

  constructor(owner: MonitorOwner, reaper: Reaper, build: string) {
    this.#owner = owner;
    this.#reaper = reaper;
    this.#build = build;
  }

  get isRetired(): boolean {
    return this.#isRetired;
  }

  get isEmpty(): boolean {
    return this.#containers.size === 0 && this.#pending.size === 0;
  }

  /** @throws MonitorError with the reason that the daemon is told */
  async answer(method: string, params: unknown): Promise<Methods[keyof Methods][1]> {
    switch (method) {
      case 'hello':
        return this.#hello(parseParams.hello(params));
      case 'create':
        return this.#create(parseParams.create(params));
      case 'adopt':
        return this.#adopt(parseParams.adopt(params));
      case 'list':
        return { containers: this.#reports() };
      case 'reopen-log':
        this.#find(parseParams[method](params)).reopenLog();
        return {};
      case 'resize':
        return this.#resize(parseParams.resize(params));
      case 'close-stdin':
        this.#find(parseParams[method](params)).closeStdin();
        return {};
      case 'drain-log':
        await this.#find(parseParams[method](params)).drainLog(drainBoundMs);
        return {};
      case 'forget':
        return this.#forget(parseParams.forget(params).containerId);
      case 'retire':
        return this.#retire();
      default:
        throw new MonitorError('BadRequest', `unknown method ${JSON.stringify(method.slice(0, 100))}`);
    }
  }

  #hello({ version }: HelloParams): Methods['hello'][1] {
    if (version < oldestProtocolVersion) {
      const message = `protocol version ${version} is too old, at least ${oldestProtocolVersion} is needed`;
      throw new MonitorError('VersionMismatch', message);
    }
    return { version: protocolVersion, pid: process.pid, build: this.#build, containers: this.#reports() };
  }

  #reports(): readonly ContainerReport[] {
    return [...this.#containers.values()].map((container) => container.report);
  }

  async #create(params: CreateParams): Promise<Methods['create'][1]> {
    return this.#add(params.containerId, async (around) => {
      const { container, process } = await createContainer(params, around);
      return { container, result: process };
    });
  }

  async #adopt(params: AdoptParams): Promise<Methods['adopt'][1]> {
    return this.#add(params.containerId, async (around) => {
      const container = await adoptContainer(params, around);
      return { container, result: { exit: container.exit } };
    });
  }

  async #add<T>(
    containerId: string,
    make: (around: Parameters<typeof createContainer>[1]) => Promise<{ container: Container; result: T }>,
  ): Promise<T> {
    if (this.#isRetired) throw new MonitorError('Retiring', 'this monitor takes no new containers');
    if (this.#containers.has(containerId) || this.#pending.has(containerId)) {
      throw new MonitorError('AlreadyExists', `container "${containerId}" is here already`);
    }
    if (this.#containers.size + this.#pending.size >= maxContainers) {
      throw new MonitorError('Retiring', `this monitor has ${maxContainers} containers and takes no more`);
    }
    this.#pending.add(containerId);
    try {
      const publish = (event: MonitorEvent): void => this.#owner.publish(event);
      const { container, result } = await make({ reaper: this.#reaper, slices: this.#slices, publish });
      this.#containers.set(containerId, container);
      return result;
    } finally {
      this.#pending.delete(containerId);
      this.#owner.onChange();
    }
  }

  #find({ containerId }: { readonly containerId: string }): Container {
    const container = this.#containers.get(containerId);
    if (container !== undefined) return container;
    throw new MonitorError('UnknownContainer', `container "${containerId}" is not here`);
  }

  #resize({ containerId, width, height }: Methods['resize'][0]): Methods['resize'][1] {
    const container = this.#find({ containerId });
    try {
      container.resize(width, height);
      return {};
    } catch (error) {
      if (error instanceof MonitorError) throw error;
      throw new MonitorError('NotRunning', `resize: ${messageOf(error)}`, { cause: error });
    }
  }

  #forget(containerId: string): Methods['forget'][1] {
    const container = this.#find({ containerId });
    if (container.exit === null) throw new MonitorError('StillRunning', `container "${containerId}" runs`);
    this.#containers.delete(containerId);
    container.forget();
    this.#owner.onChange();
    return {};
  }

  #retire(): Methods['retire'][1] {
    this.#isRetired = true;
    this.#owner.onChange();
    return {};
  }
}
