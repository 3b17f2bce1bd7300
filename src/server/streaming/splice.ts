/**
 * Joins two byte streams: bytes both ways at the slower one's pace, half-closes kept, and both gone when either breaks.
 */
import type { Duplex, Readable, Writable } from 'node:stream';

/** The client's end: one Duplex twice, or two streams. */
export type ClientEnd = { readonly source: Readable; readonly sink: Writable };

/** Resolves when both directions have ended, or a stream of `client` has closed. @throws what broke `upstream` */
export async function splice(client: ClientEnd, upstream: Duplex, signal: AbortSignal): Promise<void> {
  const { source, sink } = client;
  const over = Promise.withResolvers<void>();
  const finish = (): void => over.resolve();
  signal.addEventListener('abort', finish, { once: true });
  for (const stream of [source, sink, upstream]) stream.on('close', finish);
  upstream.on('error', (error) => over.reject(error));
  source.pipe(upstream);
  upstream.pipe(sink);
  try {
    const isOver = signal.aborted || source.destroyed || sink.destroyed || upstream.destroyed;
    if (!isOver) await over.promise;
  } finally {
    signal.removeEventListener('abort', finish);
    source.unpipe(upstream);
    source.resume();
    upstream.unpipe(sink);
    upstream.destroy();
  }
}
