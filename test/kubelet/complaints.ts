/**
 * What a kubelet's log complains of that no test asked for and that is not the same under every runtime.
 */

/** Each with why it is there. */
const expected: readonly RegExp[] = [
  // The kernel's own log outran it; a client of the tests hung up.
  /\/dev\/kmsg|OOM events will not be reported/,
  /use of closed network connection|Error proxying data from client to backend/,
  // What the machine of the tests is not, or what a kubelet without an API server misses.
  /set rlimit on max file handles|failed to find pid namespace of init process|standalone|Flexvolume/,
  /failed to check if node is newer|kubelet_internal_checkpoint|pod level resource record/i,
  // Said once at each start, before the first look at the runtime; cAdvisor knows the file systems of two runtimes.
  /runtime status check may not have completed yet|PLEG is not healthy: pleg has yet|Image garbage collection failed once|no imagefs label/,
  // cAdvisor's own races with cgroups, also those of others on the machine.
  /watcher\.go|cri-ts-test-|unknown container/,
  // Asked for by the tests: images that cannot be had, ends, probes that time out.
  /unreachable|refused|unknown-node|absent|RegistryUnavailable|SignatureValidationFailed|no\/such|Manifest/i,
  /CrashLoopBackOff|ExecSync cmd from runtime service failed" err="rpc error: code = DeadlineExceeded/,
  // It asks for containers that it has just removed.
  /ContainerStatus from runtime service failed" err="rpc error: code = NotFound/,
  // How it finds out at its start whether there are statistics of pods: it asks for those of none.
  /PodSandbox from runtime service failed" err="rpc error: code = InvalidArgument .*podSandboxID=""$/,
  // What it asked for when it was ended itself.
  /code = Canceled/,
  // Short of disk, as told to.
  /eviction_manager|Eviction manager/,
];

/** Errors and warnings, without their time, each once. */
export function complaintsOf(log: string): readonly string[] {
  const lines = log
    .split('\n')
    .filter((line) => /^[EWF]\d{4} /.test(line) && !expected.some((each) => each.test(line)))
    .map((line) => line.replace(/^(.)\d{4} [\d:.]+ +\d+ /, '$1 ').slice(0, 400));
  return [...new Set(lines)];
}
