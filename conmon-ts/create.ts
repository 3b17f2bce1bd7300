/**
 * Creates a container: log, streams or pty, `runtime create`, process, OOM counter. All or nothing: whatever fails, nothing of
 * ours is left; what the runtime itself has left, the daemon removes by `delete --force`.
 */
import { closeSync, constants, openSync, readFileSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AttachServer } from './streams/attach.ts';
import { findMemoryCgroup } from './watch/cgroup.ts';
import { Container, type Publish } from './container.ts';
import { CriLog } from './output/cri-log.ts';
import { reserveExitRecord } from './exit-record.ts';
import { MonitorError, messageOf } from './failure.ts';
import { duplicate } from './calls/file-calls.ts';
import { log as monitorLog } from './log.ts';
import { ForeignProcess, type ProcessName } from './watch/pidfd-wait.ts';
import { openOom } from './watch/oom.ts';
import { readProcessStat } from './watch/process-stat.ts';
import { runFile, type CreateParams } from './protocol.ts';
import type { Reaper } from './watch/reaper.ts';
import { runRuntime } from './runtime.ts';
import { ContainerStdin } from './streams/stdin.ts';
import { createStreams } from './streams/streams.ts';
import { ConsoleSocket, offerMaster } from './streams/terminal.ts';
import type { Slices } from './watch/slice-kills.ts';

export type Surroundings = { readonly reaper: Reaper; readonly slices: Slices; readonly publish: Publish };
export type Created = { readonly container: Container; readonly process: ProcessName };

const consoleFile = 'console';
const consoleTimeoutMs = 5000;

/** @throws RuntimeFailed, RuntimeTimedOut, LogFailed, Internal */
export async function createContainer(params: CreateParams, around: Surroundings): Promise<Created> {
  return around.reaper.whileCreating(() => createInSteps(params, around));
}

async function createInSteps(params: CreateParams, around: Surroundings): Promise<Created> {
  const { containerId, isStdinOnce, isTerminal, files } = params;
  const { runDir } = files;
  const container = new Container({ containerId, runDir, isStdinOnce }, around.publish);
  using undo = new DisposableStack();
  undo.defer(() => container.forget());
  reserveExitRecord(runDir);
  container.logTo(openLog(files.logPath, undo));
  container.serveAttach(await AttachServer.listen(join(runDir, runFile.attach), container));
  if (isTerminal) await createWithTerminal(params, container, around.reaper);
  else await createWithStreams(params, container, around.reaper);
  const created = readNewProcess(runDir);
  const place = { cgroup: findMemoryCgroup(created.pid), isNew: true, runDir, slices: around.slices };
  container.watchOom(openOom(place, () => container.onOom()));
  awaitEnd(container, { process: created, lastStatus: null }, around.reaper);
  undo.move();
  return { container, process: created };
}

/** A log that was not there before is taken away again when the creation fails. */
function openLog(path: string | null, undo: DisposableStack): CriLog | null {
  if (path === null) return null;
  const wasThere = statSync(path, { throwIfNoEntry: false }) !== undefined;
  try {
    const log = CriLog.open(path);
    if (!wasThere) undo.defer(() => rmSync(path, { force: true }));
    return log;
  } catch (error) {
    throw new MonitorError('LogFailed', `open log: ${messageOf(error)}`, { cause: error });
  }
}

function runtimeArgs(params: CreateParams, more: readonly string[]): readonly string[] {
  const { bundleDir, runDir } = params.files;
  const pidFile = join(runDir, runFile.pid);
  return [
    'create',
    '--bundle',
    bundleDir,
    '--pid-file',
    pidFile,
    ...more,
    ...params.createArgs,
    params.containerId,
  ];
}

async function createWithStreams(params: CreateParams, container: Container, reaper: Reaper): Promise<void> {
  const { bundleDir, runDir } = params.files;
  const { monitor, container: stdio } = createStreams(runDir, params.hasStdin, params.stdioOwner ?? null);
  try {
    const { runtime, timeoutMs } = params;
    await runRuntime({ runtime, args: runtimeArgs(params, []), bundleDir, runDir, stdio, timeoutMs }, reaper);
  } catch (error) {
    const words = readWords(monitor.stderr);
    for (const fd of [monitor.stdout, monitor.stderr, monitor.stdin]) if (fd !== null) closeSync(fd);
    throw withWords(error, words);
  } finally {
    for (const fd of stdio) closeSync(fd);
  }
  container.read({ stream: 'stdout', fd: monitor.stdout, isTerminal: false });
  container.read({ stream: 'stderr', fd: monitor.stderr, isTerminal: false });
  if (monitor.stdin === null) return;
  container.takeStdin(
    new ContainerStdin(monitor.stdin, join(runDir, runFile.stdin), () => container.onStdinDrain()),
  );
}

const maxWordsBytes = 4096;

/** What a runtime that failed has written to the container's stderr. */
function readWords(stderr: number): string {
  const buffer = Buffer.alloc(maxWordsBytes);
  try {
    return buffer.toString('utf8', 0, readSync(stderr, buffer, 0, buffer.length, null)).trim();
  } catch {
    // It wrote none (EAGAIN).
    return '';
  }
}

/** Adds them where the runtime's log said nothing of its own. */
function withWords(error: unknown, words: string): unknown {
  const isSilent = error instanceof MonitorError && error.message.startsWith('run "') && words !== '';
  return isSilent ? new MonitorError(error.reason, `${error.message}: ${words}`, { cause: error }) : error;
}

async function createWithTerminal(params: CreateParams, container: Container, reaper: Reaper): Promise<void> {
  const { bundleDir, runDir } = params.files;
  using socket = new ConsoleSocket(join(runDir, consoleFile));
  // The runtime's own streams: nobody reads them, the container has the pty.
  const none = openSync('/dev/null', constants.O_RDWR);
  try {
    const { runtime, timeoutMs } = params;
    const args = runtimeArgs(params, ['--console-socket', socket.path]);
    await runRuntime({ runtime, args, bundleDir, runDir, stdio: [none, none, none], timeoutMs }, reaper);
  } finally {
    closeSync(none);
  }
  const master = await socket.master(consoleTimeoutMs);
  container.read({ stream: 'stdout', fd: master, isTerminal: true });
  if (params.hasStdin) {
    container.takeStdin(new ContainerStdin(duplicate(master), null, () => container.onStdinDrain()));
  }
  if (params.masterMailbox !== null) handOut(params.masterMailbox, master, params.containerId);
}

function handOut(mailbox: string, master: number, containerId: string): void {
  try {
    offerMaster(mailbox, master);
  } catch (error) {
    // The container works; only a death of this monitor would now hang its terminal up.
    monitorLog.warn('hand out terminal', { containerId, error: messageOf(error) });
  }
}

/** @throws RuntimeFailed when the process is gone before its `start` */
function readNewProcess(runDir: string): ProcessName {
  const path = join(runDir, runFile.pid);
  const pid = Number(readFileSync(path, 'latin1').trim());
  const stat = Number.isSafeInteger(pid) && pid > 1 ? readProcessStat(pid) : null;
  if (stat !== null) return { pid, startTimeTicks: stat.startTimeTicks };
  throw new MonitorError('RuntimeFailed', 'the container ended while it was being created');
}

/**
 * Waits for the end of a process: by wait(2) where it is our child, else by pidfd. `lastStatus` is what is told of a process that
 * is gone already.
 */
export function awaitEnd(
  container: Container,
  end: { readonly process: ProcessName; readonly lastStatus: number | null },
  reaper: Reaper,
): void {
  const { pid } = end.process;
  if (readProcessStat(pid)?.parentPid === process.pid) {
    container.begin(end.process, () => reaper.forget(pid));
    reaper.expect(pid, (status) => container.onExit(status));
    return;
  }
  const foreign = ForeignProcess.open(end.process, (status) => container.onExit(status));
  container.begin(end.process, () => foreign?.close());
  if (foreign === null) container.onExit(end.lastStatus);
}
