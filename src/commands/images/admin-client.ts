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

  /** Sends a request and its body. @throws AdminError, DaemonUnreachable */
  async ask(
    method: string,
    path: string,
    options: { readonly body?: AsyncIterable<Buffer>; readonly signal?: AbortSignal } = {},
  ): Promise<IncomingMessage> {
    const { signal, body } = options;
    const call = request({
      socketPath: this.#socketPath,
      method,
      path,
      ...(signal === undefined ? {} : { signal }),
    });
    const answer = answerOf(call);
    if (body === undefined) call.end();
    else await send(call, body, answer);
    const response = await answer;
    if (response.statusCode === 200) return response;
    for await (const line of linesOf(response)) throw new AdminError(line);
    throw new AdminError({ message: `the daemon answered ${response.statusCode}` });
  }
}

/** A daemon that refuses an archive answers before it has read all of it: then its answer counts. */
async function send(
  call: ClientRequest,
  body: AsyncIterable<Buffer>,
  answer: Promise<IncomingMessage>,
): Promise<void> {
  const sent = pipeline(Readable.from(body), call);
  const first = await Promise.race([
    sent.then(() => 'sent' as const).catch((error: unknown) => ({ error })),
    answer.then(() => 'answered' as const),
  ]);
  if (first === 'sent' || first === 'answered') {
    sent.catch(() => undefined);
    return;
  }
  throw first.error;
}

async function answerOf(call: ClientRequest): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  call.once('response', resolve).once('error', (error: unknown) => {
    reject(
      unavailable('DaemonUnreachable', `the daemon's admin socket: ${messageOf(error)}`, { cause: error }),
    );
  });
  return await promise;
}

/** @throws what cuts the connection */
export async function* linesOf(response: IncomingMessage): AsyncGenerator<Line> {
  for await (const text of createInterface({ input: response, crlfDelay: Infinity })) yield lineOf(text);
}

/** What is no object says nothing. */
export function lineOf(text: string): Line {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
