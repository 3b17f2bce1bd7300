/**
 * An unpacking thread without a single check, for tests: it follows links, overwrites what is there and believes every name.
 * What it cannot do to the machine is what the confinement alone is worth.
 */
import { chmodSync, linkSync, mkdirSync, openSync, closeSync, symlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { makeDevice, mknodat } from '../../kernel/calls/file-calls.ts';
import { atFdcwd, fileType } from '../../kernel/linux-constants.ts';
import { archiveLimits } from '../limits.ts';
import { Confinement } from '../unpack/confinement.ts';
import type { TarEntry } from '../unpack/tar/tar-entry.ts';
import { TarReader } from '../unpack/tar/tar-reader.ts';

export type NaiveOrder = { readonly directory: string; readonly archive: Uint8Array };

const errors: string[] = [];
let fd: number | null = null;

/** One failure must not keep the rest of an attack from being tried. */
function attempt(act: () => void): void {
  try {
    act();
  } catch (error) {
    errors.push(error instanceof Error && 'code' in error ? String(error.code) : String(error));
  }
}

function make(entry: TarEntry): void {
  const { path, linkTarget, kind, mode } = entry;
  attempt(() => void mkdirSync(dirname(path), { recursive: true }));
  if (kind === 'directory') attempt(() => void mkdirSync(path, { recursive: true }));
  else if (kind === 'symlink') attempt(() => symlinkSync(linkTarget, path));
  else if (kind === 'hardlink') attempt(() => linkSync(linkTarget, path));
  else if (kind === 'file') attempt(() => (fd = openSync(path, 'a')));
  else {
    const device = makeDevice(entry.deviceMajor, entry.deviceMinor);
    attempt(() => mknodat(atFdcwd, path, { mode: fileType.character | 0o666, device }));
  }
  if (kind !== 'symlink') attempt(() => chmodSync(path, mode));
}

const { directory, archive }: NaiveOrder = workerData;
const reader = new TarReader(
  {
    entry: make,
    data: (chunk) =>
      attempt(() => {
        if (fd !== null) writeSync(fd, chunk);
      }),
    endEntry: () => {
      if (fd !== null) closeSync(fd);
      fd = null;
    },
  },
  archiveLimits,
);
await new Confinement().inside(
  directory,
  async () => await Promise.resolve(reader.write(Buffer.from(archive))),
);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows, not for threads
parentPort?.postMessage(errors);
