/**
 * Pods with a user namespace of their own: root inside is nobody outside, files have the owners that each side expects, and
 * nothing is changed on disk. Reference: cri.md 2.4 (user namespaces), 4.10; issue 5.
 */
import { describe, expect, test } from '@jest/globals';
import {
  NamespaceMode,
  type IDMappingInit,
  type NamespaceOptionInit,
  type PodSandboxConfigInit,
} from '../cri-api/runtime-v1.ts';
import { podConfig, secured, shell, sleeper } from './harness/requests.ts';
import { handlers } from './harness/rig.ts';
import { useRig } from './harness/use-rig.ts';

const rig = useRig();

const range = (hostId: number, length = 65_536): IDMappingInit => ({ containerId: 0, hostId, length });

function inRange(hostId: number, length?: number): NamespaceOptionInit {
  const mappings = [range(hostId, length)];
  return {
    pid: NamespaceMode.CONTAINER,
    usernsOptions: { mode: NamespaceMode.POD, uids: mappings, gids: mappings },
  };
}

function podIn(namespaceOptions: NamespaceOptionInit): PodSandboxConfigInit {
  return podConfig({ linux: { securityContext: { namespaceOptions } } });
}

describe.each(handlers)('with %s, a pod with a user namespace', (handler) => {
  test('smoke', async () => {
    const config = podIn(inRange(200_000));
    const pod = await rig().runPod({ handler, config });
    const { stdout, stderr, exitCode } = await rig().output(
      pod,
      shell('cat /proc/self/uid_map; id; ls -lan / /etc; echo ok > /dev/stdout; touch /etc/x'),
    );
    console.log(stdout, stderr, exitCode);
    const id = await rig().run(pod, sleeper());
    console.log(
      await rig().sh(id, 'id; echo hi >/dev/stdout; ls -ln /etc/hostname /dev/shm; cat /proc/self/gid_map'),
    );
    void secured;
    expect(stderr).toBe('');
  });
});
