import { describe, expect, test } from '@jest/globals';
import { bindMovedDevices } from '../bound-devices.ts';
import { planContainer } from '../container-spec.ts';
import { hostIdOf, hostRootOf, isSameIdMap, mapText, type IdMap } from './id-mapping.ts';
import { planPodInit } from '../init-spec.ts';
import { container, containerInput } from '../testing/samples.ts';
import { checkMapped } from '../users.ts';

const map: IdMap = {
  uids: [{ containerId: 0, hostId: 65_536, length: 1000 }],
  gids: [
    { containerId: 0, hostId: 131_072, length: 10 },
    { containerId: 100, hostId: 5, length: 1 },
  ],
};

describe('an id map', () => {
  test.each([
    [0, 131_072],
    [9, 131_081],
    [10, null],
    [99, null],
    [100, 5],
    [101, null],
  ])('gives id %d the host id %p', (id, hostId) => {
    expect(hostIdOf(map.gids, id)).toBe(hostId);
  });

  test('has a root when it maps 0 of both kinds', () => {
    expect(hostRootOf(map)).toEqual({ uid: 65_536, gid: 131_072 });
    expect(hostRootOf({ ...map, uids: map.gids.slice(1) })).toBeNull();
  });

  test('is the same as one with the same entries, and is written as the kernel reads it', () => {
    expect(isSameIdMap(map, structuredClone(map))).toBe(true);
    expect(isSameIdMap(map, { ...map, uids: map.gids })).toBe(false);
    expect(mapText(map.gids)).toBe('0 131072 10\n100 5 1\n');
  });

  test.each([
    [{ uid: 1000 }, 'user 1000'],
    [{ gid: 10 }, 'group 10'],
    [{ additionalGids: [0, 5000] }, 'supplemental group 5000'],
  ])('refuses an identity that it does not map: %j', (change, words) => {
    const identity = { uid: 0, gid: 0, additionalGids: [0, 100], home: '/' };
    expect(() => checkMapped(identity, map)).not.toThrow();
    expect(() => checkMapped({ ...identity, ...change }, map)).toThrow(words);
    expect(() => checkMapped({ ...identity, ...change }, null)).not.toThrow();
  });
});

describe('in a pod with a user namespace', () => {
  const plain = containerInput(container({}));
  const withUser = (net: 'own' | 'host'): typeof plain => {
    const { pod } = plain;
    const namespaces = { ...pod.config.namespaces, user: map, net };
    const config = { ...pod.config, namespaces };
    return { ...plain, pod: { ...pod, config, namespaces: { ...pod.namespaces, user: '/run/ns/user' } } };
  };

  test('the runtime is told the namespace and what it maps', () => {
    const { linux } = planContainer(withUser('own')).spec;
    expect(linux.namespaces).toContainEqual({ type: 'user', path: '/run/ns/user' });
    expect(linux.uidMappings).toEqual([{ containerID: 0, hostID: 65_536, size: 1000 }]);
    expect(linux.gidMappings).toHaveLength(2);
    expect(planContainer(plain).spec.linux).not.toHaveProperty('uidMappings');
  });

  test('so is that of its init', () => {
    const { pod, host } = withUser('own');
    const { linux } = planPodInit({ pod, rootfsPath: '/r', initPath: '/init', host });
    expect(linux.namespaces).toContainEqual({ type: 'user', path: '/run/ns/user' });
    expect(linux.uidMappings).toHaveLength(1);
  });

  test("/sys is the host's own in the host's network, and a new one else", () => {
    const sysOf = (input: typeof plain): string | undefined =>
      planContainer(input).spec.mounts.find(({ destination }) => destination === '/sys')?.type;
    expect([sysOf(withUser('own')), sysOf(withUser('host'))]).toEqual(['sysfs', 'bind']);
  });

  test('a device of another path on the host is bound, others are left to the runtime', () => {
    const { spec } = planContainer(plain);
    const node = { type: 'c', major: 1, minor: 7, fileMode: 0o666, uid: 0, gid: 0 } as const;
    const devices = [
      { ...node, path: '/dev/moved' },
      { ...node, path: '/dev/full' },
    ];
    const bound = bindMovedDevices({ ...spec, linux: { ...spec.linux, devices } }, [
      { path: '/dev/moved', hostPath: '/dev/full' },
      { path: '/dev/full', hostPath: '/dev/full' },
    ]);
    expect(bound.linux.devices.map(({ path }) => path)).toEqual(['/dev/full']);
    expect(bound.mounts.at(-1)).toMatchObject({
      destination: '/dev/moved',
      type: 'bind',
      source: '/dev/full',
    });
  });
});
