/**
 * Brings one blob into a file: resumed after a cut with a range, hashed while it comes, never longer than announced. A
 * reader may follow the file while it grows.
 * Source: OCI distribution spec, "Pulling blobs"; RFC 9110, section 14 (range requests).
 */
import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { CriError } from '../../base/errors.ts';
import { sleepMs } from '../../base/time.ts';
import { algorithmOf } from '../disk/blobs.ts';
import type { Descriptor } from '../manifest.ts';
import type { GrowingFile } from '../unpack/growing-file.ts';
import { readBody } from './body.ts';
import { registryUnavailable, wrongContent } from './failures.ts';
import type { RegistryClient } from './registry-client.ts';
import type { Answer } from './transport.ts';

/** How far a download has come. */
type Progress = { receivedBytes: number; hash: Hash };

export type Download = { readonly descriptor: Descriptor; readonly file: GrowingFile };

/** Resolves when the file is whole and its digest is right. @throws RegistryUnavailable, WrongContent, the signal's reason */
export async function downloadBlob(
  client: RegistryClient,
  download: Download,
  signal: AbortSignal,
): Promise<void> {
  const { descriptor, file } = download;
  const flags = constants.O_CREAT | constants.O_WRONLY | constants.O_NOFOLLOW;
  await using handle = await open(file.path, flags, 0o600);
  const progress: Progress = { receivedBytes: 0, hash: newHash(descriptor) };
  for (let resumptions = 0; progress.receivedBytes < descriptor.sizeBytes; resumptions += 1) {
    const before = progress.receivedBytes;
    try {
      await receive(client, { handle, progress, ...download }, signal);
      if (progress.receivedBytes < descriptor.sizeBytes)
        throw registryUnavailable(client.endpoint.host, `blob "${descriptor.digest}" ended early`);
    } catch (error) {
      signal.throwIfAborted();
      if (!isCut(error) || progress.receivedBytes <= before || resumptions >= client.limits.resumptions)
        throw error;
      await sleepMs(client.limits.pauseMs, signal);
    }
  }
  const digest = `${algorithmOf(descriptor.digest)}:${progress.hash.digest('hex')}`;
  if (digest !== descriptor.digest)
    throw wrongContent(client.endpoint.host, `blob "${descriptor.digest}" has digest "${digest}"`);
  file.complete();
}

type Reception = Download & { readonly handle: FileHandle; readonly progress: Progress };

async function receive(client: RegistryClient, reception: Reception, signal: AbortSignal): Promise<void> {
  const { descriptor, file, handle, progress } = reception;
  const from = progress.receivedBytes;
  const headers = from === 0 ? {} : { range: `bytes=${from}-${descriptor.sizeBytes - 1}` };
  const answer = await client.ask(
    // A compressed transfer would make ranges and lengths mean something else.
    {
      method: 'GET',
      path: `blobs/${descriptor.digest}`,
      headers: { 'accept-encoding': 'identity', ...headers },
    },
    signal,
  );
  if (from > 0 && !continues(answer, from)) restart(progress, descriptor);
  for await (const chunk of readBody(answer, client.limits, signal)) {
    if (progress.receivedBytes + chunk.length > descriptor.sizeBytes)
      throw wrongContent(
        client.endpoint.host,
        `blob "${descriptor.digest}" is longer than its ${descriptor.sizeBytes} bytes`,
      );
    progress.hash.update(chunk);
    await writeWhole(handle, chunk, progress.receivedBytes);
    progress.receivedBytes += chunk.length;
    file.grow(progress.receivedBytes);
  }
}

/** A registry without ranges sends all again: it is written and hashed from the start. */
function restart(progress: Progress, descriptor: Descriptor): void {
  progress.receivedBytes = 0;
  progress.hash = newHash(descriptor);
}

function continues(answer: Answer, from: number): boolean {
  return answer.status === 206 && (answer.header('content-range') ?? '').startsWith(`bytes ${from}-`);
}

async function writeWhole(handle: FileHandle, chunk: Buffer, position: number): Promise<void> {
  for (let at = 0; at < chunk.length;) {
    const { bytesWritten } = await handle.write(chunk, at, chunk.length - at, position + at);
    at += bytesWritten;
  }
}

function isCut(error: unknown): boolean {
  return error instanceof CriError && error.reason === 'RegistryUnavailable';
}

function newHash(descriptor: Descriptor): Hash {
  return createHash(algorithmOf(descriptor.digest));
}
