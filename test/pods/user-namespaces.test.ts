/**
 * Pods with a user namespace of their own: root inside is nobody outside, files have the owners that each side expects, and
 * nothing is changed on disk. Reference: cri.md 2.7 (user namespaces), 4.10; features.md 4 (pain 20); issue 5.
 */
import { describe, expect, test } from '@jest/globals';
import { chmod, chown, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import {
  MountPropagation,
  NamespaceMode,
  type ContainerConfigInit,
  type IDMappingInit,
  type MountInit,
  type NamespaceOptionInit,
  type PodSandboxConfigInit,
} from '../../cri-api/runtime-v1.ts';
import { codeOf } from '../harness/client.ts';
import { podConfig, secured, shell, sleeper, uniqueName } from '../harness/requests.ts';
import { handlers, joined, readLog, type Pod } from '../harness/rig.ts';
import { outputs, terminal, useStreamClients } from '../harness/stream-clients.ts';
import { image } from '../harness/test-images.ts';
import { useRig } from '../harness/use-rig.ts';

const rig = useRig({ images: [image.busybox, image.userUid, image.manyLayers, image.volumes] });
const clients = useStreamClients(rig);

const first = 200_000;
const second = 300_000;

const range = (hostId: number, length = 65_536): IDMappingInit => ({ containerId: 0, hostId, length });

function inRange(hostId: number, changes: NamespaceOptionInit = {}): NamespaceOptionInit {
  const mappings = [range(hostId)];
  return {
    pid: NamespaceMode.CONTAINER,
    usernsOptions: { mode: NamespaceMode.POD, uids: mappings, gids: mappings },
    ...changes,
  };
}

function podIn(
  namespaceOptions: NamespaceOptionInit,
  changes: PodSandboxConfigInit = {},
): PodSandboxConfigInit {
  const securityContext = { ...changes.linux?.securityContext, namespaceOptions };
  return podConfig({ ...changes, linux: { ...changes.linux, securityContext } });
}

/** As the kubelet mounts volumes into such pods: with the pod's own mappings. */
function mapped(hostPath: string, hostId = first, changes: MountInit = {}): MountInit {
  const mappings = [range(hostId)];
  return { containerPath: '/vol', hostPath, uidMappings: mappings, gidMappings: mappings, ...changes };
}

/** A directory of the host that belongs to root. */
async function hostDir(mode = 0o755): Promise<string> {
  const path = rig().machine.path(uniqueName('volume'));
  await mkdir(path);
  await chmod(path, mode);
  return path;
}

async function owners(path: string): Promise<string> {
  const { uid, gid } = await stat(path);
  return `${uid}:${gid}`;
}

/** A field of a container's process as the host sees it. Source: proc_pid_status(5). */
async function hostSees(containerId: string, field: string): Promise<string> {
  const { info } = await rig().call('ContainerStatus', { containerId, verbose: true });
  const { pid } = JSON.parse(info['info'] ?? '{}') as { readonly pid: number };
  const text = await readFile(`/proc/${pid}/status`, 'utf8');
  return new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(text)?.[1] ?? '';
}

describe.each(handlers)('with %s, a pod with a user namespace', (handler) => {
  const run = async (options = inRange(first), changes: PodSandboxConfigInit = {}): Promise<Pod> =>
    await rig().runPod({ handler, config: podIn(options, changes) });
  const sleeping = async (pod: Pod, config: ContainerConfigInit = {}): Promise<string> =>
    await rig().run(pod, sleeper(config));

  test('has its mappings inside, and its root is nobody on the host', async () => {
    const usernsOptions = {
      mode: NamespaceMode.POD,
      uids: [range(first, 70_000)],
      gids: [range(second, 80_000)],
    };
    const pod = await run(inRange(first, { usernsOptions }));
    const id = await sleeping(pod);
    const map = 'cat /proc/self/uid_map /proc/self/gid_map | tr -s " "; id -u';
    expect(await rig().sh(id, map)).toBe(` 0 ${first} 70000\n 0 ${second} 80000\n0`);
    expect(await hostSees(id, 'Uid')).toBe(`${first}\t${first}\t${first}\t${first}`);
    expect(await hostSees(id, 'Gid')).toContain(String(second));
    expect((await rig().podStatus(pod.id)).linux?.namespaces?.options?.usernsOptions).toMatchObject(
      usernsOptions,
    );
  });

  test('keeps each container in one namespace, which is another one in another pod', async () => {
    const [pod, other] = [await run(), await run(inRange(second))];
    const link = 'readlink /proc/self/ns/user';
    const names = await Promise.all(
      [await sleeping(pod), await sleeping(pod), await sleeping(other)].map((id) => rig().sh(id, link)),
    );
    expect(names[0]).toBe(names[1]);
    expect(names[0]).not.toBe(names[2]);
    expect(names).not.toContain(await rig().machine.run('readlink', '/proc/self/ns/user').then(textOf));
  });

  test('sees the image with its own owners, while the layers stay as they are', async () => {
    const pod = await run();
    const id = await sleeping(pod, { image: { image: image.manyLayers } });
    const listing = "stat -c '%u:%g %n' / /bin/busybox /etc/passwd";
    expect(await rig().sh(id, listing)).toBe('0:0 /\n0:0 /bin/busybox\n0:0 /etc/passwd');
    await rig().sh(id, 'echo x >> /etc/passwd; touch /new; mkdir /dir; chown 1000:1001 /dir');
    const dir = rig().machine.outside(`${rig().daemon.dirs.rootDir}/overlay/${id}`);
    expect(await owners(`${dir}/upper`)).toBe(`${first}:${first}`);
    expect(await owners(`${dir}/upper/new`)).toBe(`${first}:${first}`);
    expect(await owners(`${dir}/upper/etc/passwd`)).toBe(`${first}:${first}`);
    expect(await owners(`${dir}/upper/dir`)).toBe(`${first + 1000}:${first + 1001}`);
    const plain = await sleeping(await rig().runPod({ handler }), { image: { image: image.manyLayers } });
    expect(await rig().sh(plain, listing)).toBe('0:0 /\n0:0 /bin/busybox\n0:0 /etc/passwd');
  });

  test('owns the files that the daemon makes for it', async () => {
    const id = await sleeping(await run(), { workingDir: '/made/for/it' });
    const files = '/etc/hostname /etc/resolv.conf /dev/shm /made /made/for/it';
    expect(await rig().sh(id, `stat -c %u:%g ${files} | sort -u; pwd`)).toBe('0:0\n/made/for/it');
    expect(await rig().sh(id, 'touch /dev/shm/x && stat -c %u /dev/shm/x')).toBe('0');
  });

  test('runs as any user of its range, and its output can be opened by name', async () => {
    const pod = await run();
    const script = 'id -u; echo out > /dev/stdout; echo err > /dev/stderr';
    const config = secured(shell(script), { runAsUser: { value: 1001n }, runAsGroup: { value: 1002n } });
    expect(await rig().output(pod, config)).toEqual({ stdout: '1001\nout\n', stderr: 'err\n', exitCode: 0 });
    const byImage = shell(script, { image: { image: image.userUid } });
    expect((await rig().output(pod, byImage)).stdout).toBe('1002\nout\n');
    const id = await sleeping(pod);
    expect(await rig().sh(id, script)).toBe('0\nout');
  });

  test('has id-mapped volumes: each side sees its own owners', async () => {
    const dir = await hostDir();
    await writeFile(`${dir}/of-root`, 'root');
    await writeFile(`${dir}/of-user`, 'user');
    await chown(`${dir}/of-user`, 1000, 1001);
    await chmod(`${dir}/of-root`, 0o600);
    const pod = await run();
    const id = await sleeping(pod, { mounts: [mapped(dir)] });
    expect(await rig().sh(id, 'cd /vol; stat -c %u:%g . of-root of-user; cat of-root')).toBe(
      '0:0\n0:0\n1000:1001\nroot',
    );
    await rig().sh(id, 'cd /vol; touch a b; chown 5:6 b');
    expect([await owners(`${dir}/a`), await owners(`${dir}/b`)]).toEqual(['0:0', '5:6']);
    const { mounts } = await rig().status(id);
    expect(mounts).toMatchObject([mapped(dir)]);
  });

  test('has volumes without mappings as a stranger', async () => {
    const dir = await hostDir();
    await writeFile(`${dir}/secret`, 'the secret of the host');
    await chmod(`${dir}/secret`, 0o600);
    const id = await sleeping(await run(), { mounts: [{ containerPath: '/vol', hostPath: dir }] });
    expect(await rig().sh(id, 'stat -c %u:%g /vol')).toBe('65534:65534');
    const attacks = ['cat /vol/secret', 'touch /vol/new', 'chmod 666 /vol/secret', 'chown 0 /vol/secret'];
    for (const attack of attacks) {
      const { stdout, exitCode } = await rig().exec(id, ['sh', '-c', attack]);
      expect([attack, stdout, exitCode]).toEqual([attack, '', 1]);
    }
  });

  test('mounts single files, read-only ones, and what is mounted below', async () => {
    const dir = await hostDir();
    await writeFile(`${dir}/file`, 'content');
    await mkdir(`${dir}/sub`);
    await rig().machine.run('mount', '-t', 'tmpfs', 'below', `${dir}/sub`);
    await rig().machine.run('touch', `${dir}/sub/inner`);
    const mounts = [
      mapped(`${dir}/file`, first, { containerPath: '/file' }),
      mapped(dir, first, { containerPath: '/ro', readonly: true }),
      mapped(dir, first, {
        containerPath: '/rslave',
        propagation: MountPropagation.PROPAGATION_HOST_TO_CONTAINER,
      }),
    ];
    const id = await sleeping(await run(), { mounts });
    expect(await rig().sh(id, 'stat -c %u /file /ro/sub/inner; cat /file; touch /ro/x 2>&1 || true')).toBe(
      '0\n0\ncontenttouch: /ro/x: Read-only file system',
    );
    const late = 'mkdir -p $1/late && mount -t tmpfs late $1/late && touch $1/late/x';
    await rig().machine.run('sh', '-c', late, 'sh', dir);
    expect(await rig().sh(id, 'ls /rslave/late; ls /ro/late')).toBe('x');
    // What was mounted on the host is mounted there still.
    await rig().machine.run('umount', `${dir}/sub`, `${dir}/late`);
    expect(await rig().sh(id, 'ls /rslave/sub /rslave/late; ls /ro/sub')).toBe(
      '/rslave/late:\n\n/rslave/sub:\ninner',
    );
    await rig().call('RemoveContainer', { containerId: id });
  });

  test('mounts with the options that were asked for, with mappings and without', async () => {
    const dir = await hostDir();
    const mountOptions = ['noexec', 'nodev', 'nosuid'];
    const mounts: MountInit[] = [
      mapped(dir, first, { containerPath: '/a', mountOptions }),
      { containerPath: '/b', hostPath: dir, mountOptions },
      { containerPath: '/c', hostPath: dir, mountOptions, readonly: true },
    ];
    const id = await sleeping(await run(), { mounts });
    const options = "awk '$5 ~ /^.[abc]$/ { print $5, $6 }' /proc/self/mountinfo | sort";
    expect((await rig().sh(id, options)).split('\n')).toEqual([
      expect.stringMatching(/^\/a rw,nosuid,nodev,noexec/),
      expect.stringMatching(/^\/b rw,nosuid,nodev,noexec/),
      expect.stringMatching(/^\/c ro,nosuid,nodev,noexec/),
    ]);
  });

  test('mounts what has such options on the host read-only', async () => {
    const dir = await hostDir();
    await rig().machine.run('mount', '-t', 'tmpfs', '-o', 'nosuid,nodev,noexec', 'strict', dir);
    const mounts: MountInit[] = [
      mapped(dir, first, { containerPath: '/a', readonly: true }),
      { containerPath: '/b', hostPath: dir, readonly: true },
      { containerPath: '/c', hostPath: dir, mountOptions: ['nodev'] },
    ];
    const id = await sleeping(await run(), { mounts });
    const options = "awk '$5 ~ /^.[abc]$/ { print $5, $6 }' /proc/self/mountinfo | sort";
    expect((await rig().sh(id, options)).split('\n')).toEqual([
      expect.stringMatching(/^\/a ro,nosuid,nodev,noexec/),
      expect.stringMatching(/^\/b ro,nosuid,nodev,noexec/),
      expect.stringMatching(/^\/c rw,nosuid,nodev,noexec/),
    ]);
    await rig().call('RemoveContainer', { containerId: id });
    await rig().machine.run('umount', dir);
  });

  test('mounts with mappings of their own, also where the pod has no user namespace', async () => {
    const dir = await hostDir(0o777);
    await writeFile(`${dir}/f`, '');
    await chown(`${dir}/f`, 7, 7);
    const shifted: MountInit = {
      ...mapped(dir),
      uidMappings: [{ containerId: 7, hostId: 1000, length: 1 }],
      gidMappings: [{ containerId: 7, hostId: 1001, length: 1 }],
    };
    const id = await sleeping(await rig().runPod({ handler }), { mounts: [shifted] });
    expect(await rig().sh(id, 'stat -c %u:%g /vol/f')).toBe('1000:1001');
  });

  test('has image volumes and VOLUME directories with its own owners', async () => {
    const volume = { containerPath: '/vol', image: { image: image.manyLayers }, readonly: true };
    const own = { uidMappings: [range(first)], gidMappings: [range(first)] };
    const pod = await run();
    // The kubelet names the pod's mappings on images, too.
    const mounts = [volume, { ...volume, ...own, containerPath: '/mapped', imageSubPath: 'bin' }];
    const id = await sleeping(pod, { mounts });
    expect(await rig().sh(id, 'stat -c %u /mapped/busybox')).toBe('0');
    expect(await rig().sh(id, 'find /vol ! -user 0 -o ! -group 0 | head; stat -c %u /vol/bin/busybox')).toBe(
      '0',
    );
    expect(await rig().sh(id, '/vol/bin/busybox echo runs')).toBe('runs');
    const withVolumes = await sleeping(pod, { image: { image: image.volumes } });
    expect(await rig().sh(withVolumes, 'stat -c %u /data; touch /data/x && stat -c %u /data/x')).toBe('0\n0');
  });

  test('has capabilities inside only: no device, no host file system, no setting of the host', async () => {
    const pod = await run(inRange(first), { linux: { securityContext: { privileged: true } } });
    const config = secured(sleeper(), { privileged: true });
    const id = await rig().run(pod, config);
    expect(await rig().sh(id, 'grep CapEff /proc/self/status')).not.toContain('0000000000000000');
    const attacks = [
      'mknod /tmp/disk b 1 0',
      'mknod /tmp/mem c 1 1',
      'mount -t tmpfs -o remount,rw x /proc/sys',
      'echo 1 > /proc/sys/kernel/panic',
      'echo "|/bin/sh" > /proc/sys/kernel/core_pattern',
      'echo b > /proc/sysrq-trigger',
      'date -s 2001-01-01',
      'echo 1 > /sys/kernel/mm/ksm/run',
      'head -c 1 /dev/mem',
    ];
    for (const attack of attacks) {
      const { exitCode, stderr } = await rig().exec(id, ['sh', '-c', `${attack} > /dev/null`]);
      expect([attack, exitCode !== 0 || /denied|not permitted/i.test(stderr)]).toEqual([attack, true]);
    }
    // Inside they work.
    expect(await rig().sh(id, 'mount -t tmpfs mine /tmp && hostname inside && hostname')).toBe('inside');
  });

  test('has the devices that it was given, also at another path, and no other', async () => {
    const devices = [
      { hostPath: '/dev/fuse', containerPath: '/dev/fuse', permissions: 'rw' },
      { hostPath: '/dev/full', containerPath: '/dev/kmsg', permissions: 'rw' },
    ];
    const pod = await run();
    const id = await sleeping(pod, { devices });
    const numbers = "stat -c '%t:%T %n' /dev/fuse /dev/kmsg /dev/zero; ls /dev/loop-control 2>&1 || true";
    expect(await rig().sh(id, numbers)).toBe(
      'a:e5 /dev/fuse\n1:7 /dev/kmsg\n1:5 /dev/zero\nls: /dev/loop-control: No such file or directory',
    );
    expect(await rig().sh(id, '(echo x > /dev/kmsg) 2>&1 || true')).toContain('No space left');
  });

  test('lets a debugging container see the processes of another', async () => {
    const pod = await run();
    const id = await sleeping(pod);
    const namespaceOptions = { pid: NamespaceMode.TARGET, targetId: id };
    const debug = await rig().run(pod, secured(sleeper(), { namespaceOptions }));
    expect(await rig().sh(debug, 'readlink /proc/self/ns/pid')).toBe(
      await rig().sh(id, 'readlink /proc/self/ns/pid'),
    );
    await rig().call('StopContainer', { containerId: debug, timeout: 0n });
  });

  test('administers its own network and IPC, with sysctls of both', async () => {
    const sysctls = {
      'net.ipv4.ip_unprivileged_port_start': '81',
      'net.ipv4.tcp_rmem': '4096 5000 6000',
      'kernel.shmmax': '123456789',
      'kernel.sem': '250 32000 32 129',
      'fs.mqueue.msg_max': '12',
    };
    const pod = await run(inRange(first), { linux: { sysctls } });
    const id = await rig().run(pod, secured(sleeper(), { capabilities: { addCapabilities: ['NET_ADMIN'] } }));
    const files = Object.keys(sysctls).map((name) => `/proc/sys/${name.replaceAll('.', '/')}`);
    expect((await rig().sh(id, `cat ${files.join(' ')}`)).replaceAll('\t', ' ').split('\n')).toEqual(
      Object.values(sysctls),
    );
    expect(await rig().sh(id, 'ip link set eth0 mtu 1300 && cat /sys/class/net/eth0/mtu')).toBe('1300');
    const bind = secured(shell('nc -l -p 80 & sleep 0.2; kill $! && echo bound'), {
      runAsUser: { value: 0n },
    });
    expect((await rig().output(pod, bind)).stdout).toBe('bound\n');
    expect(await rig().machine.run('cat', '/proc/sys/kernel/shmmax').then(textOf)).not.toBe('123456789');
  });

  test('keeps its mappings over the death of the daemon', async () => {
    const dir = await hostDir();
    const options = inRange(first);
    const pod = await run(options);
    await sleeping(pod);
    await rig().server.kill9();
    await rig().server.start();
    expect((await rig().podStatus(pod.id)).linux?.namespaces?.options?.usernsOptions).toMatchObject(
      options.usernsOptions ?? {},
    );
    const id = await sleeping(pod, { mounts: [mapped(dir)] });
    expect(await rig().sh(id, 'cat /proc/self/uid_map | tr -s " "; touch /vol/x; stat -c %u /vol/x')).toBe(
      ` 0 ${first} 65536\n0`,
    );
    expect(await hostSees(id, 'Uid')).toContain(String(first));
    expect(await owners(`${dir}/x`)).toBe('0:0');
  });

  test('shares its PID namespace when it is asked to', async () => {
    const pod = await run(inRange(first, { pid: NamespaceMode.POD }));
    const namespaceOptions = { pid: NamespaceMode.POD };
    const id = await rig().run(pod, secured(sleeper(), { namespaceOptions }));
    const other = await rig().run(pod, secured(shell('exec sleep 5432'), { namespaceOptions }));
    expect(await rig().sh(id, 'cat /proc/1/comm; stat -c %u /proc/1')).toBe('catatonit\n0');
    expect(await rig().sh(id, 'pidof sleep | wc -w')).not.toBe('0');
    await rig().call('StopContainer', { containerId: other, timeout: 0n });
    expect(await rig().sh(id, 'echo lives')).toBe('lives');
  });

  test("can be in the host's network, where it may change nothing", async () => {
    const { features, runtimeHandlers } = await rig().call('Status', {});
    expect(features?.userNamespacesHostNetwork).toBe(true);
    expect(runtimeHandlers.find(({ name }) => name === handler)?.features?.userNamespaces).toBe(true);
    const options = inRange(first, { network: NamespaceMode.NODE });
    const pod = await rig().runPod({ handler, config: { ...podIn(options), hostname: '' } });
    const id = await rig().run(pod, secured(sleeper(), { capabilities: { addCapabilities: ['NET_ADMIN'] } }));
    expect(await rig().sh(id, 'cat /proc/self/uid_map | tr -s " "')).toBe(` 0 ${first} 65536`);
    expect(await rig().sh(id, 'ip link; ls /sys/kernel')).toMatch(/uplink[^]*uevent/);
    for (const attack of ['ip link set uplink mtu 1300', 'touch /sys/x', 'hostname changed']) {
      expect([attack, (await rig().exec(id, ['sh', '-c', attack])).exitCode]).not.toEqual([attack, 0]);
    }
  });

  test('has exec, terminals, attach, port-forward and logs like any other', async () => {
    const on = clients();
    const pod = await run();
    const id = await sleeping(pod);
    expect((await on.run(id, 'cat; echo err > /dev/stderr; exit 3', 'some input\n')).stdout).toBe(
      'some input\n',
    );
    const { client, stdin, stdout } = await on.openStreams(await on.execUrl(id, ['sh'], terminal), terminal);
    client.data(stdin, 'test -t 0 && stat -c %u $(tty) && echo "a terminal"; exit\n');
    await client.until('the answer', () => /0\r?\na terminal/.test(client.of(stdout).text));
    client.duplex.destroy();

    const talker = await rig().run(
      pod,
      shell('while read -r line; do echo "got $line"; done', { stdin: true }),
    );
    const log = (await rig().status(talker)).logPath;
    const attached = await on.openStreams(await on.attachUrl(talker, { ...outputs, stdin: true }), {
      ...outputs,
      stdin: true,
    });
    attached.client.data(attached.stdin, 'one\n');
    await attached.client.until('the echo', () =>
      attached.client.of(attached.stdout).text.includes('got one'),
    );
    await rename(log, `${log}.1`);
    await rig().call('ReopenContainerLog', { containerId: talker });
    attached.client.data(attached.stdin, 'two\n');
    await attached.client.until('the echo', () =>
      attached.client.of(attached.stdout).text.includes('got two'),
    );
    attached.client.duplex.destroy();
    expect(joined(await readLog(`${log}.1`))).toBe('got one\n');
    const inTerminal = { ...shell('stat -c %u $(tty); tty'), tty: true };
    expect((await rig().output(pod, inTerminal)).stdout).toMatch(/^0\r?\n\/dev\/pts\/0/);
  });

  test('can pass through no directory of the daemon but the way to its stage', async () => {
    await sleeping(await run());
    const { runDir, rootDir } = rig().daemon.dirs;
    const open = await rig().machine.run('find', runDir, rootDir, '-maxdepth', '1', '-perm', '/077');
    const found = textOf(open)
      .split('\n')
      .filter((path) => path !== rootDir);
    expect(found.sort()).toEqual([runDir, `${runDir}/stages`]);
  });

  test('is refused where it makes no sense, with nothing left', async () => {
    const pod = await run();
    const refused = async (config: ContainerConfigInit): Promise<string> =>
      await codeOf(rig().create(pod, config));
    const in2 = secured(sleeper(), { namespaceOptions: inRange(second) });
    expect(await refused(in2)).toBe('INVALID_ARGUMENT');
    const node = { usernsOptions: { mode: NamespaceMode.NODE } };
    expect(await refused(secured(sleeper(), { namespaceOptions: node }))).toBe('INVALID_ARGUMENT');
    expect(await refused(secured(sleeper(), { runAsUser: { value: 65_536n } }))).toBe('INVALID_ARGUMENT');
    expect(await refused(secured(sleeper(), { namespaceOptions: inRange(first) }))).toBe('OK');
    const plain = await rig().runPod({ handler });
    const own = secured(sleeper(), { namespaceOptions: inRange(first) });
    expect(await codeOf(rig().create(plain, own))).toBe('INVALID_ARGUMENT');
    // procfs cannot be id-mapped.
    expect(await refused(sleeper({ mounts: [mapped('/proc/sys')] }))).toBe('INVALID_ARGUMENT');
    for (const shared of [{ pid: NamespaceMode.NODE }, { ipc: NamespaceMode.NODE }])
      expect(await codeOf(run(inRange(first, shared)))).toBe('INVALID_ARGUMENT');
  });
});

test('a machine that cannot have them says so, refuses such pods with the reason, and runs others', async () => {
  await rig().server.stop();
  // The program that makes them cannot be started.
  await rig().machine.run('mount', '--bind', '/dev/null', '/usr/bin/unshare');
  try {
    await rig().server.start();
    const { features, runtimeHandlers } = await rig().call('Status', {});
    expect(features?.userNamespacesHostNetwork).toBe(false);
    expect(runtimeHandlers.map((one) => one.features?.userNamespaces)).toEqual([false, false, false]);
    const attempt = rig().runPod({ config: podIn(inRange(first)) });
    await expect(attempt).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      message: expect.stringContaining('unshare'),
    });
    await rig().run(await rig().runPod(), sleeper());
    await rig().removeEverything();
  } finally {
    await rig().machine.run('umount', '/usr/bin/unshare');
    await rig().server.stop();
    await rig().server.start();
  }
});

describe('a container in a user namespace whose daemon dies', () => {
  test.each([
    'RunPodSandbox:network',
    'RunPodSandbox:record',
    'CreateContainer:create',
    'CreateContainer:record',
  ])('at %s is made again, and what was mounted on the way is as it was', async (point) => {
    const dir = await hostDir();
    await writeFile(`${dir}/precious`, 'data');
    const config = podIn(inRange(first, { pid: NamespaceMode.POD }));
    const linux = { cgroupParent: rig().machine.cgroupParent, ...config.linux };
    const logDirectory = await rig().makeLogDir();
    const request = { config: { ...config, linux, logDirectory }, runtimeHandler: 'runc' };
    const container = secured(sleeper({ mounts: [mapped(dir)] }), {
      namespaceOptions: { pid: NamespaceMode.POD },
    });
    const work = async (): Promise<string> => {
      const { podSandboxId: id } = await rig().call('RunPodSandbox', request);
      return await rig().create({ id, config: request.config, logDir: logDirectory }, container);
    };
    await rig().server.stop();
    await rig().server.start({ CRI_TS_CRASH_AT: point });
    expect(await codeOf(work())).toBe('UNAVAILABLE');
    await rig().server.ended();
    await rig().server.start();
    const id = await work();
    await rig().call('StartContainer', { containerId: id });
    expect(await rig().sh(id, 'cat /vol/precious; stat -c %u /vol/precious')).toBe('data0');
    await rig().removeEverything();
    expect(await readFile(`${dir}/precious`, 'utf8')).toBe('data');
    expect(await owners(`${dir}/precious`)).toBe('0:0');
  });
});

function textOf({ stdout }: { readonly stdout: Buffer }): string {
  return stdout.toString('utf8').trim();
}
