/**
 * CDI devices: what a vendor's file says is what a process in the container finds. Source: CDI specification.
 */
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { NamespaceMode } from '../../cri-api/runtime-v1.ts';
import { podConfig, shell } from '../harness/requests.ts';
import { handlers, type Output } from '../harness/rig.ts';
import { useRig } from '../harness/use-rig.ts';

const dir = '/run/cdi-test';
const rig = useRig({ extraConfig: `[devices]\ncdi_spec_dirs = ["/etc/no-such-cdi", "${dir}"]\n` });
const outside = (name: string): string => rig().machine.outside(`${dir}/${name}`);

async function write(name: string, content: string): Promise<void> {
  await mkdir(outside(''), { recursive: true });
  await writeFile(outside(name), content);
}

afterEach(async () => {
  await rm(outside(''), { recursive: true, force: true });
});

const gpu = `
cdiVersion: "0.7.0"
kind: vendor.com/gpu
containerEdits:
  env: [ALL=yes, PATH=/vendor:/bin]
  additionalGids: [4711]
devices:
  - name: "0"
    containerEdits:
      env: [ZERO=yes]
      deviceNodes:
        - { path: /dev/gpu0, hostPath: /dev/fuse, permissions: r }
        - { path: /dev/gpu1, type: c, major: 1, minor: 7, fileMode: 0606, uid: 5, gid: 6 }
      mounts:
        - { hostPath: ${dir}/lib, containerPath: /usr/lib/vendor, options: [ro, nosuid, rbind] }
      hooks:
        - { hookName: createRuntime, path: /bin/sh, args: [sh, -c, 'cat > ${dir}/state; echo $WHO > ${dir}/who'], env: [WHO=vendor] }
        - { hookName: poststop, path: /bin/sh, args: [sh, -c, 'echo gone > ${dir}/gone'], timeout: 5 }
`;

async function run(handler: string, script: string, ...names: readonly string[]): Promise<Output> {
  const pod = await rig().runPod({ handler });
  return await rig().output(pod, shell(script, { cdiDevices: names.map((name) => ({ name })) }));
}

describe.each(handlers)('a container with %s', (handler) => {
  test('has all that the files say of its devices: environment, nodes, mounts, hooks, groups', async () => {
    await write('gpu.yaml', gpu);
    await mkdir(outside('lib'));
    await write('lib/driver', 'driver');
    const script = [
      'echo $ALL:$ZERO:$PATH; stat -c %t:%T:%a:%u:%g /dev/gpu0 /dev/gpu1; (: < /dev/gpu0) && echo read',
      '(: > /dev/gpu0) 2>&1; (echo x > /dev/gpu1) 2>&1; cat /usr/lib/vendor/driver; echo; touch /usr/lib/vendor/x 2>&1; id -G; true',
    ].join('; ');
    const { stdout } = await run(handler, script, 'vendor.com/gpu=0');
    const [env, zero, one, read, denied, full, driver, readOnly, groups = ''] = stdout.split('\n');
    expect([env, zero, one, read, driver]).toEqual([
      'yes:yes:/vendor:/bin',
      `a:e5:${((await stat('/dev/fuse')).mode & 0o777).toString(8)}:0:0`,
      '1:7:606:5:6',
      'read',
      'driver',
    ]);
    expect(denied).toMatch(/not permitted/i);
    expect(full).toMatch(/No space left/);
    expect(readOnly).toMatch(/Read-only/);
    expect(groups.split(' ')).toContain('4711');
    expect(JSON.parse(await readFile(outside('state'), 'utf8'))).toMatchObject({
      bundle: expect.any(String),
    });
    expect(await readFile(outside('who'), 'utf8')).toBe('vendor\n');
    await rig().removeEverything();
    expect(await readFile(outside('gone'), 'utf8')).toBe('gone\n');
  });

  test('gives its environment and groups to execs, and tells of the groups', async () => {
    await write('gpu.yaml', gpu);
    await mkdir(outside('lib'));
    const pod = await rig().runPod({ handler });
    const id = await rig().run(pod, shell('sleep 1000', { cdiDevices: [{ name: 'vendor.com/gpu=0' }] }));
    expect(await rig().sh(id, 'echo $ZERO $(id -G)')).toMatch(/^yes (.* )?4711/);
    expect((await rig().status(id)).user?.linux?.supplementalGroups).toContain(4711n);
  });

  test('owns what the files say in a user namespace, too, where no node of the host is needed', async () => {
    await write('gpu.yaml', gpu);
    await mkdir(outside('lib'));
    const range = { containerId: 0, hostId: 1_000_000, length: 65_536 };
    const usernsOptions = { mode: NamespaceMode.POD, uids: [range], gids: [range] };
    const namespaceOptions = { pid: NamespaceMode.CONTAINER, usernsOptions };
    const pod = await rig().runPod({
      handler,
      config: podConfig({ linux: { securityContext: { namespaceOptions } } }),
    });
    const script =
      'stat -c %t:%T:%a:%u:%g /dev/gpu1; (echo x > /dev/gpu1) 2>&1; (: < /dev/gpu0) && echo read';
    const { stdout } = await rig().output(pod, shell(script, { cdiDevices: [{ name: 'vendor.com/gpu=0' }] }));
    expect(stdout).toMatch(/^1:7:606:5:6\n.*No space left.*\nread\n$/);
  });

  test('is not made when a hook fails, and nothing is left of it', async () => {
    const hooks = [{ hookName: 'createRuntime', path: '/bin/false' }];
    const devices = [{ name: 'x', containerEdits: { hooks } }];
    await write('bad.json', JSON.stringify({ cdiVersion: '0.3.0', kind: 'vendor.com/bad', devices }));
    await expect(run(handler, 'true', 'vendor.com/bad=x')).rejects.toThrow(/hook/);
    expect(await rig().listContainers()).toEqual([]);
  });

  test('is not made with a resctrl class on a machine that has none', async () => {
    const devices = [
      { name: 'x', containerEdits: { intelRdt: { closID: 'fast', l3CacheSchema: 'L3:0=f' } } },
    ];
    await write('rdt.json', JSON.stringify({ cdiVersion: '0.7.0', kind: 'vendor.com/rdt', devices }));
    await expect(run(handler, 'true', 'vendor.com/rdt=x')).rejects.toThrow(/resctrl/);
  });
});

test('a device is found as soon as its file is there, without a restart, and refused before', async () => {
  const wanted = ['vendor.com/new=x'] as const;
  await expect(run('crun', 'true', ...wanted)).rejects.toThrow(/INVALID_ARGUMENT.*no file in/);
  const devices = [{ name: 'x', containerEdits: { env: ['NEW=1'] } }];
  await write('new.json', JSON.stringify({ cdiVersion: '0.3.0', kind: 'vendor.com/new', devices }));
  expect((await run('crun', 'echo $NEW', ...wanted)).stdout).toBe('1\n');
});

test('names in annotations command nothing', async () => {
  await write('gpu.yaml', gpu);
  const annotations = { 'cdi.k8s.io/gpu': 'vendor.com/gpu=0' };
  const pod = await rig().runPod({ config: { annotations } });
  const { stdout } = await rig().output(pod, shell('echo [$ALL]; ls /dev/gpu0 2>&1', { annotations }));
  expect(stdout).toMatch(/^\[\]\n.*No such file/);
});

test('what a runtime of before OCI 1.3 would pass over is refused', async () => {
  const devices = [
    { name: 'x', containerEdits: { netDevices: [{ hostInterfaceName: 'lo', name: 'net7' }] } },
  ];
  await write('net.json', JSON.stringify({ cdiVersion: '1.1.0', kind: 'vendor.com/net', devices }));
  await expect(run('runc', 'true', 'vendor.com/net=x')).rejects.toThrow(/UNIMPLEMENTED.*netDevices/);
});
