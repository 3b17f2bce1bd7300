/**
 * Images through a running daemon.
 */
import type { Image, ImageStatusResponse } from '../../../cri-api/runtime-v1.ts';
import { unavailable } from '../../base/errors.ts';
import { absolutePath } from '../../base/ids.ts';
import { raceSignal } from '../../base/single-flight.ts';
import { sleepMs } from '../../base/time.ts';
import type { Config } from '../../config/options.ts';
import type { Observer } from '../../images/progress.ts';
import { adminSocket, failureTrailer } from '../../server/admin/admin-socket.ts';
import { CriClient } from '../cri-client.ts';
import { AdminClient, AdminError, lineOf, linesOf, type Line } from './admin-client.ts';
import type { ImageAccess, ImportWishes, NamedImage, PrunedImages, PullWish } from './image-access.ts';
import { progressOf } from './progress-of-line.ts';

const patience = { timeoutMs: 30_000 } as const;
/** A pull ends by the daemon's own bounds on registries. */
const pullTimeoutMs = 24 * 3_600_000;
/** How long the end of a pull's progress is waited for when the pull has ended. */
const lastLinesMs = 500;

export class RemoteImages implements ImageAccess {
  readonly #cri: CriClient;
  readonly #admin: AdminClient;

  private constructor(cri: CriClient, admin: AdminClient) {
    this.#cri = cri;
    this.#admin = admin;
  }

  /** Null when no daemon runs. */
  static async connect(config: Config): Promise<RemoteImages | null> {
    const admin = new AdminClient(adminSocket(absolutePath(config.daemon.runDir)).path);
    if (!(await admin.isThere())) return null;
    return new RemoteImages(new CriClient(config.daemon.socketPath), admin);
  }

  async pull({ name, auth, observe, signal }: PullWish): Promise<string> {
    const stop = new AbortController();
    const told = Promise.withResolvers<void>();
    const following = this.#follow(
      name,
      (event) => {
        observe(event);
        if (event.kind === 'ended') told.resolve();
      },
      stop.signal,
    );
    try {
      // The daemon follows from its answer on: before that the pull could already be over.
      await raceSignal(following.begun, signal);
      const request = { image: { image: name, userSpecifiedImage: name }, auth };
      return (await this.#cri.call('PullImage', request, { timeoutMs: pullTimeoutMs, signal })).imageRef;
    } finally {
      // The last lines come by another way than the answer; a pull that was refused at once has none.
      if (!signal.aborted) await Promise.race([told.promise, sleepMs(lastLinesMs, stop.signal)]);
      stop.abort();
      await following.ended;
    }
  }

  async list(): Promise<readonly Image[]> {
    return (await this.#cri.call('ListImages', {}, patience)).images;
  }

  async status(name: string): Promise<ImageStatusResponse> {
    return await this.#cri.call('ImageStatus', { image: { image: name }, verbose: true }, patience);
  }

  async remove(name: string): Promise<void> {
    await this.#cri.call('RemoveImage', { image: { image: name } }, patience);
  }

  async import(stream: AsyncIterable<Buffer>, wish: ImportWishes): Promise<void> {
    const { name, ref, signal } = wish;
    const query = new URLSearchParams(Object.entries({ name, ref }).flatMap(given));
    for await (const line of this.#admin.upload(`/images/import?${query.toString()}`, stream, signal)) {
      if (line['kind'] === 'failed') throw new AdminError(line);
      if (line['kind'] === 'imported') return;
      if (line['kind'] === 'image') imagesOf([line['image']]).forEach(wish.onImage);
      const event = progressOf(line);
      if (event !== null) wish.observe(event);
    }
    throw unavailable('DaemonUnreachable', 'import: the daemon ended before it had answered');
  }

  async *export(names: readonly string[], signal: AbortSignal): AsyncGenerator<Buffer> {
    const body = JSON.stringify({ names });
    const response = await this.#admin.ask('POST', '/images/export', { body, signal });
    for await (const chunk of response) if (chunk instanceof Uint8Array) yield Buffer.from(chunk);
    const failure = response.trailers[failureTrailer];
    if (failure !== undefined) throw new AdminError(lineOf(decodeURIComponent(failure)));
    if (!response.complete) throw unavailable('ExportCut', 'export: the daemon broke off, its log says why');
  }

  async prune(wish: { readonly isAll: boolean }): Promise<PrunedImages> {
    const response = await this.#admin.ask('POST', `/images/prune${wish.isAll ? '?all=1' : ''}`);
    for await (const line of linesOf(response))
      return {
        images: imagesOf(line['images']),
        layers: Number(line['layers']),
        blobs: Number(line['blobs']),
      };
    throw unavailable('DaemonUnreachable', 'prune: the daemon ended before it had answered');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cri.close();
    await Promise.resolve();
  }

  #follow(
    name: string,
    observe: Observer,
    signal: AbortSignal,
  ): { readonly begun: Promise<void>; readonly ended: Promise<void> } {
    const begun = Promise.withResolvers<void>();
    const follow = async (): Promise<void> => {
      const path = `/images/progress?name=${encodeURIComponent(name)}`;
      const response = await this.#admin.ask('GET', path, { signal });
      begun.resolve();
      for await (const line of linesOf(response)) {
        const event = progressOf(line);
        if (event !== null) observe(event);
      }
    };
    // Without progress the pull goes on all the same.
    const ended = follow().catch(() => begun.resolve());
    return { begun: begun.promise, ended };
  }
}

function imagesOf(value: unknown): readonly NamedImage[] {
  return (Array.isArray(value) ? value : []).map((each: unknown) => {
    const line: Line = Object.fromEntries(Object.entries(each ?? {}));
    return {
      id: String(line['id']),
      repoTags: words(line['repoTags']),
      repoDigests: words(line['repoDigests']),
    };
  });
}

function given([key, value]: readonly [string, string | null]): [string, string][] {
  return value === null ? [] : [[key, value]];
}

function words(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
