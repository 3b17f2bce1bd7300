/**
 * All images in memory, by id and by name, with their records on disk. Readers never wait; a change is written first and
 * shown then, except for a removal, which is shown first: an image must be gone for everybody when its removal returns,
 * also on a full disk.
 */
import { invalid } from '../../base/errors.ts';
import type { Digest, ImageId } from '../../base/ids.ts';
import { KeyedLock } from '../../base/locks.ts';
import { PrefixIndex } from '../../store/prefix-index.ts';
import type { RecordFolder } from '../../store/record-file.ts';
import { hexOf } from '../disk/layout.ts';
import { type ImageRecord, imageFromJson, imageToJson } from './image-record.ts';
import { canonicalName, idPrefixOf } from '../names/reference.ts';
import { defaultShortNames, meaningsOf, type ShortNames } from '../names/short-names.ts';

const never = new AbortController().signal;

export class Catalog {
  readonly #folder: RecordFolder;
  readonly #images = new Map<ImageId, ImageRecord>();
  readonly #names = new Map<string, ImageId>();
  readonly #prefixes = new PrefixIndex<ImageId>();
  readonly #writes = new KeyedLock();
  #shortNames: ShortNames = defaultShortNames;

  constructor(folder: RecordFolder) {
    this.#folder = folder;
  }

  /** Reads the records, once, at start; those in which `faultOf` finds one are set aside. @returns these */
  async load(faultOf: (image: ImageRecord) => Promise<string | null>): Promise<readonly ImageRecord[]> {
    const damaged: ImageRecord[] = [];
    for (const image of await this.#folder.readAll(imageFromJson)) {
      const fault = await faultOf(image);
      if (fault === null) {
        this.#show(image);
        continue;
      }
      damaged.push(image);
      await this.#folder.quarantine(`${hexOf(image.id)}.json`, fault);
    }
    return damaged;
  }

  /** Takes an image that turned out to be damaged out of use. */
  async setAside(id: ImageId, fault: string): Promise<void> {
    this.#hide(id);
    await this.#writes.hold('catalog', never, async () => {
      if (!this.#images.has(id)) await this.#folder.quarantine(`${hexOf(id)}.json`, fault);
    });
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
    const named = this.#byName(text, prefix !== null);
    return named ?? (prefix === null ? null : this.#byPrefix(prefix, text));
  }

  /** Adds an image, or names to one that is there; a tag that another image had moves here. */
  async add(image: ImageRecord): Promise<ImageRecord> {
    return await this.#writes.hold('catalog', never, async () => {
      const merged = merge(this.#images.get(image.id) ?? null, image);
      // First the images that lose a tag: after a crash in between, a tag is nobody's and never two images'.
      for (const other of this.#images.values()) {
        const left = other.id === merged.id ? other : withoutTags(other, merged.repoTags);
        if (left === other) continue;
        await this.#write(left);
        this.#hide(other.id);
        this.#show(left);
      }
      await this.#write(merged);
      this.#show(merged);
      return merged;
    });
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

  #byName(text: string, isMaybeId: boolean): ImageRecord | null {
    let references;
    try {
      references = meaningsOf(text, this.#shortNames);
    } catch (error) {
      if (isMaybeId) return null;
      throw error;
    }
    for (const reference of references) {
      const id = this.#names.get(canonicalName(reference));
      if (id !== undefined) return this.get(id);
    }
    return null;
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

  async #write(image: ImageRecord): Promise<void> {
    await this.#folder.write(hexOf(image.id), imageToJson(image), true);
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
  return left.length === image.repoTags.length ? image : { ...image, repoTags: left };
}
