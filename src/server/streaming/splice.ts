/**
 * Joins two byte streams: bytes both ways at the slower one's pace, half-closes kept, and both gone when either breaks.
 */
import type { Readable, Writable } from 'node:stream';
import type { Upstream } from '../../runtime/sessions/sessions.ts';

/** The client's end: one Duplex twice, or two streams. */
export type ClientEnd = { readonly source: Readable; readonly sink: Writable };

/** Resolves when both directions have ended, or a stream of `client` has closed. @throws what broke `upstream` */
export async function splice(client: ClientEnd, upstream: Upstream, signal: AbortSignal): Promise<void> {
  const { source, sink } = client;
  const { socket } = upstream;
  const over = Promise.withResolvers<void>();
  const finish = (): void => over.resolve();
  signal.addEventListener('abort', finish, { once: true });
  for (const stream of [source, sink, socket]) stream.on('close', finish);
  socket.on('error', (error) => over.reject(error));
  source.pipe(socket);
  upstream.begin(
    (bytes, taken) => void sink.write(bytes, taken),
    // What broke, or was broken off, has not ended.
    () => void (socket.errored !== null || signal.aborted || sink.end()),
  );
  try {
    const isOver = signal.aborted || source.destroyed || sink.destroyed || socket.destroyed;
    if (!isOver) await over.promise;
  } finally {
    signal.removeEventListener('abort', finish);
    source.unpipe(socket);
    source.resume();
    upstream.close();
  }
}
