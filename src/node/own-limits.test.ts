import { expect, test } from '@jest/globals';
import { parseHardLimits } from './own-limits.ts';
import { reachableOomScoreAdj, reachableRlimits } from '../spec/process-limits.ts';

const unlimited = 2n ** 64n - 1n;
const limit = (soft: bigint, hard: bigint) => ({ type: 'RLIMIT_NOFILE', soft, hard });

test('limits beyond the daemon’s own need CAP_SYS_RESOURCE; without it they come down to its own', () => {
  const hardLimits = new Map([['RLIMIT_NOFILE', 4096n]]);
  const bound = { hardLimits, boundingCapabilities: [], oomScoreAdj: 5 };
  const free = { ...bound, boundingCapabilities: ['CAP_SYS_RESOURCE'] };
  const wanted = [limit(1024n, 2048n), limit(1024n, unlimited), limit(unlimited, unlimited)];
  expect(reachableRlimits(wanted, free)).toEqual(wanted);
  expect(reachableRlimits(wanted, bound)).toEqual([
    limit(1024n, 2048n),
    limit(1024n, 4096n),
    limit(4096n, 4096n),
  ]);
  expect([-999, 5, 900].map((score) => reachableOomScoreAdj(score, bound))).toEqual([5, 5, 900]);
  expect(reachableOomScoreAdj(-999, free)).toBe(-999);
});

test('a process’s own hard limits are read from the kernel’s table', () => {
  const text = [
    'Limit                     Soft Limit           Hard Limit           Units     ',
    'Max cpu time              unlimited            unlimited            seconds   ',
    'Max open files            1024                 524288               files     ',
    'Max realtime timeout      unlimited            unlimited            us        ',
    'Max nonsense              1                    2                    x         ',
  ].join('\n');
  expect([...parseHardLimits(text)]).toEqual([
    ['RLIMIT_CPU', unlimited],
    ['RLIMIT_NOFILE', 524_288n],
    ['RLIMIT_RTTIME', unlimited],
  ]);
});
