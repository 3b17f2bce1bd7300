/**
 * Unpacks archives as the daemon does, into a directory of their own, for tests.
 */
import './realm.ts';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ArchiveLimits, archiveLimits } from '../limits.ts';
import { GrowingFile } from '../unpack/growing-file.ts';
import { type UnpackJob, UnpackPool } from '../unpack/unpack-pool.ts';
import type { Unpacked } from '../unpack/unpack-protocol.ts';

export const workerUrl = new URL('../unpack/unpack-worker.ts', import.meta.url);

export class TestUnpacking implements AsyncDisposable {
  readonly pool = new UnpackPool({ workerUrl, unpackers: 2, unpackerIdleMs: 60_000 });
  readonly directory: string;
  /** Where in `home` the layer is written. */
  layer = 'layer';
  #count = 0;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async create(): Promise<TestUnpacking> {
    return new TestUnpacking(await mkdtemp(join(tmpdir(), 'unpack-')));
  }

  /** Everything that is made from now on is in a new empty directory. */
  async next(): Promise<void> {
    this.#count += 1;
    await mkdir(this.at(''), { recursive: true });
  }

  get home(): string {
    return join(this.directory, String(this.#count));
  }

  /** A path in the layer. */
  at(path: string): string {
    return join(this.home, this.layer, path);
  }

  job(file: GrowingFile, limits: Partial<ArchiveLimits> = {}): UnpackJob {
    return {
      file,
      directory: this.at(''),
      skeletonPath: join(this.home, 'skeleton'),
      hash: 'sha256',
      limits: { ...archiveLimits, ...limits },
    };
  }

  async unpack(bytes: Buffer, limits: Partial<ArchiveLimits> = {}): Promise<Unpacked> {
    const path = join(this.home, 'blob');
    await writeFile(path, bytes);
    const job = this.job(GrowingFile.whole(path, bytes.length), limits);
    return await this.pool.unpack(job, new AbortController().signal);
  }

  /** What is wrong with the layer that was unpacked. */
  async check(unpacked: Unpacked, limits: Partial<ArchiveLimits> = {}): Promise<readonly string[]> {
    const skeletonPath = join(this.home, 'skeleton');
    const { size: skeletonBytes } = await stat(skeletonPath);
    const { diffId, isRebuildable } = unpacked;
    const files = { directory: this.at(''), skeletonPath, skeletonBytes };
    const kind = { level: 'content', hash: 'sha256', diffId, isRebuildable } as const;
    const job = { ...files, ...kind, limits: { ...archiveLimits, ...limits } };
    return await this.pool.check(job, new AbortController().signal);
  }

  /** The message with which an archive is refused. */
  async refusal(bytes: Buffer, limits: Partial<ArchiveLimits> = {}): Promise<string> {
    const error = await this.failure(bytes, limits);
    return error instanceof Error ? error.message : 'not refused';
  }

  /** With what an archive is refused; null: not at all. */
  async failure(bytes: Buffer, limits: Partial<ArchiveLimits> = {}): Promise<unknown> {
    try {
      await this.unpack(bytes, limits);
    } catch (error) {
      return error;
    }
    return null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.pool.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}
