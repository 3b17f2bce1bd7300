/**
 * The entry of an unpacking thread: takes one layer after the other, reads its file (while it still grows), decompresses,
 * hashes and writes it, confined to the layer's directory. It publishes nothing and decides nothing: the daemon compares
 * digests and renames.
 */
import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { CriError, messageOf } from '../../base/errors.ts';
import { badImage } from '../document.ts';
import type { ArchiveLimits } from '../limits.ts';
import { Confinement } from './confinement.ts';
import { decompress } from './decompress.ts';
import { LayerWriter } from './layer-writer.ts';
import { TarReader } from './tar-reader.ts';
import type { FromThread, ToThread, Unpacked, UnpackRequest } from './unpack-protocol.ts';

const readBytes = 256 * 1024;

/** How far the layer's file may be read. */
class Growth {
  availableBytes: number;
  isComplete: boolean;
  #wake = Promise.withResolvers<void>();

  constructor(request: UnpackRequest) {
    this.availableBytes = request.availableBytes;
    this.isComplete = request.isComplete;
  }

  grow(availableBytes: number, isComplete: boolean): void {
    this.availableBytes = Math.max(this.availableBytes, availableBytes);
    this.isComplete = isComplete;
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }

  async more(): Promise<void> {
    await this.#wake.promise;
  }
}

async function* readGrowing(fd: number, growth: Growth): AsyncGenerator<Buffer> {
  for (let at = 0; ;) {
    if (at < growth.availableBytes) {
      const chunk = Buffer.allocUnsafeSlow(Math.min(readBytes, growth.availableBytes - at));
      const length = readSync(fd, chunk, 0, chunk.length, at);
      if (length === 0) throw badImage('layer archive: its file is shorter than what was downloaded');
      at += length;
      yield chunk.subarray(0, length);
    } else if (growth.isComplete) return;
    else await growth.more();
  }
}

/** Counts what goes in and out, and stops a bomb. */
class Meter {
  readonly #limits: ArchiveLimits;
  #inBytes = 0;
  outBytes = 0;

  constructor(limits: ArchiveLimits) {
    this.#limits = limits;
  }

  async *countIn(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      this.#inBytes += chunk.length;
      yield chunk;
    }
  }

  countOut(bytes: number): void {
    this.outBytes += bytes;
    const { layerBytes, ratio, ratioFromBytes } = this.#limits;
    if (this.outBytes > layerBytes)
      throw badImage(`layer archive: decompresses to more than ${layerBytes} bytes`);
    if (this.outBytes > ratioFromBytes && this.outBytes > this.#inBytes * ratio)
      throw badImage(`layer archive: decompresses to more than ${ratio} times its size`);
  }
}

async function unpack(request: UnpackRequest, growth: Growth): Promise<Unpacked> {
  const fd = openSync(request.blobPath, 'r');
  const writer = new LayerWriter(request.limits);
  const hash = createHash(request.hash);
  try {
    return await confinement.inside(request.directory, () => pump({ request, growth, fd, writer, hash }));
  } finally {
    writer.close();
    closeSync(fd);
  }
}

type Parts = {
  readonly request: UnpackRequest;
  readonly growth: Growth;
  readonly fd: number;
  readonly writer: LayerWriter;
  readonly hash: Hash;
};

async function pump({ request, growth, fd, writer, hash }: Parts): Promise<Unpacked> {
  const meter = new Meter(request.limits);
  const reader = new TarReader(writer, request.limits);
  for await (const chunk of decompress(meter.countIn(readGrowing(fd, growth)))) {
    meter.countOut(chunk.length);
    hash.update(chunk);
    reader.write(chunk);
  }
  reader.end();
  const facts = writer.finish();
  const diffId = `${request.hash}:${hash.digest('hex')}`;
  return { ...facts, diffId, archiveBytes: meter.outBytes, entries: reader.entries };
}

function failure(error: unknown): FromThread {
  const isImageFault = error instanceof CriError;
  const reason = error instanceof CriError ? error.reason : 'UnpackFailed';
  return { kind: 'failed', isImageFault, reason, message: messageOf(error) };
}

async function run(request: UnpackRequest): Promise<FromThread> {
  const growth = new Growth(request);
  current = growth;
  try {
    return { kind: 'done', unpacked: await unpack(request, growth) };
  } catch (error) {
    return failure(error);
  } finally {
    current = null;
  }
}

const confinement = new Confinement();
let current: Growth | null = null;
const port = parentPort;

port?.on('message', (message: ToThread) => {
  if (message.kind === 'grown') current?.grow(message.availableBytes, message.isComplete);
  else void run(message).then((answer) => port.postMessage(answer));
});
