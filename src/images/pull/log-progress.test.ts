import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { parseDigest } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import { logPulls, observeAll } from './log-progress.ts';
import { PullBroadcast } from './pull-broadcast.ts';
import type { Observer, ProgressEvent } from '../progress.ts';

const digest = parseDigest(`sha256:${'a'.repeat(64)}`);
const layers = (state: 'present' | 'waiting'): ProgressEvent => ({
  kind: 'layers',
  reference: 'app',
  layers: [{ digest, sizeBytes: 40_000_000, state }],
});

let lines: Record<string, unknown>[];
let observe: Observer;

beforeEach(() => {
  jest.useFakeTimers();
  lines = [];
  const info = (bindings: object, msg: string): void => void lines.push({ ...bindings, msg });
  const log: Log = { info, debug: info, warn: info, error: info, child: () => log } as unknown as Log;
  observe = logPulls(log)({ name: 'app' });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('the log of a pull', () => {
  test('says what is to come, how far it is every ten seconds, and how fast it was', () => {
    observe(layers('waiting'));
    observe({ kind: 'bytes', digest, receivedBytes: 20_000_000 });
    jest.advanceTimersByTime(10_000);
    observe({ kind: 'bytes', digest, receivedBytes: 40_000_000 });
    jest.advanceTimersByTime(10_000);
    observe({ kind: 'ended', failure: null });
    jest.advanceTimersByTime(60_000);
    expect(lines).toMatchObject([
      { msg: 'pull: layers', layers: 1, missing: 1, totalBytes: 40_000_000 },
      { msg: 'pull: under way', receivedBytes: 20_000_000, megabytesPerSecond: 2 },
      { msg: 'pull: under way', receivedBytes: 40_000_000, megabytesPerSecond: 2 },
      { msg: 'pull: received', receivedBytes: 40_000_000 },
    ]);
  });

  test('says nothing of a pull that finds everything there', () => {
    observe(layers('present'));
    jest.advanceTimersByTime(60_000);
    observe({ kind: 'ended', failure: null });
    expect(lines).toEqual([]);
  });

  test('ends with a pull that fails', () => {
    observe(layers('waiting'));
    observe({ kind: 'bytes', digest, receivedBytes: 10 });
    observe({ kind: 'ended', failure: new Error('cut') });
    jest.advanceTimersByTime(60_000);
    expect(lines.map(({ msg }) => msg)).toEqual(['pull: layers', 'pull: ended early']);
  });
});

describe('followers of a pull', () => {
  test('hear of the name that they follow until they leave, beside others who observe', () => {
    const pulls = new PullBroadcast();
    const heard: string[] = [];
    const tell = observeAll([pulls.observe, () => (event) => heard.push(`all ${event.kind}`)])({
      name: 'app',
    });
    const stranger = pulls.observe({ name: 'other' });
    {
      using stack = new DisposableStack();
      stack.use(pulls.follow('app', (event) => heard.push(event.kind)));
      tell(layers('waiting'));
      stranger(layers('waiting'));
    }
    tell({ kind: 'ended', failure: null });
    expect(heard).toEqual(['layers', 'all layers', 'all ended']);
  });

  test('who come late are told first what there is by then, and nothing of what has ended', () => {
    const pulls = new PullBroadcast();
    const tell = pulls.observe({ name: 'app' });
    const heard: ProgressEvent[] = [];
    const follow = (): Disposable => pulls.follow('app', (event) => heard.push(event));
    follow()[Symbol.dispose]();
    expect(heard).toEqual([]);
    const state: ProgressEvent = { kind: 'state', digest, state: 'downloading' };
    const bytes = (receivedBytes: number): ProgressEvent => ({ kind: 'bytes', digest, receivedBytes });
    for (const event of [layers('waiting'), state, bytes(1), bytes(2)]) tell(event);
    follow()[Symbol.dispose]();
    expect(heard.splice(0)).toEqual([layers('waiting'), state, bytes(2)]);
    // A second registry: what the first one had is no more.
    tell(layers('present'));
    follow()[Symbol.dispose]();
    expect(heard.splice(0)).toEqual([layers('present')]);
    tell({ kind: 'ended', failure: null });
    follow()[Symbol.dispose]();
    expect(heard).toEqual([]);
  });
});
