/**
 * The CNI configuration of the tests: bridge, host-local and portmap as Debian packages them, with all state in the
 * machine's own directory.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Machine } from './machine.ts';

export const pluginDirs: readonly string[] = ['/opt/cni/bin', '/usr/lib/cni'];

/** Where host-local keeps one file an address. */
export function addressDir(machine: Machine): string {
  return machine.path('cni-data');
}

/** The network as a conflist object. Source: CNI SPEC, section 1. */
export function networkConfig(machine: Machine): object {
  return {
    cniVersion: '1.0.0',
    name: 'test-net',
    plugins: [
      {
        type: 'bridge',
        bridge: 'cni0',
        isGateway: true,
        ipMasq: true,
        hairpinMode: true,
        ipam: {
          type: 'host-local',
          dataDir: addressDir(machine),
          ranges: [[{ subnet: '10.88.0.0/16' }]],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  };
}

/** Puts the configuration in place by one rename, as a network's installer does. */
export async function writeNetwork(machine: Machine, confDir: string): Promise<void> {
  await mkdir(confDir, { recursive: true });
  const temporary = machine.path('.net.tmp');
  await writeFile(temporary, JSON.stringify(networkConfig(machine), null, 2));
  await rename(temporary, join(confDir, '10-test.conflist'));
}
