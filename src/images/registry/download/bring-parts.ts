/**
 * Brings parts of a blob from one endpoint, over as many cuts as are allowed: what a lead and its helpers do alike.
 * Source: RFC 9110, section 14 (range requests).
 */
import { CriError } from '../../../base/errors.ts';
import { sleepMs } from '../../../base/time.ts';
import { readBody } from './body.ts';
import type { Download } from './download.ts';
import { registryUnavailable, wrongContent } from '../failures.ts';
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
export async function bringParts(
  work: Work,
  onSpan: (span: Span) => void,
  isDone?: () => boolean,
): Promise<void> {
  const { plan } = work.download;
  for (let span = plan.claim(); span !== null; span = isDone?.() === true ? null : plan.claim()) {
    try {
      onSpan(span);
      await bringSpan(work, span);
    } finally {
      plan.giveBack(span);
    }
  }
}

/** One part, over as many cuts as are allowed. */
async function bringSpan(work: Work, span: Span): Promise<void> {
  const { client, download, signal } = work;
  const { limits, endpoint } = client;
  for (let resumptions = 0; span.position < span.end; resumptions += 1) {
    const before = span.position;
    try {
      await receive(work, span);
      if (span.position < span.end)
        throw registryUnavailable(endpoint.host, `blob "${download.options.descriptor.digest}" ended early`);
    } catch (error) {
      signal.throwIfAborted();
      if (!isCut(error) || span.position <= before || resumptions >= limits.resumptions) throw error;
      await sleepMs(limits.pauseMs, signal);
    }
  }
}

async function receive(work: Work, span: Span): Promise<void> {
  const { client, download, signal } = work;
  const { digest, sizeBytes } = download.options.descriptor;
  const [from, to] = [span.position, span.end];
  const isRange = from > 0 || to < sizeBytes;
  const headers = isRange ? { range: `bytes=${from}-${to - 1}` } : {};
  const answer = await client.ask({ method: 'GET', path: `blobs/${digest}`, headers }, signal);
  const start = await startOf(work, answer, { from, isRange });
  const end = answer.status === 206 ? to : sizeBytes;
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
  download.hasRanges = false;
  download.plan.unite();
  if (isLead) return 0;
  // All of it from the beginning, for one part: the lead does that, for all that is left.
  answer.body.destroy();
  throw registryUnavailable(client.endpoint.host, 'has no ranges');
}

function isCut(error: unknown): boolean {
  return error instanceof CriError && error.reason === 'RegistryUnavailable';
}
