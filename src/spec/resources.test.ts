import { describe, expect, test } from '@jest/globals';
import { LinuxContainerResources, type LinuxContainerResourcesInit } from '../../cri-api/runtime-v1.ts';
import { endOf } from './container-end.ts';
import type { LinuxResources } from './requests/linux-resources.ts';
import { type OciResources, stringifyOci } from './oci-spec.ts';
import { parseResources } from './requests/parse-resources.ts';
import { checkResources, effectiveResources, ociResources, resetResources } from './resources.ts';
import { planResourceUpdate, type ResourceUpdate } from './update-resources.ts';

const v2 = { version: 'v2', hasSwapAccounting: true, hasHugetlb: true } as const;
const v1 = { version: 'hybrid', hasSwapAccounting: false, hasHugetlb: false } as const;
const host = (cgroup: typeof v1 | typeof v2, boundingCapabilities = ['CAP_SYS_RESOURCE']) => ({
  cgroup,
  oomScoreAdj: 0,
  boundingCapabilities,
});
const message = (init: LinuxContainerResourcesInit): LinuxContainerResources =>
  LinuxContainerResources.create(init);

function planOf(
  wanted: LinuxResources,
  facts: typeof v1 | typeof v2,
): { readonly resources: OciResources; readonly leftOut: readonly string[] } {
  const { resources, leftOut } = effectiveResources(wanted, facts);
  return { resources: ociResources(resources), leftOut };
}

describe('the OCI form', () => {
  const plan = (init: LinuxContainerResourcesInit, facts: typeof v1 | typeof v2 = v2): unknown =>
    planOf(parseResources(message(init)), facts);

  test('of nothing is nothing', () => {
    expect(plan({})).toEqual({ resources: {}, leftOut: [] });
    expect(planOf(parseResources(null), v2)).toEqual({ resources: {}, leftOut: [] });
  });

  test('of everything', () => {
    const all = {
      cpuPeriod: 100_000n,
      cpuQuota: -1n,
      cpuShares: 2048n,
      memoryLimitInBytes: 1_000_000n,
      memorySwapLimitInBytes: 2_000_000n,
      oomScoreAdj: -5n,
      cpusetCpus: '0-1,3',
      cpusetMems: '0',
      hugepageLimits: [{ pageSize: '2MB', limit: 0n }],
      unified: { 'memory.high': 'max' },
    };
    expect(plan(all)).toEqual({
      resources: {
        cpu: { shares: 2048n, period: 100_000n, cpus: '0-1,3', mems: '0' },
        memory: { limit: 1_000_000n, swap: 2_000_000n },
        hugepageLimits: [{ pageSize: '2MB', limit: 0n }],
        unified: { 'memory.high': 'max' },
      },
      leftOut: [],
    });
  });

  test('a memory limit alone forbids swap', () => {
    expect(plan({ memoryLimitInBytes: 5n })).toMatchObject({
      resources: { memory: { limit: 5n, swap: 5n } },
    });
    expect(plan({ memoryLimitInBytes: 5n }, v1)).toEqual({
      resources: { memory: { limit: 5n } },
      leftOut: [],
    });
  });

  test('shares are held within what the kernel takes', () => {
    expect(plan({ cpuShares: 1n })).toMatchObject({ resources: { cpu: { shares: 2n } } });
    expect(plan({ cpuShares: 2n ** 40n })).toMatchObject({ resources: { cpu: { shares: 262_144n } } });
  });

  test('what the machine cannot do is told, not sent', () => {
    const wanted = {
      memoryLimitInBytes: 5n,
      memorySwapLimitInBytes: 6n,
      hugepageLimits: [{ pageSize: '1GB', limit: 1n }],
    };
    expect(plan(wanted, v1)).toEqual({
      resources: { memory: { limit: 5n } },
      leftOut: [
        expect.stringContaining('memory_swap_limit_in_bytes'),
        expect.stringContaining('hugepage_limits'),
      ],
    });
  });

  test('files of cgroup v2 are refused where there is none', () => {
    expect(() => plan({ unified: { 'memory.high': '1' } }, v1)).toThrow(
      expect.objectContaining({ code: 'invalid', reason: 'UnifiedUnsupported' }),
    );
  });

  test('that undoes another names what was not specified', () => {
    const none = parseResources(null);
    expect(resetResources(none, v2, { cpus: '0-3', mems: '' })).toEqual({
      cpu: { shares: 1024n, quota: -1n, period: 100_000n, cpus: '0-3' },
      memory: { limit: -1n, swap: -1n },
    });
    const some = { ...none, cpuShares: 5n, memoryLimitBytes: 7n, cpusetCpus: '0' };
    expect(resetResources(some, v1, { cpus: '0-3', mems: '0' })).toEqual({
      cpu: { shares: 5n, quota: -1n, period: 100_000n, cpus: '0', mems: '0' },
      memory: { limit: 7n },
    });
  });

  test('numbers beyond 2^53 are written to the last digit', () => {
    const { resources } = planOf(parseResources(message({ memoryLimitInBytes: 2n ** 63n - 1n })), v2);
    expect(stringifyOci(resources)).toBe(
      '{"memory":{"limit":9223372036854775807,"swap":9223372036854775807}}',
    );
  });
});

test.each<[string, LinuxContainerResourcesInit, string]>([
  ['a limit below what the runtime needs', { memoryLimitInBytes: 1000n }, 'MemoryLimitTooLow'],
  [
    'swap below memory',
    { memoryLimitInBytes: 20_000_000n, memorySwapLimitInBytes: 19_000_000n },
    'InvalidResources',
  ],
  ['swap without memory', { memorySwapLimitInBytes: 19_000_000n }, 'InvalidResources'],
])('%s is refused', (_name, init, reason) => {
  expect(() => checkResources(parseResources(message(init)), 12_000_000n)).toThrow(
    expect.objectContaining({ code: 'invalid', reason }),
  );
});

describe('an update', () => {
  const update = (before: LinuxContainerResourcesInit, after: LinuxContainerResourcesInit): ResourceUpdate =>
    planResourceUpdate({
      current: message(before),
      update: message(after),
      host: host(v2),
      minMemoryBytes: 10n,
    });

  test('changes what it names and keeps the rest', () => {
    const before = {
      cpuShares: 100n,
      cpuQuota: 20_000n,
      memoryLimitInBytes: 100n,
      oomScoreAdj: 5n,
      cpusetCpus: '0',
    };
    expect(update(before, { cpuShares: 200n, memoryLimitInBytes: 300n })).toEqual({
      effective: message({
        ...before,
        cpuShares: 200n,
        memoryLimitInBytes: 300n,
        memorySwapLimitInBytes: 300n,
      }),
      limits: {
        runtime: { cpu: { shares: 200n, quota: 20_000n, cpus: '0' }, memory: { limit: 300n, swap: 300n } },
        rest: { hugepages: [], unified: {} },
      },
      oomScoreAdj: null,
      leftOut: [],
    });
  });

  test('of nothing tells the runtime nothing', () => {
    expect(update({}, {})).toMatchObject({ effective: message({}), limits: null, oomScoreAdj: null });
    expect(update({}, { oomScoreAdj: 7n })).toMatchObject({ limits: null, oomScoreAdj: 7 });
  });

  test.each<[string, LinuxContainerResourcesInit, LinuxContainerResourcesInit, bigint]>([
    [
      'no swap stays no swap',
      { memoryLimitInBytes: 100n, memorySwapLimitInBytes: 100n },
      { memoryLimitInBytes: 50n },
      50n,
    ],
    [
      'swap stays above memory',
      { memoryLimitInBytes: 100n, memorySwapLimitInBytes: 150n },
      { memoryLimitInBytes: 200n },
      200n,
    ],
    [
      'swap stays where it fits',
      { memoryLimitInBytes: 100n, memorySwapLimitInBytes: 150n },
      { memoryLimitInBytes: 120n },
      150n,
    ],
    [
      'unlimited memory has unlimited swap',
      { memoryLimitInBytes: 100n, memorySwapLimitInBytes: 150n },
      { memoryLimitInBytes: -1n },
      -1n,
    ],
    [
      'unlimited swap stays',
      { memoryLimitInBytes: 100n, memorySwapLimitInBytes: -1n },
      { memoryLimitInBytes: 50n },
      -1n,
    ],
    [
      'a named swap limit wins',
      { memoryLimitInBytes: 100n, memorySwapLimitInBytes: 150n },
      { memorySwapLimitInBytes: 130n },
      130n,
    ],
  ])('%s', (...[, before, after, swap]) => {
    expect(update(before, after).effective.memorySwapLimitInBytes).toBe(swap);
  });

  test('merges hugepages by size and unified keys by name', () => {
    const before = {
      hugepageLimits: [{ pageSize: '2MB', limit: 1n }],
      unified: { 'memory.high': '1', 'io.weight': '5' },
    };
    const after = {
      hugepageLimits: [
        { pageSize: '2MB', limit: 2n },
        { pageSize: '1GB', limit: 3n },
      ],
      unified: { 'memory.high': '2' },
    };
    expect(update(before, after).effective).toMatchObject({
      hugepageLimits: [
        { pageSize: '2MB', limit: 2n },
        { pageSize: '1GB', limit: 3n },
      ],
      unified: { 'memory.high': '2', 'io.weight': '5' },
    });
  });

  test('takes a CPU quota back, on cgroup v1 behind the runtime', () => {
    const plan = (facts: typeof v1 | typeof v2): unknown =>
      planResourceUpdate({
        current: message({ cpuQuota: 5000n }),
        update: message({ cpuQuota: -1n }),
        host: host(facts),
        minMemoryBytes: 0n,
      }).limits;
    const rest = { hugepages: [], unified: {} };
    expect(plan(v2)).toEqual({ runtime: { cpu: { quota: -1n } }, rest });
    expect(plan(v1)).toEqual({ runtime: {}, rest: { ...rest, cpuQuotaUs: -1n } });
  });

  test('of an OOM score that the daemon may not set is told as what it became', () => {
    const plan = planResourceUpdate({
      current: message({}),
      update: message({ oomScoreAdj: -900n }),
      host: host(v2, []),
      minMemoryBytes: 0n,
    });
    expect(plan).toMatchObject({ oomScoreAdj: 0, effective: { oomScoreAdj: 0n } });
  });

  test('is refused as a whole', () => {
    expect(() =>
      update({ memoryLimitInBytes: 100n }, { cpuShares: 5n, memorySwapLimitInBytes: 50n }),
    ).toThrow(/memory_swap_limit/);
    expect(() =>
      planResourceUpdate({ current: null, update: null, host: host(v2), minMemoryBytes: 0n }),
    ).toThrow(/expected linux resources/);
  });
});

test.each<[number | null, boolean, number, string]>([
  [0, false, 0, 'Completed'],
  [1, false, 1, 'Error'],
  [137, false, 137, 'Error'],
  [137, true, 137, 'OOMKilled'],
  [1, true, 1, 'OOMKilled'],
  [0, true, 0, 'OOMKilled'],
  [null, false, 255, 'Unknown'],
  [null, true, 137, 'OOMKilled'],
])('an end with code %p (out of memory: %p) is told as %p %s', (...[exitCode, isOomKilled, code, reason]) => {
  expect(endOf({ exitCode, isOomKilled })).toEqual({ exitCode: code, reason });
});
