/**
 * What is kept of one attachment, and its form on disk: a file of lines, appended only.
 *
 *   before the first plugin runs:      {"checksum":"1a2b3c4d","entry":{"attachment":{…configuration, arguments…}}}
 *   after each plugin but the last:    {"checksum":"…","entry":{"partial":{…result so far…}}}
 *   after the last one:                {"checksum":"…","entry":{"result":{…}}}
 *
 * A line that is missing or torn counts as not written: DEL then runs with the last result that is there, or without. Pure.
 */
import { crc32 } from 'node:zlib';
import { formatList, isName, parseNetwork, type NetworkList } from './config.ts';
import { asObject, field, listField, parseJson, ShapeError, textField, type JsonObject } from './json.ts';
import { formatResult, parseResult, type CniResult } from './result.ts';
import { isKnownVersion, type CniVersion } from './versions.ts';

/** What names an attachment. Source: CNI SPEC 1.1, section 3. */
export type AttachmentKey = {
  readonly containerId: string;
  readonly ifName: string;
  readonly networkName: string;
};

export type AttachmentRecord = AttachmentKey & {
  /** As given to ADD. */
  readonly netnsPath: string;
  /** The version of the protocol that ADD was spoken in. */
  readonly version: CniVersion;
  readonly list: NetworkList;
  /** The file that the list came from, for people. */
  readonly confPath: string;
  readonly args: readonly (readonly [string, string])[];
  readonly capabilityArgs: JsonObject;
  readonly createdAt: string;
  /** Null: ADD did not finish, or its result was lost. */
  readonly result: CniResult | null;
  /** What the plugins had said when ADD ended before its end: the best that DEL can be given. */
  readonly partial: CniResult | null;
};

const layout = 1;

type NewRecord = Pick<AttachmentRecord, 'version' | 'netnsPath' | 'args' | 'capabilityArgs'> & {
  readonly key: AttachmentKey;
  readonly network: { readonly list: NetworkList; readonly path: string };
};

/** The record of an attachment that is about to be made. */
export function newRecord({ key, network, ...rest }: NewRecord): AttachmentRecord {
  const { containerId, ifName, networkName } = key;
  const createdAt = new Date().toISOString();
  return {
    containerId,
    ifName,
    networkName,
    ...rest,
    list: network.list,
    confPath: network.path,
    createdAt,
    result: null,
    partial: null,
  };
}

export function intentLine(record: AttachmentRecord): string {
  return line({
    attachment: {
      layout,
      containerId: record.containerId,
      ifName: record.ifName,
      networkName: record.networkName,
      netnsPath: record.netnsPath,
      cniVersion: record.version,
      confPath: record.confPath,
      args: record.args,
      capabilityArgs: record.capabilityArgs,
      createdAt: record.createdAt,
      list: formatList(record.list),
    },
  });
}

/** Written in the newest form, which holds all that any version says. */
export function resultLine(kind: 'partial' | 'result', result: CniResult): string {
  return line({ [kind]: formatResult(result, '1.1.0') });
}

function line(entry: JsonObject): string {
  const text = JSON.stringify(entry);
  return `${head(text)}${text}}\n`;
}

function head(text: string): string {
  return `{"checksum":"${crc32(text).toString(16).padStart(8, '0')}","entry":`;
}

/** @throws ShapeError when the first line is damaged; of the others the intact ones count */
export function parseRecord(text: string): AttachmentRecord {
  const [first = '', ...others] = text.split('\n');
  let record = parseAttachment(field(parseLine(first), 'attachment'));
  for (const other of others) record = { ...record, ...parseResultLine(other) };
  return record;
}

function parseResultLine(text: string): Partial<Pick<AttachmentRecord, 'result' | 'partial'>> {
  try {
    const entry = parseLine(text);
    const partial = field(entry, 'partial');
    return partial === undefined
      ? { result: parseResult(field(entry, 'result')) }
      : { partial: parseResult(partial) };
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    // Torn by a power cut, or the empty end of the text: DEL does without it.
    return {};
  }
}

function parseLine(text: string): JsonObject {
  const headLength = head('').length;
  const body = text.slice(headLength, -1);
  if (text.slice(0, headLength) !== head(body) || !text.endsWith('}'))
    throw new ShapeError('record: the checksum does not fit');
  return asObject(parseJson(body, 'record'), 'record');
}

function parseAttachment(value: unknown): AttachmentRecord {
  const what = 'record.attachment';
  const object = asObject(value, what);
  if (field(object, 'layout') !== layout) throw new ShapeError(`${what}.layout: expected ${layout}`);
  const version = needText(object, 'cniVersion');
  if (!isKnownVersion(version)) throw new ShapeError(`${what}.cniVersion: "${version}"`);
  return {
    containerId: needName(object, 'containerId'),
    ifName: needText(object, 'ifName'),
    networkName: needName(object, 'networkName'),
    netnsPath: needText(object, 'netnsPath'),
    version,
    list: parseNetwork(field(object, 'list')).list,
    confPath: needText(object, 'confPath'),
    args: listField(object, 'args', what).map(parsePair),
    capabilityArgs: asObject(field(object, 'capabilityArgs'), `${what}.capabilityArgs`),
    createdAt: needText(object, 'createdAt'),
    result: null,
    partial: null,
  };
}

function needText(object: JsonObject, key: string): string {
  const text = textField(object, key, 'record.attachment');
  if (text === null) throw new ShapeError(`record.attachment.${key} is missing`);
  return text;
}

function needName(object: JsonObject, key: string): string {
  const name = needText(object, key);
  if (!isName(name)) throw new ShapeError(`record.attachment.${key}: no name`);
  return name;
}

function parsePair(value: unknown): readonly [string, string] {
  const pair: readonly unknown[] = Array.isArray(value) ? value : [];
  const [key, text] = pair;
  if (typeof key !== 'string' || typeof text !== 'string')
    throw new ShapeError('record.args: expected pairs');
  return [key, text];
}

/** `CONTAINER@IFNAME@NETWORK.json`; none of the three has an `@`. */
export function fileNameOf(key: AttachmentKey): string {
  return `${key.containerId}@${key.ifName}@${key.networkName}.json`;
}

/** Null for a file that is not ours. */
export function keyOfFileName(name: string): AttachmentKey | null {
  const match = /^([^@]+)@([^@]+)@([^@]+)\.json$/.exec(name);
  const [, containerId = '', ifName = '', networkName = ''] = match ?? [];
  return isName(containerId) && isName(networkName) && ifName !== ''
    ? { containerId, ifName, networkName }
    : null;
}

export function isSame(
  one: Pick<AttachmentKey, 'containerId' | 'ifName'>,
  other: Pick<AttachmentKey, 'containerId' | 'ifName'>,
): boolean {
  return one.containerId === other.containerId && one.ifName === other.ifName;
}
