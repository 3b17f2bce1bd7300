/**
 * What is kept of a pod sandbox: the whole request, what was resolved, and its state.
 *
 *   RunPodSandbox ──▶ ready ──StopPodSandbox, reboot, lost namespaces──▶ not-ready ──RemovePodSandbox──▶ (gone)
 */
import { PodSandboxConfig } from '../../cri-api/runtime-v1.ts';
import { absolutePath, parsePodId, type AbsolutePath, type PodId } from '../base/ids.ts';
import { Fields } from './fields.ts';
import type { Json } from './record-file.ts';
import type { RecordKind } from './record-store.ts';

/** A process named for ever: a pid alone may come again. */
export type ProcessIdentity = { readonly pid: number; readonly startTimeTicks: string };

export type PodRecord = {
  readonly id: PodId;
  readonly config: PodSandboxConfig;
  /** As requested; `` is the default handler. */
  readonly requestedHandler: string;
  /** The handler that runs the pod. */
  readonly handler: string;
  readonly createdAtNs: bigint;
  readonly state: 'ready' | 'not-ready';
  /** The kernel's boot id when the pod was made: another one means that nothing of it runs any more. */
  readonly bootId: string;
  /** The monitor slot that serves the pod's containers. */
  readonly monitor: string;
  /** First the primary address, then the others; empty with the host's network. */
  readonly ips: readonly string[];
  /** A CNI attachment exists or may exist: DEL is owed. */
  readonly isNetworkOwed: boolean;
  /** The namespaces' pins; null: the host's namespace. */
  readonly pins: {
    readonly user: AbsolutePath | null;
    readonly net: AbsolutePath | null;
    readonly ipc: AbsolutePath | null;
    readonly uts: AbsolutePath | null;
  };
  /** Its SELinux level; null: containers are not labelled. */
  readonly selinuxLevel: string | null;
  /** The init process of a shared PID namespace. */
  readonly init: ProcessIdentity | null;
  /** cgroupfs-style path of the cgroup that holds the containers' cgroups. */
  readonly cgroupParent: string;
  /** We made the parent cgroup, so we remove it. */
  readonly isCgroupOurs: boolean;
};

/** At most one pod has a (name, uid, namespace, attempt). Source: CRI PodSandboxMetadata. */
export function podKey(config: PodSandboxConfig): string {
  const metadata = config.metadata;
  return JSON.stringify([metadata?.name, metadata?.uid, metadata?.namespace, metadata?.attempt]);
}

export const podKind: RecordKind<PodId, PodRecord> = {
  idOf: (record) => record.id,
  keyOf: (record) => podKey(record.config),
  toJson: podToJson,
  fromJson: podFromJson,
};

function podToJson(record: PodRecord): Json {
  return {
    ...record,
    config: PodSandboxConfig.toJson(record.config),
    createdAtNs: String(record.createdAtNs),
  };
}

function podFromJson(value: unknown): PodRecord {
  const fields = new Fields(value, 'pod');
  return {
    id: parsePodId(fields.string('id')),
    config: PodSandboxConfig.fromJson(fields.raw('config')),
    requestedHandler: fields.string('requestedHandler'),
    handler: fields.string('handler'),
    createdAtNs: fields.bigint('createdAtNs'),
    state: fields.oneOf('state', ['ready', 'not-ready']),
    bootId: fields.string('bootId'),
    monitor: fields.string('monitor'),
    ips: fields.strings('ips'),
    isNetworkOwed: fields.boolean('isNetworkOwed'),
    pins: pinsFromJson(new Fields(fields.raw('pins'), 'pod.pins')),
    // Records of before SELinux do not have it.
    selinuxLevel: fields.raw('selinuxLevel') === undefined ? null : fields.stringOrNull('selinuxLevel'),
    init: fields.objectOrNull('init', processFromJson),
    cgroupParent: fields.string('cgroupParent'),
    isCgroupOurs: fields.boolean('isCgroupOurs'),
  };
}

function pinsFromJson(fields: Fields): PodRecord['pins'] {
  return {
    // Records of before user namespaces do not have it.
    user: fields.raw('user') === undefined ? null : pathOrNull(fields, 'user'),
    net: pathOrNull(fields, 'net'),
    ipc: pathOrNull(fields, 'ipc'),
    uts: pathOrNull(fields, 'uts'),
  };
}

function pathOrNull(fields: Fields, name: string): AbsolutePath | null {
  const path = fields.stringOrNull(name);
  return path === null ? null : absolutePath(path);
}

export function processFromJson(fields: Fields): ProcessIdentity {
  return { pid: fields.integer('pid'), startTimeTicks: fields.string('startTimeTicks') };
}
