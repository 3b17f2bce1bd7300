/**
 * How far one blob has come, whoever brings it, and into which file. It outlives the endpoints that are asked in turn.
 */
import type { Descriptor } from '../../documents/manifest.ts';
import type { Release } from '../../../base/slots.ts';
import type { GrowingFile } from '../../unpack/growing-file.ts';
import { BlobFile } from './blob-file.ts';
import { wrongContent } from '../failures.ts';
import { RangePlan } from './range-plan.ts';

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
