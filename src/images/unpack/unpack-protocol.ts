/**
 * The conversation between the daemon and an unpacking thread; types only.
 *
 *   daemon → thread   unpack (one layer; its file may still grow) · grown … grown(isComplete) · stop
 *                     check (a layer that is there) · stop
 *   thread → daemon   starved (once, when it has waited for more) … done | checked | failed
 *
 * One layer at a time for each thread. A job is stopped by its shared flag, which the thread looks at between two pieces
 * of the archive; `stop` wakes it when it waits for more.
 */
import type { ArchiveLimits } from '../limits.ts';

/** What is counted while a layer is written: whole blocks, and each file once, whatever it is called. */
export type LayerDisk = { readonly usedBytes: number; readonly inodes: number };

/** What the assembly of an image must know of a layer. Paths are latin1 text, without a leading slash. */
export type LayerFacts = {
  readonly contentBytes: number;
  /** What its files take of the disk. */
  readonly disk: LayerDisk;
  /** The attributes of the root directory, when the archive has an entry for it. */
  readonly root: { readonly mode: number; readonly uid: number; readonly gid: number } | null;
  /** Every file that the archive brought is still there as it came: with `archive.zst`, the archive can be written again. */
  readonly isRebuildable: boolean;
  /** Directories without an entry: their owner and mode are those of a lower layer. */
  readonly impliedDirectories: readonly string[];
  /** Directories that hide what lower layers have of them. */
  readonly opaqueDirectories: readonly string[];
  /** Of these, those that stand in place of what the layer removes by a whiteout. */
  readonly replacingDirectories: readonly string[];
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

export type CheckRequest = {
  readonly kind: 'check';
  /** The files of the layer. */
  readonly directory: string;
  readonly skeletonPath: string;
  readonly skeletonBytes: number;
  /** `entries`: what the file system tells of each; `content`: also every byte. */
  readonly level: 'entries' | 'content';
  /** A new file that gets the archive, at the level `content`; null: none. */
  readonly archivePath: string | null;
  readonly diffId: string;
  readonly hash: 'sha256' | 'sha512';
  readonly isRebuildable: boolean;
  /** One Int32: not 0 when nobody wants to know any more. */
  readonly stopFlag: SharedArrayBuffer;
  readonly limits: ArchiveLimits;
};

export type ToThread =
  | UnpackRequest
  | CheckRequest
  | { readonly kind: 'grown'; readonly availableBytes: number; readonly isComplete: boolean }
  | { readonly kind: 'stop' };

export type FromThread =
  | { readonly kind: 'starved' }
  | { readonly kind: 'done'; readonly unpacked: Unpacked }
  /** What is wrong with the layer, in words. */
  | { readonly kind: 'checked'; readonly faults: readonly string[] }
  | {
      readonly kind: 'failed';
      readonly isImageFault: boolean;
      readonly isNoSpace: boolean;
      readonly reason: string;
      readonly message: string;
    };
