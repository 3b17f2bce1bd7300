/**
 * Waiting for what happens in its own time. Every wait here has a bound and says, when it ends unmet, what was awaited.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** How many times as long as on real hardware everything may take: an emulated machine says it (`npm run test:vm`). */
export const slowness = Number(process.env['CRI_TS_TEST_SLOWNESS'] ?? 1);

export type Patience = { readonly timeoutMs?: number; readonly everyMs?: number };

/** Waits until the condition holds. @throws after `timeoutMs` (default 10 s), with the last failure as its cause */
export async function eventually(
  what: string,
  isTrue: () => Promise<boolean> | boolean,
  patience: Patience = {},
): Promise<void> {
  const timeoutMs = (patience.timeoutMs ?? 10_000) * slowness;
  const endMs = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      if (await isTrue()) return;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > endMs) throw new Error(`${what}: not within ${timeoutMs} ms`, { cause });
    await sleep(patience.everyMs ?? 20);
  }
}

/** Waits until `look` returns what `isRight` accepts, and returns it; at the bound, returns the last thing seen. */
export async function settle<T>(
  look: () => Promise<T>,
  isRight: (seen: T) => boolean,
  patience: Patience = {},
): Promise<T> {
  const endMs = performance.now() + (patience.timeoutMs ?? 10_000) * slowness;
  for (;;) {
    const seen = await look();
    if (isRight(seen) || performance.now() > endMs) return seen;
    await sleep(patience.everyMs ?? 50);
  }
}
