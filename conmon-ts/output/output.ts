/**
 * All output of one container: its streams, its log, what was dropped, how far all of it is committed. Tells its owner of bytes
 * (for attach), of drops and of the end. Knows nothing of processes and requests.
 */
import { join } from 'node:path';
import { rmSync } from 'node:fs';
import type { CriLog } from './cri-log.ts';
import type { OutputStream } from './cri-line.ts';
import { Intake, type IntakeSource, type Pumped, type Sink } from './intake.ts';
import { Journal, MemoryBacklog } from './journal.ts';
import { LogStateFile, type LogState } from './log-state.ts';
import { watchReadable, type Watch } from '../watch/readiness.ts';

export interface OutputOwner {
  onOutput(stream: OutputStream, bytes: Buffer): void;
  /** Output that could not be written into the log, and why. */
  onDropped(bytes: number, failure: unknown): void;
  /** All streams have ended: no writer is left. */
  onEnd(): void;
}

/** At the exit of a process, its last output is in the pipe: no more than this (a FIFO holds 1 MiB, a pty 64 KiB). */
export const pipeBytes = 1024 * 1024;

const stateFile = 'log.state';
const streamNumber = { stdout: 0, stderr: 1 } as const;

function journalFile(stream: OutputStream): string {
  return `${stream}.journal`;
}

export class ContainerOutput implements Sink {
  readonly #directory: string;
  readonly #log: CriLog | null;
  readonly #owner: OutputOwner;
  readonly #state: LogStateFile | null;
  readonly #intakes: Intake[] = [];
  readonly #watches: Watch[] = [];
  readonly #consumed: [number, number] = [0, 0];
  #loggedBytes = 0;
  #droppedBytes = 0;
  #isBroken = false;

  /** Takes over what a predecessor has left in the directory, if anything; owns the log. */
  constructor(directory: string, log: CriLog | null, owner: OutputOwner) {
    this.#directory = directory;
    this.#log = log;
    this.#owner = owner;
    this.#state = log === null ? null : new LogStateFile(join(directory, stateFile));
    const state = this.#state?.read() ?? null;
    if (state !== null) this.#resume(state);
    this.commit();
  }

  #resume(state: LogState): void {
    this.#log?.recover({ inode: state.logInode, sizeBytes: state.logSizeBytes });
    [this.#consumed[0], this.#consumed[1]] = state.consumed;
    this.#loggedBytes = state.loggedBytes;
    this.#droppedBytes = state.droppedBytes;
  }

  get hasLog(): boolean {
    return this.#log !== null && !this.#isBroken;
  }

  get loggedBytes(): number {
    return this.#loggedBytes;
  }

  get droppedBytes(): number {
    return this.#droppedBytes;
  }

  get hasEnded(): boolean {
    return this.#intakes.every((intake) => intake.hasEnded);
  }

  /** Logs from a descriptor until its end. Owns the descriptor. */
  add(source: IntakeSource): void {
    const consumed = this.#consumed[streamNumber[source.stream]];
    const backlog = this.hasLog
      ? new Journal(join(this.#directory, journalFile(source.stream)), consumed)
      : new MemoryBacklog(Buffer.alloc(0), 0);
    const intake = new Intake(source, backlog, this);
    const watch = watchReadable(source.fd, () => {
      if (this.#pump(intake) === 'end') this.#end(watch);
    });
    this.#intakes.push(intake);
    this.#watches.push(watch);
    intake.recover();
  }

  /** What nobody expected of a file must cost the log of this one container, not the container nor the others. */
  #pump(intake: Intake): Pumped {
    try {
      return intake.pump();
    } catch (error) {
      const isFirst = !this.#isBroken;
      this.#isBroken = true;
      this.#droppedBytes += intake.giveUpPending();
      this.#owner.onDropped(0, error);
      // A stream that fails also when it is only to be emptied has ended for us.
      return isFirst ? 'more' : intake.giveUp();
    }
  }

  #end(watch: Watch): void {
    watch.close();
    if (this.hasEnded) this.#owner.onEnd();
  }

  /** Logs all that is in the pipes now, whoever still holds them open. */
  drain(): void {
    for (const [index, intake] of this.#intakes.entries()) {
      if (intake.hasEnded) continue;
      const watch = this.#watches[index];
      const before = this.#loggedBytes;
      let pumped = this.#pump(intake);
      while (pumped === 'more' && this.#loggedBytes - before <= pipeBytes) pumped = this.#pump(intake);
      if (pumped === 'end' && watch !== undefined) this.#end(watch);
    }
  }

  observe(stream: OutputStream, bytes: Buffer): void {
    this.#loggedBytes += bytes.length;
    if (this.#isBroken) this.#droppedBytes += bytes.length;
    this.#owner.onOutput(stream, bytes);
  }

  append(records: Buffer, length: number): void {
    const { droppedBytes, failure } = this.#log?.append(records, length) ?? {
      droppedBytes: 0,
      failure: null,
    };
    if (droppedBytes === 0) return;
    this.#droppedBytes += droppedBytes;
    this.#owner.onDropped(droppedBytes, failure);
  }

  commit(): void {
    for (const intake of this.#intakes) this.#consumed[streamNumber[intake.stream]] = intake.consumed;
    if (this.#state === null || this.#log === null || this.#isBroken) return;
    this.#state.commit({
      logInode: this.#log.inode,
      logSizeBytes: this.#log.sizeBytes,
      loggedBytes: this.#loggedBytes,
      droppedBytes: this.#droppedBytes,
      consumed: this.#consumed,
    });
  }

  /** The next record goes into a new file at the log's path. @throws the file system's error, unchanged then */
  reopenLog(): void {
    this.#log?.reopen();
    this.#isBroken = false;
    this.commit();
  }

  /** Stops; what the streams still hold is left in them for a successor. */
  close(): void {
    for (const watch of this.#watches) watch.close();
    for (const intake of this.#intakes) intake.close();
    this.#log?.close();
    this.#state?.close();
  }
}

/** Removes what `close` leaves for a successor. */
export function removeOutputFiles(directory: string): void {
  for (const name of [stateFile, journalFile('stdout'), journalFile('stderr')]) {
    rmSync(join(directory, name), { force: true });
  }
}
