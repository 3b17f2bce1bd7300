/**
 * The conversation between the daemon and an unpacking thread; types only.
 *
 *   daemon → thread   unpack (one layer; its file may still grow) · grown … grown(isComplete) · stop
 *   thread → daemon   done | failed
 *
 * One layer at a time for each thread. A job is stopped by its shared flag, which the thread looks at between two pieces
 * of the archive; `stop` wakes it when it waits for more.
 */
import type { ArchiveLimits } from '../limits.ts';

/** What the assembly of an image must know of a layer. Paths are latin1 text, without a leading slash. */
export type LayerFacts = {
  readonly contentBytes: number;
  /** The attributes of the root directory, when the archive has an entry for it. */
  readonly root: { readonly mode: number; readonly uid: number; readonly gid: number } | null;
  /** Every file that the archive brought is still there as it came: with `archive.zst`, the archive can be written again. */
  readonly isRebuildable: boolean;
  /** Directories without an entry: their owner and mode are those of a lower layer. */
  readonly impliedDirectories: readonly string[];
  /** Directories that hide what lower layers have of them. */
  readonly opaqueDirectories: readonly string[];
  /** Hard links to files of lower layers. */
  readonly foreignLinks: readonly { readonly path: string; readonly target: string }[];
};

export type Unpacked = LayerFacts & {
  /** `sha256:…` of the decompressed archive. */
  readonly diffId: string;
  readonly archiveBytes: number;
  readonly entries: number;
};

export type UnpackRequest = {
  readonly kind: 'unpack';
  readonly blobPath: string;
  /** An empty directory. */
  readonly directory: string;
  /** A new file: what of the archive is not content of files. */
  readonly skeletonPath: string;
  readonly hash: 'sha256' | 'sha512';
  /** One Int32: not 0 when nobody wants the layer any more. */
  readonly stopFlag: SharedArrayBuffer;
  readonly availableBytes: number;
  readonly isComplete: boolean;
  readonly limits: ArchiveLimits;
};

export type ToThread =
  | UnpackRequest
  | { readonly kind: 'grown'; readonly availableBytes: number; readonly isComplete: boolean }
  | { readonly kind: 'stop' };

export type FromThread =
  | { readonly kind: 'done'; readonly unpacked: Unpacked }
  | {
      readonly kind: 'failed';
      readonly isImageFault: boolean;
      readonly reason: string;
      readonly message: string;
    };
