/**
 * Reads and writes files of cgroupfs. A file or cgroup that is not there reads as null: cgroups vanish at any time.
 */
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SyscallError } from '../../base/errors.ts';

/** The failure of a node:fs call, named as a system call's. */
export function fsFailure(call: string, path: string, error: unknown): SyscallError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'EIO';
  return new SyscallError({ call, errno: code, paths: [path] }, { cause: error });
}

/** Gone, going, or never there: ENODEV is said of an open file of a removed cgroup, EOPNOTSUPP of a threaded one. */
const absent = new Set(['ENOENT', 'ENODEV', 'ENOTDIR', 'EOPNOTSUPP']);

/** @returns null when there is no such file. @throws SyscallError read */
export async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const failure = fsFailure('read', path, error);
    if (absent.has(failure.errno)) return null;
    throw failure;
  }
}

/** One write of the whole value, as cgroupfs wants it; a missing file is not created. @throws SyscallError write */
export async function writeText(path: string, value: string): Promise<void> {
  try {
    await using file = await open(path, 'r+');
    await file.write(value);
  } catch (error) {
    throw fsFailure('write', path, error);
  }
}

/** A cgroup and all below it, deepest first; `[]` when there is none. */
export async function listDeepestFirst(path: string): Promise<readonly string[]> {
  let entries;
  try {
    entries = await readdir(path, { withFileTypes: true });
  } catch (error) {
    const failure = fsFailure('readdir', path, error);
    if (absent.has(failure.errno)) return [];
    throw failure;
  }
  const below: string[] = [];
  for (const entry of entries)
    if (entry.isDirectory()) below.push(...(await listDeepestFirst(join(path, entry.name))));
  return [...below, path];
}

/** Lines `key value` as a map: memory.stat, cpu.stat, memory.events. */
export function parseKeyed(text: string | null): ReadonlyMap<string, bigint> {
  const values = new Map<string, bigint>();
  for (const line of (text ?? '').split('\n')) {
    const [key, value] = line.split(' ');
    if (key !== undefined && value !== undefined && /^\d+$/.test(value)) values.set(key, BigInt(value));
  }
  return values;
}

/** A file of one number; null: no file, or the word `max`. */
export function parseNumber(text: string | null): bigint | null {
  const word = text?.trim() ?? '';
  return /^-?\d+$/.test(word) ? BigInt(word) : null;
}

/** The names of files in a cgroup; `[]` when it is not there. */
export async function listFiles(path: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  } catch (error) {
    const failure = fsFailure('readdir', path, error);
    if (absent.has(failure.errno)) return [];
    throw failure;
  }
}
