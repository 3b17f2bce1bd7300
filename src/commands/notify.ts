/**
 * Tells the service manager how the daemon is doing. Node has no datagram sockets of the unix kind, so the message goes
 * through `systemd-notify`, which is there wherever systemd is. Nothing that the daemon starts inherits NOTIFY_SOCKET.
 * Source: sd_notify(3), systemd-notify(1).
 */
import { messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { mustRun } from '../base/process.ts';

const timeoutMs = 5000;

export class ServiceNotifier {
  readonly #socket: string | null;
  #log: Log | null = null;

  private constructor(socket: string | null) {
    this.#socket = socket;
  }

  /** Takes NOTIFY_SOCKET out of an environment; without it every message is dropped. */
  static takeFrom(env: Record<string, string | undefined>): ServiceNotifier {
    const socket = env['NOTIFY_SOCKET'] ?? '';
    delete env['NOTIFY_SOCKET'];
    return new ServiceNotifier(socket === '' ? null : socket);
  }

  logTo(log: Log): void {
    this.#log = log;
  }

  /** Sends assignments like `READY=1`. A failure is logged: the daemon serves all the same. */
  async tell(...assignments: readonly string[]): Promise<void> {
    if (this.#socket === null) return;
    try {
      await mustRun({
        argv: ['systemd-notify', ...assignments],
        env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', NOTIFY_SOCKET: this.#socket },
        timeoutMs,
      });
    } catch (error) {
      // systemd then waits for its own start timeout, which ends the daemon; this line says why.
      this.#log?.error({ assignments, err: messageOf(error) }, 'tell the service manager');
    }
  }

  /** `RELOADING=1` with the time that sd_notify(3) asks for. */
  async tellReloading(): Promise<void> {
    await this.tell('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`);
  }
}
