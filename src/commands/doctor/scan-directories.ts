/**
 * Directories of pods and containers that have no record: run directories with their FIFOs, root file systems.
 */
import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { absolutePath } from '../../base/ids.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { mountsBelow } from '../../kernel/mountinfo.ts';
import type { Finding, FindingKind } from './finding.ts';
import { isId, type Scene } from './scan.ts';
import { isKnown, listNames } from './known.ts';

export async function scanDirectories(scene: Scene): Promise<readonly Finding[]> {
  const places = [
    join(scene.runDir, 'pods'),
    join(scene.runDir, 'containers'),
    join(scene.runDir, 'stages'),
    join(scene.rootDir, 'overlay'),
    join(scene.rootDir, 'volumes'),
  ];
  const findings: Finding[] = [];
  for (const place of places) {
    for (const name of await listNames(place)) {
      if (isId(name) && !isKnown(scene.known, name)) findings.push(await directoryFinding(join(place, name)));
    }
  }
  return findings;
}

async function directoryFinding(path: string): Promise<Finding> {
  const fifos: string[] = [];
  for (const name of await listNames(path)) {
    if ((await lstat(join(path, name))).isFIFO()) fifos.push(name);
  }
  const kind: FindingKind = fifos.length > 0 ? 'fifo' : 'directory';
  const holds = fifos.length > 0 ? ` (holds ${fifos.join(', ')})` : '';
  return {
    kind,
    id: path,
    what: `files of no pod or container${holds}`,
    repair: async (kernel) => await removeTree(kernel, path),
  };
}

/** What is mounted below goes first: a removal must never walk into a container's root or a volume. */
async function removeTree(kernel: Kernel, path: string): Promise<void> {
  for (const mount of mountsBelow(await kernel.mounts(), path)) {
    await kernel.unmountAll(absolutePath(mount.target));
  }
  if (mountsBelow(await kernel.mounts(), path).length > 0)
    throw new Error(`remove "${path}": something is still mounted below it`);
  await rm(path, { recursive: true, force: true });
}
