/**
 * A directory as an archive and back: an OCI layout on disk goes to the daemon, and comes from it, as the same stream that
 * a file would be.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, pack, type Pack } from 'tar-stream';
import { invalid } from '../../base/errors.ts';
import { checkName } from '../../images/archive/archive-files.ts';

const maxFiles = 20_000;

/** The regular files of a directory. @throws NotRegular when something else is in it */
export async function* packDirectory(directory: string): AsyncGenerator<Buffer> {
  const archive = pack();
  const written = packAll(archive, directory);
  written.catch((error: unknown) => archive.destroy(Error.isError(error) ? error : new Error(String(error))));
  for await (const chunk of archive) if (chunk instanceof Uint8Array) yield Buffer.from(chunk);
  await written;
}

async function packAll(archive: Pack, directory: string): Promise<void> {
  const names = await namesBelow(directory, '');
  for (const name of names) {
    const path = join(directory, name);
    const entry = archive.entry({ name, size: (await lstat(path)).size });
    await pipeline(createReadStream(path), entry);
  }
  archive.finalize();
}

async function namesBelow(directory: string, prefix: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (const entry of await readdir(join(directory, prefix), { withFileTypes: true })) {
    const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) names.push(...(await namesBelow(directory, name)));
    else if (entry.isFile()) names.push(name);
    else
      throw invalid('NotRegular', `"${join(directory, name)}": expected regular files and directories only`);
    if (names.length > maxFiles) throw invalid('TooManyFiles', `"${directory}": more than ${maxFiles} files`);
  }
  return names;
}

/** Writes an archive's files into a directory, which is made. @throws EEXIST when a file is there */
export async function unpackDirectory(stream: AsyncIterable<Buffer>, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const archive = extract();
  const fed = pipeline(Readable.from(stream), archive);
  fed.catch(() => undefined);
  for await (const entry of archive) {
    const path = join(directory, checkName(entry.header.name));
    await mkdir(dirname(path), { recursive: true });
    await pipeline(entry, createWriteStream(path, { flags: 'wx', mode: 0o644 }));
  }
  await fed;
}
