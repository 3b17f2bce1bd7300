/**
 * The FIFOs of a container and who holds which end:
 *
 *              container                     monitor                        a daemon may hold, for a monitor's death
 *   stdin      O_RDONLY                      O_WRONLY | O_NONBLOCK          O_WRONLY: else the container reads an end of file
 *   stdout     O_RDWR, so that a lost reader O_RDONLY | O_NONBLOCK          O_RDONLY: else output of a container that ends
 *   stderr       blocks it (no SIGPIPE)                                       meanwhile is lost
 *
 * An end of file comes on stdout and stderr when the last process of the container is gone. `stdin` is removed when it has
 * been ended: a successor then knows. FIFOs and not sockets: a container may open /dev/stdout.
 */
import { closeSync, constants, fchownSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { mkfifo, setPipeSize } from '../calls/file-calls.ts';
import { errnoOf } from '../linux.ts';
import { pipeBytes } from '../output/output.ts';
import { runFile, type Owner } from '../protocol.ts';

const { O_RDONLY, O_RDWR, O_WRONLY, O_NONBLOCK, O_NOFOLLOW } = constants;
const mode = 0o600;

/** The monitor's ends. The caller closes them, or hands them on. */
export type MonitorEnds = { readonly stdout: number; readonly stderr: number; readonly stdin: number | null };
/** The container's ends, to be closed by the monitor once the runtime has them. */
export type ContainerEnds = readonly [stdin: number, stdout: number, stderr: number];

/** Makes the FIFOs; `owner` may open them by name, null: only root. @throws the file system's error, with all descriptors closed */
export function createStreams(
  runDir: string,
  hasStdin: boolean,
  owner: Owner | null,
): { readonly monitor: MonitorEnds; readonly container: ContainerEnds } {
  using opened = new DisposableStack();
  const [stdoutRead, stdoutWrite] = createOutput(join(runDir, runFile.stdout), opened);
  const [stderrRead, stderrWrite] = createOutput(join(runDir, runFile.stderr), opened);
  const [stdinRead, stdinWrite] = hasStdin
    ? createInput(join(runDir, runFile.stdin), opened)
    : [opened.adopt(openSync('/dev/null', O_RDONLY), closeSync), null];
  if (owner !== null) for (const fd of [stdoutWrite, stderrWrite]) fchownSync(fd, owner.uid, owner.gid);
  if (owner !== null && hasStdin) fchownSync(stdinRead, owner.uid, owner.gid);
  opened.move();
  return {
    monitor: { stdout: stdoutRead, stderr: stderrRead, stdin: stdinWrite },
    container: [stdinRead, stdoutWrite, stderrWrite],
  };
}

function createOutput(path: string, opened: DisposableStack): readonly [read: number, write: number] {
  mkfifo(path, mode);
  const write = opened.adopt(openSync(path, O_RDWR | O_NOFOLLOW), closeSync);
  enlarge(write);
  const read = opened.adopt(openSync(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW), closeSync);
  return [read, write];
}

function createInput(path: string, opened: DisposableStack): readonly [read: number, write: number] {
  mkfifo(path, mode);
  // While this is open, neither end waits for the other.
  const both = openSync(path, O_RDWR | O_NOFOLLOW);
  try {
    const read = opened.adopt(openSync(path, O_RDONLY | O_NOFOLLOW), closeSync);
    return [read, opened.adopt(openSync(path, O_WRONLY | O_NONBLOCK | O_NOFOLLOW), closeSync)];
  } finally {
    closeSync(both);
  }
}

function enlarge(pipe: number): void {
  try {
    setPipeSize(pipe, pipeBytes);
  } catch (error) {
    // Over the system's limit (fs.pipe-max-size, or pages per user): a smaller pipe only costs more turns.
    if (errnoOf(error) !== 'EPERM' && errnoOf(error) !== 'EBUSY') throw error;
  }
}

/** Opens the FIFOs that a dead monitor has left. */
export function reopenStreams(runDir: string): MonitorEnds {
  using opened = new DisposableStack();
  const [stdout, stderr] = [runFile.stdout, runFile.stderr].map((name) =>
    opened.adopt(openSync(join(runDir, name), O_RDONLY | O_NONBLOCK | O_NOFOLLOW), closeSync),
  );
  const stdin = openStdin(join(runDir, runFile.stdin));
  opened.move();
  return { stdout: stdout ?? -1, stderr: stderr ?? -1, stdin };
}

/** Null: it has been ended, or nobody reads it any more. */
function openStdin(path: string): number | null {
  try {
    return openSync(path, O_WRONLY | O_NONBLOCK | O_NOFOLLOW);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENXIO') return null;
    throw error;
  }
}

export function removeStreams(runDir: string): void {
  for (const name of [runFile.stdin, runFile.stdout, runFile.stderr])
    rmSync(join(runDir, name), { force: true });
}
