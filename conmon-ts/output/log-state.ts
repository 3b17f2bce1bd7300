/**
 * The file `log.state` of a container: how far its output has gone into its log. It is written after each append, by one
 * small write that SIGKILL cannot tear, and read by a successor. journal.ts says why.
 */
import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';

/** What a successor needs to know. */
export type LogState = {
  readonly logInode: bigint;
  readonly logSizeBytes: number;
  readonly loggedBytes: number;
  readonly droppedBytes: number;
  readonly consumed: readonly [stdout: number, stderr: number];
};

const stateBytes = 56;
const stateMagic = 0x6c6f6731;

/** The file `log.state`; made with its full size at the start, so that later writes need no room. */
export class LogStateFile implements Disposable {
  readonly #fd: number;
  readonly #buffer = Buffer.alloc(stateBytes);

  constructor(path: string) {
    this.#fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  }

  /** Null: nothing was committed yet. */
  read(): LogState | null {
    const buffer = readFileSync(this.#fd);
    if (buffer.length < stateBytes || buffer.readUInt32LE(0) !== stateMagic) return null;
    return {
      logInode: buffer.readBigUInt64LE(8),
      logSizeBytes: buffer.readDoubleLE(16),
      loggedBytes: buffer.readDoubleLE(24),
      droppedBytes: buffer.readDoubleLE(32),
      consumed: [buffer.readDoubleLE(40), buffer.readDoubleLE(48)],
    };
  }

  /** One small write inside one page. */
  commit(state: LogState): void {
    const buffer = this.#buffer;
    buffer.writeUInt32LE(stateMagic, 0);
    buffer.writeBigUInt64LE(state.logInode, 8);
    buffer.writeDoubleLE(state.logSizeBytes, 16);
    buffer.writeDoubleLE(state.loggedBytes, 24);
    buffer.writeDoubleLE(state.droppedBytes, 32);
    buffer.writeDoubleLE(state.consumed[0], 40);
    buffer.writeDoubleLE(state.consumed[1], 48);
    writeSync(this.#fd, buffer, 0, stateBytes, 0);
  }

  close(): void {
    closeSync(this.#fd);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
