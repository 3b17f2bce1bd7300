/**
 * All images in memory, by id and by name, with their records on disk. Readers never wait; a change is written first and
 * shown then, except for a removal, which is shown first: an image must be gone for everybody when its removal returns,
 * also on a full disk.
 */
import { errnoOf, internal, invalid, messageOf } from '../../base/errors.ts';
import type { Digest, ImageId } from '../../base/ids.ts';
import { KeyedLock } from '../../base/locks.ts';
import { PrefixIndex } from '../../store/prefix-index.ts';
import type { RecordFolder } from '../../store/record-file.ts';
import { hexOf } from '../disk/layout.ts';
import { type ImageRecord, imageFromJson, imageToJson } from './image-record.ts';
import { canonicalName, idPrefixOf } from '../names/reference.ts';
import { defaultShortNames, meaningsOf, type ShortNames } from '../names/short-names.ts';

const never = new AbortController().signal;

/** What a start had to set aside. */
export type LostImages = {
  readonly damaged: readonly ImageRecord[];
  /** Records that do not say what they were of: damaged, or of a newer version. */
  readonly unreadable: number;
};

export class Catalog {
  readonly #folder: RecordFolder;
  readonly #images = new Map<ImageId, ImageRecord>();
  readonly #names = new Map<string, ImageId>();
  readonly #prefixes = new PrefixIndex<ImageId>();
  readonly #writes = new KeyedLock();
  #shortNames: ShortNames = defaultShortNames;

  readonly #hasLayer: (diffId: Digest) => boolean;

  constructor(folder: RecordFolder, hasLayer: (diffId: Digest) => boolean) {
    this.#folder = folder;
    this.#hasLayer = hasLayer;
  }

  /** Reads the records, once, at start; those in which `faultOf` finds one are set aside. */
  async load(faultOf: (image: ImageRecord) => Promise<string | null>): Promise<LostImages> {
    const damaged: ImageRecord[] = [];
    let unreadable = 0;
    const records = await this.#folder.readAll(imageFromJson, () => (unreadable += 1));
    for (const image of records) {
      const fault = await faultOf(image);
      if (fault === null) {
        this.#show(image);
        continue;
      }
      damaged.push(image);
      await this.#folder.quarantine(`${hexOf(image.id)}.json`, fault);
    }
    return { damaged, unreadable };
  }

  /** Takes an image that turned out to be damaged out of use. */
  async setAside(id: ImageId, fault: string): Promise<void> {
    this.#hide(id);
    await this.#writes.hold('catalog', never, async () => {
      if (!this.#images.has(id)) await this.#moveAside(id, fault);
    });
  }

  async #moveAside(id: ImageId, fault: string): Promise<void> {
    try {
      await this.#folder.quarantine(`${hexOf(id)}.json`, fault);
    } catch (error) {
      // Moved already.
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
  }

  /** What short names mean from now on. */
  setShortNames(names: ShortNames): void {
    this.#shortNames = names;
  }

  all(): IterableIterator<ImageRecord> {
    return this.#images.values();
  }

  get(id: ImageId): ImageRecord | null {
    return this.#images.get(id) ?? null;
  }

  /**
   * The image that a text names: a full id, a name (tag or digest, short or long), or a unique prefix of an id, in this
   * order, so that nobody can take over a name with an id that begins like it.
   * @throws InvalidImageName, AmbiguousImageId
   */
  find(text: string): ImageRecord | null {
    const prefix = idPrefixOf(text);
    if (prefix?.length === 64) return this.#byPrefix(prefix, text);
    const name = this.nameOf(text);
    const id = name === null ? undefined : this.#names.get(name);
    if (id !== undefined) return this.get(id);
    return prefix === null ? null : this.#byPrefix(prefix, text);
  }

  /** The whole name by which `find` finds an image; null when it is by an id, or not at all. @throws InvalidImageName */
  nameOf(text: string): string | null {
    const prefix = idPrefixOf(text);
    if (prefix?.length === 64) return null;
    let references;
    try {
      references = meaningsOf(text, this.#shortNames);
    } catch (error) {
      if (prefix !== null) return null;
      throw error;
    }
    return references.map(canonicalName).find((name) => this.#names.has(name)) ?? null;
  }

  /**
   * Adds an image, or names to one that is there; a tag that another image had moves here.
   * @throws LayerMissing when a layer of it was set aside as damaged meanwhile: a pull brings it again
   */
  async add(image: ImageRecord): Promise<ImageRecord> {
    return await this.#writes.hold('catalog', never, async () => {
      this.#checkLayers(image);
      const merged = merge(this.#images.get(image.id) ?? null, image);
      const others = [...this.#images.values()].filter(({ id }) => id !== merged.id);
      const losing = others
        .map((before) => ({ before, left: withoutTags(before, merged.repoTags) }))
        .filter(({ before, left }) => before !== left);
      // First the images that lose a tag: after a crash in between, a tag is nobody's and never two images'.
      const written = [...losing.map(({ left }) => left), merged];
      await this.#folder.writeTogether(
        written.map((each) => ({ id: hexOf(each.id), value: imageToJson(each) })),
      );
      for (const { before, left } of losing) {
        // It may have been removed meanwhile: then it stays out of sight.
        if (this.#images.get(before.id) !== before) continue;
        this.#hide(before.id);
        this.#show(left);
      }
      await this.#showWhole(merged);
      return merged;
    });
  }

  /** Whole in the turn of the loop in which it is shown: from then on whoever sets a layer aside finds the image. */
  async #showWhole(image: ImageRecord): Promise<void> {
    try {
      this.#checkLayers(image);
    } catch (error) {
      this.#hide(image.id);
      await this.#moveAside(image.id, messageOf(error));
      throw error;
    }
    this.#show(image);
  }

  #checkLayers({ id, layers }: ImageRecord): void {
    const missing = layers.find((diffId) => !this.#hasLayer(diffId));
    if (missing !== undefined)
      throw internal('LayerMissing', `image "${id}": its layer "${missing}" was set aside; pull it again`);
  }

  /** Waits until all that was asked for is on the disk. */
  async settled(): Promise<void> {
    await this.#writes.hold('catalog', never, async () => await Promise.resolve());
  }

  /** Forgets an image with all its names. One that is not there is removed already. */
  async remove(id: ImageId): Promise<void> {
    this.#hide(id);
    await this.#writes.hold('catalog', never, async () => {
      // A pull may have brought it back while the removal waited for its turn.
      this.#hide(id);
      await this.#folder.remove(hexOf(id));
    });
  }

  #byPrefix(hex: string, text: string): ImageRecord | null {
    const match = this.#prefixes.find(`sha256:${hex}`);
    if (match.kind === 'many')
      throw invalid(
        'AmbiguousImageId',
        `image id ${JSON.stringify(text)}: more than one image begins with it`,
      );
    return match.kind === 'one' ? this.get(match.id) : null;
  }

  #show(image: ImageRecord): void {
    this.#images.set(image.id, image);
    this.#prefixes.add(image.id);
    for (const name of namesOf(image)) this.#names.set(name, image.id);
  }

  #hide(id: ImageId): void {
    const image = this.#images.get(id);
    if (image === undefined) return;
    this.#images.delete(id);
    this.#prefixes.remove(id);
    for (const name of namesOf(image)) if (this.#names.get(name) === id) this.#names.delete(name);
  }
}

function namesOf(image: ImageRecord): readonly string[] {
  return [...image.repoTags, ...image.repoDigests, ...image.otherDigests];
}

function merge(before: ImageRecord | null, image: ImageRecord): ImageRecord {
  if (before === null) return image;
  const union = <T extends string>(one: readonly T[], other: readonly T[]): readonly T[] =>
    [...new Set([...one, ...other])].sort();
  const repoDigests = union(before.repoDigests, image.repoDigests);
  return {
    ...image,
    repoTags: union(before.repoTags, image.repoTags),
    repoDigests,
    otherDigests: union(before.otherDigests, image.otherDigests).filter(
      (name) => !repoDigests.includes(name),
    ),
    manifests: union<Digest>(before.manifests, image.manifests),
    pulledAtNs: before.pulledAtNs,
  };
}

function withoutTags(image: ImageRecord, tags: readonly string[]): ImageRecord {
  const left = image.repoTags.filter((tag) => !tags.includes(tag));
  if (left.length === image.repoTags.length) return image;
  return { ...image, repoTags: left, ...(left.length === 0 ? { isDangling: true } : {}) };
}
