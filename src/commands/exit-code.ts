/** What the exit codes of `cri-ts` mean; scripts may rely on them. */
export const exitCode = {
  fine: 0,
  /** The command did not reach its goal, or (doctor, selftest, status) something is wrong. */
  failed: 1,
  /** Wrong arguments, or faults in the configuration. */
  usage: 2,
  /** No daemon answers on the socket. */
  unreachable: 3,
  /** Somebody pressed Ctrl-C. Source: the convention of shells, 128 and SIGINT. */
  interrupted: 130,
} as const;
