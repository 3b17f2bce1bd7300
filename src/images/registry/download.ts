/**
 * Brings one blob into a file: never longer than announced, resumed after a cut, in several ranges at once when it takes
 * long and connections are to spare, and verified as a whole. A reader may follow the file while it grows. What one
 * endpoint brought stays when another one goes on.
 *
 *   lead:    GET all ──────────────▶ its part ──▶ next part (range) ──▶ … ─▶ digest
 *   helpers: after a second ─▶ GET range ─▶ next part … ; they leave when somebody waits for a connection
 *
 * Source: OCI distribution spec, "Pulling blobs"; RFC 9110, section 14 (range requests).
 */
import { CriError } from '../../base/errors.ts';
import { sleepMs } from '../../base/time.ts';
import type { Descriptor } from '../manifest.ts';
import type { Release } from '../slots.ts';
import type { GrowingFile } from '../unpack/growing-file.ts';
import { BlobFile } from './blob-file.ts';
import { readBody } from './body.ts';
import { registryUnavailable, wrongContent } from './failures.ts';
import { RangePlan, type Span } from './range-plan.ts';
import type { RegistryClient } from './registry-client.ts';
import type { Answer } from './transport.ts';

export type DownloadOptions = {
  readonly descriptor: Descriptor;
  readonly file: GrowingFile;
  /** Further connections for a blob that takes long; absent: one has to do. */
  readonly sharing?: Sharing;
};

export type Sharing = {
  /** All connections of one blob. */
  readonly maxConnections: number;
  /** A further connection, or null when there is none to spare. */
  readonly spare: () => Spare | null;
};

export type Spare = {
  readonly release: Release;
  /** Somebody waits for it. */
  readonly isWanted: () => boolean;
};

/** How far one blob has come, whoever brings it. */
export class Download implements AsyncDisposable {
  readonly options: DownloadOptions;
  readonly plan: RangePlan;
  readonly blob: BlobFile;
  hasRanges = true;

  private constructor(options: DownloadOptions, blob: BlobFile, partBytes: number) {
    this.options = options;
    this.blob = blob;
    this.plan = new RangePlan(options.descriptor.sizeBytes, partBytes);
  }

  static async open(options: DownloadOptions, partBytes: number): Promise<Download> {
    return new Download(options, await BlobFile.open(options.file, options.descriptor.digest), partBytes);
  }

  get isWhole(): boolean {
    return this.blob.prefixBytes >= this.options.descriptor.sizeBytes;
  }

  /** @throws WrongContent when what came has another digest */
  async conclude(host: string): Promise<void> {
    const { digest } = this.options.descriptor;
    const found = await this.blob.conclude(digest);
    if (found !== digest) throw wrongContent(host, `blob "${digest}" has digest "${found}"`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.blob.close();
  }
}

/** Resolves when the file is whole and its digest is right. @throws RegistryUnavailable, WrongContent, the signal's reason */
export async function downloadBlob(
  client: RegistryClient,
  download: Download,
  signal: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const work = { client, download, signal: AbortSignal.any([signal, stop.signal]) };
  download.hasRanges = true;
  const helpers = new Helpers({ ...work, isLead: false });
  try {
    while (!download.isWhole) {
      await bringParts({ ...work, isLead: true }, (span) => helpers.watch(span));
      // What a helper gave back is claimed in the next round.
      await helpers.settled();
    }
  } finally {
    stop.abort();
    await helpers.close();
  }
  await download.conclude(client.endpoint.host);
}

type Work = {
  readonly client: RegistryClient;
  readonly download: Download;
  readonly signal: AbortSignal;
  readonly isLead: boolean;
};

/** Brings part after part until none is left to claim. */
async function bringParts(work: Work, onSpan: (span: Span) => void, isDone?: () => boolean): Promise<void> {
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
  // A compressed transfer would make ranges and lengths mean something else.
  const identity = { 'accept-encoding': 'identity', ...headers };
  const answer = await client.ask({ method: 'GET', path: `blobs/${digest}`, headers: identity }, signal);
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

/** Further connections for a blob that takes long. */
class Helpers {
  readonly #work: Work;
  readonly #running = new Set<Promise<void>>();
  readonly #timer: NodeJS.Timeout;
  #lead: Span | null = null;
  #isWelcome = true;

  constructor(work: Work) {
    this.#work = work;
    this.#timer = setInterval(() => this.#invite(), work.client.limits.parallelAfterMs);
    this.#timer.unref();
  }

  /** The part that the lead brings now. */
  watch(lead: Span): void {
    this.#lead = lead;
  }

  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#isWelcome = false;
    await this.settled();
  }

  #invite(): void {
    const { download } = this.#work;
    const { sharing } = download.options;
    if (!this.#isWelcome || sharing === undefined || !download.hasRanges) return;
    while (
      this.#lead !== null &&
      this.#lead.position > 0 &&
      this.#running.size + 1 < sharing.maxConnections
    ) {
      const spare = sharing.spare();
      if (spare === null) return;
      if (!download.plan.share(this.#lead)) {
        spare.release();
        return;
      }
      const run = this.#help(spare).finally(() => this.#running.delete(run));
      this.#running.add(run);
    }
  }

  /** Never throws: what a helper did not bring goes back to the plan, and its failure comes again if it is the lead's, too. */
  async #help(spare: Spare): Promise<void> {
    try {
      await bringParts(this.#work, () => undefined, spare.isWanted);
    } catch {
      this.#isWelcome = false;
    } finally {
      spare.release();
    }
  }
}

function isCut(error: unknown): boolean {
  return error instanceof CriError && error.reason === 'RegistryUnavailable';
}
