/**
 * What a container may do: user and groups, capabilities, seccomp, read-only and masked paths, privileges. Reference:
 * cri.md 3.5 (Security Context), 4.10.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import {
  ProfileType,
  SupplementalGroupsPolicy,
  type LinuxContainerSecurityContextInit,
} from '../../cri-api/runtime-v1.ts';
import { containerConfig, podConfig, secured, shell, sleeper } from '../harness/requests.ts';
import { handlers, type Output } from '../harness/rig.ts';
import { image } from '../harness/test-images.ts';
import { useRig } from '../harness/use-rig.ts';

const rig = useRig({
  images: [
    image.busybox,
    image.predefinedGroup,
    image.userUid,
    image.userName,
    image.userUidGroup,
    image.userNameGroup,
  ],
});

describe.each(handlers)('a container with %s', (handler) => {
  /** Runs a script under a security context in a pod of its own. */
  async function under(
    context: LinuxContainerSecurityContextInit,
    script: string,
    changes: { readonly image?: string; readonly privileged?: boolean } = {},
  ): Promise<Output> {
    const securityContext = { privileged: changes.privileged ?? false };
    const pod = await rig().runPod({ handler, config: podConfig({ linux: { securityContext } }) });
    const config = shell(script, { image: { image: changes.image ?? image.busybox } });
    return await rig().output(pod, secured(config, context));
  }

  const says = async (...args: Parameters<typeof under>): Promise<string> =>
    (await under(...args)).stdout.trim();

  test('runs as the user and the group that were asked for', async () => {
    const ids = 'echo $(id -u):$(id -g)';
    expect(await says({}, ids)).toBe('0:0');
    expect(await says({ runAsUser: { value: 1001n } }, ids)).toBe('1001:0');
    expect(await says({ runAsUser: { value: 1001n }, runAsGroup: { value: 1002n } }, ids)).toBe('1001:1002');
    expect(await says({ runAsUsername: 'nobody' }, 'id -nu')).toBe('nobody');
    expect(await says({ runAsUsername: 'www-data' }, ids)).toBe('33:33');
  });

  test("runs as the image's user when nothing was asked for", async () => {
    const ids = 'echo $(id -u):$(id -g)';
    expect(await says({}, ids, { image: image.userUid })).toBe('1002:0');
    expect(await says({}, ids, { image: image.userName })).toBe('33:33');
    expect(await says({}, ids, { image: image.userUidGroup })).toBe('1003:1004');
    expect(await says({}, ids, { image: image.userNameGroup })).toBe('33:1004');
  });

  test('has the supplementary groups of the request, and by policy those of the image', async () => {
    const groups = { runAsUser: { value: 1000n }, supplementalGroups: [1234n, 5678n] };
    expect((await says(groups, 'id -G')).split(' ').sort()).toEqual(['1000', '1234', '50000', '5678']);
    const strict = { ...groups, supplementalGroupsPolicy: SupplementalGroupsPolicy.Strict };
    expect((await says(strict, 'id -G')).split(' ').sort()).toEqual(['1000', '1234', '5678']);
  });

  test('tells of its user in the status', async () => {
    const pod = await rig().runPod({ handler });
    const context = { runAsUser: { value: 1000n }, supplementalGroups: [1234n] };
    const id = await rig().run(pod, secured(sleeper({ image: { image: image.predefinedGroup } }), context));
    const { user } = await rig().status(id);
    expect(user?.linux).toMatchObject({ uid: 1000n, gid: 1000n });
    expect(user?.linux?.supplementalGroups.map(Number).toSorted((a, b) => a - b)).toEqual([
      1000, 1234, 50000,
    ]);
    expect(await rig().sh(id, 'id -G')).toBe('1000 1234 50000');
  });

  test('has no capabilities beyond the default ones, and those that were added or dropped', async () => {
    const bounding = 'grep CapBnd /proc/self/status | cut -f2';
    const hostname = 'hostname changed 2>&1 && hostname';
    expect(await says({}, hostname)).toMatch(/not permitted|denied/i);
    const add = (...addCapabilities: readonly string[]): LinuxContainerSecurityContextInit => ({
      capabilities: { addCapabilities },
    });
    expect(await says(add('SYS_ADMIN'), hostname)).toBe('changed');
    expect(await says(add('CAP_SYS_ADMIN'), hostname)).toBe('changed');
    expect(await says({ capabilities: { dropCapabilities: ['ALL'] } }, bounding)).toBe('0000000000000000');
    const all = BigInt(`0x${await says(add('ALL'), bounding)}`);
    const usual = BigInt(`0x${await says({}, bounding)}`);
    const one = { capabilities: { addCapabilities: ['NET_ADMIN'], dropCapabilities: ['ALL'] } };
    expect(await says(one, bounding)).toBe('0000000000001000');
    expect(all & usual).toBe(usual);
    expect(all).toBeGreaterThan(usual);
    expect(await says({ capabilities: { dropCapabilities: ['CHOWN'] } }, 'chown 1 /tmp 2>&1')).toMatch(
      /not permitted/,
    );
  });

  test('has added ambient capabilities although it is not root', async () => {
    const context = {
      runAsUser: { value: 1001n },
      capabilities: { addAmbientCapabilities: ['NET_BIND_SERVICE'] },
    };
    expect(await says(context, 'grep CapAmb /proc/self/status | cut -f2')).toBe('0000000000000400');
    expect(await says({ runAsUser: { value: 1001n } }, 'grep CapEff /proc/self/status | cut -f2')).toBe(
      '0000000000000000',
    );
  });

  test('gains no privileges when it must not', async () => {
    const field = 'grep NoNewPrivs /proc/self/status | cut -f2';
    expect(await says({ noNewPrivs: true }, field)).toBe('1');
    expect(await says({ noNewPrivs: false }, field)).toBe('0');
  });

  test('has the seccomp profile that was asked for, and none when none was', async () => {
    const mode = 'grep ^Seccomp: /proc/self/status | cut -f2';
    expect(await says({}, mode)).toBe('0');
    expect(await says({ seccomp: { profileType: ProfileType.Unconfined } }, mode)).toBe('0');
    expect(await says({ seccomp: {} }, mode)).toBe('2');
    const profile = rig().machine.path('no-chmod.json');
    const syscalls = [{ names: ['chmod', 'fchmod', 'fchmodat', 'fchmodat2'], action: 'SCMP_ACT_ERRNO' }];
    await writeFile(profile, JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', syscalls }));
    const seccomp = { profileType: ProfileType.Localhost, localhostRef: profile };
    expect(await says({ seccomp }, 'chmod 400 /tmp 2>&1')).toMatch(/not permitted/);
    expect(await says({}, 'chmod 400 /tmp 2>&1 && echo done')).toBe('done');
  });

  test('under the default profile cannot do what it stops, but works', async () => {
    const context = { seccomp: {}, capabilities: { addCapabilities: ['SYS_TIME'] } };
    expect(await says(context, 'ls / > /dev/null && sleep 0.01 && echo works')).toBe('works');
    expect(await says({ seccomp: {} }, 'unshare -U true 2>&1 && echo unshared')).not.toContain('unshared');
  });

  test('has a read-only root when asked, with /dev/shm still writable', async () => {
    const touch = 'touch /file 2>&1 && echo written; touch /dev/shm/x && echo shm';
    expect(await says({ readonlyRootfs: true }, touch)).toBe('touch: /file: Read-only file system\nshm');
    expect(await says({}, touch)).toBe('written\nshm');
  });

  test('does not see masked paths and cannot write read-only ones', async () => {
    const masked = await under(
      { maskedPaths: ['/bin/ls', '/tmp'] },
      '/bin/ls; echo $(/bin/busybox ls -A /tmp | wc -l)',
    );
    expect(masked.stderr).toMatch(/\/bin\/ls: Permission denied/);
    expect(masked.stdout).toBe('0\n');
    expect(await says({ readonlyPaths: ['/tmp'] }, 'touch /tmp/test 2>&1')).toBe(
      'touch: /tmp/test: Read-only file system',
    );
  });

  test('when privileged has everything of the host that it may have', async () => {
    const everything = { privileged: true };
    const privileged = await says(
      everything,
      'mount -t tmpfs x /tmp && echo mounted; ls /dev | wc -l; grep ^Seccomp: /proc/self/status | cut -f2',
      { privileged: true },
    );
    expect(privileged).toMatch(/mounted/);
    const [, devices, seccomp] = privileged.split('\n');
    expect(Number(devices)).toBeGreaterThan(Number(await says({}, 'ls /dev | wc -l')));
    expect(seccomp).toBe('0');
    expect(await says({}, 'mount -t tmpfs x /tmp 2>&1')).toMatch(/denied|not permitted/i);
    expect(
      await says(everything, 'touch /proc/sys/kernel/x 2>&1 | grep -c Read-only', { privileged: true }),
    ).toBe('0');
  });

  test('has only the usual devices, and those that were asked for', async () => {
    const pod = await rig().runPod({ handler });
    const list = await rig().output(pod, shell('ls /dev'));
    expect(list.stdout.trim().split('\n')).toEqual(
      expect.arrayContaining(['full', 'null', 'random', 'tty', 'urandom', 'zero']),
    );
    expect(list.stdout).not.toMatch(/vda|sda|kmsg|mem\b/);
    const devices = [{ hostPath: '/dev/full', containerPath: '/dev/mine', permissions: 'rwm' }];
    const mine = await rig().output(pod, shell('echo x > /dev/mine', { devices }));
    expect(mine.stderr).toMatch(/No space left/);
  });

  test('gets the oom_score_adj that was asked for where that is allowed', async () => {
    const pod = await rig().runPod({ handler });
    const config = containerConfig({
      command: ['cat', '/proc/self/oom_score_adj'],
      linux: { resources: { oomScoreAdj: 500n } },
    });
    expect((await rig().output(pod, config)).stdout).toBe('500\n');
    const negative = {
      ...config,
      metadata: { name: 'negative' },
      linux: { resources: { oomScoreAdj: -900n } },
    };
    expect((await rig().output(pod, negative)).exitCode).toBe(0);
  });

  test('does not see the processes, files and mounts of the host', async () => {
    const pod = await rig().runPod({ handler });
    const secret = rig().machine.path('secret');
    await mkdir(secret, { recursive: true });
    // What the kubelet asks for unless the pod's procMount is Unmasked.
    const usual = { maskedPaths: ['/proc/kcore', '/proc/keys'], readonlyPaths: ['/proc/sys', '/proc/bus'] };
    const id = await rig().run(pod, secured(sleeper(), usual));
    expect(await rig().sh(id, `ls ${secret} 2>/dev/null || echo none`)).toBe('none');
    expect(await rig().sh(id, 'cat /proc/self/mountinfo')).not.toContain('/dev/vda1');
    expect(Number(await rig().sh(id, 'ls -d /proc/[0-9]* | wc -l'))).toBeLessThan(10);
    expect(await rig().sh(id, 'head -c 1 /proc/kcore | wc -c')).toBe('0');
    expect((await rig().exec(id, ['touch', '/proc/sys/vm/drop_caches'])).stderr).toMatch(/Read-only/);
  });
});
