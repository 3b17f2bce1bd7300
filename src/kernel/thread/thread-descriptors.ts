/**
 * Descriptors that the kernel thread holds for the length of one act.
 */
import { close, openat } from '../calls/file-calls.ts';
import { atFdcwd, openFlag } from '../linux-constants.ts';

/** Runs `act` with descriptors of paths (O_PATH), which are closed afterwards. */
export function withPaths<T>(paths: readonly string[], act: (fds: readonly number[]) => T): T {
  const fds: number[] = [];
  try {
    for (const path of paths) fds.push(openat(atFdcwd, path, { flags: openFlag.path | openFlag.directory }));
    return act(fds);
  } finally {
    for (const fd of fds) close(fd);
  }
}

/** Runs `act` with a descriptor, which is closed afterwards. */
export function withFd<T>(fd: number, act: (fd: number) => T): T {
  try {
    return act(fd);
  } finally {
    close(fd);
  }
}
