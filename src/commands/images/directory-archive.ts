/**
 * A directory as an archive and back: an OCI layout on disk goes to the daemon, and comes from it, as the same stream that
 * a file would be.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
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

/**
 * Writes an archive's files into a directory that is not there yet or is empty. They are drafted in it and moved out in the
 * end, the index last, so that nothing else is ever a layout; what fails leaves it as it was.
 * @throws NotEmpty, EEXIST when the archive has a file twice
 */
export async function unpackDirectory(stream: AsyncIterable<Buffer>, directory: string): Promise<void> {
  const made = await mkdir(directory, { recursive: true });
  if ((await readdir(directory)).length > 0)
    throw invalid('NotEmpty', `"${directory}": expected an empty directory, or none`);
  const draft = `.${process.pid}.part`;
  const ours = [draft];
  try {
    await unpackInto(stream, join(directory, draft));
    const names = await readdir(join(directory, draft));
    const last = names.filter((name) => name === indexName);
    for (const name of [...names.filter((each) => each !== indexName), ...last]) {
      await rename(join(directory, draft, name), join(directory, name));
      ours.push(name);
    }
    await rmdir(join(directory, draft));
  } catch (error) {
    for (const name of ours) await rm(join(directory, name), { recursive: true, force: true });
    if (made !== undefined) await rm(made, { recursive: true, force: true });
    throw error;
  }
}

/** Without it a directory is no layout. Source: OCI image spec, image-layout.md. */
const indexName = 'index.json';

async function unpackInto(stream: AsyncIterable<Buffer>, directory: string): Promise<void> {
  await mkdir(directory);
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
