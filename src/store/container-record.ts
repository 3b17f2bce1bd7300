/**
 * What is kept of a container: the whole request, what was resolved from it, and its life. The CRI state is derived from
 * the times, never stored beside them.
 *
 *   CreateContainer ──▶ CREATED ──StartContainer──▶ RUNNING ──exit──▶ EXITED ──RemoveContainer──▶ (gone)
 *                          └───────── failed start, exit, reboot ───────▲
 */
import { ContainerConfig, ContainerState, LinuxContainerResources } from '../../cri-api/runtime-v1.ts';
import { absolutePath, parseContainerId, parseImageId, parsePodId } from '../base/ids.ts';
import type { AbsolutePath, ContainerId, ImageId, PodId } from '../base/ids.ts';
import { Fields } from './fields.ts';
import { processFromJson, type ProcessIdentity } from './pod-record.ts';
import type { Json } from './record-file.ts';
import type { RecordKind } from './record-store.ts';

/** How it ended, in the words of the CRI. */
export type ContainerExit = {
  readonly finishedAtNs: bigint;
  /** 0..255; 128 + n for death by signal n. */
  readonly exitCode: number;
  /** `Completed`, `Error`, `OOMKilled`, `StartError`, `Unknown`. */
  readonly reason: string;
  readonly message: string;
};

export type ContainerUser = {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
};

export type ContainerRecord = {
  readonly id: ContainerId;
  readonly podId: PodId;
  readonly config: ContainerConfig;
  readonly handler: string;
  readonly imageId: ImageId;
  /** The name that the user gave. */
  readonly imageName: string;
  /** `repository@digest`, or the id of an image without one. */
  readonly imageRef: string;
  readonly createdAtNs: bigint;
  /** 0: not started. */
  readonly startedAtNs: bigint;
  /** The daemon process that started it; another one answers a repeated StartContainer with OK. */
  readonly startedBy: string;
  readonly exit: ContainerExit | null;
  readonly process: ProcessIdentity;
  /** Absolute; null: no log was asked for. */
  readonly logPath: AbsolutePath | null;
  /** Kernel signal number. */
  readonly stopSignal: number;
  readonly user: ContainerUser;
  /** As last applied. */
  readonly resources: LinuxContainerResources | null;
  /** cgroupfs-style path. */
  readonly cgroupPath: AbsolutePath;
};

/** Within its pod at most one container has a (name, attempt). Source: CRI ContainerMetadata. */
export function containerKey(podId: PodId, config: ContainerConfig): string {
  return JSON.stringify([podId, config.metadata?.name, config.metadata?.attempt]);
}

/** Source: CRI ContainerState. */
export function containerState(record: ContainerRecord): number {
  if (record.exit !== null) return ContainerState.CONTAINER_EXITED;
  return record.startedAtNs > 0n ? ContainerState.CONTAINER_RUNNING : ContainerState.CONTAINER_CREATED;
}

export const containerKind: RecordKind<ContainerId, ContainerRecord> = {
  idOf: (record) => record.id,
  keyOf: (record) => containerKey(record.podId, record.config),
  toJson: containerToJson,
  fromJson: containerFromJson,
};

function containerToJson(record: ContainerRecord): Json {
  return {
    ...record,
    config: ContainerConfig.toJson(record.config),
    createdAtNs: String(record.createdAtNs),
    startedAtNs: String(record.startedAtNs),
    exit: record.exit === null ? null : { ...record.exit, finishedAtNs: String(record.exit.finishedAtNs) },
    resources: record.resources === null ? null : LinuxContainerResources.toJson(record.resources),
  };
}

function containerFromJson(value: unknown): ContainerRecord {
  const fields = new Fields(value, 'container');
  const logPath = fields.stringOrNull('logPath');
  const resources = fields.raw('resources');
  return {
    id: parseContainerId(fields.string('id')),
    podId: parsePodId(fields.string('podId')),
    config: ContainerConfig.fromJson(fields.raw('config')),
    handler: fields.string('handler'),
    imageId: parseImageId(fields.string('imageId')),
    imageName: fields.string('imageName'),
    imageRef: fields.string('imageRef'),
    createdAtNs: fields.bigint('createdAtNs'),
    startedAtNs: fields.bigint('startedAtNs'),
    startedBy: fields.string('startedBy'),
    exit: fields.objectOrNull('exit', exitFromJson),
    process: processFromJson(new Fields(fields.raw('process'), 'container.process')),
    logPath: logPath === null ? null : absolutePath(logPath),
    stopSignal: fields.integer('stopSignal'),
    user: userFromJson(new Fields(fields.raw('user'), 'container.user')),
    resources: resources === null ? null : LinuxContainerResources.fromJson(resources),
    cgroupPath: absolutePath(fields.string('cgroupPath')),
  };
}

function exitFromJson(fields: Fields): ContainerExit {
  return {
    finishedAtNs: fields.bigint('finishedAtNs'),
    exitCode: fields.integer('exitCode'),
    reason: fields.string('reason'),
    message: fields.string('message'),
  };
}

function userFromJson(fields: Fields): ContainerUser {
  return { uid: fields.integer('uid'), gid: fields.integer('gid'), groups: fields.integers('groups') };
}
