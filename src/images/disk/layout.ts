/**
 * Where things lie below the image store's directory. Pure.
 *
 *   blobs/ALGORITHM/HEX      manifests and configs, by digest
 *   layers/HEX/              one directory for each diffID: diff/, layer.json, archive.zst
 *   l/SHORT                  a short link to layers/HEX/diff, for mount(2), whose options have one page
 *   mends/HEX/diff           for the few images whose layers cannot stand alone (assembly.ts)
 *   records/HEX.json         one record for each image
 *   empty/{1,2}              lower directories for an image of too few layers
 *   tmp/                     everything unfinished; swept at start
 *   quarantine/              damaged records and layers
 *   unflushed/               what is shown and may not be on the disk yet (flushes.ts)
 *   checked                  the boot in which all layers were looked at
 */
import { type AbsolutePath, absolutePath, type Digest, type ImageId, joinPath } from '../../base/ids.ts';

export class Layout {
  readonly root: AbsolutePath;

  constructor(root: string) {
    this.root = absolutePath(root);
  }

  get folders(): readonly AbsolutePath[] {
    return [
      'blobs/sha256',
      'blobs/sha512',
      'layers',
      'l',
      'mends',
      'records',
      'tmp',
      'quarantine',
      'unflushed',
      'empty/1',
      'empty/2',
    ].map((name) => joinPath(this.root, name));
  }

  /** All that takes space beside layers; what mends hold are mostly other names of layers' files. */
  get besideLayers(): readonly AbsolutePath[] {
    return [this.blobs, this.records, this.temporary, this.quarantine];
  }

  get records(): AbsolutePath {
    return joinPath(this.root, 'records');
  }

  get temporary(): AbsolutePath {
    return joinPath(this.root, 'tmp');
  }

  get layers(): AbsolutePath {
    return joinPath(this.root, 'layers');
  }

  get links(): AbsolutePath {
    return joinPath(this.root, 'l');
  }

  get mends(): AbsolutePath {
    return joinPath(this.root, 'mends');
  }

  get unflushed(): AbsolutePath {
    return joinPath(this.root, 'unflushed');
  }

  get blobs(): AbsolutePath {
    return joinPath(this.root, 'blobs');
  }

  get quarantine(): AbsolutePath {
    return joinPath(this.root, 'quarantine');
  }

  get emptyDirectories(): readonly AbsolutePath[] {
    return [joinPath(this.root, 'empty/1'), joinPath(this.root, 'empty/2')];
  }

  blob(digest: Digest): AbsolutePath {
    const [algorithm = '', hex = ''] = digest.split(':');
    return joinPath(this.blobs, algorithm, hex);
  }

  layer(diffId: Digest): AbsolutePath {
    return joinPath(this.layers, hexOf(diffId));
  }

  /** The layer as announcements name it. */
  entryOfLayer(diffId: Digest): string {
    return `layers/${hexOf(diffId)}`;
  }

  /** The mend as announcements name it. */
  entryOfMend(id: ImageId): string {
    return `mends/${hexOf(id)}`;
  }

  layerDiff(diffId: Digest): AbsolutePath {
    return joinPath(this.layer(diffId), 'diff');
  }

  link(diffId: Digest): AbsolutePath {
    return joinPath(this.links, hexOf(diffId).slice(0, 20));
  }

  mend(id: ImageId): AbsolutePath {
    return joinPath(this.mends, hexOf(id));
  }
}

/** The hex digits of a digest. */
export function hexOf(digest: Digest | ImageId): string {
  return digest.slice(digest.indexOf(':') + 1);
}
