/**
 * Reads the configuration directory once: the first valid network, or the one of a given name, and what was wrong with
 * the files that were passed over. It watches nothing and runs nothing.
 */
import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseNetworkFile, parsePluginFile, type NetworkList, type PluginConfig } from './config.ts';
import { errnoOf, messageOf, printable } from './errors.ts';
import { ShapeError } from './json.ts';

/** What was wrong with one file. */
export type ConfigFault = { readonly path: string; readonly problem: string };

export type LoadedNetwork = { readonly list: NetworkList; readonly path: string };

export type DirectoryReading = {
  readonly network: LoadedNetwork | null;
  readonly faults: readonly ConfigFault[];
  /** One sentence for people: which directory was read and why there is no network; empty when there is one. */
  readonly message: string;
};

export type DirectoryRequest = {
  readonly confDir: string;
  /** Null: the first valid file in lexical order. */
  readonly networkName: string | null;
};

const maxFileBytes = 1024 * 1024;
const maxFiles = 200;
const extensions = ['.conflist', '.conf', '.json'];

/** Never throws: whatever goes wrong is in the reading. */
export async function readDirectory(request: DirectoryRequest): Promise<DirectoryReading> {
  const { confDir, networkName } = request;
  const names = await listFiles(confDir, extensions);
  if (typeof names === 'string') return { network: null, faults: [], message: names };
  const faults: ConfigFault[] = [];
  const otherNames: string[] = [];
  for (const name of names.slice(0, maxFiles)) {
    const path = join(confDir, name);
    const network = await readNetwork(path, confDir, faults);
    if (network !== null && (networkName === null || network.list.name === networkName))
      return { network, faults, message: '' };
    if (network !== null) otherNames.push(network.list.name);
  }
  return {
    network: null,
    faults,
    message: explain(request, { fileCount: names.length, faults, otherNames }),
  };
}

type Passed = {
  readonly fileCount: number;
  readonly faults: readonly ConfigFault[];
  readonly otherNames: readonly string[];
};

function explain(request: DirectoryRequest, passed: Passed): string {
  const wanted =
    request.networkName === null
      ? 'no network configuration'
      : `no network named ${JSON.stringify(request.networkName)}`;
  const parts = [`${wanted} in "${request.confDir}"`];
  if (passed.fileCount === 0) parts.push('there is no .conflist, .conf or .json file in it');
  if (passed.fileCount > maxFiles) parts.push(`only the first ${maxFiles} of ${passed.fileCount} were read`);
  if (passed.otherNames.length > 0)
    parts.push(`found networks ${passed.otherNames.slice(0, 5).map(quote).join(', ')}`);
  for (const fault of passed.faults.slice(0, 5)) parts.push(`"${fault.path}": ${fault.problem}`);
  if (passed.faults.length > 5) parts.push(`and ${passed.faults.length - 5} more faulty files`);
  return parts.join('; ');
}

function quote(text: string): string {
  return JSON.stringify(text);
}

/** The names in order, or a sentence saying why there are none. Directories are left out by reading them. */
async function listFiles(directory: string, wanted: readonly string[]): Promise<readonly string[] | string> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory() && wanted.some((extension) => entry.name.endsWith(extension)))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return `no network configuration: "${directory}" does not exist`;
    return `no network configuration: read "${directory}": ${messageOf(error)}`;
  }
}

async function readNetwork(
  path: string,
  confDir: string,
  faults: ConfigFault[],
): Promise<LoadedNetwork | null> {
  try {
    const { list, wantsFolder } = parseNetworkFile(await readText(path));
    const more = wantsFolder ? await readFolder(join(confDir, list.name), faults) : [];
    const plugins = [...list.plugins, ...more];
    if (plugins.length === 0) throw new ShapeError('there are no "plugins"');
    return { list: { ...list, plugins }, path };
  } catch (error) {
    faults.push({ path, problem: printable(messageOf(error), 500) });
    return null;
  }
}

/**
 * Plugins that others add to a network: `<confDir>/<network>/*.conf`. A faulty one makes the network faulty, since a
 * chain with a hole (a firewall, say) is worse than none. Source: CNI SPEC 1.1, section 1, `loadOnlyInlinedPlugins`.
 */
async function readFolder(folder: string, faults: ConfigFault[]): Promise<readonly PluginConfig[]> {
  const names = await listFiles(folder, ['.conf']);
  if (typeof names === 'string') return [];
  if (names.length > maxFiles) throw new ShapeError(`"${folder}": more than ${maxFiles} files`);
  const plugins: PluginConfig[] = [];
  for (const name of names) {
    const path = join(folder, name);
    try {
      plugins.push(parsePluginFile(await readText(path)));
    } catch (error) {
      faults.push({ path, problem: printable(messageOf(error), 500) });
      throw new ShapeError(`"${path}" is faulty`, { cause: error });
    }
  }
  return plugins;
}

/** Links are followed (configurations are often links); FIFOs and devices are refused. @throws ShapeError, or the file system's error */
async function readText(path: string): Promise<string> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stat = await file.stat();
  if (!stat.isFile()) throw new ShapeError('expected a regular file');
  if (stat.size > maxFileBytes)
    throw new ShapeError(`${stat.size} bytes, at most ${maxFileBytes} are accepted`);
  const buffer = Buffer.alloc(stat.size + 1);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
  if (bytesRead > stat.size) throw new ShapeError('it grew while it was read');
  const text = new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, bytesRead));
  return text;
}
