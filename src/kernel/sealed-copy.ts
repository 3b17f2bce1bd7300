/**
 * Copies of programs in memory that nobody can change any more, whoever gets hold of them. The copy runs as
 * `/proc/PID/fd/N` while its descriptor is open.
 */
import { copyFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AbsolutePath } from '../base/ids.ts';
import { memfdCreate, seal } from './calls/file-calls.ts';
import { OwnedFd } from './handles/fd.ts';

/** The caller closes it. @throws SyscallError memfd_create; the copy's error */
export async function sealedCopy(path: AbsolutePath): Promise<number> {
  using fd = new OwnedFd(memfdCreate(basename(path)));
  await copyFile(path, `/proc/self/fd/${fd.number}`);
  seal(fd.number);
  return fd.release();
}
