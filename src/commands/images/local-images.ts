/**
 * Images in the store itself, while no daemon runs: the stories that a daemon would tell, under its lock.
 */
import { AuthConfig, type Image, type ImageStatusResponse, ImageSpec } from '../../../cri-api/runtime-v1.ts';
import { errnoOf, unavailable } from '../../base/errors.ts';
import { ensureDirectory } from '../../base/files.ts';
import { joinPath } from '../../base/ids.ts';
import type { Call } from '../../base/call.ts';
import { createLog, type Log } from '../../base/log.ts';
import type { Config } from '../../config/options.ts';
import { exportArchive } from '../../images/archive/export-archive.ts';
import { importArchive } from '../../images/archive/import-archive.ts';
import { imageStatus } from '../../images/image-status.ts';
import { type Images, openImages } from '../../images/images.ts';
import { listImages } from '../../images/list-images.ts';
import { pruneImages } from '../../images/prune-images.ts';
import { PullBroadcast } from '../../images/pull/pull-broadcast.ts';
import { pullImage } from '../../images/pull-image.ts';
import { removeImage } from '../../images/remove-image.ts';
import type { Fd } from '../../kernel/contract/files.ts';
import { ThreadedKernel } from '../../kernel/threaded-kernel.ts';
import type { ImageAccess, ImportWishes, PrunedImages, PullWish } from './image-access.ts';

type Opened = { readonly images: Images; readonly pulls: PullBroadcast; readonly log: Log };

export class LocalImages implements ImageAccess {
  readonly #opened: Opened;
  readonly #stack: AsyncDisposableStack;

  private constructor(opened: Opened, stack: AsyncDisposableStack) {
    this.#opened = opened;
    this.#stack = stack;
  }

  /** @throws StoreLocked when a daemon, or another command, holds the lock */
  static async open(config: Config): Promise<LocalImages> {
    await using stack = new AsyncDisposableStack();
    const { rootDir, runDir } = config.daemon;
    const kernel = stack.use(new ThreadedKernel());
    await ensureDirectory(runDir);
    stack.use(await lock(kernel, joinPath(runDir, 'lock')));
    // What fails is told by the command itself; lines of a log would stand between its bars.
    const log = createLog('error');
    const pulls = new PullBroadcast();
    // A bundle stands beside that of the threads; sources know where theirs are.
    const worker = import.meta.url.endsWith('.js')
      ? { workerUrl: new URL('./unpack-worker.js', import.meta.url) }
      : {};
    const settings = (): Config['images'] => config.images;
    const images = stack.use(
      await openImages({ rootDir, kernel, log, settings, observePull: pulls.observe, ...worker }),
    );
    return new LocalImages({ images, pulls, log }, stack.move());
  }

  async pull({ name, auth, observe, signal }: PullWish): Promise<string> {
    const { images, pulls } = this.#opened;
    using stack = new DisposableStack();
    stack.use(pulls.follow(name, observe));
    const request = {
      image: ImageSpec.create({ image: name, userSpecifiedImage: name }),
      auth: auth === null ? null : AuthConfig.create(auth),
      sandboxConfig: null,
    };
    return (await pullImage(images, request, this.#call(signal))).imageRef;
  }

  async list(): Promise<readonly Image[]> {
    return (await listImages(this.#opened.images, { filter: null }, this.#call())).images;
  }

  async status(name: string): Promise<ImageStatusResponse> {
    const request = { image: ImageSpec.create({ image: name }), verbose: true };
    return await imageStatus(this.#opened.images, request, this.#call());
  }

  async remove(name: string): Promise<void> {
    await removeImage(this.#opened.images, { image: ImageSpec.create({ image: name }) }, this.#call());
  }

  async import(stream: AsyncIterable<Buffer>, { signal, ...wish }: ImportWishes): Promise<void> {
    await importArchive(this.#opened.images.parts, { ...wish, stream }, signal);
  }

  export(names: readonly string[], signal: AbortSignal): AsyncIterable<Buffer> {
    return exportArchive(this.#opened.images, names, signal);
  }

  async prune(wish: { readonly isAll: boolean }): Promise<PrunedImages> {
    return await pruneImages(this.#opened.images.parts, wish);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }

  #call(signal = new AbortController().signal): Call {
    return { signal, log: this.#opened.log, remainingMs: () => null };
  }
}

/** @throws StoreLocked when another process holds it */
async function lock(kernel: ThreadedKernel, path: Parameters<ThreadedKernel['lockFile']>[0]): Promise<Fd> {
  try {
    return await kernel.lockFile(path);
  } catch (error) {
    if (errnoOf(error) !== 'EWOULDBLOCK' && errnoOf(error) !== 'EAGAIN') throw error;
    throw unavailable('StoreLocked', `"${path}" is locked by another process`);
  }
}
