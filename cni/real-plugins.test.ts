/**
 * The real plugins in real namespaces: bridge, host-local, portmap, firewall, tuning, bandwidth; IPv4 and IPv6.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { openCni, type Cni } from './cni.ts';
import { inside, Lab, type LabNamespace } from './lab.ts';
import type { AttachRequest } from './request.ts';

let lab: Lab;
let cni: Cni;

beforeEach(async () => {
  lab = await Lab.open();
  await lab.useReal('bridge', 'portmap', 'firewall', 'tuning', 'bandwidth');
});

afterEach(async () => {
  await cni.close();
  await lab.close();
});

type LabPlugin = { readonly type: string; readonly [key: string]: unknown };
type LabList = { readonly plugins: readonly LabPlugin[]; readonly [key: string]: unknown };

function fullList(cniVersion: string): LabList {
  return {
    cniVersion,
    name: 'lab',
    plugins: [
      {
        type: 'bridge',
        bridge: 'lab0',
        isGateway: true,
        ipMasq: true,
        hairpinMode: true,
        capabilities: { ips: true },
        ipam: {
          type: 'host-local',
          dataDir: lab.leasesDir,
          ranges: [[{ subnet: '10.99.0.0/24' }], [{ subnet: 'fd99::/64' }]],
          routes: [{ dst: '0.0.0.0/0' }, { dst: '::/0' }],
        },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
      { type: 'firewall', backend: 'iptables' },
      {
        type: 'tuning',
        dataDir: `${lab.directory}/tuning`,
        capabilities: { mac: true },
        sysctl: { 'net.core.somaxconn': '500' },
      },
      { type: 'bandwidth', capabilities: { bandwidth: true } },
    ],
  };
}

function request(containerId: string, namespace: LabNamespace): AttachRequest {
  return {
    containerId,
    netnsPath: namespace.path,
    ifName: 'eth0',
    podNamespace: 'default',
    podName: 'web',
    podUid: '0b5f8a3e-1111-2222-3333-444455556666',
    capabilities: {
      portMappings: [{ hostPort: 18080, containerPort: 80, protocol: 'tcp', hostIp: null }],
      bandwidth: {
        ingressBitsPerSecond: 10_000_000n,
        ingressBurstBits: 1_000_000n,
        egressBitsPerSecond: 20_000_000n,
        egressBurstBits: 2_000_000n,
      },
      mac: '02:00:00:00:00:42',
    },
  };
}

/** What of pods can be seen on the private host. Host-wide chains of the plugins stay for the next pod and do not count. */
async function hostTraces(): Promise<object> {
  const saved = `${await lab.onHost('iptables-save')}\n${await lab.onHost('ip6tables-save')}`.split('\n');
  const names = (await lab.onHost('ip', '-o', 'link')).split('\n');
  return {
    links: names.filter((line) => /: (?:veth|ifb|bwp)/.test(line)),
    rules: saved.filter((line) =>
      /10\.99\.0\.(?!0)|fd99::[1-9a-f]|18080|CNI-[0-9a-f]|CNI-DN|CNI-SN/.test(line),
    ),
    leases: (await lab.files('leases/lab')).filter((name) => /^(?:10|fd)/.test(name)),
    tuning: await lab.files('tuning'),
    records: (await lab.files('cache')).filter((name) => name.endsWith('.json')),
  };
}

const nothing = { links: [], rules: [], leases: [], tuning: [], records: [] };

describe.each(['0.4.0', '1.0.0'])('a full chain of version %s', (cniVersion) => {
  test('attaches dual stack and leaves nothing when detached', async () => {
    await lab.configure('10-lab.conflist', fullList(cniVersion));
    cni = await openCni(lab.options());
    await cni.refresh();
    expect(cni.status()).toMatchObject({ isReady: true, reason: '', network: { name: 'lab' } });
    const namespace = await lab.podNamespace();
    const attached = await cni.attach(request('pod1', namespace));
    expect(attached.ips).toMatchObject([
      { family: 4, address: '10.99.0.2', prefixLength: 24, gateway: '10.99.0.1' },
      { family: 6, address: 'fd99::2', prefixLength: 64, gateway: 'fd99::1' },
    ]);
    expect(attached.interfaces[2]).toMatchObject({ name: 'eth0', sandbox: namespace.path });
    expect(attached.raw).toMatchObject({ cniVersion });
    const address = await inside(namespace.path, ['ip', 'address', 'show', 'eth0']);
    for (const part of ['10.99.0.2/24', 'fd99::2/64', '02:00:00:00:00:42']) expect(address).toContain(part);
    expect(await inside(namespace.path, ['cat', '/proc/sys/net/core/somaxconn'])).toBe('500\n');
    expect(await lab.onHost('tc', 'qdisc')).toContain('tbf');
    expect(await lab.onHost('iptables-save')).toContain('18080');
    await cni.detach({ containerId: 'pod1', ifName: null, netnsPath: namespace.path });
    expect(await hostTraces()).toEqual(nothing);
  });
});

describe('attached pods', () => {
  beforeEach(async () => {
    await lab.configure('10-lab.conflist', fullList('1.0.0'));
    cni = await openCni(lab.options());
  });

  test('reach each other, are reached through the port of the host, and leave nothing', async () => {
    const [one, two] = [await lab.podNamespace(), await lab.podNamespace()];
    await cni.attach(request('one', one));
    await cni.attach({ ...request('two', two), capabilities: {} });
    expect(await inside(two.path, ['busybox', 'ping', '-c1', '-W5', '10.99.0.2'])).toContain(
      '1 packets received',
    );
    expect(await inside(two.path, ['busybox', 'ping6', '-c1', '-W5', 'fd99::2'])).toContain(
      '1 packets received',
    );
    const listener = inside(one.path, [
      'busybox',
      'timeout',
      '20',
      'busybox',
      'nc',
      '-l',
      '-p',
      '80',
      '-e',
      'echo',
      'hello',
    ]);
    while (!(await inside(one.path, ['ss', '-ltn'])).includes(':80 ')) await sleepFor(10);
    expect(await lab.onHost('busybox', 'nc', '127.0.0.1', '18080')).toBe('hello\n');
    await listener;
    for (const [containerId, namespace] of [
      ['one', one],
      ['two', two],
    ] as const)
      await cni.detach({ containerId, ifName: 'eth0', netnsPath: namespace.path });
    expect(await hostTraces()).toEqual(nothing);
  });

  test('come and go eight at a time, each with addresses of its own', async () => {
    const ids = Array.from({ length: 8 }, (_, at) => `pod${at}`);
    const namespaces = await Promise.all(ids.map(async () => await lab.podNamespace()));
    const all = await Promise.all(
      ids.map(
        async (id, at) =>
          await cni.attach({ ...request(id, namespaces[at] as LabNamespace), capabilities: {} }),
      ),
    );
    expect(new Set(all.flatMap((attached) => attached.ips.map((ip) => ip.address))).size).toBe(16);
    await Promise.all(
      ids.map(
        async (containerId, at) =>
          await cni.detach({ containerId, ifName: null, netnsPath: namespaces[at]?.path ?? null }),
      ),
    );
    expect(await hostTraces()).toEqual(nothing);
  });

  test('whose namespace is gone after a restart without the file give their addresses and ports back', async () => {
    // The tuning plugin of this version keeps a file when the namespace is gone; it is left out.
    const { plugins, ...rest } = fullList('1.0.0');
    await lab.configure('10-lab.conflist', {
      ...rest,
      plugins: plugins.filter((one) => one.type !== 'tuning'),
    });
    await cni.refresh();
    const namespace = await lab.podNamespace();
    await cni.attach(request('pod1', namespace));
    expect(await hostTraces()).not.toEqual(nothing);
    await cni.close();
    await namespace.close();
    await rm(`${lab.confDir}/10-lab.conflist`);
    cni = await openCni(lab.options());
    expect(await cni.collectGarbage([])).toMatchObject({ detached: [{ containerId: 'pod1' }], failures: [] });
    const traces = await hostTraces();
    // This version of the bridge plugin finds its masquerading rules only through the namespace.
    expect({ ...traces, rules: [] }).toEqual(nothing);
    expect(JSON.stringify(traces)).not.toMatch(/18080|CNI-FORWARD/);
  });

  test('that could only be attached in part are undone', async () => {
    const namespace = await lab.podNamespace();
    await lab.script('tuning', '[ $CNI_COMMAND = DEL ] && exit 0; exit 1');
    await expect(cni.attach(request('pod1', namespace))).rejects.toMatchObject({ plugin: 'tuning' });
    expect(await hostTraces()).not.toEqual(nothing);
    await cni.detach({ containerId: 'pod1', ifName: null, netnsPath: namespace.path });
    expect(await hostTraces()).toEqual(nothing);
  });
});

test('an attachment is checked, and found broken when its interface is gone', async () => {
  const { plugins, ...rest } = fullList('1.0.0');
  // The portmap plugin of this version cannot check two families.
  const checkable = plugins.filter((one) => one.type !== 'portmap');
  await lab.configure('10-lab.conflist', { ...rest, plugins: checkable });
  cni = await openCni(lab.options());
  const namespace = await lab.podNamespace();
  await cni.attach(request('pod1', namespace));
  await cni.check({ containerId: 'pod1', ifName: 'eth0' });
  await inside(namespace.path, ['ip', 'link', 'del', 'eth0']);
  await expect(cni.check({ containerId: 'pod1', ifName: 'eth0' })).rejects.toMatchObject({
    reason: 'PluginFailed',
    plugin: 'bridge',
  });
});

test('the old form and version 0.3.1 work with one plugin', async () => {
  const ipam = { type: 'host-local', dataDir: lab.leasesDir, subnet: '10.99.0.0/24' };
  await lab.configure('10-lab.conf', {
    cniVersion: '0.3.1',
    name: 'lab',
    type: 'bridge',
    bridge: 'lab0',
    ipam,
  });
  cni = await openCni(lab.options());
  const namespace = await lab.podNamespace();
  const attached = await cni.attach(request('pod1', namespace));
  expect(attached.raw).toMatchObject({
    cniVersion: '0.3.1',
    ips: [{ version: '4', address: '10.99.0.2/24' }],
  });
  await cni.detach({ containerId: 'pod1', ifName: null, netnsPath: namespace.path });
  expect(await hostTraces()).toEqual(nothing);
});

test('a plugin that does not speak the version of the list says so with code 1', async () => {
  await lab.configure('10-lab.conflist', fullList('0.3.1'));
  cni = await openCni(lab.options());
  const namespace = await lab.podNamespace();
  await expect(cni.attach(request('pod1', namespace))).rejects.toMatchObject({
    reason: 'PluginFailed',
    plugin: 'firewall',
    code: 1,
  });
});

test('a list with a choice takes the version that the real plugins speak', async () => {
  await lab.configure('10-lab.conflist', { ...fullList('0.4.0'), cniVersions: ['1.1.0', '1.0.0'] });
  cni = await openCni(lab.options());
  const namespace = await lab.podNamespace();
  expect((await cni.attach(request('pod1', namespace))).raw).toMatchObject({ cniVersion: '1.0.0' });
  await cni.detach({ containerId: 'pod1', ifName: null, netnsPath: namespace.path });
  expect(await hostTraces()).toEqual(nothing);
});
