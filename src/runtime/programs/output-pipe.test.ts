import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { readdirSync, writeSync } from 'node:fs';
import { keepHead, OutputBudget } from '../../base/output.ts';
import { ThreadedKernel } from '../../kernel/threaded-kernel.ts';
import { OutputPipe } from './output-pipe.ts';

const kernel = new ThreadedKernel();
const patienceMs = 20_000;
let fds = 0;
beforeEach(() => void (fds = readdirSync('/proc/self/fd').length));
afterEach(async () => {
  await new Promise((resolve) => setImmediate(resolve));
  expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(fds);
});
afterAll(async () => await kernel.close());

/** A pipe of which somebody else holds the write end as well. */
function held(): {
  readonly pipe: OutputPipe;
  readonly content: () => string;
  readonly write: (text: string) => void;
  readonly letGo: () => void;
} {
  const kept = keepHead(new OutputBudget(1024 * 1024));
  let other = -1;
  const pipe = new OutputPipe(
    {
      outputPipe: () => {
        const ends = kernel.outputPipe();
        const copy = { number: ends.write.number, close: () => undefined, release: () => -1 };
        other = ends.write.number;
        letGo = () => ends.write.close();
        return { read: ends.read, write: { ...copy, [Symbol.dispose]: () => undefined } };
      },
    },
    kept.take,
  );
  return {
    pipe,
    content: () => kept.content().toString('utf8'),
    write: (text) => void writeSync(other, text),
    letGo: () => letGo(),
  };
}
let letGo = (): void => undefined;

test('reads at once what was written, when nobody holds the pipe any more', async () => {
  const { pipe, content, write, letGo } = held();
  write('a'.repeat(60_000));
  pipe.handedOver();
  letGo();
  const done = pipe.finish(patienceMs);
  expect(content()).toBe('a'.repeat(60_000));
  await done;
});

test('reads on while somebody holds it, and no longer than it may take', async () => {
  using stack = new DisposableStack();
  const { pipe, content, write, letGo } = held();
  stack.use(pipe);
  pipe.handedOver();
  write('before ');
  const done = pipe.finish(patienceMs);
  write('after');
  letGo();
  await done;
  expect(content()).toBe('before after');

  const other = held();
  using never = other.pipe;
  never.handedOver();
  other.write('some');
  await never.finish(10);
  expect(other.content()).toBe('some');
  other.letGo();
});

test('is watched when the program runs longer, so that it never blocks', async () => {
  using stack = new DisposableStack();
  const { pipe, content, write, letGo } = held();
  stack.use(pipe);
  pipe.handedOver();
  let length = 0;
  while (length < 1_000_000) {
    write('x'.repeat(50_000));
    length += 50_000;
    // It comes when the loop has taken the last piece.
    while (content().length < length) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  letGo();
  await pipe.finish(patienceMs);
  expect(content()).toHaveLength(length);
});

test('keeps what comes while it waits, also when the loop was held up for longer than it waits', async () => {
  using stack = new DisposableStack();
  const { pipe, content, write, letGo } = held();
  stack.use(pipe);
  const done = pipe.finish(50);
  // Behind this timers come next, and descriptors after them.
  await new Promise(setImmediate);
  write('the last words');
  for (const endMs = performance.now() + 100; performance.now() < endMs;);
  await done;
  expect(content()).toBe('the last words');
  letGo();
});

test('keeps what the budget allows that pipes share', async () => {
  const budget = new OutputBudget(10);
  const [one, two] = [keepHead(budget), keepHead(budget)];
  for (const [kept, letter] of [
    [one, 'x'],
    [two, 'y'],
  ] as const) {
    using pipe = new OutputPipe(kernel, kept.take);
    writeSync(pipe.writeEnd, letter.repeat(8));
    pipe.handedOver();
    await pipe.finish(patienceMs);
  }
  expect([one, two].map((kept) => kept.content().toString('utf8'))).toEqual(['xxxxxxxx', 'yy']);
});
