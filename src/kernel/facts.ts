/**
 * What this kernel can do and what this process may do, found by trying. Calls that change nothing.
 */
import { release } from 'node:os';
import { errnoOf } from '../base/errors.ts';
import { spawnProgram } from '../base/process.ts';
import { capabilityNames } from '../spec/capability-names.ts';
import type { KernelFacts } from './contract/facts.ts';
import { boundingSetHas, pidfdGetInfo, pidfdOpen } from './calls/process-calls.ts';
import { PidfdHandle } from './handles/process-handle.ts';
import { close } from './calls/file-calls.ts';
import type { MountApi } from './thread/thread-mounts.ts';

export async function findFacts(mountApi: MountApi): Promise<KernelFacts> {
  return {
    release: release(),
    ...mountApi,
    hasPidfdInfo: hasPidfdInfo(),
    hasPidfdExitInfo: await hasPidfdExitInfo(),
    boundingCapabilities: capabilityNames.filter((_, number) => boundingSetHas(number) === true),
  };
}

function hasPidfdInfo(): boolean {
  const pidfd = pidfdOpen(process.pid);
  try {
    return pidfdGetInfo(pidfd).pid === process.pid;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOTTY' || errno === 'EINVAL') return false;
    throw error;
  } finally {
    close(pidfd);
  }
}

/** Starts a program that ends at once with code 1, and asks its pidfd after it has been reaped. */
async function hasPidfdExitInfo(): Promise<boolean> {
  try {
    const child = await spawnProgram({ argv: ['/bin/false'], stdio: ['ignore', 'ignore', 'ignore'] });
    using handle = new PidfdHandle(child.pid);
    await child.ended;
    const info = handle.info();
    return info.state === 'exited' && info.waitStatus === 1 << 8;
  } catch {
    // No such program, or it was reaped before it could be opened: then nothing is known, and nothing is relied on.
    return false;
  }
}
