/**
 * Finds plugins in their directories and remembers which versions each of them said to support. A file that was replaced
 * is asked again; VERSION is asked only where a choice has to be made.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CniError, errnoOf } from './errors.ts';

export type FoundPlugin = {
  readonly type: string;
  readonly path: string;
  /** Changes when the file is replaced or rewritten. */
  readonly signature: string;
};

const executableBits = 0o111;

/** The first executable regular file of that name. @throws PluginMissing naming the directories */
export async function findPlugin(type: string, directories: readonly string[]): Promise<FoundPlugin> {
  for (const directory of directories) {
    const path = join(directory, type);
    const signature = await programSignature(path);
    if (signature !== null) return { type, path, signature };
  }
  const list = directories.map((directory) => `"${directory}"`).join(', ');
  throw new CniError({
    reason: 'PluginMissing',
    message: `find plugin "${type}": no such program in ${list === '' ? 'no directory' : list}`,
    plugin: type,
  });
}

async function programSignature(path: string): Promise<string | null> {
  try {
    const found = await stat(path, { bigint: true });
    if (!found.isFile() || (Number(found.mode) & executableBits) === 0) return null;
    return `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}`;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR' || errno === 'EACCES' || errno === 'ELOOP') return null;
    throw error;
  }
}

/** What plugins answered to VERSION, by path; one entry a path. */
export class VersionMemory {
  readonly #answers = new Map<string, { readonly signature: string; readonly versions: readonly string[] }>();

  get(plugin: FoundPlugin): readonly string[] | null {
    const answer = this.#answers.get(plugin.path);
    return answer?.signature === plugin.signature ? answer.versions : null;
  }

  set(plugin: FoundPlugin, versions: readonly string[]): void {
    this.#answers.set(plugin.path, { signature: plugin.signature, versions });
  }
}
