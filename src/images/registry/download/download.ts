/**
 * How far one blob has come, whoever brings it, and into which file. It outlives the endpoints that are asked in turn.
 */
import type { Descriptor } from '../../documents/manifest.ts';
import type { Release } from '../../../base/slots.ts';
import type { GrowingFile } from '../../unpack/growing-file.ts';
import { BlobFile } from './blob-file.ts';
import { wrongContent } from '../failures.ts';
import { RangePlan, type Span } from './range-plan.ts';

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
  /** The part that comes for sure, while others come if there are connections to spare. */
  lead: Span | null = null;
  #hasRanges = true;

  private constructor(options: DownloadOptions, blob: BlobFile, partBytes: number) {
    this.options = options;
    this.blob = blob;
    this.plan = new RangePlan(options.descriptor.sizeBytes, partBytes);
  }

  static async open(options: DownloadOptions, partBytes: number): Promise<Download> {
    return new Download(options, await BlobFile.open(options.file, options.descriptor.digest), partBytes);
  }

  /** Whether whoever is asked now sends parts, as far as is known. */
  get hasRanges(): boolean {
    return this.#hasRanges;
  }

  /** Somebody else is asked. */
  beginAnew(): void {
    this.#hasRanges = true;
  }

  /** Whoever is asked sends everything or nothing. Where it is the lead who has just asked, all that is missing comes by. */
  renounceRanges(isLeads: boolean): void {
    this.#hasRanges = false;
    if (isLeads && this.lead !== null)
      this.lead.position = Math.min(this.lead.position, this.blob.prefixBytes);
    this.plan.unite(this.lead);
  }

  /** The next part; null: nothing is left to claim. */
  claim(): Span | null {
    return this.isWhole ? null : this.plan.claim();
  }

  /** A part that is not finished is for the next one who asks, or for the lead where there are no parts. */
  giveBack(span: Span): void {
    this.plan.giveBack(span);
    if (!this.#hasRanges) this.plan.unite(this.lead);
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
