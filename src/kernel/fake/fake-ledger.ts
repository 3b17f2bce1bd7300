/**
 * What a FakeKernel has given out and not got back, and which of its calls are to fail. Test code: nothing here touches
 * the machine.
 */
import { SyscallError } from '../../base/errors.ts';
import { capabilityNames } from '../../spec/capability-names.ts';
import { OwnedFd } from '../handles/fd.ts';
import type { KernelFacts } from '../contract/facts.ts';
import type { Kernel } from '../kernel.ts';

/** The methods that can be made to fail. */
export type FakeMethod = Exclude<keyof Kernel, symbol>;

export type Injection = {
  readonly method: FakeMethod;
  /** Which call from now on fails: 1 is the next (default). */
  readonly call?: number;
  readonly errno: string;
};

/** A kernel that can do everything. */
export const fakeFacts: KernelFacts = {
  release: '6.18.0-fake',
  hasOverlayMountApi: true,
  hasMountSetattr: true,
  hasPidfdInfo: true,
  hasPidfdExitInfo: true,
  boundingCapabilities: capabilityNames,
};

type Armed = { readonly method: FakeMethod; readonly errno: string; callsLeft: number };

export class FakeLedger {
  readonly #alive = new Map<symbol, string>();
  readonly #armed: Armed[] = [];
  readonly #calls: FakeMethod[] = [];

  /** The methods called so far, in order. */
  get calls(): readonly FakeMethod[] {
    return this.#calls;
  }

  inject(injection: Injection): void {
    this.#armed.push({ method: injection.method, errno: injection.errno, callsLeft: injection.call ?? 1 });
  }

  /** Notes a call. @throws SyscallError when this call was chosen to fail */
  enter(method: FakeMethod, ...paths: readonly string[]): void {
    this.#calls.push(method);
    for (const armed of this.#armed.filter((one) => one.method === method)) {
      armed.callsLeft -= 1;
      if (armed.callsLeft > 0) continue;
      this.#armed.splice(this.#armed.indexOf(armed), 1);
      throw new SyscallError({ call: method, errno: armed.errno, paths });
    }
  }

  /** Notes something given out; the returned function strikes it off, once or often. */
  add(description: string): () => void {
    const key = Symbol(description);
    this.#alive.set(key, description);
    return () => void this.#alive.delete(key);
  }

  /** All that is alive, one line each, sorted: `mount /run/…`, `namespace net /run/…`, `fd lockFile /run/…`. */
  alive(): readonly string[] {
    return [...this.#alive.values()].toSorted();
  }
}

/** A real descriptor that is in the ledger until it is closed or released. */
export class LedgerFd extends OwnedFd {
  readonly #strike: () => void;

  constructor(number: number, strike: () => void) {
    super(number);
    this.#strike = strike;
  }

  override close(): void {
    this.#strike();
    super.close();
  }

  override release(): number {
    this.#strike();
    return super.release();
  }
}
