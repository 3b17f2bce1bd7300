/**
 * Brings one blob into a file: never longer than announced, resumed after a cut, in several ranges at once when it takes
 * long and connections are to spare, and verified as a whole. A reader may follow the file while it grows. What one
 * endpoint brought stays when another one goes on.
 *
 *   lead:    GET all ──────────────▶ its part ──▶ next part (range) ──▶ … ─▶ digest
 *   helpers: after a second, if it comes slowly ─▶ GET range ─▶ next part … ; they leave when somebody waits for a connection
 *
 * Source: OCI distribution spec, "Pulling blobs"; RFC 9110, section 14 (range requests).
 */
import { internal } from '../../../base/errors.ts';
import { bringParts, type Work } from './bring-parts.ts';
import type { Download, Spare } from './download.ts';
import type { RegistryClient } from '../registry-client.ts';

/** Resolves when the file is whole and its digest is right. @throws RegistryUnavailable, WrongContent, the file system's error, the signal's reason */
export async function downloadBlob(
  client: RegistryClient,
  download: Download,
  signal: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const work = { client, download, signal: AbortSignal.any([signal, stop.signal]) };
  download.beginAnew();
  // A helper does not wait for a registry: the lead would wait for it, and it is the lead that is told to wait.
  const helpers = new Helpers({ ...work, client: client.once(), isLead: false });
  try {
    while (!download.isWhole) {
      const before = download.blob.receivedBytes;
      await bringParts({ ...work, isLead: true });
      // What a helper gave back is claimed in the next round.
      await helpers.settled();
      // Circles of which none waits would stop the whole daemon.
      if (!download.isWhole && download.blob.receivedBytes <= before)
        throw internal(
          'DownloadStuck',
          `blob "${download.options.descriptor.digest}": no part is left to ask for`,
        );
    }
  } finally {
    stop.abort();
    await helpers.close();
  }
  await download.conclude(client.endpoint.host);
}

/** Further connections for a blob that takes long. */
class Helpers {
  readonly #work: Work;
  readonly #running = new Set<Promise<void>>();
  readonly #timer: NodeJS.Timeout;
  #isWelcome = true;
  #beforeBytes = 0;

  constructor(work: Work) {
    this.#work = work;
    this.#timer = setInterval(() => this.#invite(), work.client.limits.parallelAfterMs);
    this.#timer.unref();
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
    if (this.#isFast()) return;
    const { sharing } = download.options;
    if (!this.#isWelcome || sharing === undefined || !download.hasRanges) return;
    const { lead } = download;
    if (lead === null || lead.position === 0) return;
    while (this.#running.size + 1 < sharing.maxConnections) {
      const spare = sharing.spare();
      if (spare === null) return;
      if (!download.plan.share(lead)) {
        spare.release();
        return;
      }
      const run = this.#help(spare).finally(() => this.#running.delete(run));
      this.#running.add(run);
    }
  }

  /** In the time since it was asked last. */
  #isFast(): boolean {
    const { download, client } = this.#work;
    const { parallelAfterMs, parallelBelowBytesPerSecond } = client.limits;
    const broughtBytes = download.blob.receivedBytes - this.#beforeBytes;
    this.#beforeBytes += broughtBytes;
    return broughtBytes >= (parallelBelowBytesPerSecond * parallelAfterMs) / 1000;
  }

  /** Never throws: what a helper did not bring goes back to the plan, and its failure comes again if it is the lead's, too. */
  async #help(spare: Spare): Promise<void> {
    try {
      await bringParts(this.#work, spare.isWanted);
    } catch {
      this.#isWelcome = false;
    } finally {
      spare.release();
    }
  }
}
