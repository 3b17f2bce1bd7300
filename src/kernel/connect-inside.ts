/**
 * A TCP connection to the loopback address of another network namespace. The kernel thread only makes the socket there
 * and begins to connect; the wait happens here, so that a port that does not answer holds no thread.
 */
import { constants } from 'node:os';
import { SyscallError } from '../base/errors.ts';
import { sleepMs, withDeadline } from '../base/time.ts';
import { OwnedFd } from './handles/fd.ts';
import type { Fd } from './contract/files.ts';
import { isWritable, socketError } from './calls/socket-calls.ts';

export type ConnectPlan = {
  readonly port: number;
  readonly signal: AbortSignal;
  readonly begin: (
    version: 'ipv4' | 'ipv6',
  ) => Promise<{ readonly fd: number; readonly isConnected: boolean }>;
};

const timeoutMs = 10_000;
const maxPauseMs = 20;

/** IPv4, then IPv6; the failure of the first is thrown, with that of the second as its cause. */
export async function connectLoopbackInside(plan: ConnectPlan): Promise<Fd> {
  try {
    return await connectBy('ipv4', plan);
  } catch (first) {
    if (!(first instanceof SyscallError) || first.call !== 'connect') throw first;
    try {
      return await connectBy('ipv6', plan);
    } catch (cause) {
      plan.signal.throwIfAborted();
      throw new SyscallError(first, { cause });
    }
  }
}

async function connectBy(version: 'ipv4' | 'ipv6', plan: ConnectPlan): Promise<Fd> {
  plan.signal.throwIfAborted();
  const begun = await plan.begin(version);
  const fd = new OwnedFd(begun.fd);
  try {
    plan.signal.throwIfAborted();
    const peer = `${version === 'ipv4' ? '127.0.0.1' : '[::1]'}:${plan.port}`;
    const wait = { step: `connect to ${peer}`, timeoutMs, signal: plan.signal };
    if (!begun.isConnected) await withDeadline(wait, (signal) => untilConnected(fd.number, peer, signal));
    return fd;
  } catch (error) {
    fd.close();
    throw error;
  }
}

async function untilConnected(fd: number, peer: string, signal: AbortSignal): Promise<void> {
  for (let pauseMs = 1; !isWritable(fd); pauseMs = Math.min(pauseMs * 2, maxPauseMs))
    await sleepMs(pauseMs, signal);
  const errno = socketError(fd);
  if (errno === 0) return;
  const name = Object.entries(constants.errno).find(([, number]) => number === errno)?.[0] ?? `E${errno}`;
  throw new SyscallError({ call: 'connect', errno: name, paths: [peer] });
}
