import { describe, expect, test } from '@jest/globals';
import { ratePerSecond, Tracks } from './tracks.ts';

const ms = 1_000_000n;

/** A counter that grows by 7 with each measurement. */
function counter(): { readonly read: () => bigint; readonly reads: () => number } {
  let count = 0;
  return { read: () => BigInt((count += 1)) * 7n, reads: () => count };
}

describe('a sample', () => {
  test('is shared by those who ask within a tenth of a second', () => {
    const tracks = new Tracks<string, bigint>();
    const { read, reads } = counter();
    tracks.sample('a', 0n, () => 0n);
    const samples = [1000n, 1001n, 1099n].map((atMs) => tracks.sample('a', atMs * ms, read));
    expect([new Set(samples).size, reads()]).toEqual([1, 1]);
    expect(tracks.sample('a', 1100n * ms, read)?.takenAtNs).toBe(1100n * ms);
    expect(reads()).toBe(2);
  });

  test('without a rate is shared by nobody, and the first one is the base of the first rate', () => {
    const tracks = new Tracks<string, bigint>();
    const samples = [1000n, 1001n, 1099n, 1100n].map((atMs) => tracks.sample('a', atMs * ms, () => atMs));
    expect(samples.map((each) => each?.value)).toEqual([1000n, 1001n, 1099n, 1100n]);
    expect(samples.map((each) => each?.base?.value)).toEqual([undefined, undefined, undefined, 1000n]);
    expect(tracks.sample('a', 1100n * ms, () => 0n)).toBe(samples[3]);
  });

  test('of something that is gone is null, and nothing is kept of it', () => {
    const tracks = new Tracks<string, bigint>();
    tracks.sample('a', 0n, () => 1n);
    expect([tracks.sample('a', 1000n * ms, () => null), tracks.size]).toEqual([null, 0]);
  });
});

describe('a rate', () => {
  test('needs two samples', () => {
    const tracks = new Tracks<string, bigint>();
    const first = tracks.sample('a', 0n, () => 10n);
    expect(first && ratePerSecond(first, (value) => value)).toBeNull();
    const second = tracks.sample('a', 2000n * ms, () => 30n);
    expect(second && ratePerSecond(second, (value) => value)).toBe(10n);
  });

  test.each([100n, 200n, 450n, 1000n, 60_000n])(
    'follows the counter when asked for every %s ms',
    (everyMs) => {
      const tracks = new Tracks<string, bigint>();
      // A counter that rests for a minute, and then grows by a thousand each second.
      const read = (atMs: bigint): bigint => (atMs < 60_000n ? 0n : atMs - 60_000n);
      let last = tracks.sample('a', 0n, () => 0n);
      const endMs = 60_000n + (everyMs > 1000n ? 3n * everyMs : 3000n);
      for (let atMs = everyMs; atMs <= endMs; atMs += everyMs)
        last = tracks.sample('a', atMs * ms, () => read(atMs));
      expect(last && ratePerSecond(last, (value) => value)).toBe(1000n);
      const spanMs = ((last?.takenAtNs ?? 0n) - (last?.base?.takenAtNs ?? 0n)) / ms;
      expect(spanMs).toBeGreaterThanOrEqual(500n);
      expect(spanMs).toBeLessThanOrEqual(1000n + 2n * everyMs);
    },
  );

  test('of a counter that began anew is not known', () => {
    const tracks = new Tracks<string, bigint>();
    tracks.sample('a', 0n, () => 10n);
    const second = tracks.sample('a', 2000n * ms, () => 3n);
    expect(second && ratePerSecond(second, (value) => value)).toBeNull();
  });
});
