/**
 * One connection to one monitor: requests with ids, each with a deadline of its own; events; the end of the connection.
 * A monitor that hangs costs its callers their deadline and nobody else anything: the queue of open requests is bounded.
 */
import { createConnection, type Socket } from 'node:net';
import {
  maxLineBytes,
  protocolVersion,
  type Failure,
  type HelloResult,
  type Method,
  type Methods,
  type MonitorEvent,
} from '../../../conmon-ts/protocol.ts';
import { deadlineExceeded, exhausted, unavailable } from '../../base/errors.ts';
import { withDeadline } from '../../base/time.ts';
import { parseMonitorMessage } from './monitor-message.ts';

/** The monitor refused a request; `reason` is one of the protocol's fixed words. */
export class MonitorFailure extends Error {
  override readonly name = 'MonitorFailure';
  readonly reason: Failure['reason'];

  constructor(failure: Failure) {
    super(failure.message);
    this.reason = failure.reason;
  }
}

export type ConnectionEvents = {
  readonly onEvent: (event: MonitorEvent) => void;
  /** The connection has ended, by either side. */
  readonly onClosed: () => void;
};

type Waiting = {
  readonly method: Method;
  readonly settle: (outcome: { result: unknown } | { error: Error }) => void;
};

const newline = 10;
const maxOpenRequests = 1024;
const connectTimeoutMs = 5_000;
const helloTimeoutMs = 5_000;
/** A monitor heard within this time is taken to be well. */
const freshMs = 500;

export class MonitorConnection {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #events: ConnectionEvents;
  #nextId = 1;
  #isClosed = false;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #lastHeardMs = performance.now();

  private constructor(socket: Socket, events: ConnectionEvents) {
    this.#socket = socket;
    this.#events = events;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    // An error is always followed by 'close', which tells everybody.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#closed());
  }

  /** Connects and exchanges versions. @throws MonitorFailure VersionMismatch; the socket's error; StepTimedOut */
  static async open(
    path: string,
    events: ConnectionEvents,
  ): Promise<{ readonly connection: MonitorConnection; readonly hello: HelloResult }> {
    const socket = await withDeadline(
      { step: `connect to monitor "${path}"`, timeoutMs: connectTimeoutMs },
      async () => await connect(path),
    );
    const connection = new MonitorConnection(socket, events);
    try {
      const hello = await connection.request('hello', { version: protocolVersion }, helloTimeoutMs);
      return { connection, hello };
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Proves that the monitor answers, unless it did so just now. @throws MonitorSilent, MonitorGone */
  async probe(timeoutMs: number): Promise<void> {
    if (performance.now() - this.#lastHeardMs < freshMs) return;
    await this.request('hello', { version: protocolVersion }, timeoutMs);
  }

  /** Asks the monitor. @throws MonitorFailure, MonitorGone, MonitorSilent (its deadline passed), MonitorBusy */
  async request<M extends Method>(
    method: M,
    params: Methods[M][0],
    timeoutMs: number,
  ): Promise<Methods[M][1]> {
    if (this.#isClosed)
      throw unavailable('MonitorGone', `monitor request "${method}": the monitor has ended`);
    if (this.#waiting.size >= maxOpenRequests) {
      throw exhausted('MonitorBusy', `monitor request "${method}": ${maxOpenRequests} requests are open`);
    }
    const id = this.#nextId;
    this.#nextId += 1;
    const answer = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => {
      answer.reject(
        deadlineExceeded('MonitorSilent', `monitor request "${method}": no answer after ${timeoutMs} ms`),
      );
    }, timeoutMs);
    this.#waiting.set(id, {
      method,
      settle: (outcome) =>
        'error' in outcome ? answer.reject(outcome.error) : answer.resolve(outcome.result),
    });
    this.#socket.write(`${JSON.stringify({ id, method, params })}\n`);
    try {
      // The monitor is our own program and its answers are checked for their envelope; the types are the protocol's.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
      return (await answer.promise) as Methods[M][1];
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#lastHeardMs = performance.now();
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    if (this.#pendingBytes > maxLineBytes + chunk.length) return this.close();
    if (!chunk.includes(newline)) return undefined;
    // Cut as bytes: a piece may end in the middle of a character.
    const bytes = Buffer.concat(this.#pending);
    const end = bytes.lastIndexOf(newline);
    const rest = bytes.subarray(end + 1);
    this.#pending = rest.length > 0 ? [rest] : [];
    this.#pendingBytes = rest.length;
    const lines = bytes.toString('utf8', 0, end).split('\n');
    for (const line of lines) this.#dispatch(line);
    return undefined;
  }

  #dispatch(line: string): void {
    const message = parseMonitorMessage(line);
    if (message === null) return this.close();
    if (message.kind === 'skipped') return undefined;
    if (message.kind === 'event') return this.#events.onEvent(message.event);
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return undefined;
    this.#waiting.delete(message.id);
    if (message.kind === 'failure') waiting.settle({ error: new MonitorFailure(message.error) });
    else waiting.settle({ result: message.result });
    return undefined;
  }

  #closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const waiting of this.#waiting.values()) {
      const error = unavailable('MonitorGone', `monitor request "${waiting.method}": the monitor ended`);
      waiting.settle({ error });
    }
    this.#waiting.clear();
    this.#events.onClosed();
  }
}

async function connect(path: string): Promise<Socket> {
  const socket = createConnection({ path });
  const connected = Promise.withResolvers<void>();
  socket.once('connect', connected.resolve);
  socket.once('error', connected.reject);
  try {
    await connected.promise;
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    socket.removeAllListeners();
  }
}
