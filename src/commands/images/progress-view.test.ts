import { describe, expect, jest, test } from '@jest/globals';
import { parseDigest } from '../../base/ids.ts';
import type { ProgressEvent } from '../../images/progress.ts';
import { drawBar, printBytes, viewFor } from './progress-view.ts';
import { progressOf } from './progress-of-line.ts';

const [one, other] = ['a', 'b'].map((digit) => parseDigest(`sha256:${digit.repeat(64)}`)) as [
  ReturnType<typeof parseDigest>,
  ReturnType<typeof parseDigest>,
];

const story: readonly ProgressEvent[] = [
  { kind: 'passed-over', host: 'mirror.test', why: 'it does not answer' },
  {
    kind: 'layers',
    reference: 'docker.io/library/app:1',
    layers: [
      { digest: one, sizeBytes: 2_500_000, state: 'waiting' },
      { digest: other, sizeBytes: 10, state: 'present' },
    ],
  },
  { kind: 'state', digest: one, state: 'downloading' },
  { kind: 'bytes', digest: one, receivedBytes: 1_250_000 },
  { kind: 'state', digest: one, state: 'unpacked' },
  { kind: 'ended', failure: null },
];

class Screen {
  text = '';
  readonly isTTY: boolean;
  readonly columns: number;

  constructor(isTTY: boolean, columns = 120) {
    this.isTTY = isTTY;
    this.columns = columns;
  }

  write(text: string): boolean {
    this.text += text;
    return true;
  }
}

describe('progress', () => {
  test('without a terminal is one line for each thing that happens, and no control characters', () => {
    const screen = new Screen(false);
    {
      using view = viewFor(screen);
      for (const event of story) view.observe(event);
    }
    expect(screen.text.split('\n')).toEqual([
      'mirror.test: passed over: it does not answer',
      'docker.io/library/app:1: 2 layers, 1 missing (2.5 MB)',
      'aaaaaaaaaaaa downloading 2.5 MB',
      'aaaaaaaaaaaa unpacked 2.5 MB',
      '',
    ]);
  });

  test('on a terminal is a bar for each layer, drawn again in its place, whole in the end', () => {
    jest.useFakeTimers();
    try {
      const screen = new Screen(true);
      {
        using view = viewFor(screen);
        for (const event of story.slice(0, 4)) view.observe(event);
        jest.advanceTimersByTime(150);
        expect(screen.text).toContain(
          'aaaaaaaaaaaa [###############---------------]  50% of 2.5 MB downloading\n',
        );
        for (const event of story.slice(4)) view.observe(event);
      }
      const [, last = ''] = screen.text.split('\u001B[2A\u001B[J');
      expect(last).toBe(
        [
          `aaaaaaaaaaaa [${'#'.repeat(30)}] 100% of 2.5 MB unpacked`,
          `bbbbbbbbbbbb [${'#'.repeat(30)}] 100% of 10 B present`,
          '',
        ].join('\n'),
      );
    } finally {
      jest.useRealTimers();
    }
  });

  test('never steers a terminal with the words of a registry', () => {
    for (const isTTY of [true, false]) {
      const screen = new Screen(isTTY);
      {
        using view = viewFor(screen);
        view.observe({ kind: 'passed-over', host: 'x\u001B[2J', why: 'y\rz' });
      }
      expect(screen.text.includes('\u001B[2J')).toBe(false);
      expect(screen.text.includes('\r')).toBe(false);
    }
  });

  test.each([
    [20, 19],
    [1, 1],
    [0, 79],
  ])('on a terminal of %d columns takes one row for each layer', (columns, width) => {
    const screen = new Screen(true, columns);
    {
      using view = viewFor(screen);
      for (const event of story.slice(1)) view.observe(event);
    }
    const lines = screen.text.split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
  });

  test('of a layer of no bytes is whole, and one that waits has nothing', () => {
    expect(drawBar(one, { sizeBytes: 0, state: 'downloading', receivedBytes: 0 })).toContain('100%');
    expect(drawBar(one, { sizeBytes: 10, state: 'waiting', receivedBytes: 0 })).toContain('  0%');
  });

  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [12_345_678_901_234n, '12.3 TB'],
  ])('counts %s bytes as %s', (bytes, words) => {
    expect(printBytes(bytes)).toBe(words);
  });

  test('comes over a socket as it was, and what nobody knows is left out', () => {
    for (const event of story)
      expect(progressOf(JSON.parse(JSON.stringify(event)) as Record<string, unknown>)).toEqual(event);
    expect(progressOf({ kind: 'state', digest: 'no digest', state: 'present' })).toBeNull();
    expect(progressOf({ kind: 'state', digest: one, state: 'melting' })).toBeNull();
    expect(progressOf({ kind: 'news' })).toBeNull();
  });
});
