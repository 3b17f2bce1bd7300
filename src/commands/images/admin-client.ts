/**
 * A small client of the daemon's admin socket. Source: server/admin/admin-server.ts.
 */
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { messageOf, unavailable } from '../../base/errors.ts';

/** One line of JSON that the daemon wrote. */
export type Line = Readonly<Record<string, unknown>>;

/** The daemon said no, in these words. */
export class AdminError extends Error {
  override readonly name = 'AdminError';
  readonly reason: string;

  constructor(line: Line) {
    super(wordOf(line['message']) ?? 'the daemon failed');
    this.reason = wordOf(line['reason']) ?? 'Unexpected';
  }
}

function wordOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export class AdminClient {
  readonly #socketPath: string;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  /** Whether somebody listens. */
  async isThere(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const socket = connect({ path: this.#socketPath });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    try {
      return await promise;
    } finally {
      socket.destroy();
    }
  }

  /** Sends a request. @throws AdminError, DaemonUnreachable */
  async ask(
    method: string,
    path: string,
    options: { readonly body?: string; readonly signal?: AbortSignal } = {},
  ): Promise<IncomingMessage> {
    const call = this.#request(method, path, options.signal);
    call.end(options.body);
    return await answerOf(call);
  }

  /**
   * Posts a body of any length and gives out the lines that come back, also while it is being sent: a daemon that refuses
   * an archive answers before it has read all of it, and then its answer counts.
   * @throws what the body throws, before anything that follows from it; AdminError, DaemonUnreachable
   */
  async *upload(path: string, body: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Line> {
    const call = this.#request('POST', path, signal);
    const source = new Source(body);
    const answer = answerOf(call);
    pipeline(Readable.from(source.read()), call).catch((error: unknown) => {
      // Either the daemon has answered, or the call fails as well.
      call.destroy(Error.isError(error) ? error : new Error(String(error)));
    });
    try {
      yield* linesOf(await answer);
    } catch (error) {
      source.throwIfFailed();
      throw error;
    } finally {
      // The rest of the body is not wanted any more.
      call.destroy();
    }
    source.throwIfFailed();
  }

  #request(method: string, path: string, signal: AbortSignal | undefined): ClientRequest {
    return request({
      socketPath: this.#socketPath,
      method,
      path,
      ...(signal === undefined ? {} : { signal }),
    });
  }
}

/** A body, and whether it was the body that failed. */
class Source {
  readonly #body: AsyncIterable<Buffer>;
  #failure: { readonly error: unknown } | null = null;

  constructor(body: AsyncIterable<Buffer>) {
    this.#body = body;
  }

  async *read(): AsyncGenerator<Buffer> {
    const pieces = this.#body[Symbol.asyncIterator]();
    try {
      for (;;) {
        const piece = await this.#next(pieces);
        if (piece.done === true) return;
        // A failure of the connection is thrown in here.
        yield piece.value;
      }
    } finally {
      await pieces.return?.();
    }
  }

  async #next(pieces: AsyncIterator<Buffer>): Promise<IteratorResult<Buffer>> {
    try {
      return await pieces.next();
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  throwIfFailed(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }
}

/** The answer that says yes. @throws AdminError, DaemonUnreachable */
async function answerOf(call: ClientRequest): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  call.once('response', resolve).on('error', (error: unknown) => reject(unreachable(error)));
  const response = await promise;
  if (response.statusCode === 200) return response;
  for await (const line of linesOf(response)) throw new AdminError(line);
  throw new AdminError({ message: `the daemon answered ${response.statusCode}` });
}

/** @throws DaemonUnreachable when the connection is cut, perhaps within a line */
export async function* linesOf(response: IncomingMessage): AsyncGenerator<Line> {
  try {
    for await (const text of createInterface({ input: response, crlfDelay: Infinity })) yield lineOf(text);
  } catch (error) {
    throw unreachable(error);
  }
}

function unreachable(error: unknown): Error {
  return unavailable('DaemonUnreachable', `the daemon's admin socket: ${messageOf(error)}`, { cause: error });
}

/** What is no object says nothing. */
export function lineOf(text: string): Line {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
