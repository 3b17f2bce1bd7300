// The texts are those of real kernels (6.18), shortened where lines say nothing here.
import { describe, expect, test } from '@jest/globals';
import { parseIoServiced, parseIoStat, readDetails, sharesOfWeight } from './cgroup-details.ts';
import { memoryV1, memoryV2, parsePsi } from './cgroup-figures.ts';
import { parseNetDev } from './net-dev.ts';
import { parseMaxOpenFiles } from './process-figures.ts';

describe('memory', () => {
  const statV1 = `cache 9560064
rss 16953344
mapped_file 7733248
swap 0
pgfault 58610
inactive_file 20480
hierarchical_memory_limit 67108864
hierarchical_memsw_limit 100663296
total_cache 2653868032
total_rss 867885056
total_mapped_file 77799424
total_swap 4096
total_pgfault 30365564
total_pgmajfault 3021
total_inactive_file 1590648832
`;

  test('of v1 counts what is below the cgroup, too', () => {
    expect(memoryV1({ usage: '3000000000\n', stat: statV1, limit: '67108864\n' })).toEqual({
      usageBytes: 3_000_000_000n,
      workingSetBytes: 1_409_351_168n,
      rssBytes: 867_885_056n,
      cacheBytes: 2_653_868_032n,
      mappedFileBytes: 77_799_424n,
      pageFaults: 30_365_564n,
      majorPageFaults: 3021n,
      swapUsageBytes: 4096n,
      swapLimitBytes: 33_554_432n,
      limitBytes: 67_108_864n,
    });
  });

  test('of v1 is unlimited at the largest number of pages, whatever limits those above have', () => {
    const texts = { usage: '0\n', stat: statV1, limit: '9223372036854771712\n' };
    expect(memoryV1(texts)).toMatchObject({ limitBytes: null, swapLimitBytes: null });
  });

  test('of v1 without swap accounting has no swap', () => {
    const text = statV1.replaceAll(/^.*(?:swap|memsw).*\n/gm, '');
    expect(memoryV1({ usage: '0\n', stat: text, limit: '67108864\n' })).toMatchObject({
      swapUsageBytes: null,
      swapLimitBytes: null,
      workingSetBytes: 0n,
    });
  });

  const statV2 = `anon 300000
file 600000
kernel 10
file_mapped 4096
inactive_file 250000
pgfault 9007199254740993
pgmajfault 7
`;

  test('of v2 is read to the last digit', () => {
    const texts = {
      current: '1000000\n',
      stat: statV2,
      max: '2000000\n',
      swapCurrent: '4096\n',
      swapMax: '8192\n',
    };
    expect(memoryV2(texts)).toEqual({
      usageBytes: 1_000_000n,
      workingSetBytes: 750_000n,
      rssBytes: 300_000n,
      cacheBytes: 600_000n,
      mappedFileBytes: 4096n,
      pageFaults: 9_007_199_254_740_993n,
      majorPageFaults: 7n,
      swapUsageBytes: 4096n,
      swapLimitBytes: 8192n,
      limitBytes: 2_000_000n,
    });
  });

  test('of v2 tolerates what is missing or strange; without its main file there is none', () => {
    const texts = {
      current: '10',
      stat: 'inactive_file 20\nanon x\n\n',
      max: 'max\n',
      swapCurrent: null,
      swapMax: null,
    };
    expect(memoryV2(texts)).toMatchObject({
      workingSetBytes: 0n,
      rssBytes: 0n,
      swapUsageBytes: null,
      limitBytes: null,
    });
    expect(memoryV2({ ...texts, current: null })).toBeNull();
  });
});

describe('pressure', () => {
  test('has what some and what all waited', () => {
    const text = `some avg10=1.50 avg60=0.00 avg300=0.25 total=123
full avg10=0.00 avg60=0.00 avg300=0.00 total=0
`;
    expect(parsePsi(text)).toEqual({
      some: { avg10: 1.5, avg60: 0, avg300: 0.25, totalUs: 123n },
      full: { avg10: 0, avg60: 0, avg300: 0, totalUs: 0n },
    });
  });

  test('of older kernels has no full for the CPU', () => {
    expect(parsePsi('some avg10=0.00 avg60=0.00 avg300=0.00 total=9\n')).toMatchObject({ full: null });
  });

  test('is none where the file is missing or empty', () => {
    expect([parsePsi(null), parsePsi(''), parsePsi('some avg10=x\n')]).toEqual([null, null, null]);
  });
});

describe('input and output', () => {
  const nothing = { reads: 0n, writes: 0n };

  test('of v1 comes from two files, and totals are passed over', () => {
    const bytes = '8:0 Read 4096\n8:0 Write 8192\n8:0 Sync 1\n8:0 Total 12288\n253:1 Read 512\nTotal 12800\n';
    const operations = '8:0 Read 1\n8:0 Write 2\n253:1 Read 3\nTotal 6\n';
    expect(parseIoServiced(bytes, operations)).toEqual([
      { major: '8', minor: '0', readBytes: 4096n, writeBytes: 8192n, reads: 1n, writes: 2n },
      { major: '253', minor: '1', readBytes: 512n, writeBytes: 0n, reads: 3n, writes: 0n },
    ]);
    expect(parseIoServiced('Total 0\n', null)).toEqual([]);
  });

  test('of v2 is one line for each device', () => {
    const text = '8:16 rbytes=1459200 wbytes=314773504 rios=192 wios=353 dbytes=0 dios=0\n8:0 \n';
    expect(parseIoStat(text)).toEqual([
      { major: '8', minor: '16', readBytes: 1_459_200n, writeBytes: 314_773_504n, reads: 192n, writes: 353n },
      { major: '8', minor: '0', readBytes: 0n, writeBytes: 0n, ...nothing },
    ]);
    expect(parseIoStat(null)).toEqual([]);
  });
});

describe('details', () => {
  const reader =
    (files: Readonly<Record<string, string>>) =>
    (_controller: string, file: string): string | null =>
      files[file] ?? null;

  test('of v1', () => {
    const read = reader({
      'cpuacct.usage_user': '2000\n',
      'cpuacct.usage_sys': '1000\n',
      'cpu.stat': 'nr_periods 10\nnr_throttled 3\nthrottled_time 5000\nwait_sum 1\n',
      'cpu.shares': '512\n',
      'cpu.cfs_period_us': '50000\n',
      'cpu.cfs_quota_us': '-1\n',
      'memory.kmem.usage_in_bytes': '77\n',
      'memory.max_usage_in_bytes': '88\n',
      'memory.failcnt': '4\n',
      'memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n',
      'memory.soft_limit_in_bytes': '9223372036854771712\n',
      'memory.memsw.limit_in_bytes': '1048576\n',
      'pids.max': 'max\n',
      'hugetlb.2MB.usage_in_bytes': '2097152\n',
      'hugetlb.2MB.max_usage_in_bytes': '4194304\n',
    });
    expect(readDetails(read, () => true)).toEqual({
      cpu: {
        userNs: 2000n,
        systemNs: 1000n,
        periods: 10n,
        throttledPeriods: 3n,
        throttledNs: 5000n,
        shares: 512n,
        periodUs: 50_000n,
        quotaUs: null,
      },
      memory: {
        kernelBytes: 77n,
        maxUsageBytes: 88n,
        failures: 4n,
        oomKills: 2n,
        reservationBytes: null,
        swapLimitBytes: 1_048_576n,
      },
      tasksMax: null,
      hugepages: [{ pageSize: '2MB', usageBytes: 2_097_152n, maxUsageBytes: 4_194_304n }],
      io: [],
    });
  });

  test('of v2', () => {
    const read = reader({
      'cpu.stat':
        'usage_usec 3\nuser_usec 2\nsystem_usec 1\nnr_periods 10\nnr_throttled 3\nthrottled_usec 5\nnr_bursts 0\n',
      'cpu.max': '20000 50000\n',
      'cpu.weight': '1\n',
      'memory.stat': 'anon 1\nkernel 77\n',
      'memory.peak': '88\n',
      'memory.events': 'low 0\nhigh 0\nmax 4\noom 2\noom_kill 2\noom_group_kill 0\n',
      'memory.low': '1024\n',
      'memory.max': '1048576\n',
      'memory.swap.max': '4096\n',
      'pids.max': '50\n',
      'hugetlb.1GB.current': '0\n',
      'io.stat': '8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0\n',
    });
    expect(readDetails(read, () => false)).toEqual({
      cpu: {
        userNs: 2000n,
        systemNs: 1000n,
        periods: 10n,
        throttledPeriods: 3n,
        throttledNs: 5000n,
        shares: 2n,
        periodUs: 50_000n,
        quotaUs: 20_000n,
      },
      memory: {
        kernelBytes: 77n,
        maxUsageBytes: 88n,
        failures: 4n,
        oomKills: 2n,
        reservationBytes: 1024n,
        swapLimitBytes: 1_052_672n,
      },
      tasksMax: 50n,
      hugepages: [{ pageSize: '1GB', usageBytes: 0n, maxUsageBytes: null }],
      io: [{ major: '8', minor: '0', readBytes: 1n, writeBytes: 2n, reads: 3n, writes: 4n }],
    });
  });

  test('weights are shown as the shares that they came from', () => {
    expect([sharesOfWeight(1n), sharesOfWeight(39n), sharesOfWeight(10_000n)]).toEqual([2n, 998n, 262_144n]);
  });
});

describe('interfaces', () => {
  const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 119587090    8275    0    0    0     0          0         0 119587090    8275    0    0    0     0       0          0
  eth0: 9007199254740993   10702    1    2    0     0          0         0  1025723    7648    3    4    0     0       0          0
averylongname0:1 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15
`;

  test('are read with their names and to the last digit', () => {
    const [lo, eth0, alias, ...others] = parseNetDev(text);
    expect(lo).toMatchObject({ name: 'lo', rxBytes: 119_587_090n, txPackets: 8275n });
    expect(eth0).toEqual({
      name: 'eth0',
      rxBytes: 9_007_199_254_740_993n,
      rxPackets: 10_702n,
      rxErrors: 1n,
      rxDropped: 2n,
      txBytes: 1_025_723n,
      txPackets: 7648n,
      txErrors: 3n,
      txDropped: 4n,
    });
    expect([alias?.name, others]).toEqual(['averylongname0', []]);
  });

  test('of a text that is none are none', () => {
    expect(parseNetDev('')).toEqual([]);
  });
});

test('the soft limit of open files is read, and unlimited is null', () => {
  const text = 'Limit                     Soft Limit           Hard Limit           Units     \n';
  expect(
    parseMaxOpenFiles(
      `${text}Max open files            1024                 524288               files     \n`,
    ),
  ).toBe(1024n);
  expect(
    parseMaxOpenFiles(
      `${text}Max open files            unlimited            unlimited            files     \n`,
    ),
  ).toBeNull();
  expect(parseMaxOpenFiles(null)).toBeNull();
});
