/**
 * What the daemon tells its metrics while it works. Most of what is exposed is not told but read when somebody asks
 * (`node-gauges.ts`); told is only what would be forgotten otherwise.
 */
import { type ObservePull, unobserved } from '../../images/progress.ts';
import type { CallObserver } from '../dispatch.ts';

export interface Meters {
  /** A call of the CRI has ended. */
  readonly callEnded: CallObserver;
  readonly observePull: ObservePull;
  /** A container was found to have been ended by the out-of-memory killer. */
  readonly outOfMemory: () => void;
  /** The seccomp notifier refused a system call. */
  readonly syscallRefused: (syscall: string) => void;
  /** A record was set aside because it was damaged. */
  readonly recordDamaged: () => void;
}

/** Without an endpoint nothing is counted. */
export const noMeters: Meters = {
  callEnded: () => undefined,
  observePull: () => unobserved,
  outOfMemory: () => undefined,
  recordDamaged: () => undefined,
  syscallRefused: () => undefined,
};
