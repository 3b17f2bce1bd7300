import { describe, expect, jest, test } from '@jest/globals';
import { parseDigest } from '../../base/ids.ts';
import type { ProgressEvent } from '../../images/progress.ts';
import { counted } from './counted.ts';
import { drawBar, drawBars, printBytes } from './progress-bars.ts';
import { viewFor } from './progress-view.ts';
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
  readonly rows: number;

  constructor(isTTY: boolean, columns = 120, rows = 24) {
    this.isTTY = isTTY;
    this.columns = columns;
    this.rows = rows;
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
      using view = viewFor(screen, 'xterm');
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
        using view = viewFor(screen, 'xterm');
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
        using view = viewFor(screen, 'xterm');
        view.observe({ kind: 'passed-over', host: 'x\u001B[2J', why: 'y\rz' });
      }
      expect(screen.text.includes('\u001B[2J')).toBe(false);
      expect(screen.text.includes('\r')).toBe(false);
    }
  });

  test('tells how to get what an import leaves out, also by way of a daemon', () => {
    for (const isTTY of [true, false]) {
      const screen = new Screen(isTTY);
      const event = progressOf({ kind: 'left-out', digest: one });
      {
        using view = viewFor(screen, 'xterm');
        if (event !== null) view.observe(event);
      }
      expect(screen.text).toContain(`--ref ${one}\n`);
    }
  });

  test.each([
    [20, 19],
    [1, 1],
    [0, 79],
  ])('on a terminal of %d columns takes one row for each layer', (columns, width) => {
    const screen = new Screen(true, columns);
    {
      using view = viewFor(screen, 'xterm');
      for (const event of story.slice(1)) view.observe(event);
    }
    const [, ...lines] = screen.text.split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
  });

  test('on a terminal that moves no cursor is lines', () => {
    const screen = new Screen(true);
    {
      using view = viewFor(screen, 'dumb');
      for (const event of story) view.observe(event);
    }
    expect(screen.text).toContain('aaaaaaaaaaaa unpacked 2.5 MB\n');
    expect(screen.text.includes('\u001B')).toBe(false);
  });

  test('of several images keeps a line of each, and the bars of the last', () => {
    const screen = new Screen(true);
    const outline = (reference: string, digest: typeof one): ProgressEvent => ({
      kind: 'layers',
      reference,
      layers: [{ digest, sizeBytes: 10, state: 'waiting' }],
    });
    {
      using view = viewFor(screen, 'xterm');
      for (const event of [outline('first', one), outline('second', other)]) view.observe(event);
    }
    expect(screen.text).toBe(
      [
        'first: 1 layers, 1 missing (10 B)',
        'second: 1 layers, 1 missing (10 B)',
        `bbbbbbbbbbbb [${'-'.repeat(30)}]   0% of 10 B waiting`,
        '',
      ].join('\n'),
    );
  });

  test('never draws more rows than the terminal has besides that of the cursor', () => {
    for (const rows of [1, 2, 5, 40, 100]) {
      const screen = new Screen(true, 120, rows);
      {
        using view = viewFor(screen, 'xterm');
        const layers = Array.from({ length: 40 }, (_, at) => ({
          digest: parseDigest(`sha256:${String(at).padStart(64, '0')}`),
          sizeBytes: 10,
          state: 'waiting' as const,
        }));
        view.observe({ kind: 'layers', reference: 'app', layers });
      }
      const [, ...lines] = screen.text.trimEnd().split('\n');
      expect(lines.length).toBe(Math.min(40, Math.max(1, rows - 1)));
    }
  });

  test('shows what is under way first where not all have room, and says how many are left out', () => {
    const layers = new Map(
      ['unpacked', 'present', 'waiting', 'unpacked', 'downloading', 'reading'].map((state, at) => [
        parseDigest(`sha256:${String(at).repeat(64)}`),
        { sizeBytes: 10, receivedBytes: 0, state } as Parameters<typeof drawBar>[1],
      ]),
    );
    const first = (lines: readonly string[]): readonly string[] => lines.map((line) => line.slice(0, 3));
    expect(first(drawBars(layers, 6))).toEqual(['000', '111', '222', '333', '444', '555']);
    expect(first(drawBars(layers, 5).slice(0, -1))).toEqual(['222', '444', '555', '000']);
    expect(drawBars(layers, 5).at(-1)).toBe('2 more, 2 of them done');
    expect(drawBars(layers, 2)).toEqual([expect.stringMatching(/^222/), '5 more, 3 of them done']);
    expect(drawBars(layers, 1)).toEqual(['6 more, 3 of them done']);
    expect(drawBars(layers, 0)).toEqual([]);
  });

  describe('of an archive', () => {
    async function passed(screen: Screen, totalBytes: number | null): Promise<string> {
      async function* stream(): AsyncGenerator<Buffer> {
        for (let at = 0; at < 3; at += 1) yield await Promise.resolve(Buffer.alloc(1000));
      }
      using view = viewFor(screen, 'xterm');
      const { observe } = view;
      let length = 0;
      for await (const chunk of counted(stream(), { what: 'read', totalBytes, observe }))
        length += chunk.length;
      expect(length).toBe(3000);
      view.observe(story[1] ?? { kind: 'ended', failure: null });
      return screen.text;
    }

    test('is told of in bytes, with a bar when the size is known', async () => {
      for (const isTTY of [true, false])
        expect(await passed(new Screen(isTTY), 3000)).toContain('read 3.0 kB of 3.0 kB\n');
      expect(await passed(new Screen(false), null)).toMatch(/^read 3.0 kB\ndocker/);
      const screen = new Screen(true);
      {
        using view = viewFor(screen, 'xterm');
        view.observe({ kind: 'archive', what: 'written', doneBytes: 500, totalBytes: 1000 });
      }
      expect(screen.text).toBe(`[${'#'.repeat(15)}${'-'.repeat(15)}]  50% written 500 B of 1.0 kB\n`);
    });
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
