/**
 * The entry of an unpacking thread: takes one layer after the other and writes it (or looks whether it is still whole),
 * confined to the layer's directory. It publishes nothing and decides nothing: the daemon compares digests and renames.
 *
 *   file (while it still grows) ─▶ decompressed ─▶ hashed ─▶ tar entries ─▶ files
 *                                                                       └▶ the rest: the skeleton
 */
import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { CriError, errnoOf, messageOf, noSpaceErrnos } from '../../base/errors.ts';
import { checkLayer } from './check-layer.ts';
import { Confinement } from './confinement.ts';
import { decompress } from './decompress.ts';
import { Growth, readGrowing } from './growing-source.ts';
import { LayerWriter } from './layer-writer.ts';
import { Meter } from './meter.ts';
import { SkeletonWriter } from './skeleton.ts';
import { TarReader } from './tar/tar-reader.ts';
import type { CheckRequest, FromThread, ToThread, Unpacked, UnpackRequest } from './unpack-protocol.ts';

async function unpack(request: UnpackRequest, growth: Growth): Promise<Unpacked> {
  const fd = openSync(request.blobPath, 'r');
  const writer = new LayerWriter(request.limits);
  try {
    using skeleton = new SkeletonWriter(request.skeletonPath);
    const hash = createHash(request.hash);
    const parts = { request, growth, fd, writer, hash, skeleton };
    return await confinement.inside(request.directory, () => pump(parts));
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
  readonly skeleton: SkeletonWriter;
};

async function pump({ request, growth, fd, writer, hash, skeleton }: Parts): Promise<Unpacked> {
  const meter = new Meter(request.limits);
  const reader = new TarReader(writer, request.limits);
  for await (const chunk of decompress(meter.countIn(readGrowing(fd, growth)))) {
    growth.throwIfStopped();
    meter.countOut(chunk.length);
    hash.update(chunk);
    divide(chunk, reader, skeleton);
  }
  reader.end();
  skeleton.finish();
  const facts = writer.finish();
  const diffId = `${request.hash}:${hash.digest('hex')}`;
  return { ...facts, diffId, archiveBytes: meter.outBytes, entries: reader.entries };
}

/** Content goes to the files, everything else is kept as well. */
function divide(chunk: Buffer, reader: TarReader, skeleton: SkeletonWriter): void {
  for (let at = 0; at < chunk.length;) {
    const isContent = reader.isInContent;
    const length = reader.take(chunk, at);
    if (!isContent) skeleton.write(chunk.subarray(at, at + length));
    at += length;
  }
}

function failure(error: unknown): FromThread {
  const isImageFault = error instanceof CriError;
  const reason = error instanceof CriError ? error.reason : 'UnpackFailed';
  const isNoSpace = noSpaceErrnos.has(errnoOf(error));
  return { kind: 'failed', isImageFault, isNoSpace, reason, message: messageOf(error) };
}

async function run(request: UnpackRequest): Promise<FromThread> {
  const growth = new Growth(request, () => tell({ kind: 'starved' }));
  current = growth;
  try {
    return { kind: 'done', unpacked: await unpack(request, growth) };
  } catch (error) {
    return failure(error);
  } finally {
    current = null;
  }
}

async function check(request: CheckRequest): Promise<FromThread> {
  try {
    return { kind: 'checked', faults: await checkLayer(confinement, request) };
  } catch (error) {
    return failure(error);
  }
}

const confinement = new Confinement();
let current: Growth | null = null;
const port = parentPort;

function tell(message: FromThread): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows, not for threads
  port?.postMessage(message);
}

port?.on('message', (message: ToThread) => {
  if (message.kind === 'grown') current?.grow(message.availableBytes, message.isComplete);
  else if (message.kind === 'stop') current?.wake();
  else if (message.kind === 'check') void check(message).then(tell);
  else void run(message).then(tell);
});
