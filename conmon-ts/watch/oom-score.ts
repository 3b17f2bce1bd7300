/**
 * The monitor is the last that the kernel kills for lack of memory; what it starts is not. Source: proc_pid_oom_score_adj(5).
 * A container's own value comes from its OCI configuration; a runtime that is told none passes on what it has itself.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { errnoOf } from '../linux.ts';

const path = '/proc/self/oom_score_adj';
const protectedScore = '-999';

let initialScore: string | null = null;

/** False: not permitted (CAP_SYS_RESOURCE is missing), all stays as it was. */
export function protectFromOom(): boolean {
  const before = readFileSync(path, 'latin1').trim();
  try {
    writeFileSync(path, protectedScore);
    initialScore = before;
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'EACCES' || errno === 'EPERM') return false;
    throw error;
  }
}

/** Starts a program without our protection: what is forked inside `start` inherits the score of that moment. */
export function withInitialOomScore<T>(start: () => T): T {
  if (initialScore === null) return start();
  writeFileSync(path, initialScore);
  try {
    return start();
  } finally {
    writeFileSync(path, protectedScore);
  }
}
