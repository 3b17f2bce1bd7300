/**
 * SELinux in force: labels of processes, root file systems, volumes and streams, and two pods that are kept apart by them.
 * Reference: cri.md 4.10, 4.11. A machine that has it: `npm run test:vm -- --lsm selinux`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { codeOf } from '../harness/client.ts';
import { secured, shell, sleeper, uniqueName } from '../harness/requests.ts';
import { handlers, readLog } from '../harness/rig.ts';
import { image } from '../harness/test-images.ts';
import { useRig } from '../harness/use-rig.ts';

const enforceFile = '/sys/fs/selinux/enforce';
const isThere = existsSync(enforceFile);
const isEnforcing = isThere && readFileSync(enforceFile, 'utf8').startsWith('1');
if (!isThere) process.stderr.write('SELinux is not tried: this kernel has no policy in force\n');
else if (!isEnforcing) process.stderr.write('SELinux is permissive: that it refuses is not tried\n');

(isThere ? describe : describe.skip).each(handlers)('where SELinux labels, with %s', (handler) => {
  const rig = useRig({
    extraConfig: '[security]\nenable_selinux = true\n',
    // As docs/security.md tells an operator to.
    prepare: async (machine, { rootDir }) => {
      await machine.run('mkdir', '-p', `${rootDir}/images`);
      await machine.run('chcon', '-t', 'container_ro_file_t', `${rootDir}/images`);
    },
  });
  const enforcedTest = isEnforcing ? test : test.skip;

  async function labelOfProcess(containerId: string): Promise<string> {
    return (await rig().sh(containerId, 'cat /proc/self/attr/current')).replace(/\0$/, '');
  }

  /** As the kernel tells it of a mount whose files all have one label. */
  async function labelOfMount(containerId: string, path: string): Promise<string> {
    const mount = await rig().sh(containerId, `awk '$5 == "${path}"' /proc/self/mountinfo`);
    return /context="?([^",\s]+:[^"\s]*?c\d+,c\d+)/.exec(mount)?.[1] ?? mount;
  }

  async function labelOfFile(path: string): Promise<string> {
    return (await rig().machine.run('stat', '-c', '%C', path)).stdout.toString('utf8').trim();
  }

  async function makeVolume(): Promise<string> {
    const dir = rig().machine.path(uniqueName('volume'));
    await mkdir(`${dir}/below`, { recursive: true });
    await writeFile(`${dir}/below/file`, 'mine');
    return dir;
  }

  test('a pod has its own pair of categories, which its containers share and no other pod has', async () => {
    const pods = [await rig().runPod({ handler }), await rig().runPod({ handler })] as const;
    const [first, second, other] = await Promise.all(
      [pods[0], pods[0], pods[1]].map(async (pod) => await labelOfProcess(await rig().run(pod, sleeper()))),
    );
    expect(first).toMatch(/^system_u:system_r:container_t:s0:c\d+,c\d+$/);
    expect(second).toBe(first);
    expect(other).toMatch(/^system_u:system_r:container_t:s0:c\d+,c\d+$/);
    expect(other).not.toBe(first);
  });

  test('the root file system and the streams of a container have its level, and its output arrives', async () => {
    const pod = await rig().runPod({ handler });
    const id = await rig().run(pod, shell('echo heard; trap "exit 0" TERM; sleep 100000 & wait'));
    const level = (await labelOfProcess(id)).replace(/^.*?(?=s0)/, '');
    expect(await labelOfMount(id, '/')).toBe(`system_u:object_r:container_file_t:${level}`);
    for (const name of ['stdout', 'stderr'])
      expect(await labelOfFile(`${rig().daemon.dirs.runDir}/containers/${id}/${name}`)).toBe(
        `system_u:object_r:container_file_t:${level}`,
      );
    expect(await rig().sh(id, 'touch /mine && echo x > /dev/shm/mine && echo wrote')).toBe('wrote');
    await rig().call('StopContainer', { containerId: id, timeout: 5n });
    const { logPath } = await rig().exited(id);
    expect((await readLog(logPath)).map((line) => line.content)).toEqual(['heard']);
  });

  test('the files of an image volume have it, too', async () => {
    const pod = await rig().runPod({ handler });
    const mounts = [{ containerPath: '/image', image: { image: image.busybox }, readonly: true }];
    const id = await rig().run(pod, sleeper({ mounts }));
    const level = (await labelOfProcess(id)).replace(/^.*?(?=s0)/, '');
    expect(await labelOfMount(id, '/image')).toBe(`system_u:object_r:container_file_t:${level}`);
    expect(await rig().sh(id, '/image/bin/busybox echo read')).toBe('read');
  });

  test('labels that are asked for are given part by part', async () => {
    const pod = await rig().runPod({ handler });
    const config = secured(sleeper(), {
      selinuxOptions: { level: 's0:c7,c9', user: '', role: '', type: '' },
    });
    expect(await labelOfProcess(await rig().run(pod, config))).toBe('system_u:system_r:container_t:s0:c7,c9');
  });

  test('a volume is relabelled, with all below it, only when that is asked for', async () => {
    const pod = await rig().runPod({ handler });
    const [plain, wanted] = [await makeVolume(), await makeVolume()];
    const before = await labelOfFile(plain);
    const mounts = [
      { containerPath: '/plain', hostPath: plain },
      { containerPath: '/wanted', hostPath: wanted, selinuxRelabel: true },
    ];
    const id = await rig().run(pod, sleeper({ mounts }));
    const level = (await labelOfProcess(id)).replace(/^.*?(?=s0)/, '');
    expect(await labelOfFile(`${wanted}/below/file`)).toBe(`system_u:object_r:container_file_t:${level}`);
    expect(await labelOfFile(plain)).toBe(before);
    expect(await rig().sh(id, 'cat /wanted/below/file')).toBe('mine');
  });

  test('a directory of the system is never relabelled', async () => {
    const pod = await rig().runPod({ handler });
    const before = await labelOfFile('/etc');
    const mounts = [{ containerPath: '/host', hostPath: '/etc', selinuxRelabel: true }];
    expect(await codeOf(rig().create(pod, sleeper({ mounts })))).toBe('FAILED_PRECONDITION');
    expect(await labelOfFile('/etc')).toBe(before);
  });

  enforcedTest('a pod cannot read what another pod wrote into a shared volume', async () => {
    const volume = await makeVolume();
    const mounts = [{ containerPath: '/shared', hostPath: volume }];
    const relabelled = [{ containerPath: '/shared', hostPath: volume, selinuxRelabel: true }];
    const owner = await rig().run(await rig().runPod({ handler }), sleeper({ mounts: relabelled }));
    const other = await rig().run(await rig().runPod({ handler }), sleeper({ mounts }));
    expect(await rig().sh(owner, 'echo secret > /shared/file; cat /shared/file')).toBe('secret');
    const { exitCode, stdout, stderr } = await rig().exec(other, ['cat', '/shared/file']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/Permission denied/);
  });

  enforcedTest('a volume that is not relabelled cannot be written', async () => {
    const mounts = [{ containerPath: '/plain', hostPath: await makeVolume() }];
    const id = await rig().run(await rig().runPod({ handler }), sleeper({ mounts }));
    const { stderr } = await rig().exec(id, ['touch', '/plain/new']);
    expect(stderr).toMatch(/Permission denied/);
  });
});
