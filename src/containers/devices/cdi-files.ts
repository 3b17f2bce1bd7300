/**
 * The CDI specification files of this machine. They are looked at anew for each container that asks for a device, so that what
 * a vendor's tool writes counts at once; only a file that has changed is read again. A file that is broken is kept with its
 * fault: it matters only when a device is not found. The files command the runtime (hooks run as root), so one that others
 * may write is not believed.
 */
import { constants, type BigIntStats } from 'node:fs';
import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { extname } from 'node:path';
import { isScalar, parseDocument, visit } from 'yaml';
import { errnoOf, explain } from '../../base/errors.ts';
import { joinPath, type AbsolutePath } from '../../base/ids.ts';
import type { CdiFile } from '../../spec/cdi/cdi-spec.ts';
import { parseCdiSpec } from '../../spec/cdi/parse-cdi-spec.ts';

/** YAML is slow to read (a second for a megabyte), and it is read on the main thread. */
const maxBytes = { '.json': 1024n * 1024n, '.yaml': 256n * 1024n } as const;
const maxFiles = 512;

type Known = { readonly stamp: string; readonly file: CdiFile };

export class CdiFiles {
  #known: ReadonlyMap<string, Known> = new Map();

  /** All `*.json` and `*.yaml` of the directories, in their order; a directory that is not there holds none. */
  async read(dirs: readonly AbsolutePath[]): Promise<readonly CdiFile[]> {
    const files: CdiFile[] = [];
    const known = new Map<string, Known>();
    for (const [priority, dir] of dirs.entries()) {
      for (const name of await namesIn(dir)) {
        const path = joinPath(dir, name);
        if (files.length >= maxFiles) files.push(tooMany(path, priority));
        else files.push(await this.#readOne(path, priority, known));
      }
    }
    this.#known = known;
    return files;
  }

  async #readOne(path: AbsolutePath, priority: number, known: Map<string, Known>): Promise<CdiFile> {
    const stamp = await stampOf(path);
    const before = this.#known.get(path);
    const isSame = before !== undefined && stamp !== null && before.stamp === stamp;
    const file = isSame ? { ...before.file, priority } : await readCdiFile(path, priority);
    if (stamp !== null) known.set(path, { stamp, file });
    return file;
  }
}

/** Changes with every change of the file or of what a link leads to; null: it cannot be looked at. */
async function stampOf(path: AbsolutePath): Promise<string | null> {
  const info = await stat(path, { bigint: true }).catch(() => null);
  if (info === null) return null;
  const { dev, ino, size, mode, uid, mtimeNs, ctimeNs } = info;
  return [dev, ino, size, mode, uid, mtimeNs, ctimeNs].join(' ');
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
  // The library's own search for keys that stand twice takes quadratic time.
  const document = parseDocument(text, { schema: 'failsafe', logLevel: 'error', uniqueKeys: false });
  const [error] = document.errors;
  if (error !== undefined) throw new Error(error.message.split('\n', 1)[0]);
  visit(document, {
    Map: (_key, map) => {
      const keys = new Set<unknown>();
      for (const { key } of map.items) {
        const name: unknown = isScalar(key) ? key.value : key;
        if (keys.has(name)) throw new Error(`key ${JSON.stringify(name)} stands twice, expected unique keys`);
        keys.add(name);
      }
    },
  });
  return document.toJS({ maxAliasCount: 20 });
}

/** A link is followed: vendors link their files into place. A FIFO does not hold us up. */
async function readText(path: AbsolutePath): Promise<string> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  const info = await file.stat({ bigint: true });
  checkFile(info, extname(path) === '.yaml' ? maxBytes['.yaml'] : maxBytes['.json']);
  return await readAll(file, Number(info.size));
}

function checkFile(info: BigIntStats, most: bigint): void {
  if (!info.isFile()) throw new Error('expected a regular file');
  if (info.size > most) throw new Error(`${info.size} bytes, at most ${most} are read`);
  if (Number(info.uid) !== process.geteuid?.() || (info.mode & 0o002n) !== 0n)
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
