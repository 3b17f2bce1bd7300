/**
 * One container as the monitor sees it. How it comes to be stands in create.ts and adopt.ts.
 *
 *   (being made) ──begin──▶ running ──process ended──▶ exited ──forget──▶ gone
 *                              │                         │  order at the exit: OOM counter read → output in the log → exit.json → event
 *                              └ output, stdin, attach   └ output of processes that outlived it is still logged, until its end or `forget`
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AttachOwner, AttachServer } from './streams/attach.ts';
import type { CriLog } from './output/cri-log.ts';
import type { OutputStream } from './output/cri-line.ts';
import { removeExitReserve, writeExitRecord } from './exit-record.ts';
import { MonitorError, messageOf } from './failure.ts';
import type { IntakeSource } from './output/intake.ts';
import { log } from './log.ts';
import { nowNs } from './calls/file-calls.ts';
import type { OomSource } from './watch/oom.ts';
import { ContainerOutput, removeOutputFiles, type OutputOwner } from './output/output.ts';
import type { ProcessName } from './watch/pidfd-wait.ts';
import { exitCodeOf } from './watch/process-stat.ts';
import { removeMark } from './watch/oom-mark.ts';
import { runFile, type ContainerReport, type ExitRecord, type MonitorEvent } from './protocol.ts';
import type { ContainerStdin } from './streams/stdin.ts';
import { removeStreams } from './streams/streams.ts';
import { resizeTerminal } from './streams/terminal.ts';

export type ContainerFacts = {
  readonly containerId: string;
  readonly runDir: string;
  readonly isStdinOnce: boolean;
};

export type Publish = (event: MonitorEvent) => void;

/** How many bytes were dropped is told at once, and then not more often than this. */
const dropReportMs = 1000;

export class Container implements OutputOwner, AttachOwner {
  readonly facts: ContainerFacts;
  readonly #publish: Publish;
  #process: ProcessName | null = null;
  #output: ContainerOutput | null = null;
  #attach: AttachServer | null = null;
  #stdin: ContainerStdin | null = null;
  /** The pty master; `output` owns it. */
  #master: number | null = null;
  #oom: OomSource | null = null;
  #exit: ExitRecord | null = null;
  #isGone = false;
  #stopWaiting: () => void = () => undefined;
  #unreportedDrop = 0;
  #dropMessage = '';
  #dropTimer: NodeJS.Timeout | undefined;
  readonly #ended = Promise.withResolvers<void>();

  constructor(facts: ContainerFacts, publish: Publish) {
    this.facts = facts;
    this.#publish = publish;
  }

  get exit(): ExitRecord | null {
    return this.#exit;
  }

  get report(): ContainerReport {
    return {
      containerId: this.facts.containerId,
      pid: this.#process?.pid ?? 0,
      exit: this.#exit,
      loggedBytes: String(this.#output?.loggedBytes ?? 0),
      droppedBytes: String(this.#output?.droppedBytes ?? 0),
    };
  }

  // What a container is given on its way to running; from then on `forget` gives it back.

  /** Its log; streams are added by `read`. */
  logTo(log: CriLog | null): void {
    this.#output = new ContainerOutput(this.facts.runDir, log, this);
  }

  /** Logs from a descriptor, which belongs to the container from now on. */
  read(source: IntakeSource): void {
    if (source.isTerminal) this.#master = source.fd;
    this.#output?.add(source);
  }

  serveAttach(attach: AttachServer): void {
    this.#attach = attach;
  }

  takeStdin(stdin: ContainerStdin): void {
    this.#stdin = stdin;
  }

  /** Its process, and how to stop waiting for that when the container is given up before its end. */
  begin(process: ProcessName, stopWaiting: () => void): void {
    this.#process = process;
    this.#stopWaiting = stopWaiting;
  }

  watchOom(oom: OomSource | null): void {
    this.#oom = oom;
  }

  /** An end that an earlier monitor has recorded: nothing is told again. */
  resumeExited(process: ProcessName, exit: ExitRecord): void {
    this.#process = process;
    this.#exit = exit;
    this.#stdin?.close();
  }

  /** The process has ended; null: nobody knows how. */
  onExit(waitStatus: number | null): void {
    if (this.#exit !== null || this.#isGone) return;
    const finishedAtNs = String(nowNs());
    const isOomKilled = this.#oom?.conclude() ?? false;
    this.#oom?.close();
    this.#output?.drain();
    const exitCode = waitStatus === null ? null : exitCodeOf(waitStatus);
    const exit = { containerId: this.facts.containerId, exitCode, finishedAtNs, isOomKilled };
    this.#exit = exit;
    this.#record(exit);
    this.#stdin?.close();
    this.#publish({ event: 'exit', exit });
  }

  #record(exit: ExitRecord): void {
    try {
      writeExitRecord(this.facts.runDir, exit);
    } catch (error) {
      // It is told and kept in memory all the same.
      log.error('write exit record', { containerId: exit.containerId, error: messageOf(error) });
    }
  }

  onOom(): void {
    this.#publish({ event: 'oom', containerId: this.facts.containerId });
  }

  onOutput(stream: OutputStream, bytes: Buffer): void {
    this.#attach?.broadcast(stream, bytes);
  }

  onDropped(bytes: number, failure: unknown): void {
    this.#unreportedDrop += bytes;
    this.#dropMessage = messageOf(failure);
    if (this.#dropTimer !== undefined) return;
    this.#reportDrop();
    this.#dropTimer = setTimeout(() => {
      this.#dropTimer = undefined;
      if (this.#unreportedDrop > 0) this.#reportDrop();
    }, dropReportMs);
  }

  #reportDrop(): void {
    const { containerId } = this.facts;
    const bytes = String(this.#unreportedDrop);
    this.#unreportedDrop = 0;
    this.#publish({ event: 'log-dropped', containerId, bytes, message: this.#dropMessage });
  }

  onEnd(): void {
    this.#ended.resolve();
    this.#attach?.end();
  }

  onStdin(bytes: Buffer): boolean {
    return this.#stdin?.write(bytes) ?? true;
  }

  onStdinEnd(): void {
    if (this.facts.isStdinOnce) this.closeStdin();
  }

  /** The container took input again. */
  onStdinDrain(): void {
    this.#attach?.resume();
  }

  closeStdin(): void {
    const { containerId } = this.facts;
    if (this.#stdin?.end() === true) this.#publish({ event: 'stdin-closed', containerId });
  }

  /** @throws NotRunning, LogFailed with the old log in use and no file made */
  reopenLog(): void {
    const { containerId } = this.facts;
    if (this.#exit !== null) throw new MonitorError('NotRunning', `container "${containerId}" has ended`);
    try {
      this.#output?.reopenLog();
    } catch (error) {
      throw new MonitorError('LogFailed', `reopen log: ${messageOf(error)}`, { cause: error });
    }
  }

  /** @throws NotRunning, BadRequest when there is no terminal */
  resize(width: number, height: number): void {
    const { containerId } = this.facts;
    const master = this.#master;
    if (master === null) throw new MonitorError('BadRequest', `container "${containerId}" has no terminal`);
    if (this.#output?.hasEnded !== false) {
      throw new MonitorError('NotRunning', `container "${containerId}" has ended`);
    }
    resizeTerminal(master, width, height);
  }

  /** Logs what can be read now; waits for the end of the output, but not longer than the bound. */
  async drainLog(boundMs: number): Promise<void> {
    this.#output?.drain();
    if (this.#output?.hasEnded !== false) return;
    const timer = setTimeout(() => this.#ended.resolve(), boundMs);
    await this.#ended.promise;
    clearTimeout(timer);
    if (!this.#isGone) this.#output?.drain();
  }

  /** Lets go of everything, and leaves on disk what a successor needs. */
  release(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#stopWaiting();
    this.#oom?.close();
    clearTimeout(this.#dropTimer);
    this.#attach?.close();
    this.#stdin?.close();
    this.#output?.close();
    this.#ended.resolve();
  }

  /** Gives everything back. What a daemon may still want to read (exit.json, the log) stays. */
  forget(): void {
    if (this.#isGone) return;
    this.release();
    const { runDir } = this.facts;
    removeOutputFiles(runDir);
    removeStreams(runDir);
    removeExitReserve(runDir);
    removeMark(runDir);
    rmSync(join(runDir, runFile.pid), { force: true });
  }
}
