/**
 * One rig for all tests of a file: started before the first, emptied after each, and at the end held against what existed
 * before the first. A test file calls it once, at the top.
 */
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import type { Census } from './census.ts';
import { handlers, Rig, type RigOptions } from './rig.ts';

export type UseOptions = RigOptions & {
  /** True: what the tests leave of monitors is not held against them. */
  readonly leavesMonitors?: boolean;
};

/** @returns the rig; call it inside tests only */
export function useRig(options: UseOptions = {}): () => Rig {
  let rig: Rig | null = null;
  let before: Census | null = null;
  const current = (): Rig => {
    if (rig === null) throw new Error('the rig is not there before the first test');
    return rig;
  };

  beforeAll(async () => {
    rig = await Rig.start(options);
    if (options.hasNetwork === false) return;
    for (const handler of handlers) before = await rig.censusAfterWarmUp(handler);
  });

  afterEach(async () => {
    await rig?.removeEverything();
  });

  afterAll(async () => {
    try {
      if (before !== null && options.leavesMonitors !== true) await rig?.expectCensus(before);
    } finally {
      await rig?.close();
    }
  });

  return current;
}
