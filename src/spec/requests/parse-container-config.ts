/**
 * The parser of ContainerConfig: what a client sends becomes a ContainerConfig or one error that names the field and what
 * was expected. Every message may be nil. Mounts and security have files of their own.
 * Source: CRI ContainerConfig; cri.md 1.4, 4.10, 4.11, 4.13.
 */
import type * as cri from '../../../cri-api/runtime-v1.ts';
import { invalid } from '../../base/errors.ts';
import { parseCdiName } from '../cdi/cdi-name.ts';
import type {
  ContainerConfig,
  ContainerMetadata,
  DeviceConfig,
  ImageRequest,
  MountConfig,
} from './container-config.ts';
import { isSameIdMap } from './id-mapping.ts';
import { parseContainerSecurity } from './parse-container-security.ts';
import { parseMount } from './parse-mount.ts';
import { maxAnnotationBytes, maxLabelBytes } from './parse-pod-config.ts';
import { parseResources } from './parse-resources.ts';
import type { PodConfig } from './pod-config.ts';
import { signalFromCri } from '../signals.ts';
import {
  boundedList,
  byteLength,
  hasControl,
  parseName,
  parsePath,
  parseRelativePath,
  parseTextMap,
  shown,
  wrong,
  wrongField,
} from '../text.ts';

/** The largest argument or NAME=value that execve(2) takes, without its NUL (MAX_ARG_STRLEN). */
const maxArgBytes = 131_071;
const maxArgs = 65_536;
const maxMounts = 4096;
const maxDevices = 4096;

/**
 * @param pod the config of the container's pod: a container may not be more than its sandbox
 * @throws MissingConfig, MissingImage, InvalidMetadata, InvalidName, InvalidField, InvalidPath, InvalidMount, InvalidEnv,
 *   TooLarge, InvalidNamespace, InvalidUserNamespace, UnknownCapability, InvalidSignal,
 *   PrivilegedRefused
 */
export function parseContainerConfig(config: cri.ContainerConfig | null, pod: PodConfig): ContainerConfig {
  if (config === null) throw invalid('MissingConfig', 'config: expected a ContainerConfig, got none');
  return {
    metadata: parseContainerMetadata(config.metadata),
    image: parseImage(config.image),
    command: parseArgs('command', config.command),
    args: parseArgs('args', config.args),
    workingDir: parseWorkingDir(config.workingDir),
    envs: boundedList('envs', config.envs, maxArgs).map(parseEnv),
    mounts: boundedList('mounts', config.mounts, maxMounts).map((mount) => parseMountOf(pod, mount)),
    devices: boundedList('devices', config.devices, maxDevices).map(parseDevice),
    cdiDevices: boundedList('CDI_devices', config.cdiDevices, maxDevices).map(({ name }) =>
      parseCdiName(name),
    ),
    labels: parseTextMap('labels', config.labels, maxLabelBytes),
    annotations: parseTextMap('annotations', config.annotations, maxAnnotationBytes),
    logPath: config.logPath === '' ? null : parseRelativePath('log_path', config.logPath),
    stdin: config.stdin,
    stdinOnce: config.stdinOnce,
    tty: config.tty,
    stopSignal: signalFromCri(config.stopSignal),
    resources: parseResources(config.linux?.resources ?? null),
    security: parseContainerSecurity(config.linux?.securityContext ?? null, pod),
  };
}

/** @throws InvalidMetadata, InvalidName */
function parseContainerMetadata(metadata: cri.ContainerMetadata | null): ContainerMetadata {
  if (metadata === null)
    throw invalid('InvalidMetadata', 'metadata: expected name and attempt of the container, got none');
  return { name: parseName('metadata.name', metadata.name), attempt: metadata.attempt };
}

/** Where a container's output goes; null when no log was asked for. */
export function containerLogPath(pod: PodConfig, container: ContainerConfig): string | null {
  if (pod.logDirectory === null || container.logPath === null) return null;
  return pod.logDirectory === '/' ? `/${container.logPath}` : `${pod.logDirectory}/${container.logPath}`;
}

function parseMountOf(pod: PodConfig, mount: cri.Mount): MountConfig {
  const parsed = parseMount(mount);
  const refuse = (why: string): Error =>
    invalid('InvalidMount', `mount on ${shown(parsed.containerPath)}: ${why}`);
  const { user } = pod.namespaces;
  const { idMap } = parsed;
  // Nothing that is mounted in another user namespace, or on an id-mapped copy, comes back to the host.
  if (parsed.propagation === 'bidirectional' && (user !== null || idMap !== null))
    throw refuse('propagation BIDIRECTIONAL: expected another one with a user namespace or id mappings');
  if (parsed.source.kind !== 'image' || idMap === null) return parsed;
  // The kubelet gives every mount of such a pod the pod's mappings; an image's layers have them already.
  if (user !== null && isSameIdMap(idMap, user)) return { ...parsed, idMap: null };
  throw refuse('expected no mappings of ids on an image, or those of the pod');
}

function parseImage(image: cri.ImageSpec | null): ImageRequest {
  if (image === null || image.image === '')
    throw invalid('MissingImage', 'image: expected the id or reference of an image, got none');
  if (image.image.length > 4096 || hasControl(image.image))
    throw wrong('image', image.image, 'an image id or reference');
  return {
    image: image.image,
    userSpecifiedImage: image.userSpecifiedImage,
    runtimeHandler: image.runtimeHandler,
  };
}

function parseArgs(field: string, args: readonly string[]): readonly string[] {
  return boundedList(field, args, maxArgs).map((arg) => {
    if (arg.includes('\0')) throw wrong(field, arg, 'no NUL byte');
    if (byteLength(arg) > maxArgBytes) throw wrongField(field, `at most ${maxArgBytes} bytes in each entry`);
    return arg;
  });
}

function parseWorkingDir(text: string): string {
  if (text === '') return '';
  if (text.includes('\0') || byteLength(text) > 4095)
    throw wrong('working_dir', text, 'a path without NUL bytes');
  return text;
}

/** Values are bytes on the wire, but config.json holds text: what is not UTF-8 is refused, never changed silently. */
function parseEnv(entry: cri.KeyValue): readonly [name: string, value: string] {
  const { key } = entry;
  if (key === '' || key.includes('=') || key.includes('\0'))
    throw invalid('InvalidEnv', `env name ${shown(key)}: expected a name without "=" and NUL`);
  const value = decodeUtf8(entry.value);
  if (value === null)
    throw invalid(
      'InvalidEnv',
      `env ${shown(key)}: expected a value of UTF-8 text: an OCI spec holds nothing else`,
    );
  if (value.includes('\0'))
    throw invalid('InvalidEnv', `env ${shown(key)}: expected a value without NUL bytes`);
  if (byteLength(key) + 1 + entry.value.length > maxArgBytes)
    throw invalid('InvalidEnv', `env ${shown(key)}: expected at most ${maxArgBytes} bytes with its name`);
  return [key, value];
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // The decoder's only way to say that the bytes are not UTF-8.
    return null;
  }
}

function parseDevice(device: cri.Device): DeviceConfig {
  const permissions = device.permissions === '' ? 'rwm' : device.permissions;
  if (!/^[rwm]{1,3}$/.test(permissions) || new Set(permissions).size !== permissions.length)
    throw wrong('devices permissions', device.permissions, 'some of "r", "w" and "m"');
  return {
    containerPath: parsePath('devices container_path', device.containerPath),
    hostPath: parsePath('devices host_path', device.hostPath),
    permissions,
  };
}
