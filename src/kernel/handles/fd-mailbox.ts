/**
 * A listening unix socket over which one descriptor goes: the runtime's console socket, and the pty master that daemon and
 * monitor hand each other. Whoever connects is checked (same user), bounded in time, and may send anything: only its first
 * descriptor is taken.
 */
import { fchmodSync } from 'node:fs';
import { dirname, basename } from 'node:path';
import { errnoOf, SyscallError } from '../../base/errors.ts';
import type { AbsolutePath } from '../../base/ids.ts';
import { sleepMs } from '../../base/time.ts';
import { OwnedFd } from './fd.ts';
import { close, openat, unlinkat } from '../calls/file-calls.ts';
import type { Fd, FdMailbox } from '../contract/files.ts';
import { atFdcwd, openFlag } from '../linux-constants.ts';
import * as sockets from '../calls/socket-calls.ts';

/** A peer that has connected and does nothing is dropped after this time. */
const peerTimeoutMs = 10_000;
const firstPauseMs = 1;
const maxPauseMs = 20;

export class UnixFdMailbox implements FdMailbox {
  readonly path: AbsolutePath;
  readonly #fd: OwnedFd;

  /** @throws SyscallError EADDRINUSE; the socket's mode is 0600 from its birth */
  constructor(path: AbsolutePath) {
    this.path = path;
    this.#fd = new OwnedFd(listenAt(path));
  }

  async receive(signal: AbortSignal): Promise<Fd> {
    return await this.#withPeers(signal, (peer) => takeDescriptor(peer));
  }

  async send(fd: Fd, signal: AbortSignal): Promise<void> {
    await this.#withPeers(signal, (peer) => (sockets.sendDescriptor(peer, fd.number) ? 'sent' : null));
  }

  /** Serves one peer after the other until `act` has a result with one of them. */
  async #withPeers<T>(signal: AbortSignal, act: (peer: number) => T | 'ended' | null): Promise<T> {
    for (;;) {
      using peer = new OwnedFd(await poll(signal, () => sockets.acceptNow(this.#fd.number)));
      if (sockets.peerCredentials(peer.number).uid !== process.geteuid?.()) continue;
      const result = await serve(signal, () => act(peer.number));
      if (result !== 'ended') return result;
    }
  }

  close(): Promise<void> {
    this.#fd.close();
    try {
      unlinkat(atFdcwd, this.path);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') return Promise.reject(error);
    }
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Tries until there is a result, with pauses that grow a little: these waits take milliseconds. */
async function poll<T>(signal: AbortSignal, act: () => T | null): Promise<T> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
    signal.throwIfAborted();
    const result = act();
    if (result !== null) return result;
    await sleepMs(pauseMs, signal);
  }
}

/** `poll` with one peer: one that says nothing, or breaks, counts as ended. */
async function serve<T>(signal: AbortSignal, act: () => T | 'ended' | null): Promise<T | 'ended'> {
  const endsAtMs = performance.now() + peerTimeoutMs;
  return await poll(signal, () => {
    try {
      return performance.now() > endsAtMs ? 'ended' : act();
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === 'EPIPE' || errno === 'ECONNRESET') return 'ended';
      throw error;
    }
  });
}

function takeDescriptor(peer: number): Fd | 'ended' | null {
  const received = sockets.receiveDescriptors(peer);
  if (received === null || received === 'ended') return received;
  const [first, ...others] = received;
  for (const other of others) close(other);
  // A message without a descriptor: read on.
  return first === undefined ? null : new OwnedFd(first);
}

/** A path that is too long for a socket address is reached through a descriptor of its directory. */
function listenAt(path: AbsolutePath): number {
  const setMode = (fd: number): void => fchmodSync(fd, 0o600);
  if (Buffer.byteLength(path) <= sockets.maxSocketPathBytes) return sockets.listenUnix(path, setMode);
  const directory = new OwnedFd(
    openat(atFdcwd, dirname(path), { flags: openFlag.path | openFlag.directory }),
  );
  using owned = directory;
  const short = `/proc/self/fd/${owned.number}/${basename(path)}`;
  if (Buffer.byteLength(short) > sockets.maxSocketPathBytes)
    throw new SyscallError({ call: 'bind', errno: 'ENAMETOOLONG', paths: [path] });
  return sockets.listenUnix(short, setMode);
}
