/**
 * How a pty master comes to us and goes on to the daemon.
 *
 *   runtime ──SCM_RIGHTS──▶ console socket (ours, in the run directory) ──▶ master
 *   create:  master ──SCM_RIGHTS──▶ mailbox (the daemon listens, and keeps a duplicate for our successor)
 *   adopt:   mailbox ──SCM_RIGHTS──▶ master
 *
 * Source: OCI runtime specification, console socket of runc; unix(7). Reading and writing a master is not done here.
 */
import { closeSync, rmSync } from 'node:fs';
import { MonitorError, messageOf } from '../failure.ts';
import { setWindowSize } from '../calls/file-calls.ts';
import {
  acceptUnix,
  connectUnix,
  listenUnix,
  receiveDescriptor,
  sendDescriptor,
} from '../calls/socket-calls.ts';
import { watchReadable, type Watch } from '../watch/readiness.ts';

/** A console socket that waits for one master. Disposing it closes and removes it. */
export class ConsoleSocket implements Disposable {
  readonly path: string;
  readonly #master = Promise.withResolvers<number>();
  readonly #listener: Watch;
  #isOpen = true;

  /** @throws LinuxError ENAMETOOLONG */
  constructor(path: string) {
    this.path = path;
    rmSync(path, { force: true });
    this.#listener = watchReadable(listenUnix(path), () => this.#accept());
    // Whoever does not ask for the master has its error from elsewhere.
    this.#master.promise.catch(() => undefined);
  }

  #accept(): void {
    try {
      const connection = acceptUnix(this.#listener.fd);
      if (connection === null) return;
      this.#listener.close();
      this.#master.resolve(receiveOne(connection));
    } catch (error) {
      this.#listener.close();
      this.#master.reject(error);
    }
  }

  /** The master that the runtime has sent. @throws RuntimeFailed when none comes in time */
  async master(timeoutMs: number): Promise<number> {
    return within(this.#master.promise, timeoutMs, 'the runtime sent no terminal');
  }

  [Symbol.dispose](): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#listener.close();
    rmSync(this.path, { force: true });
  }
}

/** Gives the daemon a duplicate. @throws LinuxError when it does not listen */
export function offerMaster(mailbox: string, master: number): void {
  const socket = connectUnix(mailbox);
  try {
    sendDescriptor(socket, master);
  } finally {
    closeSync(socket);
  }
}

/** Takes the duplicate back. @throws RuntimeFailed when none comes in time, LinuxError when the daemon does not listen */
export async function takeMaster(mailbox: string, timeoutMs: number): Promise<number> {
  return within(receiveOne(connectUnix(mailbox)), timeoutMs, 'the daemon sent no terminal');
}

/** Waits for one descriptor on a connection, and closes that. */
async function receiveOne(connection: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const watch = watchReadable(connection, () => {
    try {
      const fd = receiveDescriptor(watch.fd);
      if (fd !== null) resolve(fd);
    } catch (error) {
      reject(error instanceof Error ? error : new Error(messageOf(error)));
    }
  });
  try {
    return await promise;
  } finally {
    watch.close();
  }
}

async function within(master: Promise<number>, timeoutMs: number, complaint: string): Promise<number> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new MonitorError('RuntimeFailed', complaint)), timeoutMs);
  try {
    return await Promise.race([master, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Columns and rows, 1 to 65535. */
export function resizeTerminal(master: number, width: number, height: number): void {
  setWindowSize(master, width, height);
}
