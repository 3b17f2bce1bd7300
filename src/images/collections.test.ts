import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Collections } from './collections.ts';

const delays = { quietMs: 600, longestMs: 3600, soonMs: 1 };
let collections: Collections;
let runs: number;
let end: PromiseWithResolvers<void>;

beforeEach(() => {
  jest.useFakeTimers();
  runs = 0;
  end = Promise.withResolvers();
  end.resolve();
  collections = new Collections(async () => {
    runs += 1;
    await end.promise;
    return { layers: 0, blobs: 0 };
  }, delays);
});
afterEach(async () => {
  await collections.close();
  jest.useRealTimers();
});

describe('a collection', () => {
  test('comes when for a while nothing more was let go', async () => {
    for (let at = 0; at < 3; at += 1) {
      collections.later();
      await jest.advanceTimersByTimeAsync(500);
    }
    expect(runs).toBe(0);
    await jest.advanceTimersByTimeAsync(100);
    expect(runs).toBe(1);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(runs).toBe(1);
  });

  test('comes at last although something is let go all the time', async () => {
    for (let at = 0; at < 8; at += 1) {
      collections.later();
      await jest.advanceTimersByTimeAsync(500);
    }
    expect(runs).toBe(1);
  });

  test('that is wanted soon is not put off by what may wait', async () => {
    collections.later();
    collections.soon();
    collections.later();
    await jest.advanceTimersByTimeAsync(1);
    expect(runs).toBe(1);
  });

  test('runs once at a time, and once more when it was asked for meanwhile', async () => {
    end = Promise.withResolvers();
    collections.start(async () => await Promise.resolve());
    for (let at = 0; at < 3; at += 1) {
      collections.soon();
      await jest.advanceTimersByTimeAsync(10);
    }
    expect(runs).toBe(1);
    end.resolve();
    await collections.settled();
    expect(runs).toBe(2);
  });

  test('does not come after the end', async () => {
    collections.later();
    await collections.close();
    collections.soon();
    collections.start(async () => await Promise.resolve());
    await jest.advanceTimersByTimeAsync(10_000);
    expect(runs).toBe(0);
  });
});
