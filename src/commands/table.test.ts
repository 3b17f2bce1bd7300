import { describe, expect, test } from '@jest/globals';
import { StepTable } from './selftest/step-table.ts';
import { paintFor, printable, printAge, printTable } from './table.ts';

const plain = paintFor({ isTTY: false });

describe('tables', () => {
  test('align columns and leave no blanks at the end of a line', () => {
    expect(printTable(['A', 'LONG HEAD', 'C'], [['long cell', 'b', ''], ['a']], plain)).toEqual([
      'A          LONG HEAD  C',
      'long cell  b',
      'a',
    ]);
  });

  test('say when there is nothing', () => {
    expect(printTable(['A'], [], plain)).toEqual(['A', '(none)']);
  });

  test('show no control characters of a pod, so that a name cannot steer the terminal', () => {
    expect(printable('a\u001b[2Jb\nc\u202ed\u2028')).toBe('a\ufffd[2Jb\ufffdc\ufffdd\ufffd');
  });

  test('cut what is long and say so, but not the reason that stands last', () => {
    const long = 'x'.repeat(1000);
    expect(printTable(['A', 'WHY'], [[long, long]], plain)[1]).toBe(`${'x'.repeat(199)}…  ${long}`);
  });

  test('colour only where somebody looks', () => {
    expect([plain.red('x'), paintFor({ isTTY: true }).red('x')]).toEqual(['x', '\u001b[31mx\u001b[39m']);
  });

  test.each([
    [30, '30s'],
    [125, '2m'],
    [7300, '2h'],
    [200_000, '2d'],
    [-5, '-'],
  ])('print an age of %d seconds as %s', (seconds, text) => {
    expect(printAge(1_000_000_000_000n, 1_000_000_000_000n + BigInt(seconds) * 1_000_000_000n)).toBe(text);
  });
});

describe('the table of steps', () => {
  test('prints each step when it ends, the failed one with its reason, and the total', async () => {
    const lines: string[] = [];
    const table = new StepTable((text) => lines.push(text), plain);
    await table.run(
      'first',
      async () => 3,
      (value) => `found ${value}`,
    );
    await expect(table.run('second', () => Promise.reject(new Error('it\u001b broke')))).rejects.toThrow();
    table.finish();
    const text = lines.join('').replaceAll(/\d+\.\d ms/g, 'N ms');
    expect(text).toMatch(/✓ first +N ms {2}found 3\n {2}✗ second +N ms {2}it\ufffd broke\n/);
    expect(text).toMatch(/total +N ms {2}failed\n$/);
  });
});
