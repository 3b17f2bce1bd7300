import { describe, expect, test } from '@jest/globals';
import { writeSync } from 'node:fs';
import { ThreadedKernel } from '../../kernel/threaded-kernel.ts';
import { OutputBudget, OutputPipe } from './bounded-output.ts';

describe('bounded output', () => {
  test('is what was there at the end, also when the loop was held up for longer than it waits', async () => {
    const kernel = new ThreadedKernel();
    using pipe = new OutputPipe(kernel, new OutputBudget(1000));
    // Behind this timers come next, and descriptors after them.
    await new Promise(setImmediate);
    // The end that stays open is a grandchild's.
    writeSync(pipe.writeEnd, 'the last words');
    const drained = pipe.drained(50);
    for (const endMs = performance.now() + 100; performance.now() < endMs;);
    expect(String(await drained)).toBe('the last words');
    await kernel.close();
  });

  test('ends at the budget, which its pipes share', async () => {
    const kernel = new ThreadedKernel();
    const budget = new OutputBudget(10);
    using one = new OutputPipe(kernel, budget);
    using two = new OutputPipe(kernel, budget);
    writeSync(one.writeEnd, 'x'.repeat(8));
    one.closeWriteEnd();
    expect(String(await one.drained(10_000))).toBe('x'.repeat(8));
    writeSync(two.writeEnd, 'y'.repeat(8));
    two.closeWriteEnd();
    expect(String(await two.drained(10_000))).toBe('yy');
    await kernel.close();
  });
});
