import { describe, expect, test } from '@jest/globals';
import { giveBack } from './give-back.ts';

/** A piece of memory of its own, as a socket's chunk is. */
function own(bytes: number): Buffer {
  return Buffer.from(new ArrayBuffer(bytes));
}

describe('memory that goes back', () => {
  test('is that of the last piece, and only then', () => {
    const chunk = own(100_000);
    giveBack(chunk.subarray(0, 60_000));
    expect(chunk.length).toBe(100_000);
    giveBack(chunk.subarray(60_000));
    expect(chunk.length).toBe(0);
  });

  test('is never what small buffers share', () => {
    const [first, second] = [Buffer.from('first'), Buffer.from('second')];
    const tail = own(Buffer.poolSize).subarray(-100);
    for (const each of [first, second]) giveBack(each);
    giveBack(tail);
    expect([first.toString(), second.toString(), tail.length]).toEqual(['first', 'second', 100]);
  });

  test('twice is the same as once', () => {
    const chunk = own(20_000);
    giveBack(chunk);
    giveBack(chunk);
    expect(chunk.length).toBe(0);
  });
});
