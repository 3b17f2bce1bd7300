/**
 * Names that a layer leaves to the ones below it to explain. The daemon keeps them for as long as it has the layer, and each
 * of them may cost a look into each layer below. Pure.
 */
import { badImage } from '../documents/document.ts';
import type { LayerFacts } from './unpack-protocol.ts';

type Lending = Pick<
  LayerFacts,
  'impliedDirectories' | 'opaqueDirectories' | 'replacingDirectories' | 'foreignLinks'
>;

/** What a text takes beside its characters. */
const stringBytes = 32;

/** What the names of a layer take. */
export function lentBytesOf(layer: Lending): number {
  let bytes = 0;
  for (const paths of [layer.impliedDirectories, layer.opaqueDirectories, layer.replacingDirectories])
    for (const path of paths) bytes += path.length + stringBytes;
  for (const { path, target } of layer.foreignLinks) bytes += path.length + target.length + 2 * stringBytes;
  return bytes;
}

/** Those of the layers of one image, as they come. */
export class LentNames {
  readonly #most: number;
  readonly #bytes = new Map<string, number>();

  /** `most`: bytes. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Takes a layer, once. @throws InvalidImage when the names of all are too many */
  add(layer: Lending & { readonly diffId: string }): void {
    this.#bytes.set(layer.diffId, lentBytesOf(layer));
    const bytes = this.#bytes.values().reduce((sum, each) => sum + each, 0);
    if (bytes > this.#most)
      throw badImage(
        `image: its layers leave names of more than ${this.#most} bytes to the ones below them to explain`,
      );
  }
}
