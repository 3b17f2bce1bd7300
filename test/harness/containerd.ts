/**
 * containerd from the distribution's package as a CRI server, in a machine of its own: what the benchmark measures beside
 * us, and what the harness itself is tried against. State, root and sockets are in the machine's directory.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import type { Machine } from './machine.ts';
import { writeNetwork } from './network.ts';
import { mirroredHosts } from './registry.ts';
import { Server } from './server.ts';
import { image } from './test-images.ts';

const program = '/usr/bin/containerd';

export function isContainerdInstalled(): boolean {
  return existsSync(program);
}

export type ContainerdOptions = { readonly registry: string };

/** Writes the configuration and starts it. */
export async function startContainerd(machine: Machine, options: ContainerdOptions): Promise<Server> {
  for (const dir of ['lib', 'state', 'opt', 'net.d']) await mkdir(machine.path(dir), { recursive: true });
  await writeNetwork(machine, machine.path('net.d'));
  const config = machine.path('containerd.toml');
  await writeFile(config, configText(machine, options));
  const server = new Server(machine, {
    argv: [program, '--config', config],
    socketPath: machine.path('cri.sock'),
    logPath: machine.path('containerd.log'),
    // Its shims keep their sockets below this directory instead of /run.
    env: { TMPDIR: machine.root },
  });
  await server.start();
  return server;
}

function configText(machine: Machine, options: ContainerdOptions): string {
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  const handlers = [
    ['runc', '/usr/sbin/runc'],
    ['crun', '/usr/bin/crun'],
  ].flatMap(([name, path]) => [
    `[${cri}.containerd.runtimes.${name}]`,
    'runtime_type = "io.containerd.runc.v2"',
    `[${cri}.containerd.runtimes.${name}.options]`,
    `BinaryName = "${path}"`,
  ]);
  return [
    'version = 2',
    `root = "${machine.path('lib')}"`,
    `state = "${machine.path('state')}"`,
    '[grpc]',
    `address = "${machine.path('cri.sock')}"`,
    '[plugins."io.containerd.internal.v1.opt"]',
    `path = "${machine.path('opt')}"`,
    `[${cri}]`,
    `sandbox_image = "${image.pause}"`,
    'restrict_oom_score_adj = true',
    'netns_mounts_under_state_dir = true',
    `[${cri}.cni]`,
    'bin_dir = "/usr/lib/cni"',
    `conf_dir = "${machine.path('net.d')}"`,
    `[${cri}.containerd]`,
    'snapshotter = "overlayfs"',
    'default_runtime_name = "runc"',
    ...handlers,
    ...mirroredHosts.flatMap((host) => [
      `[${cri}.registry.mirrors."${host}"]`,
      `endpoint = ["http://${options.registry}"]`,
    ]),
    '',
  ].join('\n');
}
