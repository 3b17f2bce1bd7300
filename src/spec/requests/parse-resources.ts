/**
 * The parser of LinuxContainerResources: ranges that the kernel or a runtime would refuse later, in the middle of the work,
 * are refused here with a sentence. Source: CRI LinuxContainerResources; cgroups(7); cpuset(7).
 */
import type * as cri from '../../../cri-api/runtime-v1.ts';
import { invalid } from '../../base/errors.ts';
import { type LinuxResources, noResources } from './linux-resources.ts';
import { boundedList, parseInteger, parseTextMap, wrong } from '../text.ts';

const maxInt64 = 2n ** 63n - 1n;
/** Lists such as `0-3,7`. Source: cpuset(7), list format. */
const cpusetForm = /^[0-9]{1,5}(?:-[0-9]{1,5})?(?:,[0-9]{1,5}(?:-[0-9]{1,5})?)*$/;
const pageSizeForm = /^[1-9][0-9]{0,4}[KMG]B$/;
/** A file of cgroup v2: never a path. */
const unifiedForm = /^[a-z]{1,16}(?:\.[a-z0-9_]{1,32}){1,4}$/;
const maxUnifiedBytes = 64 * 1024;

/** Nil means that nothing is specified. @throws InvalidField, TooLarge */
export function parseResources(resources: cri.LinuxContainerResources | null): LinuxResources {
  if (resources === null) return noResources;
  return {
    cpuPeriodUs: parsePeriod(resources.cpuPeriod),
    cpuQuotaUs: parseQuota(resources.cpuQuota),
    cpuShares: parseAmount('cpu_shares', resources.cpuShares, 0n),
    memoryLimitBytes: parseAmount('memory_limit_in_bytes', resources.memoryLimitInBytes, -1n),
    memorySwapLimitBytes: parseAmount('memory_swap_limit_in_bytes', resources.memorySwapLimitInBytes, -1n),
    oomScoreAdj: parseInteger('oom_score_adj', resources.oomScoreAdj, [-1000, 1000]),
    cpusetCpus: parseCpuset('cpuset_cpus', resources.cpusetCpus),
    cpusetMems: parseCpuset('cpuset_mems', resources.cpusetMems),
    hugepageLimits: boundedList('hugepage_limits', resources.hugepageLimits, 64).map(parseHugepage),
    unified: parseUnified(resources.unified),
  };
}

function parseAmount(field: string, value: bigint, min: bigint): bigint {
  if (value >= min && value <= maxInt64) return value;
  throw invalid('InvalidField', `${field} ${value}: expected a number of at least ${min}`);
}

function parsePeriod(value: bigint): bigint {
  if (value === 0n || (value >= 1000n && value <= 1_000_000n)) return value;
  throw invalid(
    'InvalidField',
    `cpu_period ${value}: expected 1000 to 1000000 microseconds, or 0 for the default`,
  );
}

function parseQuota(value: bigint): bigint {
  if (value === 0n || value === -1n || (value >= 1000n && value <= maxInt64)) return value;
  throw invalid('InvalidField', `cpu_quota ${value}: expected at least 1000 microseconds, -1 for none, or 0`);
}

function parseCpuset(field: string, text: string): string {
  if (text === '' || (text.length <= 4096 && cpusetForm.test(text))) return text;
  throw wrong(field, text, 'a list such as "0-3,7"');
}

function parseHugepage(limit: cri.HugepageLimit): LinuxResources['hugepageLimits'][number] {
  if (!pageSizeForm.test(limit.pageSize))
    throw wrong('hugepage_limits page_size', limit.pageSize, 'a size such as "2MB"');
  return { pageSize: limit.pageSize, limitBytes: parseAmount('hugepage_limits limit', limit.limit, 0n) };
}

function parseUnified(unified: Readonly<Record<string, string>>): LinuxResources['unified'] {
  for (const [name, value] of Object.entries(unified)) {
    if (!unifiedForm.test(name)) throw wrong('unified key', name, 'a cgroup v2 file such as "memory.high"');
    if (!/^[a-zA-Z0-9_.:= \n-]{0,4096}$/.test(value))
      throw wrong(`unified ${name}`, value, 'numbers and words');
  }
  return parseTextMap('unified', unified, maxUnifiedBytes);
}
