/**
 * The real plugins in real namespaces: bridge, host-local, portmap, firewall, tuning, bandwidth; IPv4 and IPv6.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
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

function fullList(cniVersion: string): object {
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

async function hostTraces(): Promise<object> {
  const links = (await lab.onHost('ip', '-o', 'link'))
    .split('\n')
    .filter((line) => /veth|ifb|bwp/.test(line));
  const rules = [await lab.onHost('iptables-save'), await lab.onHost('ip6tables-save')].flatMap((text) =>
    text
      .split('\n')
      .filter((line) => /10\.99\.0\.|fd99::[1-9a-f]|18080|CNI-[0-9a-f]|CNI-DN|CNI-SN/.test(line)),
  );
  const leases = (await lab.files('leases/lab')).filter((name) => /^(10|fd)/.test(name));
  return { links, rules, leases, records: await lab.files('cache') };
}

const nothing = { links: [], rules: [], leases: [], records: [] };

describe.each(['0.4.0', '1.0.0'])('a full chain of version %s', (cniVersion) => {
  test('attaches dual stack, checks, and leaves nothing when detached', async () => {
    await lab.configure('10-lab.conflist', fullList(cniVersion));
    cni = await openCni(lab.options());
    await cni.refresh();
    expect(cni.status()).toMatchObject({ isReady: true, reason: '', network: { name: 'lab' } });
    const namespace = await lab.podNamespace();
    const attached = await cni.attach(request('pod1', namespace));
    expect(
      attached.ips.map(({ family, address, prefixLength }) => ({ family, address, prefixLength })),
    ).toEqual([
      { family: 4, address: '10.99.0.2', prefixLength: 24 },
      { family: 6, address: 'fd99::2', prefixLength: 64 },
    ]);
    expect(attached.raw).toMatchObject({ cniVersion });
    const address = await inside(namespace.path, ['ip', 'address', 'show', 'eth0']);
    expect(address).toContain('10.99.0.2/24');
    expect(address).toContain('fd99::2/64');
    expect(address).toContain('02:00:00:00:00:42');
    expect(await lab.onHost('iptables-save')).toContain('18080');
    expect(await lab.onHost('tc', 'qdisc')).toContain('tbf');
    await cni.detach({ containerId: 'pod1', ifName: null, netnsPath: namespace.path });
    expect(await hostTraces()).toEqual(nothing);
  });
});
