/**
 * How the end of a container is told: the CRI's exit code and reason from what the monitor saw. Never an invented 0.
 * Source: cri.md 4.5; CRI ContainerStatus.
 */

/** What a monitor's exit record says. */
export type ObservedEnd = {
  /** 0..255, 128 + n for death by signal n; null when nobody could find out. */
  readonly exitCode: number | null;
  /** The kernel killed a process of the container for lack of memory. */
  readonly isOomKilled: boolean;
};

export type ContainerEnd = {
  readonly exitCode: number;
  readonly reason: 'Completed' | 'Error' | 'OOMKilled' | 'StartError' | 'Unknown';
};

/** Any process of the container that the kernel killed for lack of memory makes it OOMKilled, as in CRI-O and containerd. */
export function endOf(observed: ObservedEnd): ContainerEnd {
  const { exitCode, isOomKilled } = observed;
  if (exitCode === null) return isOomKilled ? { exitCode: 137, reason: 'OOMKilled' } : unknownEnd;
  if (isOomKilled) return { exitCode, reason: 'OOMKilled' };
  return { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error' };
}

/** The monitor was lost, or the machine was rebooted. */
const unknownEnd: ContainerEnd = { exitCode: 255, reason: 'Unknown' };

/** The runtime could not start the process. */
export const startErrorEnd: ContainerEnd = { exitCode: 128, reason: 'StartError' };
