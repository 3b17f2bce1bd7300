/**
 * Records for tests of what stands above the store.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContainerConfig, PodSandboxConfig } from '../../cri-api/runtime-v1.ts';
import { absolutePath, newContainerId, newPodId, parseImageId } from '../base/ids.ts';
import type { ContainerRecord } from './container-record.ts';
import type { PodRecord } from './pod-record.ts';
import { Store } from './store.ts';

export function podRecord(changes: Partial<PodRecord> = {}): PodRecord {
  const id = newPodId();
  return {
    id,
    config: PodSandboxConfig.create({ metadata: { name: 'web', uid: id, namespace: 'default', attempt: 0 } }),
    requestedHandler: '',
    handler: 'crun',
    createdAtNs: 1_000n,
    state: 'ready',
    bootId: 'boot',
    monitor: 'm1',
    ips: ['10.0.0.2'],
    isNetworkOwed: true,
    pins: { user: null, net: absolutePath(`/run/cri-ts/pods/${id}/net`), ipc: null, uts: null },
    selinuxLevel: null,
    init: null,
    cgroupParent: `/cri-ts/pod-${id}`,
    isCgroupOurs: true,
    ...changes,
  };
}

export function containerRecord(changes: Partial<ContainerRecord> = {}): ContainerRecord {
  const id = newContainerId();
  return {
    id,
    podId: newPodId(),
    config: ContainerConfig.create({ metadata: { name: 'app', attempt: 0 } }),
    handler: 'crun',
    imageId: parseImageId(`sha256:${'a'.repeat(64)}`),
    imageName: 'docker.io/library/busybox:latest',
    imageRef: `docker.io/library/busybox@sha256:${'b'.repeat(64)}`,
    createdAtNs: 1_000n,
    startedAtNs: 2_000n,
    startedBy: 'test',
    exit: null,
    process: { pid: 4_000_000, startTimeTicks: '1' },
    logPath: null,
    stopSignal: 15,
    user: { uid: 0, gid: 0, groups: [0] },
    resources: null,
    cgroupPath: absolutePath(`/cri-ts/test/${id}`),
    ...changes,
  };
}

/** A store in a directory that goes with the scope. */
export async function temporaryStore(): Promise<
  { readonly store: Store; readonly dir: string } & AsyncDisposable
> {
  const dir = await mkdtemp(join(tmpdir(), 'cri-ts-store-'));
  const store = await Store.open({ rootDir: dir, onDamaged: () => undefined });
  return {
    store,
    dir,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A log that says nothing. */
export const silentLog = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};
