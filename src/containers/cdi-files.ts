/**
 * Reads the CDI specification files of this machine. They are read anew for each container that asks for a device, so that
 * what a vendor's tool writes counts at once. A file that is broken is kept with its fault: it matters only when a device is
 * not found. The files command the runtime (hooks run as root), so one that others may write is not believed.
 */
import { constants, type Stats } from 'node:fs';
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { extname } from 'node:path';
import { parseDocument } from 'yaml';
import { errnoOf, explain } from '../base/errors.ts';
import { joinPath, type AbsolutePath } from '../base/ids.ts';
import type { CdiFile } from '../spec/cdi-spec.ts';
import { parseCdiSpec } from '../spec/parse-cdi-spec.ts';

const maxFileBytes = 1024 * 1024;
const maxFiles = 512;

/** All `*.json` and `*.yaml` of the directories, in their order; a directory that is not there holds none. */
export async function readCdiFiles(dirs: readonly AbsolutePath[]): Promise<readonly CdiFile[]> {
  const files: CdiFile[] = [];
  for (const [priority, dir] of dirs.entries()) {
    for (const name of await namesIn(dir)) {
      const path = joinPath(dir, name);
      files.push(files.length < maxFiles ? await readCdiFile(path, priority) : tooMany(path, priority));
    }
  }
  return files;
}

function tooMany(path: AbsolutePath, priority: number): CdiFile {
  return { path, priority, fault: `not read: more than ${maxFiles} files` };
}

async function namesIn(dir: AbsolutePath): Promise<readonly string[]> {
  try {
    const names = await readdir(dir);
    return names.filter((name) => ['.json', '.yaml'].includes(extname(name))).toSorted();
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return [];
    throw error;
  }
}

async function readCdiFile(path: AbsolutePath, priority: number): Promise<CdiFile> {
  try {
    return { path, priority, spec: parseCdiText(await readText(path), extname(path) === '.yaml') };
  } catch (error) {
    return { path, priority, fault: explain(error) };
  }
}

/** @throws InvalidCdiSpec, or what the parser of JSON or YAML says */
export function parseCdiText(text: string, isYaml: boolean): ReturnType<typeof parseCdiSpec> {
  return parseCdiSpec(isYaml ? readYaml(text) : JSON.parse(text));
}

/**
 * All scalars as text (`schema: failsafe`), so that the kind that a key wants decides what they are: a device named `0` or
 * `no` keeps its name. Aliases can make a few lines into gigabytes, so only as many as a person writes are followed.
 */
function readYaml(text: string): unknown {
  const document = parseDocument(text, { schema: 'failsafe', logLevel: 'error' });
  const [error] = document.errors;
  if (error !== undefined) throw new Error(error.message.split('\n', 1)[0]);
  return document.toJS({ maxAliasCount: 20 });
}

/** A link is followed: vendors link their files into place. A FIFO does not hold us up. */
async function readText(path: AbsolutePath): Promise<string> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  const info = await file.stat();
  checkFile(info);
  return await readAll(file, info.size);
}

function checkFile(info: Stats): void {
  if (!info.isFile()) throw new Error('expected a regular file');
  if (info.size > maxFileBytes) throw new Error(`${info.size} bytes, at most ${maxFileBytes} are read`);
  if (info.uid !== process.geteuid?.() || (info.mode & 0o002) !== 0)
    throw new Error(
      'expected a file that belongs to root and that not everybody may write: its hooks run as root',
    );
}

async function readAll(file: FileHandle, size: number): Promise<string> {
  const buffer = Buffer.alloc(size + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
    length += bytesRead;
    if (length > size) throw new Error('it grew while it was read');
    if (bytesRead === 0) return new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, length));
  }
}
