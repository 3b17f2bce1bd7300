/**
 * The CNI configuration of the tests: bridge, host-local and portmap as Debian packages them, with all state in the
 * machine's own directory, and a plugin that fails, hangs or dawdles when a test tells it to.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Machine } from './machine.ts';

/** Where plugins are searched; the first directory is the machine's own. */
export function pluginDirs(machine: Machine): readonly string[] {
  return [machine.path('plugins'), '/opt/cni/bin', '/usr/lib/cni'];
}

/** Where host-local keeps one file an address. */
export function addressDir(machine: Machine): string {
  return machine.path('cni-data');
}

/** The plugins of the network, in order. Source: CNI SPEC, section 1. */
export function networkPlugins(machine: Machine): readonly object[] {
  const bridge = {
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
  };
  return [bridge, { type: 'portmap', capabilities: { portMappings: true } }];
}

/** Puts a configuration in place by one rename, as a network's installer does. */
export async function writeNetwork(
  machine: Machine,
  confDir: string,
  more: readonly object[] = [],
): Promise<void> {
  const plugins = [...networkPlugins(machine), ...more];
  const config = { cniVersion: '1.0.0', name: 'test-net', plugins };
  await mkdir(confDir, { recursive: true });
  const temporary = machine.path('.net.tmp');
  await writeFile(temporary, JSON.stringify(config, null, 2));
  await rename(temporary, join(confDir, '10-test.conflist'));
}

export type GateMode = 'open' | 'fail' | 'hang' | 'slow' | 'fail-del';

/**
 * A plugin that passes the previous result on, unless the file `gate` says otherwise: `fail` answers an error of the
 * specification to ADD, `hang` never answers it, `slow` answers after a second, `fail-del` fails DEL.
 * Source: CNI SPEC, sections 2 and 5.
 */
const gateScript = `#!${process.execPath}
const { readFileSync } = require('node:fs');
const dir = require('node:path').dirname(__dirname);
const command = process.env.CNI_COMMAND;
const input = JSON.parse(readFileSync(0, 'utf8') || '{}');
const mode = readFileSync(dir + '/gate', 'utf8').trim();
function refuse() {
  console.log(JSON.stringify({ cniVersion: '1.0.0', code: 101, msg: 'the gate is shut', details: 'as told' }));
  process.exit(1);
}
if (command === 'VERSION') console.log('{"cniVersion":"1.0.0","supportedVersions":["0.4.0","1.0.0"]}');
if (command === 'DEL' && mode === 'fail-del') refuse();
if (command === 'ADD') {
  if (mode === 'fail') refuse();
  const waitMs = mode === 'hang' ? 1e9 : mode === 'slow' ? 1000 : 0;
  setTimeout(() => console.log(JSON.stringify(input.prevResult)), waitMs);
}
`;

/** The network with the gate behind its plugins. */
export async function writeGatedNetwork(machine: Machine, confDir: string): Promise<void> {
  await mkdir(machine.path('plugins'), { recursive: true });
  await writeFile(machine.path('plugins/gate'), gateScript, { mode: 0o755 });
  await setGate(machine, 'open');
  await writeNetwork(machine, confDir, [{ type: 'gate' }]);
}

export async function setGate(machine: Machine, mode: GateMode): Promise<void> {
  await writeFile(machine.path('gate'), mode);
}
