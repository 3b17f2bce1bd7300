/**
 * A network configuration as one file (and its folder of further plugins) says it. Pure: text in, checked list out. The
 * plugins' own keys are kept as they are; keys that only the runtime may set are taken out.
 */
import {
  asObject,
  field,
  flagField,
  isObject,
  listField,
  parseJson,
  ShapeError,
  textField,
  textListField,
  type JsonObject,
} from './json.ts';
import { knownVersions, spokenVersions, type CniVersion } from './versions.ts';

export type PluginConfig = {
  /** The file name of the program; has no slash. */
  readonly type: string;
  /** The program that it delegates address management to, when its configuration names one. */
  readonly ipamType: string | null;
  /** The capabilities that it declares with `true`. */
  readonly capabilities: readonly string[];
  /** Everything that the administrator wrote, without the runtime's own keys. */
  readonly raw: JsonObject;
};

export type NetworkList = {
  readonly name: string;
  /** What the list offers and we speak, highest first; never empty. */
  readonly versions: readonly CniVersion[];
  readonly isCheckDisabled: boolean;
  readonly isGcDisabled: boolean;
  readonly plugins: readonly PluginConfig[];
};

/** A list whose folder has yet to be read. */
export type ParsedFile = { readonly list: NetworkList; readonly wantsFolder: boolean };

const namePattern = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;
const maxNameLength = 100;
const maxPlugins = 64;

/** Whether a text may be a network's name or a container id. Source: CNI SPEC 1.1, sections 1 and 2. */
export function isName(text: string): boolean {
  return text.length <= maxNameLength && namePattern.test(text);
}

/**
 * Reads one file: a list, or (the old form) a single plugin. What it is, is told by the key `plugins` or `type` and not
 * by the file's name. Source: CNI SPEC 1.1, section 1. @throws ShapeError saying what is wrong where
 */
export function parseNetworkFile(text: string): ParsedFile {
  return parseNetwork(parseJson(text, 'configuration'));
}

/** The same for JSON that is parsed already (an attachment's record). @throws ShapeError */
export function parseNetwork(value: unknown): ParsedFile {
  const object = asObject(value, 'configuration');
  const isSingle = field(object, 'plugins') === undefined && field(object, 'type') !== undefined;
  const what = 'configuration';
  const inlined = isSingle ? [object] : listField(object, 'plugins', what);
  const isInlinedOnly = flagField(object, 'loadOnlyInlinedPlugins', what);
  if (inlined.length === 0 && isInlinedOnly)
    throw new ShapeError('loadOnlyInlinedPlugins is true, but there are no "plugins"');
  if (inlined.length > maxPlugins) throw new ShapeError(`plugins: more than ${maxPlugins}`);
  return {
    list: {
      name: parseName(object),
      versions: parseVersions(object),
      isCheckDisabled: flagField(object, 'disableCheck', what),
      isGcDisabled: flagField(object, 'disableGC', what),
      plugins: inlined.map((plugin, at) => parsePlugin(plugin, isSingle ? what : `plugins[${at}]`)),
    },
    wantsFolder: !isSingle && !isInlinedOnly,
  };
}

/** One file of the list's folder. @throws ShapeError */
export function parsePluginFile(text: string): PluginConfig {
  return parsePlugin(parseJson(text, 'plugin configuration'), 'plugin configuration');
}

function parseName(object: JsonObject): string {
  const name = textField(object, 'name', 'configuration');
  if (name === null || name === '') throw new ShapeError('"name" is missing');
  if (!isName(name))
    throw new ShapeError(
      `name ${JSON.stringify(name.slice(0, 120))}: expected a letter or digit, then letters, digits, "_", "." or "-", at most ${maxNameLength}`,
    );
  return name;
}

function parseVersions(object: JsonObject): readonly CniVersion[] {
  const single = textField(object, 'cniVersion', 'configuration');
  const several = textListField(object, 'cniVersions', 'configuration');
  const offered = single === null || single === '' ? several : [single, ...several];
  const spoken = spokenVersions(offered);
  if (spoken.length > 0) return spoken;
  const found =
    offered.length === 0
      ? '"cniVersion" is missing'
      : `cniVersion ${JSON.stringify(offered.join(', ').slice(0, 120))} is not supported`;
  throw new ShapeError(`${found}: expected one of ${knownVersions.join(', ')}`);
}

function parsePlugin(value: unknown, what: string): PluginConfig {
  const object = asObject(value, what);
  const type = textField(object, 'type', what);
  if (type === null || type === '') throw new ShapeError(`${what}: "type" is missing`);
  if (!isProgramName(type))
    throw new ShapeError(
      `${what}.type ${JSON.stringify(type.slice(0, 120))}: expected a file name without a slash`,
    );
  const ipam = field(object, 'ipam');
  const ipamType = isObject(ipam) ? textField(ipam, 'type', `${what}.ipam`) : null;
  return {
    type,
    ipamType: ipamType !== null && isProgramName(ipamType) ? ipamType : null,
    capabilities: parseCapabilities(field(object, 'capabilities'), `${what}.capabilities`),
    raw: withoutReserved(object),
  };
}

function isProgramName(text: string): boolean {
  return (
    text !== '.' && text !== '..' && text !== '' && !/[/\\\0]/.test(text) && Buffer.byteLength(text) <= 255
  );
}

function parseCapabilities(value: unknown, what: string): readonly string[] {
  if (value === undefined) return [];
  const object = asObject(value, what);
  return Object.keys(object).filter((key) => flagField(object, key, what));
}

/** Keys that the runtime makes at execution. Source: CNI SPEC 1.1, section 1, "Reserved keys", and section 3. */
const reservedKeys = ['name', 'cniVersion', 'capabilities', 'runtimeConfig', 'prevResult'];

function withoutReserved(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(([key]) => !reservedKeys.includes(key) && !key.startsWith('cni.dev/')),
  );
}

/** A list as it is kept in an attachment's record, and back. */
export function formatList(list: NetworkList): JsonObject {
  return {
    name: list.name,
    cniVersions: list.versions,
    disableCheck: list.isCheckDisabled,
    disableGC: list.isGcDisabled,
    loadOnlyInlinedPlugins: true,
    plugins: list.plugins.map((plugin) => ({
      ...plugin.raw,
      capabilities: Object.fromEntries(plugin.capabilities.map((name) => [name, true])),
    })),
  };
}
