/**
 * Several cgroups as one. Pure.
 */
import type { MemoryFigures } from '../kernel/figures/cgroup-figures.ts';
import type { CgroupStats } from '../kernel/figures/cgroup-meter.ts';

const nothing: CgroupStats = { cpuUsageNs: 0n, memory: null, tasks: 0n, psi: null };

/** Pressure and limits cannot be added: they are unknown. */
export function sumOf(all: readonly CgroupStats[]): CgroupStats {
  return all.reduce(
    (sum, each) => ({
      cpuUsageNs: sum.cpuUsageNs + each.cpuUsageNs,
      memory: sum.memory === null || each.memory === null ? each.memory : add(sum.memory, each.memory),
      tasks: sum.tasks + each.tasks,
      psi: null,
    }),
    nothing,
  );
}

function add(a: MemoryFigures, b: MemoryFigures): MemoryFigures {
  return {
    usageBytes: a.usageBytes + b.usageBytes,
    workingSetBytes: a.workingSetBytes + b.workingSetBytes,
    rssBytes: a.rssBytes + b.rssBytes,
    cacheBytes: a.cacheBytes + b.cacheBytes,
    mappedFileBytes: a.mappedFileBytes + b.mappedFileBytes,
    pageFaults: a.pageFaults + b.pageFaults,
    majorPageFaults: a.majorPageFaults + b.majorPageFaults,
    swapUsageBytes:
      a.swapUsageBytes === null || b.swapUsageBytes === null ? null : a.swapUsageBytes + b.swapUsageBytes,
    swapLimitBytes: null,
    limitBytes: null,
  };
}
