/**
 * Runs one program to its end: own process group, deadline, abort signal, bounded output. The only file of the library
 * that starts programs; it knows nothing of what the output means.
 */
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { constants } from 'node:fs';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Launch, Launched, Plugin, PluginEnd } from './launch.ts';

export type Run = Plugin & {
  readonly launch: Launch;
  /** At least 1. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | null;
};

export type RunEnd = PluginEnd & {
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

/** @throws the launch's error when the program cannot be started */
export async function runProgram(run: Run): Promise<RunEnd> {
  const program = await run.launch(run);
  const guard = guardProgram(program, run);
  const stdout = keepHead(program.stdout, () => guard.kill('output'));
  const stderr = keepTail(program.stderr);
  try {
    const end = await program.ended;
    await closed([program.stdout, program.stderr]);
    return { ...end, ...stdout(), stderr: stderr(), killedFor: guard.killedFor() };
  } finally {
    guard.stop();
    program.close();
  }
}

/** Waits until both streams are closed, at most `drainMs`. */
async function closed(streams: readonly Readable[]): Promise<void> {
  const done = Promise.withResolvers<void>();
  const patience = setTimeout(done.resolve, drainMs);
  const look = (): void => {
    if (streams.every((stream) => stream.closed)) done.resolve();
  };
  for (const stream of streams) stream.once('close', look);
  look();
  await done.promise;
  clearTimeout(patience);
}

/**
 * Starts plugins by node:child_process. Their input is a regular file without a name, which can be opened again.
 * @param scratchDir where that file is made for a moment; best a tmpfs
 */
export function launchByNode(scratchDir: string): Launch {
  return async (plugin) => {
    const input = await unnamedFile(scratchDir, plugin.stdin);
    try {
      return await startWith(input, plugin);
    } catch (error) {
      await input.close();
      throw error;
    }
  };
}

/** Does not wait once the plugin runs: Node drops the output of a child that ends before anybody listens. */
async function startWith(input: FileHandle, { path, env }: Plugin): Promise<Launched> {
  const stdio = [input.fd, 'pipe', 'pipe'] satisfies StdioOptions;
  const child = spawn(path, [], { detached: true, cwd: '/', env: { ...env }, stdio });
  const { stdout, stderr } = child;
  const end = endOf(child);
  if (child.pid === undefined || stdout === null || stderr === null) {
    await end;
    throw new Error(`start "${path}": no pipes`);
  }
  const ended = closingAfter(end, input);
  const close = (): void => [stdout, stderr].forEach((stream) => stream.destroy());
  return { stdout, stderr, ended, kill: () => killGroup(child), close };
}

async function closingAfter(end: Promise<PluginEnd>, input: FileHandle): Promise<PluginEnd> {
  try {
    return await end;
  } finally {
    await input.close();
  }
}

async function endOf(child: ChildProcess): Promise<PluginEnd> {
  const end = Promise.withResolvers<PluginEnd>();
  child.once('error', end.reject);
  child.once('exit', (exitCode, signal) => end.resolve({ exitCode, signal }));
  return await end.promise;
}

function killGroup(child: ChildProcess): void {
  // The leader must be ours still (not waited for): only then is the number of its group its own.
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended between the check and the signal.
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

type Guard = {
  readonly kill: (why: 'timeout' | 'abort' | 'output') => void;
  readonly killedFor: () => RunEnd['killedFor'];
  readonly stop: () => void;
};

function guardProgram(program: Launched, run: Run): Guard {
  let killedFor: RunEnd['killedFor'] = null;
  let hasEnded = false;
  void program.ended.then(() => (hasEnded = true));
  const kill = (why: 'timeout' | 'abort' | 'output'): void => {
    if (hasEnded) return;
    killedFor ??= why;
    program.kill();
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

function keepHead(stream: Readable, onTooLong: () => void): () => Pick<RunEnd, 'stdout' | 'isStdoutTooLong'> {
  const chunks: Buffer[] = [];
  let kept = 0;
  let seen = 0;
  stream.on('data', (chunk: Buffer) => {
    seen += chunk.length;
    const head = chunk.subarray(0, keptStdoutBytes - kept);
    if (head.length > 0) chunks.push(head);
    kept += head.length;
    if (seen > maxStdoutBytes) onTooLong();
  });
  return () => ({ stdout: Buffer.concat(chunks).toString('utf8'), isStdoutTooLong: seen > keptStdoutBytes });
}

function keepTail(stream: Readable): () => string {
  let tail: Buffer = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    tail = Buffer.from(Buffer.concat([tail, chunk]).subarray(-keptStderrBytes));
  });
  return () => tail.toString('utf8');
}
