/**
 * An image found in an archive, whatever its form: what it is called, its documents, and where its layers lie. Nothing of
 * it is in the store yet.
 */
import type { Digest } from '../../base/ids.ts';
import type { ArtifactManifest } from '../documents/manifest.ts';
import type { Reference } from '../names/reference.ts';

export type Document = { readonly digest: Digest; readonly bytes: Buffer };

/** The archive of a layer. */
export type LayerFile = {
  readonly name: string;
  /** Null: the form does not say; the diffID is verified anyway. */
  readonly digest: Digest | null;
};

export type FoundImage = {
  /** At least one. */
  readonly references: readonly Reference[];
  /** Indexes and manifest, outermost first; none in the old form of `docker save`. */
  readonly documents: readonly Document[];
} & (
  | {
      readonly kind: 'image';
      readonly configBytes: Buffer;
      readonly configDigest: Digest;
      readonly layers: readonly LayerFile[];
    }
  | { readonly kind: 'artifact'; readonly manifest: ArtifactManifest }
);

/** What the user wants of an archive. */
export type ImportWish = {
  /** What the image shall be called, or the repository of all tags that the archive has; null: as the archive says. */
  readonly name: string | null;
  /** The one that is wanted, by its tag or name in the archive; null: all. */
  readonly ref: string | null;
};
