/**
 * What a pull or an import tells of itself while it runs: for logs, progress bars and metrics. An observer is told; it
 * asks nothing, answers nothing, and must be quick, since it is called for every chunk that arrives.
 *
 *   layers ─▶ of each layer: present | waiting ─▶ downloading (bytes …) ─▶ downloaded ─▶ unpacked ─▶ ended
 *                                       └──────▶ shared (another pull brings it) ─▶ present
 */
import type { Digest } from '../base/ids.ts';

export type LayerState =
  | 'present'
  | 'waiting'
  | 'shared'
  | 'downloading'
  | 'downloaded'
  /** Of an import, for what a pull downloads. */
  | 'reading'
  | 'read'
  | 'unpacked';

export type LayerOutline = {
  /** Of the archive as the registry has it. */
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly state: 'present' | 'waiting';
};

export type ProgressEvent =
  /** Once, when the manifest and the config are known; lowest layer first. */
  | { readonly kind: 'layers'; readonly reference: string; readonly layers: readonly LayerOutline[] }
  | { readonly kind: 'state'; readonly digest: Digest; readonly state: LayerState }
  /** `receivedBytes` of the layer without a gap; it falls when another place has to send all of it again. */
  | { readonly kind: 'bytes'; readonly digest: Digest; readonly receivedBytes: number }
  /** Of a command: how much of an archive has been read or written. `totalBytes`: null when nobody knows. */
  | {
      readonly kind: 'archive';
      readonly what: 'read' | 'written';
      readonly doneBytes: number;
      readonly totalBytes: number | null;
    }
  /** Of an import: an image of the archive is not taken, for it has no name and others have one. */
  | { readonly kind: 'left-out'; readonly digest: Digest }
  /** Another place is asked instead; `why` holds no secret. */
  | { readonly kind: 'passed-over'; readonly host: string; readonly why: string }
  /** Once, last. `failure`: null when the image is there. */
  | { readonly kind: 'ended'; readonly failure: unknown };

export type Observer = (event: ProgressEvent) => void;

/** Makes the observer of one pull; `name` is what was asked for. */
export type ObservePull = (pull: { readonly name: string }) => Observer;

/** For who does not care. */
export function unobserved(): void {
  // Nobody listens.
}
