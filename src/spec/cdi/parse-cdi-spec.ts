/**
 * The parser of CDI specifications. A document of JSON or YAML, already an object, becomes a CdiSpec or one error that names
 * the key. It must say a version that has all that it uses.
 * Source: CDI specification 1.1.0, JSON definition and released versions.
 */
import { invalid } from '../../base/errors.ts';
import { CdiFields } from './cdi-fields.ts';
import { isCdiDeviceName, isCdiKind } from './cdi-name.ts';
import {
  cdiHookNames,
  type CdiDeviceNode,
  type CdiEdits,
  type CdiHook,
  type CdiIntelRdt,
  type CdiMount,
  type CdiNetDevice,
  type CdiSpec,
} from './cdi-spec.ts';
import { checkCdiVersion } from './cdi-version.ts';
import { shown } from '../text.ts';

/** Source: Linux, dev_t has 12 bits of major and 20 of minor. */
const maxMajor = 0xfff;
const maxMinor = 0xf_ffff;
const maxId = 0xffff_fffe;
const maxTimeoutS = 86_400;

type Raw = { readonly spec: CdiSpec; readonly hasAnnotations: boolean };

/** @throws InvalidCdiSpec */
export function parseCdiSpec(document: unknown): CdiSpec {
  const { spec, hasAnnotations } = CdiFields.read(document, '', readSpec);
  checkCdiVersion(spec, hasAnnotations);
  return spec;
}

function readSpec(fields: CdiFields): Raw {
  const version = fields.requiredText('cdiVersion');
  const kind = fields.requiredText('kind');
  if (!isCdiKind(kind)) throw fields.refuse('kind', `a name such as "vendor.com/class", got ${shown(kind)}`);
  let hasAnnotations = fields.hasEntries('annotations');
  const devices = new Map<string, CdiEdits>();
  fields.list('devices', (value, key) =>
    CdiFields.read(value, key, (device) => {
      const name = device.requiredText('name');
      if (!isCdiDeviceName(name))
        throw device.refuse('name', `letters, digits, "_", "-", "." and ":", got ${shown(name)}`);
      if (devices.has(name))
        throw device.refuse('name', `a name of its own, ${shown(name)} is there already`);
      hasAnnotations = device.hasEntries('annotations') || hasAnnotations;
      const edits = device.object('containerEdits', readEdits) ?? noEdits;
      if (isEmpty(edits)) throw device.refuse('containerEdits', 'something to be edited');
      devices.set(name, edits);
    }),
  );
  if (devices.size === 0) throw fields.refuse('devices', 'at least one device');
  const edits = fields.object('containerEdits', readEdits) ?? noEdits;
  return { spec: { version, kind, devices, edits }, hasAnnotations };
}

const noEdits: CdiEdits = {
  env: [],
  deviceNodes: [],
  netDevices: [],
  hooks: [],
  mounts: [],
  intelRdt: null,
  additionalGids: [],
};

function isEmpty(edits: CdiEdits): boolean {
  const { env, deviceNodes, netDevices, hooks, mounts, intelRdt, additionalGids } = edits;
  return (
    intelRdt === null &&
    [env, deviceNodes, netDevices, hooks, mounts, additionalGids].every((list) => list.length === 0)
  );
}

function readEdits(fields: CdiFields): CdiEdits {
  return {
    env: readEnv(fields),
    deviceNodes: fields.list('deviceNodes', (value, key) => CdiFields.read(value, key, readDeviceNode)),
    netDevices: readNetDevices(fields),
    hooks: fields.list('hooks', (value, key) => CdiFields.read(value, key, readHook)),
    mounts: fields.list('mounts', (value, key) => CdiFields.read(value, key, readMount)),
    intelRdt: fields.object('intelRdt', readIntelRdt),
    additionalGids: fields.integers('additionalGids', [0, maxId]),
  };
}

function readEnv(fields: CdiFields): readonly string[] {
  const env = fields.texts('env');
  const wrong = env.find((entry) => entry.indexOf('=') <= 0);
  if (wrong === undefined) return env;
  throw fields.refuse('env', `entries such as "NAME=value", got ${shown(wrong)}`);
}

function readDeviceNode(fields: CdiFields): CdiDeviceNode {
  const path = fields.requiredPath('path');
  const hostPath = fields.path('hostPath');
  const permissions = fields.text('permissions');
  if (!/^[rwm]{0,3}$/.test(permissions)) throw fields.refuse('permissions', 'some of "r", "w" and "m"');
  return {
    path,
    hostPath: hostPath === '' ? path : hostPath,
    type: fields.oneOf('type', ['b', 'c', 'u', 'p']),
    major: fields.integer('major', [0, maxMajor]) ?? 0,
    minor: fields.integer('minor', [0, maxMinor]) ?? 0,
    fileMode: fields.integer('fileMode', [0, 0o7777]),
    permissions: permissions === '' ? 'rwm' : permissions,
    uid: fields.integer('uid', [0, maxId]),
    gid: fields.integer('gid', [0, maxId]),
  };
}

function readMount(fields: CdiFields): CdiMount {
  return {
    hostPath: fields.requiredText('hostPath'),
    containerPath: fields.requiredPath('containerPath'),
    type: fields.text('type'),
    options: fields.texts('options'),
  };
}

function readHook(fields: CdiFields): CdiHook {
  const hookName = fields.oneOf('hookName', cdiHookNames);
  if (hookName === null) throw fields.refuse('hookName', `one of ${cdiHookNames.join(', ')}`);
  return {
    hookName,
    path: fields.requiredPath('path'),
    args: fields.texts('args'),
    env: readEnv(fields),
    timeoutS: fields.integer('timeout', [1, maxTimeoutS]),
  };
}

function readIntelRdt(fields: CdiFields): CdiIntelRdt {
  const closId = fields.text('closID');
  const isName = closId.length < 4096 && closId !== '.' && closId !== '..' && !/[/\n]/.test(closId);
  if (!isName && closId !== '/') throw fields.refuse('closID', 'a file name, or "/" for the root class');
  return {
    closId,
    l3CacheSchema: fields.text('l3CacheSchema'),
    memBwSchema: fields.text('memBwSchema'),
    schemata: fields.texts('schemata'),
    isMonitored: fields.flag('enableMonitoring'),
  };
}

/** Source: Linux, dev_valid_name. */
const interfaceForm = /^(?!\.{1,2}$)[^\s/:]{1,15}$/;

function readNetDevices(fields: CdiFields): readonly CdiNetDevice[] {
  const devices = fields.list('netDevices', (value, key) =>
    CdiFields.read(value, key, (device) => {
      const hostName = device.requiredText('hostInterfaceName');
      const name = device.requiredText('name');
      if (!interfaceForm.test(hostName)) throw device.refuse('hostInterfaceName', 'the name of an interface');
      if (!interfaceForm.test(name)) throw device.refuse('name', 'the name of an interface');
      return { hostName, name };
    }),
  );
  const isUnique = (names: readonly string[]): boolean => new Set(names).size === names.length;
  if (isUnique(devices.map(({ hostName }) => hostName)) && isUnique(devices.map(({ name }) => name)))
    return devices;
  throw invalid('InvalidCdiSpec', 'netDevices: expected each interface and each name once');
}
