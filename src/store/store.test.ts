import { describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContainerConfig } from '../../cri-api/runtime-v1.ts';
import { absolutePath } from '../base/ids.ts';
import { ThreadedKernel } from '../kernel/threaded-kernel.ts';
import { Store } from './store.ts';
import { containerRecord, podRecord, temporaryStore } from './test-records.ts';

describe('the store', () => {
  test('gives the next daemon every record as it was, binary environment and 64-bit numbers included', async () => {
    await using place = await temporaryStore();
    const pod = podRecord();
    const container = containerRecord({
      podId: pod.id,
      config: ContainerConfig.create({
        metadata: { name: 'app', attempt: 4_294_967_295 },
        envs: [{ key: 'BIN', value: Uint8Array.from([0, 255, 128]) }],
        labels: { ['__proto__']: 'x', constructor: 'y' },
        linux: { resources: { memoryLimitInBytes: 2n ** 62n + 1n } },
      }),
      exit: { finishedAtNs: 2n ** 62n + 3n, exitCode: 137, reason: 'OOMKilled', message: 'line\n' },
    });
    await place.store.pods.insert(pod);
    await place.store.containers.insert(container);
    const next = await Store.open({ rootDir: place.dir, onDamaged: () => undefined });
    expect(next.pods.get(pod.id)).toEqual(pod);
    expect(next.containers.get(container.id)).toEqual(container);
  });

  test('finds by full id, by unique prefix, and refuses the empty id', async () => {
    await using place = await temporaryStore();
    const pod = podRecord();
    await place.store.pods.insert(pod);
    expect(place.store.pod(pod.id.slice(0, 13)).id).toBe(pod.id);
    expect(place.store.podOrNull('ffffffff-0000-1111')).toBeNull();
    expect(() => place.store.pod('')).toThrow(expect.objectContaining({ reason: 'EmptyId' }));
    expect(() => place.store.pod('nothing')).toThrow(expect.objectContaining({ reason: 'UnknownPod' }));
  });

  test('forgets a removed record and frees its key', async () => {
    await using place = await temporaryStore();
    const container = containerRecord();
    await place.store.containers.insert(container);
    await place.store.containers.remove(container.id);
    expect(place.store.containers.get(container.id)).toBeNull();
    const next = await Store.open({ rootDir: place.dir, onDamaged: () => undefined });
    expect([...next.containers.all()]).toEqual([]);
  });

  test('tells of each change of a record, and of its removal, until nobody asks any more', async () => {
    await using place = await temporaryStore();
    const { containers } = place.store;
    const [container, other] = [containerRecord(), containerRecord()];
    await containers.insert(container);
    await containers.insert(other);
    const seen: (bigint | null)[] = [];
    const watch = containers.watch(container.id, () =>
      seen.push(containers.get(container.id)?.startedAtNs ?? null),
    );
    const start = async (id: typeof container.id, startedAtNs: bigint): Promise<unknown> =>
      await containers.update(id, 'daemon', (now) => ({ ...now, startedAtNs }));
    await start(container.id, 5n);
    await start(other.id, 6n);
    await containers.remove(container.id);
    watch[Symbol.dispose]();
    await containers.insert(container);
    expect(seen).toEqual([5n, null]);
  });

  test('keeps an exit that is observed while another change is being written', async () => {
    await using place = await temporaryStore();
    const container = containerRecord({ startedAtNs: 0n });
    await place.store.containers.insert(container);
    const exit = { finishedAtNs: 9n, exitCode: 1, reason: 'Error', message: '' };
    const started = place.store.containers.update(container.id, 'daemon', (now) => ({
      ...now,
      startedAtNs: 5n,
    }));
    const observed = place.store.containers.observe(container.id, 'daemon', (now) => ({ ...now, exit }));
    await Promise.all([started, observed]);
    const expected = { ...container, startedAtNs: 5n, exit };
    const next = await Store.open({ rootDir: place.dir, onDamaged: () => undefined });
    expect([place.store.containers.get(container.id), next.containers.get(container.id)]).toEqual([
      expected,
      expected,
    ]);
  });

  test('gives up what is ended although the disk is full, and says that the file is older', async () => {
    await using kernel = new ThreadedKernel();
    const dir = mkdtempSync(join(tmpdir(), 'cri-ts-full-'));
    const mount = await kernel.mount({
      source: 'tmpfs',
      target: absolutePath(dir),
      type: 'tmpfs',
      flags: [],
      data: 'size=64k,nr_inodes=4',
    });
    try {
      const older: string[] = [];
      await using store = await Store.open({ rootDir: dir, onDamaged: (file) => older.push(file) });
      const pod = podRecord();
      // The root, two folders, one record: there is no inode for another file.
      await store.pods.insert(pod);
      const end = (now: typeof pod): typeof pod => ({ ...now, state: 'not-ready' });
      await expect(store.pods.update(pod.id, 'daemon', end)).rejects.toMatchObject({
        code: 'exhausted',
        reason: 'NoSpace',
      });
      expect(store.pods.get(pod.id)?.state).toBe('ready');
      await store.pods.conclude(pod.id, 'daemon', end);
      expect([store.pods.get(pod.id)?.state, older]).toEqual([
        'not-ready',
        [join(dir, 'pods', `${pod.id}.json`)],
      ]);
      await store.pods.remove(pod.id);
    } finally {
      await mount.unmount();
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
