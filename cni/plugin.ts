/**
 * Runs one program to its end: own process group, deadline, abort signal, bounded output. The only file of the library
 * that starts programs; it knows nothing of what the output means.
 *
 * Standard input is a regular file without a name and not a socket, because plugins written in shell read `/dev/stdin`,
 * which cannot be opened again when it is a socket.
 */
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { constants } from 'node:fs';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

export type Run = {
  readonly path: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
  /** Where the file for standard input is made for a moment; best a tmpfs. */
  readonly scratchDir: string;
  /** At least 1. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | null;
};

export type RunEnd = {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  /** More was written than is kept; `stdout` is then of no use. */
  readonly isStdoutTooLong: boolean;
  /** The last bytes. */
  readonly stderr: string;
  /** Why we killed it, if we did. */
  readonly killedFor: 'timeout' | 'abort' | 'output' | null;
};

const keptStdoutBytes = 1024 * 1024;
const keptStderrBytes = 8 * 1024;
/** What is over the kept part is read and dropped up to here; a program that writes more is killed. */
const maxStdoutBytes = 64 * 1024 * 1024;
/** How long the pipes may stay open after the program has ended: a child of it can hold them. */
const drainMs = 200;

/** @throws the spawn's or file system's error when the program cannot be started */
export async function runProgram(run: Run): Promise<RunEnd> {
  await using stdin = await unnamedFile(run.scratchDir, run.stdin);
  const child = spawn(run.path, [], {
    detached: true,
    cwd: '/',
    env: { ...run.env },
    stdio: [stdin.fd, 'pipe', 'pipe'] satisfies StdioOptions,
  });
  const guard = guardProgram(child, run);
  const stdout = keepHead(child.stdout, () => guard.kill('output'));
  const stderr = keepTail(child.stderr);
  try {
    const end = await ended(child);
    return { ...end, ...stdout(), stderr: stderr(), killedFor: guard.killedFor() };
  } finally {
    guard.stop();
  }
}

let fileCount = 0;

/** A file that has content, is read from its start, and has no name any more. */
async function unnamedFile(directory: string, content: string): Promise<FileHandle> {
  fileCount += 1;
  const path = join(directory, `.stdin.${process.pid}.${fileCount}`);
  const file = await open(path, constants.O_CREAT | constants.O_EXCL | constants.O_RDWR, 0o600);
  try {
    // Written by position: the offset that the program inherits stays 0.
    const bytes = Buffer.from(content);
    for (let at = 0; at < bytes.length;)
      at += (await file.write(bytes, at, bytes.length - at, at)).bytesWritten;
    return file;
  } catch (error) {
    await file.close();
    throw error;
  } finally {
    await unlink(path);
  }
}

type End = { readonly exitCode: number | null; readonly signal: string | null };

async function ended(child: ChildProcess): Promise<End> {
  const end = Promise.withResolvers<End>();
  child.once('error', end.reject);
  child.once('close', (exitCode, signal) => end.resolve({ exitCode, signal }));
  child.once('exit', (exitCode, signal) => {
    const drain = setTimeout(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
      end.resolve({ exitCode, signal });
    }, drainMs);
    child.once('close', () => clearTimeout(drain));
  });
  return await end.promise;
}

type Guard = {
  readonly kill: (why: 'timeout' | 'abort' | 'output') => void;
  readonly killedFor: () => RunEnd['killedFor'];
  readonly stop: () => void;
};

function guardProgram(child: ChildProcess, run: Run): Guard {
  let killedFor: RunEnd['killedFor'] = null;
  const kill = (why: 'timeout' | 'abort' | 'output'): void => {
    // The leader must be ours still (not waited for): only then is the number of its group its own.
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    killedFor ??= why;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It ended between the check and the signal.
    }
  };
  const timer = setTimeout(() => kill('timeout'), run.timeoutMs);
  const onAbort = (): void => kill('abort');
  run.signal?.addEventListener('abort', onAbort, { once: true });
  if (run.signal?.aborted === true) onAbort();
  return {
    kill,
    killedFor: () => killedFor,
    stop: () => {
      clearTimeout(timer);
      run.signal?.removeEventListener('abort', onAbort);
    },
  };
}

function keepHead(
  stream: Readable | null,
  onTooLong: () => void,
): () => Pick<RunEnd, 'stdout' | 'isStdoutTooLong'> {
  const chunks: Buffer[] = [];
  let kept = 0;
  let seen = 0;
  stream?.on('data', (chunk: Buffer) => {
    seen += chunk.length;
    const head = chunk.subarray(0, keptStdoutBytes - kept);
    if (head.length > 0) chunks.push(head);
    kept += head.length;
    if (seen > maxStdoutBytes) onTooLong();
  });
  return () => ({ stdout: Buffer.concat(chunks).toString('utf8'), isStdoutTooLong: seen > keptStdoutBytes });
}

function keepTail(stream: Readable | null): () => string {
  let tail: Buffer = Buffer.alloc(0);
  stream?.on('data', (chunk: Buffer) => {
    tail = Buffer.from(Buffer.concat([tail, chunk]).subarray(-keptStderrBytes));
  });
  return () => tail.toString('utf8');
}
