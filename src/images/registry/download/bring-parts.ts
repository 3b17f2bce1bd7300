/**
 * Brings parts of a blob from one endpoint, over as many cuts as are allowed: what a lead and its helpers do alike.
 * Source: RFC 9110, section 14 (range requests).
 */
import { sleepMs } from '../../../base/time.ts';
import type { NetworkLimits } from '../../limits.ts';
import { leastBytesOf, readBody } from './body.ts';
import type { Download } from './download.ts';
import { connectionFailed, PassingFailure, registryUnavailable, TooSlow, wrongContent } from '../failures.ts';
import type { Span } from './range-plan.ts';
import type { RegistryClient } from '../registry-client.ts';
import type { Answer } from '../transport.ts';

export type Work = {
  readonly client: RegistryClient;
  readonly download: Download;
  readonly signal: AbortSignal;
  readonly isLead: boolean;
};

/** Brings part after part until none is left to claim. */
export async function bringParts(work: Work, isDone?: () => boolean): Promise<void> {
  const { download, isLead } = work;
  for (let span = download.claim(); span !== null; span = isDone?.() === true ? null : download.claim()) {
    if (isLead) download.lead = span;
    try {
      await bringSpan(work, span);
    } finally {
      if (isLead) download.lead = null;
      download.giveBack(span);
    }
  }
}

/** One part, over as many cuts as are allowed. */
async function bringSpan(work: Work, span: Span): Promise<void> {
  const { client, signal } = work;
  const { limits } = client;
  for (let cuts = 0, fruitless = 0; span.position < span.end;) {
    const arrival = await request(work, span);
    const before = span.position;
    try {
      await receive(work, span, arrival);
    } catch (error) {
      signal.throwIfAborted();
      cuts += 1;
      fruitless = isProgress(error, span.position - before, limits) ? 0 : fruitless + 1;
      if (cuts > limits.resumptions || fruitless >= triesAfter(error, client)) throw error;
      await sleepMs(limits.pauseMs * 2 ** Math.max(0, fruitless - 1), signal);
    }
  }
}

/** Whether what an attempt brought before it ended is worth another one: of a trickle, more than a trickle has to bring. */
function isProgress(error: unknown, broughtBytes: number, limits: NetworkLimits): boolean {
  return broughtBytes > (error instanceof TooSlow ? leastBytesOf(limits) : 0);
}

/** How many attempts in a row may bring nothing. Where another place is asked next, one has to do. */
function triesAfter(error: unknown, { attempts }: RegistryClient): number {
  if (error instanceof TooSlow) return Math.min(2, attempts);
  return error instanceof PassingFailure ? attempts : 0;
}

/** An answer's bytes, and which of the blob they are. */
type Arrival = { readonly answer: Answer; readonly start: number; readonly end: number };

async function request(work: Work, span: Span): Promise<Arrival> {
  const { client, download, signal } = work;
  const { digest, sizeBytes } = download.options.descriptor;
  const [from, to] = [span.position, span.end];
  const isRange = from > 0 || to < sizeBytes;
  const headers = isRange ? { range: `bytes=${from}-${to - 1}` } : {};
  const answer = await client.ask({ method: 'GET', path: `blobs/${digest}`, headers }, signal);
  const start = await startOf(work, answer, { from, isRange });
  return { answer, start, end: answer.status === 206 ? to : sizeBytes };
}

async function receive(work: Work, span: Span, { answer, start, end }: Arrival): Promise<void> {
  const { client, download, signal } = work;
  const { digest, sizeBytes } = download.options.descriptor;
  let position = start;
  for await (const chunk of readBody(answer, client.limits, signal)) {
    if (position + chunk.length > end)
      throw wrongContent(answer.url.host, `blob "${digest}" is longer than its ${sizeBytes} bytes`);
    const [skipped, kept] = [Math.max(0, span.position - position), span.end - position];
    position += chunk.length;
    const wanted = chunk.subarray(skipped, kept);
    if (wanted.length > 0) {
      await download.blob.write(wanted, span.position);
      span.position += wanted.length;
    }
    // The part has become shorter while it came: somebody else brings the rest.
    if (span.position >= span.end && span.end < end) return;
  }
  // A part that has become longer meanwhile is asked for anew.
  if (span.position < Math.min(span.end, end))
    throw connectionFailed(client.endpoint.host, `blob "${digest}" ended early`);
}

/** Where an answer's bytes begin. A registry without ranges sends all from the beginning. @throws WrongContent */
async function startOf(
  { download, client, isLead }: Work,
  answer: Answer,
  asked: { readonly from: number; readonly isRange: boolean },
): Promise<number> {
  const { digest, sizeBytes } = download.options.descriptor;
  const { host } = answer.url;
  const refuse = async (why: string): Promise<never> => {
    answer.body.destroy();
    throw wrongContent(host, `blob "${digest}": ${why}`);
  };
  const encoding = answer.header('content-encoding') ?? 'identity';
  if (encoding !== 'identity') await refuse(`comes in the encoding "${encoding.slice(0, 40)}"`);
  if (answer.status === 206) {
    const range = /^bytes ([0-9]+)-[0-9]+\/([0-9]+|\*)$/.exec(answer.header('content-range') ?? '');
    const isRight = range?.[1] === `${asked.from}` && (range[2] === '*' || range[2] === `${sizeBytes}`);
    return asked.isRange && isRight ? asked.from : await refuse('another range than asked for');
  }
  const length = answer.header('content-length');
  if (length !== null && length !== `${sizeBytes}`)
    await refuse(`is announced with ${length.slice(0, 20)} bytes, and the manifest says ${sizeBytes}`);
  if (!asked.isRange) return 0;
  download.renounceRanges(isLead);
  if (isLead) return 0;
  // All of it from the beginning, for one part: the lead does that, for all that is left.
  answer.body.destroy();
  throw registryUnavailable(client.endpoint.host, 'has no ranges');
}
