/**
 * Port-forward over SPDY: for each connection the client opens a pair of streams, one for the bytes and one for an error
 * message; many pairs at a time over one session, also one inside of a WebSocket.
 *
 *   error and data stream of one request id ─▶ connect to the port in the pod ─▶ bytes both ways, half-close kept
 *            │ 30 s without the other: both reset        └ failed: text on the error stream, both reset
 *
 * Source: cri.md 2.9.
 */
import type { Duplex } from 'node:stream';
import { messageOf } from '../../base/errors.ts';
import type { PortForward } from '../../runtime/sessions/sessions.ts';
import { streamCreationTimeoutMs, type Session } from './session.ts';
import { SpdyConnection } from './spdy/connection.ts';
import { resetStatus } from './spdy/frames.ts';
import type { SpdyStream } from './spdy/stream.ts';
import { splice } from './splice.ts';

type Pair = {
  data: SpdyStream | null;
  error: SpdyStream | null;
  isComplete: boolean;
  readonly timer: NodeJS.Timeout;
};

/** Ends when the connection has ended. `transport` carries SPDY from here on. */
export async function serveSpdyPortForward(
  transport: Duplex,
  session: Session,
  forward: PortForward,
): Promise<void> {
  const pairs = new Pairs(
    async (port, data, error) => await run({ session, forward }, port, { data, error }),
  );
  using connection = new SpdyConnection(transport, {
    onStream: (stream) => pairs.offer(stream),
    onActivity: () => session.touch(),
  });
  session.onSubjectEnd(() => connection.close());
  void connection.closed.then(() => session.end('ClientLeft', 'the client has left'));
  void connection.serve();
  await connection.closed;
  pairs.close();
}

type Streams = { readonly data: SpdyStream; readonly error: SpdyStream };
type Run = (port: number, data: SpdyStream, error: SpdyStream) => Promise<void>;

/** The pairs by request: those that are complete, and those of which one stream has not come yet. */
class Pairs {
  readonly #run: Run;
  readonly #pairs = new Map<string, Pair>();

  constructor(run: Run) {
    this.#run = run;
  }

  offer(stream: SpdyStream): void {
    const type = stream.headers.get('streamtype');
    const port = parsePort(stream.headers.get('port') ?? '');
    if ((type !== 'data' && type !== 'error') || port === null)
      return stream.reset(resetStatus.refusedStream);
    const key = keyOf(stream, type);
    const pair = this.#pairs.get(key) ?? this.#begin(key);
    stream.accept();
    if (pair[type] !== null) return refuseDuplicate(pair, stream, type);
    pair[type] = stream;
    // One that leaves before its partner has come takes its place with it.
    stream.on('close', () => {
      if (!pair.isComplete) this.#drop(key, pair);
    });
    if (pair.data === null || pair.error === null) return undefined;
    clearTimeout(pair.timer);
    pair.isComplete = true;
    void this.#run(port, pair.data, pair.error).finally(() => this.#pairs.delete(key));
    return undefined;
  }

  close(): void {
    for (const [key, pair] of this.#pairs) if (!pair.isComplete) this.#drop(key, pair);
  }

  #begin(key: string): Pair {
    const timer = setTimeout(() => this.#drop(key, pair), streamCreationTimeoutMs);
    const pair: Pair = { data: null, error: null, isComplete: false, timer };
    this.#pairs.set(key, pair);
    return pair;
  }

  #drop(key: string, pair: Pair): void {
    clearTimeout(pair.timer);
    if (this.#pairs.get(key) === pair) this.#pairs.delete(key);
    pair.data?.reset(resetStatus.cancel);
    pair.error?.reset(resetStatus.cancel);
  }
}

/** Old clients name no request: the error stream comes first, the data stream has the next number. */
function keyOf(stream: SpdyStream, type: 'data' | 'error'): string {
  const requestId = stream.headers.get('requestid') ?? '';
  if (requestId !== '') return `id ${requestId}`;
  return `stream ${type === 'error' ? stream.id : stream.id - 2}`;
}

function refuseDuplicate(pair: Pair, stream: SpdyStream, type: 'data' | 'error'): void {
  if (pair.error !== null && !pair.error.writableEnded)
    pair.error.write(`error: a ${type} stream was opened twice for the same request`);
  stream.reset(resetStatus.refusedStream);
}

/** 1 to 65535. */
function parsePort(text: string): number | null {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : null;
}

type Place = { readonly session: Session; readonly forward: PortForward };

/** One connection. Never throws: what goes wrong is told on the error stream. */
async function run({ session, forward }: Place, port: number, { data, error }: Streams): Promise<void> {
  error.resume();
  try {
    const upstream = await forward.connect(port, session.signal);
    await splice({ source: data, sink: data }, upstream, session.signal);
    error.end();
    data.end();
  } catch (cause) {
    // Told to the client; the session goes on.
    const text = forwardFailure(port, forward.subject.id, cause);
    error.end(text, () => {
      error.reset(resetStatus.cancel);
      data.reset(resetStatus.cancel);
    });
  }
}

/** As clients know it. */
export function forwardFailure(port: number, podId: string, cause: unknown): string {
  return `error forwarding port ${port} to pod ${podId}, uid : ${messageOf(cause)}`;
}
