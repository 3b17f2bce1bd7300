/**
 * Processes of a FakeKernel: they exist when a test says so, and note the signals that they get. SIGKILL ends them.
 * Programs that are spawned are real ones.
 */
import { SyscallError } from '../../base/errors.ts';
import type { FakeLedger } from './fake-ledger.ts';
import type { ProcessHandle, ProcessInfo, Reaped, SpawnRequest } from '../contract/processes.ts';
import { waitpidNohang } from '../calls/process-calls.ts';
import { posixSpawn } from '../calls/spawn-calls.ts';

const sigkill = 9;

export class FakeProcess {
  readonly pid: number;
  readonly signals: number[] = [];
  waitStatus: number | null = null;

  constructor(pid: number) {
    this.pid = pid;
  }

  /** @param waitStatus as of wait(2): `code << 8`, or the number of the signal */
  end(waitStatus: number): void {
    this.waitStatus ??= waitStatus;
  }

  info(): ProcessInfo {
    if (this.waitStatus === null) return { state: 'running', pid: this.pid };
    return { state: 'exited', waitStatus: this.waitStatus };
  }

  signal(signalNumber: number): boolean {
    if (this.waitStatus !== null) return false;
    if (signalNumber !== 0) this.signals.push(signalNumber);
    if (signalNumber === sigkill) this.end(sigkill);
    return true;
  }
}

export class FakeProcesses {
  readonly #ledger: FakeLedger;
  readonly #processes = new Map<number, FakeProcess>();
  readonly #spawned = new Map<number, () => void>();

  constructor(ledger: FakeLedger) {
    this.#ledger = ledger;
  }

  start(pid: number): FakeProcess {
    const process = new FakeProcess(pid);
    this.#processes.set(pid, process);
    return process;
  }

  /** @throws SyscallError ESRCH */
  open(pid: number): ProcessHandle {
    const process = this.#processes.get(pid);
    if (process === undefined)
      throw new SyscallError({ call: 'pidfd_open', errno: 'ESRCH', paths: [`pid ${pid}`] });
    const close = this.#ledger.add(`process ${pid}`);
    return {
      pid,
      signal: (signalNumber) => process.signal(signalNumber),
      info: () => process.info(),
      close,
      [Symbol.dispose]: close,
    };
  }

  spawn(request: SpawnRequest): number {
    const pid = posixSpawn(request);
    this.#spawned.set(pid, this.#ledger.add(`child ${request.argv[0]}`));
    return pid;
  }

  reap(pids: readonly number[]): readonly Reaped[] {
    return pids.flatMap((pid) => {
      const waitStatus = this.#spawned.has(pid) ? waitpidNohang(pid) : this.#reapFake(pid);
      if (waitStatus === null) return [];
      this.#spawned.get(pid)?.();
      this.#spawned.delete(pid);
      return [{ pid, waitStatus }];
    });
  }

  #reapFake(pid: number): number | null {
    const waitStatus = this.#processes.get(pid)?.waitStatus ?? null;
    if (waitStatus !== null) this.#processes.delete(pid);
    return waitStatus;
  }
}
