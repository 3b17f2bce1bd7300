/**
 * The network counters of pods, without a process in them: net/dev of a pod's network namespace is opened once by the kernel
 * thread, and read from its start for each sample. An open file keeps the namespace, so it is closed when the pod stops.
 */
import type { PodId } from '../base/ids.ts';
import { explain } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { withDeadline } from '../base/time.ts';
import type { Fd } from '../kernel/contract/files.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { readKernelFd, readKernelFile } from '../kernel/figures/kernel-files.ts';
import { type InterfaceCounters, parseNetDev } from '../kernel/figures/net-dev.ts';
import type { PodRecord } from '../store/pod-record.ts';

type Opening = {
  readonly done: Promise<void>;
  readonly sinceMs: number;
  fd: Fd | null;
  isReleased: boolean;
};

/** From the first wish to look into a pod's network; whoever comes later than that waits no more. */
const patienceMs = 1000;

export class PodInterfaces implements Disposable {
  readonly #kernel: Pick<Kernel, 'openNetDev'>;
  readonly #log: Log;
  readonly #open = new Map<PodId, Opening>();

  constructor(kernel: Pick<Kernel, 'openNetDev'>, log: Log) {
    this.#kernel = kernel;
    this.#log = log;
  }

  /** How many pods' files are open, or being opened. */
  get size(): number {
    return this.#open.size;
  }

  /** True: `prepare` has nothing to do. */
  isReady(pod: PodRecord): boolean {
    return pod.pins.net === null || (this.#open.get(pod.id)?.fd ?? null) !== null;
  }

  /** Resolves when the pod can be read, cannot be opened, or the patience is over; the opening then goes on. */
  async prepare(pod: PodRecord): Promise<void> {
    if (pod.pins.net === null) return;
    const opening = this.#open.get(pod.id) ?? this.#begin(pod.id, pod.pins.net);
    const timeoutMs = patienceMs - (performance.now() - opening.sinceMs);
    if (opening.fd !== null || timeoutMs <= 0) return;
    const deadline = { step: 'open network counters', timeoutMs };
    await withDeadline(deadline, () => opening.done).catch(() => undefined);
  }

  /** Every interface of the pod, the host's with the host's network; null: not prepared, or not to be had. */
  read(pod: PodRecord): readonly InterfaceCounters[] | null {
    const text = pod.pins.net === null ? readKernelFile('/proc/self/net/dev') : this.#readHeld(pod.id);
    return text === null ? null : parseNetDev(text);
  }

  release(id: PodId): void {
    const opening = this.#open.get(id);
    if (opening === undefined) return;
    this.#open.delete(id);
    opening.isReleased = true;
    opening.fd?.close();
  }

  [Symbol.dispose](): void {
    for (const id of this.#open.keys()) this.release(id);
  }

  #readHeld(id: PodId): string | null {
    const fd = this.#open.get(id)?.fd ?? null;
    return fd === null ? null : readKernelFd(fd.number, `net/dev of pod ${id}`);
  }

  #begin(id: PodId, netns: NonNullable<PodRecord['pins']['net']>): Opening {
    const done = this.#openFile(id, netns);
    const opening: Opening = { done, sinceMs: performance.now(), fd: null, isReleased: false };
    this.#open.set(id, opening);
    return opening;
  }

  async #openFile(id: PodId, netns: NonNullable<PodRecord['pins']['net']>): Promise<void> {
    try {
      const fd = await this.#kernel.openNetDev(netns);
      const opening = this.#open.get(id);
      if (opening === undefined || opening.isReleased) fd.close();
      else opening.fd = fd;
    } catch (error) {
      // The pod is being stopped, mostly; the next sample tries again.
      this.#log.debug({ pod: id, error: explain(error) }, 'network counters cannot be opened');
      this.#open.delete(id);
    }
  }
}
