/**
 * Takes over a container whose monitor has died: it recovers what was on its way into the log, reopens the streams (or gets the
 * pty master back from the daemon), and waits for the end of a process that is not our child.
 */
import { join } from 'node:path';
import { AttachServer } from './streams/attach.ts';
import { findMemoryCgroup, memoryCgroupAt } from './watch/cgroup.ts';
import { Container } from './container.ts';
import { awaitEnd, type Surroundings } from './create.ts';
import { CriLog } from './output/cri-log.ts';
import { readExitRecord } from './exit-record.ts';
import { MonitorError, messageOf } from './failure.ts';
import { duplicate } from './calls/file-calls.ts';
import { errnoOf } from './linux.ts';
import { log } from './log.ts';
import { openOom } from './watch/oom.ts';
import { runFile, type AdoptParams } from './protocol.ts';
import { ContainerStdin } from './streams/stdin.ts';
import { reopenStreams } from './streams/streams.ts';
import { takeMaster } from './streams/terminal.ts';

const mailboxTimeoutMs = 5000;

/**
 * Works for a container that has ended too. When it fails, what a successor needs is left as it was.
 * @throws LogFailed (a daemon may try again, or adopt without a log), Internal
 */
export async function adoptContainer(params: AdoptParams, around: Surroundings): Promise<Container> {
  const { containerId, isStdinOnce, files, pid, startTimeTicks } = params;
  const { runDir } = files;
  const container = new Container({ containerId, runDir, isStdinOnce }, around.publish);
  using undo = new DisposableStack();
  undo.defer(() => container.release());
  container.logTo(openLog(files.logPath));
  container.serveAttach(await AttachServer.listen(join(runDir, runFile.attach), container));
  if (params.isTerminal) await adoptTerminal(params, container);
  else adoptStreams(params, container);
  const cgroup = memoryCgroupAt(params.cgroupPath ?? null) ?? findMemoryCgroup(pid);
  const place = { cgroup, isNew: false, runDir, slices: around.slices };
  container.watchOom(openOom(place, () => container.onOom()));
  const exit = readExitRecord(runDir);
  if (exit !== null) container.resumeExited({ pid, startTimeTicks }, exit);
  else
    awaitEnd(
      container,
      { process: { pid, startTimeTicks }, lastStatus: params.waitStatus ?? null },
      around.reaper,
    );
  undo.move();
  return container;
}

function openLog(path: string | null): CriLog | null {
  if (path === null) return null;
  try {
    return CriLog.open(path);
  } catch (error) {
    throw new MonitorError('LogFailed', `open log: ${messageOf(error)}`, { cause: error });
  }
}

function adoptStreams(params: AdoptParams, container: Container): void {
  const { runDir } = params.files;
  const ends = openLeft(runDir);
  if (ends === null) return;
  container.read({ stream: 'stdout', fd: ends.stdout, isTerminal: false });
  container.read({ stream: 'stderr', fd: ends.stderr, isTerminal: false });
  if (ends.stdin === null) return;
  container.takeStdin(
    new ContainerStdin(ends.stdin, join(runDir, runFile.stdin), () => container.onStdinDrain()),
  );
}

function openLeft(runDir: string): ReturnType<typeof reopenStreams> | null {
  try {
    return reopenStreams(runDir);
  } catch (error) {
    // Somebody has removed the FIFOs: the container's end can be awaited all the same.
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

async function adoptTerminal(params: AdoptParams, container: Container): Promise<void> {
  const { containerId, masterMailbox } = params;
  if (masterMailbox === null) return;
  try {
    const master = await takeMaster(masterMailbox, mailboxTimeoutMs);
    container.read({ stream: 'stdout', fd: master, isTerminal: true });
    if (!params.hasStdin) return;
    container.takeStdin(new ContainerStdin(duplicate(master), null, () => container.onStdinDrain()));
  } catch (error) {
    // Nobody has the terminal any more: the container has been hung up, its end can be awaited all the same.
    log.warn('take terminal back', { containerId, error: messageOf(error) });
  }
}
