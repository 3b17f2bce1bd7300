/**
 * A blob that a fake registry sends slowly, so that it is fetched over several connections. For tests.
 */
import type { ServerResponse } from 'node:http';
import type { FakeRegistry } from './fake-registry.ts';

export type SlowBlob = { readonly digest: string; readonly bytes: Buffer; readonly hasRanges?: boolean };

const chunkBytes = 16 * 1024;

/** A chunk every 10 ms. */
export function serveSlowly(of: FakeRegistry, { digest, bytes, hasRanges = true }: SlowBlob): void {
  of.intercept = (request, response) => {
    if (request.url?.endsWith(digest) !== true) return false;
    const { from, to } = spanOf(hasRanges ? request.headers.range : undefined, bytes.length);
    const isRange = hasRanges && request.headers.range !== undefined;
    const range = isRange ? { 'content-range': `bytes ${from}-${to - 1}/${bytes.length}` } : {};
    response.writeHead(isRange ? 206 : 200, { 'content-length': to - from, ...range });
    trickle(response, bytes.subarray(from, to));
    return true;
  };
}

/** The bytes that a request asks for; all of them without a range. */
export function spanOf(range: string | undefined, length: number): { from: number; to: number } {
  const [, from = '0', last = ''] = /^bytes=([0-9]+)-([0-9]*)$/.exec(range ?? '') ?? [];
  return { from: Number(from), to: last === '' ? length : Number(last) + 1 };
}

function trickle(response: ServerResponse, bytes: Buffer): void {
  let at = 0;
  const timer = setInterval(() => {
    if (at >= bytes.length) response.end();
    else response.write(bytes.subarray(at, (at += chunkBytes)));
  }, 10);
  response.once('close', () => clearInterval(timer));
}
