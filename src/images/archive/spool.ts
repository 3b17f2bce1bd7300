/**
 * Takes an archive apart as it comes, into numbered files of a workspace: index and manifest may stand behind the layers
 * that they name. The archive's names never become paths. A symlink is a second name of a file of the same archive, as
 * `docker save` wrote it for a layer that it had already; it is resolved by name, once, and one that leads elsewhere (or to
 * another link) is refused when it is looked for. Hard links and devices are refused at once.
 */
import { posix } from 'node:path';
import { type FileHandle, open } from 'node:fs/promises';
import { badImage } from '../documents/document.ts';
import type { Workspace } from '../disk/workspace.ts';
import type { ArchiveLimits } from '../limits.ts';
import { decompress } from '../unpack/decompress.ts';
import { Meter } from '../unpack/meter.ts';
import type { TarEntry } from '../unpack/tar/tar-entry.ts';
import { TarReader } from '../unpack/tar/tar-reader.ts';
import { type ArchiveFiles, checkName, maxNameCharacters, type StoredFile } from './archive-files.ts';

/** Bounds of a whole archive; those of its layers are the layers' own. */
export type SpoolLimits = { readonly entries: number; readonly totalBytes: number };

export const spoolLimits: SpoolLimits = { entries: 20_000, totalBytes: 256 * 1024 ** 3 };

/** What the archive's reader found, to be written in order. */
type Order =
  | { readonly kind: 'link'; readonly name: string; readonly target: string }
  | { readonly kind: 'begin'; readonly name: string; readonly sizeBytes: number }
  | { readonly kind: 'data'; readonly bytes: Buffer };

/**
 * Reads a tar stream, plain or compressed, to its end.
 * @throws InvalidImage, and what the stream and the disk throw; the workspace then holds what came before
 */
export async function spoolArchive(
  stream: AsyncIterable<Buffer>,
  where: { readonly workspace: Workspace; readonly tar: ArchiveLimits; readonly limits?: SpoolLimits },
  signal: AbortSignal,
): Promise<ArchiveFiles> {
  const { workspace, limits = spoolLimits } = where;
  await using spool = new Spool(workspace);
  const orders: Order[] = [];
  const reader = new TarReader(
    {
      entry: (entry) => orders.push(...begin(entry, limits)),
      // Written before the next chunk is read, so the bytes need not be copied.
      data: (bytes) => orders.push({ kind: 'data', bytes }),
      endEntry: () => undefined,
    },
    { ...where.tar, entries: limits.entries },
  );
  const meter = new Meter({ ...where.tar, layerBytes: limits.totalBytes });
  for await (const chunk of decompress(meter.countIn(stream))) {
    signal.throwIfAborted();
    meter.countOut(chunk.length);
    reader.write(chunk);
    for (const order of orders.splice(0)) await spool.obey(order);
  }
  reader.end();
  if (reader.entries === 0) throw badImage('archive: holds nothing, expected a tar archive of an image');
  return spool.files();
}

function begin(entry: TarEntry, limits: SpoolLimits): readonly Order[] {
  const name = textOf(entry.path)
    .replace(/^(?:\.\/)+/, '')
    .replace(/\/+$/, '');
  // The archive's own top, as some tools write it.
  if (entry.kind === 'directory' && (name === '' || name === '.')) return [];
  checkName(name);
  if (entry.kind === 'directory') return [];
  if (entry.kind === 'symlink') return [{ kind: 'link', name, target: targetOf(entry) }];
  if (entry.segments !== null)
    throw badImage(
      `archive: ${JSON.stringify(name)} is stored with holes, expected an archive made without --sparse`,
    );
  if (entry.kind !== 'file')
    throw badImage(
      `archive: ${JSON.stringify(name)} is a ${entry.kind}, expected files and directories only`,
    );
  if (entry.storedBytes > limits.totalBytes)
    throw badImage(
      `archive: ${JSON.stringify(name)} has ${entry.storedBytes} bytes, at most ${limits.totalBytes}`,
    );
  return [{ kind: 'begin', name, sizeBytes: entry.storedBytes }];
}

function textOf(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Of what is longer than any name, only that it leads nowhere is kept. */
function targetOf(entry: TarEntry): string {
  const target = textOf(entry.linkTarget);
  return target.length > maxNameCharacters ? '/' : target;
}

class Spool implements AsyncDisposable {
  readonly #workspace: Workspace;
  /** A text: a symlink and its target. */
  readonly #found = new Map<string, StoredFile | string>();
  #open: FileHandle | null = null;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  async obey(order: Order): Promise<void> {
    if (order.kind === 'data') {
      await this.#open?.writeFile(order.bytes);
      return;
    }
    await this.#close();
    if (this.#found.has(order.name)) throw badImage(`archive: holds ${JSON.stringify(order.name)} twice`);
    if (order.kind === 'link') {
      this.#found.set(order.name, order.target);
      return;
    }
    const path = this.#workspace.newPath('file');
    this.#open = await open(path, 'wx', 0o600);
    this.#found.set(order.name, { path, sizeBytes: order.sizeBytes });
  }

  files(): ArchiveFiles {
    const found = this.#found;
    return {
      title: 'archive',
      find: async (name) => {
        const file = found.get(checkName(name));
        if (typeof file !== 'string') return await Promise.resolve(file ?? null);
        const target = found.get(posix.join(posix.dirname(name), file));
        if (typeof target === 'object' && !file.startsWith('/')) return target;
        throw badImage(
          `archive: ${JSON.stringify(name)} is a symlink to ${JSON.stringify(file)}, which is no file of the archive`,
        );
      },
    };
  }

  async #close(): Promise<void> {
    const file = this.#open;
    this.#open = null;
    await file?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}
