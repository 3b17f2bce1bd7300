/**
 * Devices: what a process in a container finds in /dev, may open and may make. Reference: cri.md 1.4 (Device), 4.11.
 */
import { rm, stat, symlink } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import {
  NamespaceMode,
  type ContainerConfigInit,
  type DeviceInit,
  type NamespaceOptionInit,
} from '../../cri-api/runtime-v1.ts';
import { podConfig, secured, shell } from '../harness/requests.ts';
import { handlers, type Output } from '../harness/rig.ts';
import { useRig } from '../harness/use-rig.ts';

const rig = useRig({
  extraConfig: `
[devices]
additional_devices = ["/dev/full:/dev/everywhere:rw"]
allowed_devices = ["/dev/fuse"]
device_ownership_from_security_context = true

[runtimes.bare]
path = "/usr/bin/runc"
privileged_without_host_devices = true

[runtimes.open]
path = "/usr/bin/runc"
privileged_without_host_devices = true
privileged_without_host_devices_all_devices_allowed = true
`,
});

const fuse = { hostPath: '/dev/fuse', containerPath: '/dev/mine', permissions: 'rwm' };
/** A node for the loop control device, which no container has by itself: made in the container, then opened. */
const makeAndOpen =
  'mknod /tmp/node c 10 237 2>&1 || echo not made; (: < /tmp/node) 2>&1 && echo opened || true';

async function run(
  handler: string,
  script: string,
  changes: {
    readonly devices?: readonly DeviceInit[];
    readonly config?: ContainerConfigInit;
    readonly annotations?: Record<string, string>;
    readonly privileged?: boolean;
    readonly namespaceOptions?: NamespaceOptionInit;
  } = {},
): Promise<Output> {
  const { namespaceOptions = null } = changes;
  const securityContext = { privileged: changes.privileged ?? false, namespaceOptions };
  const pod = await rig().runPod({
    handler,
    config: podConfig({ linux: { securityContext }, annotations: changes.annotations ?? {} }),
  });
  const config = shell(script, { devices: changes.devices ?? [], ...changes.config });
  return await rig().output(
    pod,
    changes.privileged === true ? secured(config, { privileged: true }) : config,
  );
}

const says = async (...args: Parameters<typeof run>): Promise<string> => (await run(...args)).stdout.trim();

describe.each(handlers)('a container with %s', (handler) => {
  test('opens no device that it was not given, not even through a node of its own', async () => {
    const config = secured(shell(''), { capabilities: { addCapabilities: ['MKNOD'] } });
    const { linux = null } = config;
    expect(await says(handler, makeAndOpen, { config: { linux } })).toMatch(/not permitted/i);
  });

  test('has a device at the path and with the permissions that were asked for', async () => {
    const look =
      'stat -c %F:%t:%T /dev/mine; (: < /dev/mine) 2>&1 && echo read; (: > /dev/mine) 2>&1 && echo written; true';
    expect(await says(handler, look, { devices: [fuse] })).toMatch(
      /^character special file:a:e5\nread\nwritten$/,
    );
    const readOnly = await says(handler, look, { devices: [{ ...fuse, permissions: 'r' }] });
    expect(readOnly).toMatch(/\nread\n/);
    expect(readOnly).toMatch(/not permitted/i);
  });

  test('has the nodes of a directory, and those that a link leads to', async () => {
    const link = rig().machine.path('link');
    await symlink('/dev/fuse', link);
    const devices = [
      { hostPath: '/dev/net', containerPath: '/dev/network', permissions: 'rw' },
      { hostPath: link, containerPath: '/dev/linked', permissions: 'rw' },
    ];
    const script =
      'stat -c %t:%T /dev/network/tun /dev/linked; (: < /dev/network/tun) && (: < /dev/linked) && echo opened';
    expect(await says(handler, script, { devices })).toBe('a:c8\na:e5\nopened');
    await rm(link);
  });

  test('owns its devices when it is not root', async () => {
    const config = secured(shell(''), { runAsUser: { value: 1001n }, runAsGroup: { value: 1002n } });
    const { linux = null } = config;
    const script = 'stat -c %u:%g:%a /dev/mine; (: < /dev/mine) && echo opened';
    const before = await stat('/dev/fuse');
    const owned = `1001:1002:${(before.mode & 0o777).toString(8)}\nopened`;
    expect(await says(handler, script, { devices: [fuse], config: { linux } })).toBe(owned);
    // In a user namespace the node is one of ours: that of the host stays as it is, and no other opens.
    const range = { containerId: 0, hostId: 1_000_000, length: 65_536 };
    const usernsOptions = { mode: NamespaceMode.POD, uids: [range], gids: [range] };
    const namespaceOptions = { pid: NamespaceMode.CONTAINER, usernsOptions };
    const inside = `${script}; (: < /dev/mine/../full) && ls /dev/loop-control 2>&1; mknod /tmp/n c 10 229 2>&1`;
    const said = await says(handler, inside, { devices: [fuse], config: { linux }, namespaceOptions });
    expect(said.split('\n').slice(0, 2).join('\n')).toBe(owned);
    expect(said).toMatch(/not permitted/);
    const { uid, gid, mode } = await stat('/dev/fuse');
    expect([uid, gid, mode]).toEqual([before.uid, before.gid, before.mode]);
  });

  test('has what the configuration gives to all, and what its pod may ask for by annotation', async () => {
    expect(await says(handler, 'stat -c %t:%T /dev/everywhere')).toBe('1:7');
    const annotations = { 'devices.crio.io': '/dev/fuse:/dev/f:rw' };
    expect(await says(handler, '(: < /dev/f) && stat -c %t:%T /dev/f', { annotations })).toBe('a:e5');
  });

  test('when privileged opens every device and makes nodes', async () => {
    expect(await says(handler, makeAndOpen, { privileged: true })).toBe('opened');
    expect(await says(handler, 'stat -c %t:%T /dev/loop-control', { privileged: true })).toBe('a:ed');
  });
});

test('a device that is not there, that is no device, or that the pod may not ask for is refused', async () => {
  const asking = (hostPath: string) => ({ devices: [{ ...fuse, hostPath }] });
  await expect(run('crun', 'true', asking('/dev/no-such'))).rejects.toThrow(
    /INVALID_ARGUMENT.*expected a device/,
  );
  await expect(run('crun', 'true', asking('/etc/passwd'))).rejects.toThrow(
    /INVALID_ARGUMENT.*expected a device/,
  );
  const annotations = { 'devices.crio.io': '/dev/loop0' };
  await expect(run('crun', 'true', { annotations })).rejects.toThrow(/FAILED_PRECONDITION.*allowed_devices/);
});

test('a privileged container of a handler that keeps host devices away has none of them, unless all are allowed', async () => {
  const script = `ls /dev/loop-control 2>/dev/null; ${makeAndOpen}`;
  expect(await says('bare', script, { privileged: true })).toMatch(/not permitted/i);
  expect(await says('open', script, { privileged: true })).toBe('opened');
});
