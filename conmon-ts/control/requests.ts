/** From a line to a request: every field is checked by hand, nothing is taken that is not asked for. Pure. */
import { MonitorError } from '../failure.ts';
import type {
  AdoptParams,
  ContainerFiles,
  ContainerParams,
  CreateParams,
  Empty,
  HelloParams,
  Methods,
  Owner,
  ResizeParams,
  RuntimeCommand,
  SealedCopy,
} from '../protocol.ts';

/** Numbers the request even when the rest of it is wrong. */
export type ParsedLine = { readonly id: number; readonly method: string; readonly params: unknown };

/** Fits file names, sockets and logs. */
const idForm = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;
const maxPathBytes = 4095;
/** Source: credentials(7); the last one means none. */
const maxId = 2 ** 32 - 2;
const maxListEntries = 1024;
const maxTimeoutMs = 24 * 3600 * 1000;

/** @throws BadRequest */
export function parseLine(line: string): ParsedLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new MonitorError('BadRequest', 'parse request: not JSON', { cause: error });
  }
  const fields = record(value, 'request');
  const id = integer(fields.get('id'), 'id', Number.MAX_SAFE_INTEGER);
  return { id, method: text(fields.get('method'), 'method'), params: fields.get('params') };
}

type Parsers = { readonly [M in keyof Methods]: (value: unknown) => Methods[M][0] };

export const parseParams: Parsers = {
  hello: parseHello,
  create: parseCreate,
  adopt: parseAdopt,
  list: parseEmpty,
  'reopen-log': parseContainer,
  resize: parseResize,
  'close-stdin': parseContainer,
  'drain-log': parseContainer,
  forget: parseContainer,
  retire: parseEmpty,
};

function parseHello(value: unknown): HelloParams {
  return { version: integer(record(value, 'params').get('version'), 'version', Number.MAX_SAFE_INTEGER) };
}

function parseEmpty(): Empty {
  return {};
}

function parseContainer(value: unknown): ContainerParams {
  return { containerId: containerId(record(value, 'params').get('containerId')) };
}

function parseResize(value: unknown): ResizeParams {
  const fields = record(value, 'params');
  const width = integer(fields.get('width'), 'width', 65535);
  const height = integer(fields.get('height'), 'height', 65535);
  return { containerId: containerId(fields.get('containerId')), width, height };
}

function parseCreate(value: unknown): CreateParams {
  const fields = record(value, 'params');
  return {
    containerId: containerId(fields.get('containerId')),
    runtime: runtime(fields.get('runtime')),
    files: files(fields.get('files')),
    isTerminal: boolean(fields.get('isTerminal'), 'isTerminal'),
    hasStdin: boolean(fields.get('hasStdin'), 'hasStdin'),
    isStdinOnce: boolean(fields.get('isStdinOnce'), 'isStdinOnce'),
    createArgs: texts(fields.get('createArgs'), 'createArgs'),
    timeoutMs: integer(fields.get('timeoutMs'), 'timeoutMs', maxTimeoutMs),
    masterMailbox: orNull(path)(fields.get('masterMailbox'), 'masterMailbox'),
    stdioOwner: orNull(owner)(fields.get('stdioOwner') ?? null, 'stdioOwner'),
  };
}

function parseAdopt(value: unknown): AdoptParams {
  const fields = record(value, 'params');
  const startTimeTicks = text(fields.get('startTimeTicks'), 'startTimeTicks');
  if (!/^\d{1,20}$/.test(startTimeTicks)) throw wrong('startTimeTicks', 'a decimal number');
  return {
    containerId: containerId(fields.get('containerId')),
    pid: integer(fields.get('pid'), 'pid', 2 ** 31 - 1),
    startTimeTicks,
    files: files(fields.get('files')),
    isTerminal: boolean(fields.get('isTerminal'), 'isTerminal'),
    hasStdin: boolean(fields.get('hasStdin'), 'hasStdin'),
    isStdinOnce: boolean(fields.get('isStdinOnce'), 'isStdinOnce'),
    masterMailbox: orNull(path)(fields.get('masterMailbox'), 'masterMailbox'),
    waitStatus: orNull(waitStatus)(fields.get('waitStatus') ?? null, 'waitStatus'),
    cgroupPath: orNull(path)(fields.get('cgroupPath') ?? null, 'cgroupPath'),
  };
}

function owner(value: unknown, name: string): Owner {
  const fields = record(value, name);
  const id = (key: string): number => integer(fields.get(key), `${name}.${key}`, maxId);
  return { uid: id('uid'), gid: id('gid') };
}

function waitStatus(value: unknown, name: string): number {
  return integer(value, name, 0xffff);
}

function files(value: unknown): ContainerFiles {
  const fields = record(value, 'files');
  return {
    bundleDir: path(fields.get('bundleDir'), 'bundleDir'),
    runDir: path(fields.get('runDir'), 'runDir'),
    logPath: orNull(path)(fields.get('logPath'), 'logPath'),
  };
}

function runtime(value: unknown): RuntimeCommand {
  const fields = record(value, 'runtime');
  const [program, ...options] = texts(fields.get('argv'), 'argv');
  if (program === undefined || program === '') throw wrong('argv', 'a program');
  const env = [...record(fields.get('env'), 'env')].map(
    ([name, entry]) => [name, text(entry, 'env')] as const,
  );
  const copy = orNull(sealed)(fields.get('sealed') ?? null, 'sealed');
  return { argv: [program, ...options], env: Object.fromEntries(env), sealed: copy };
}

function sealed(value: unknown, name: string): SealedCopy {
  const fields = record(value, name);
  const inode = text(fields.get('inode'), `${name}.inode`);
  if (!/^\d{1,20}$/.test(inode)) throw wrong(`${name}.inode`, 'a decimal number');
  return { path: path(fields.get('path'), `${name}.path`), inode };
}

function wrong(name: string, expected: string): MonitorError {
  return new MonitorError('BadRequest', `parse request: "${name}" is not ${expected}`);
}

/** A map, so that no name of JavaScript's own (`__proto__`) is ever found in it. */
function record(value: unknown, name: string): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(name, 'an object');
  return new Map<string, unknown>(Object.entries(value));
}

function text(value: unknown, name: string): string {
  if (typeof value !== 'string' || value.includes('\0')) throw wrong(name, 'a text without NUL');
  return value;
}

function texts(value: unknown, name: string): readonly string[] {
  if (!Array.isArray(value) || value.length > maxListEntries) throw wrong(name, 'a list of texts');
  return value.map((entry: unknown) => text(entry, name));
}

function boolean(value: unknown, name: string): boolean {
  if (typeof value !== 'boolean') throw wrong(name, 'true or false');
  return value;
}

/** 0 to `max`. */
function integer(value: unknown, name: string, max: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max) return value;
  throw wrong(name, `a whole number from 0 to ${max}`);
}

function path(value: unknown, name: string): string {
  const found = text(value, name);
  if (found.startsWith('/') && Buffer.byteLength(found) <= maxPathBytes) return found;
  throw wrong(name, 'an absolute path');
}

function orNull<T>(parse: (value: unknown, name: string) => T): (value: unknown, name: string) => T | null {
  return (value, name) => (value === null ? null : parse(value, name));
}

function containerId(value: unknown): string {
  const found = text(value, 'containerId');
  if (idForm.test(found)) return found;
  throw wrong('containerId', 'a container id (letters, digits, "_", ".", "-"; at most 128)');
}
