import { describe, expect, test } from '@jest/globals';
import { raceSignal, SingleFlight } from './single-flight.ts';

const idle = new AbortController().signal;

describe('SingleFlight', () => {
  test('lets callers of one key share one run and its result', async () => {
    const flights = new SingleFlight<number>();
    const gate = Promise.withResolvers<number>();
    let runs = 0;
    const work = async (): Promise<number> => {
      runs += 1;
      return await gate.promise;
    };
    const both = [1, 2].map(async () => await flights.run('pod', { signal: idle, isDetached: true }, work));
    gate.resolve(7);
    expect({ results: await Promise.all(both), runs, left: flights.keys() }).toEqual({
      results: [7, 7],
      runs: 1,
      left: [],
    });
  });

  test('runs again after a failure', async () => {
    const flights = new SingleFlight<number>();
    const options = { signal: idle, isDetached: true };
    await expect(
      flights.run('pod', options, async () => await Promise.reject(new Error('no'))),
    ).rejects.toThrow('no');
    expect(await flights.run('pod', options, async () => await Promise.resolve(1))).toBe(1);
  });

  test('goes on for a caller who left, when it is detached, and gives the result to the retry', async () => {
    const flights = new SingleFlight<number>();
    const gate = Promise.withResolvers<number>();
    const leaving = new AbortController();
    const first = flights.run(
      'pod',
      { signal: leaving.signal, isDetached: true },
      async () => await gate.promise,
    );
    leaving.abort(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    const retry = flights.run(
      'pod',
      { signal: idle, isDetached: true },
      async () => await Promise.resolve(-1),
    );
    gate.resolve(3);
    expect(await retry).toBe(3);
  });

  test('cancels work that nobody waits for', async () => {
    const flights = new SingleFlight<number>();
    const leaving = new AbortController();
    const cancelled = Promise.withResolvers<boolean>();
    const caller = flights.run('pull', { signal: leaving.signal, isDetached: false }, async (signal) => {
      signal.addEventListener('abort', () => cancelled.resolve(true));
      return await raceSignal(new Promise<number>(() => undefined), signal);
    });
    leaving.abort(new Error('gone'));
    await expect(caller).rejects.toThrow('gone');
    expect(await cancelled.promise).toBe(true);
  });

  test('lets nobody join work that is being given up', async () => {
    const flights = new SingleFlight<string>();
    const leaving = new AbortController();
    const stubborn = Promise.withResolvers<string>();
    const left = flights.run(
      'pull',
      { signal: leaving.signal, isDetached: false },
      async () => await stubborn.promise,
    );
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    const next = flights.run(
      'pull',
      { signal: idle, isDetached: false },
      async () => await Promise.resolve('new'),
    );
    stubborn.resolve('old');
    expect({ result: await next, left: flights.keys() }).toEqual({ result: 'new', left: [] });
  });
});
