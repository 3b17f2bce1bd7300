import { expect, test } from '@jest/globals';
import { readLine } from './read-password.ts';

async function* keys(...pieces: readonly (string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield await Promise.resolve(Buffer.from(piece));
}

test.each([
  ['a line', ['pass', 'word\r', 'more']],
  ['what was corrected', ['pasz\u007Fs', 'wörd\b\b\bord\n']],
  ['what was begun again', ['wrong\u0015password\u0004']],
  ['what the end of the input leaves', ['password']],
])('a password is %s', async (...[, pieces]) => {
  expect(await readLine(keys(...pieces))).toBe('password');
});

test('a password keeps its spaces and letters that come in pieces', async () => {
  const bytes = Buffer.from(' pä ss ');
  expect(await readLine(keys(bytes.subarray(0, 3), bytes.subarray(3), '\r'))).toBe(' pä ss ');
});

test('Ctrl-C gives a password up', async () => {
  await expect(readLine(keys('pass\u0003'))).rejects.toMatchObject({ reason: 'Interrupted' });
});
