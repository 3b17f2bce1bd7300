/**
 * The daemon's own hard limits: without CAP_SYS_RESOURCE no container gets more. Source: proc_pid_limits(5), getrlimit(2).
 */

/** As /proc/PID/limits calls them, and as OCI does. */
const names: ReadonlyMap<string, string> = new Map([
  ['Max cpu time', 'RLIMIT_CPU'],
  ['Max file size', 'RLIMIT_FSIZE'],
  ['Max data size', 'RLIMIT_DATA'],
  ['Max stack size', 'RLIMIT_STACK'],
  ['Max core file size', 'RLIMIT_CORE'],
  ['Max resident set', 'RLIMIT_RSS'],
  ['Max processes', 'RLIMIT_NPROC'],
  ['Max open files', 'RLIMIT_NOFILE'],
  ['Max locked memory', 'RLIMIT_MEMLOCK'],
  ['Max address space', 'RLIMIT_AS'],
  ['Max file locks', 'RLIMIT_LOCKS'],
  ['Max pending signals', 'RLIMIT_SIGPENDING'],
  ['Max msgqueue size', 'RLIMIT_MSGQUEUE'],
  ['Max nice priority', 'RLIMIT_NICE'],
  ['Max realtime priority', 'RLIMIT_RTPRIO'],
  ['Max realtime timeout', 'RLIMIT_RTTIME'],
]);
const unlimited = 2n ** 64n - 1n;

/** The hard limits in the text of /proc/PID/limits, by their OCI names. */
export function parseHardLimits(text: string): ReadonlyMap<string, bigint> {
  const limits = new Map<string, bigint>();
  for (const line of text.split('\n')) {
    const [, name = '', hard = ''] = /^(\S.*?)\s{2,}\S+\s+(\d+|unlimited)\b/.exec(line) ?? [];
    const type = names.get(name);
    if (type !== undefined) limits.set(type, hard === 'unlimited' ? unlimited : BigInt(hard));
  }
  return limits;
}
