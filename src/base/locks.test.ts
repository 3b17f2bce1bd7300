import { describe, expect, test } from '@jest/globals';
import { KeyedLock } from './locks.ts';

const idle = new AbortController().signal;

describe('KeyedLock', () => {
  test('lets holders of one key take turns in the order of asking', async () => {
    const locks = new KeyedLock();
    const seen: string[] = [];
    const hold = async (name: string): Promise<void> =>
      await locks.hold('pod', idle, async () => {
        seen.push(`${name} in`);
        await Promise.resolve();
        seen.push(`${name} out`);
      });
    await Promise.all([hold('a'), hold('b')]);
    expect(seen).toEqual(['a in', 'a out', 'b in', 'b out']);
  });

  test('does not let one key wait for another', async () => {
    const locks = new KeyedLock();
    const gate = Promise.withResolvers<void>();
    const held = locks.hold('a', idle, async () => await gate.promise);
    expect(await locks.hold('b', idle, async () => await Promise.resolve('done'))).toBe('done');
    gate.resolve();
    await held;
  });

  test('passes on when a holder fails or a waiter leaves', async () => {
    const locks = new KeyedLock();
    const gate = Promise.withResolvers<void>();
    const failing = locks.hold('a', idle, async () => {
      await gate.promise;
      throw new Error('no');
    });
    const leaving = new AbortController();
    const left = locks.hold('a', leaving.signal, async () => await Promise.resolve());
    leaving.abort(new Error('left'));
    const last = locks.hold('a', idle, async () => await Promise.resolve('mine'));
    gate.resolve();
    const results = await Promise.allSettled([failing, left, last]);
    expect(
      results.map((result) => (result.status === 'fulfilled' ? result.value : String(result.reason))),
    ).toEqual(['Error: no', 'Error: left', 'mine']);
  });
});
