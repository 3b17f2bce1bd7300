/**
 * The exit record `exit.json` on tmpfs. Its room is taken when the container is created, so that a full tmpfs cannot lose an exit code:
 * writing overwrites that room, and a rename needs none. It appears whole or not at all.
 */
import {
  closeSync,
  constants,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { runFile, type ExitRecord } from './protocol.ts';

const reserveFile = 'exit.reserve';
/** Longer than any record: an id has at most 128 characters. */
const reserveBytes = 1024;
const mode = 0o600;

/** Takes the room. @throws the file system's error (ENOSPC) */
export function reserveExitRecord(runDir: string): void {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
  const fd = openSync(join(runDir, reserveFile), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode);
  try {
    writeSync(fd, Buffer.alloc(reserveBytes, ' '));
  } finally {
    closeSync(fd);
  }
}

/** Makes the record visible. @throws the file system's error */
export function writeExitRecord(runDir: string, record: ExitRecord): void {
  const content = Buffer.from(`${JSON.stringify(record)}\n`);
  const reserve = join(runDir, reserveFile);
  const fd = openSync(reserve, constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW, mode);
  try {
    writeSync(fd, content, 0, content.length, 0);
    ftruncateSync(fd, content.length);
  } finally {
    closeSync(fd);
  }
  renameSync(reserve, join(runDir, runFile.exit));
}

/** What an earlier monitor recorded, or null. */
export function readExitRecord(runDir: string): ExitRecord | null {
  let content: string;
  try {
    content = readFileSync(join(runDir, runFile.exit), 'utf8');
  } catch {
    // There is none: the usual case.
    return null;
  }
  return parseExitRecord(JSON.parse(content));
}

function parseExitRecord(value: unknown): ExitRecord {
  if (typeof value !== 'object' || value === null) throw new Error('read exit record: expected an object');
  const containerId: unknown = Reflect.get(value, 'containerId');
  const exitCode: unknown = Reflect.get(value, 'exitCode');
  const finishedAtNs: unknown = Reflect.get(value, 'finishedAtNs');
  const isOomKilled: unknown = Reflect.get(value, 'isOomKilled');
  const isCode = exitCode === null || typeof exitCode === 'number';
  if (typeof containerId === 'string' && isCode && typeof finishedAtNs === 'string') {
    return { containerId, exitCode, finishedAtNs, isOomKilled: isOomKilled === true };
  }
  throw new Error('read exit record: not one of ours');
}

export function removeExitReserve(runDir: string): void {
  rmSync(join(runDir, reserveFile), { force: true });
}
