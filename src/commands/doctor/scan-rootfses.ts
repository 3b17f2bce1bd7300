/**
 * Root file systems and image volumes of containers whose records cannot be read. While they are mounted nobody knows which
 * layers they need, so none is collected. Those of no container are found by `scan-directories.ts`.
 */
import { explain } from '../../base/errors.ts';
import { type AbsolutePath, joinPath } from '../../base/ids.ts';
import { readRootfs, readVolumes } from '../../images/rootfs/read-records.ts';
import type { Finding } from './finding.ts';
import { isKnown, listNames } from './known.ts';
import { isId, type Scene } from './scan.ts';

type Place = { readonly name: string; readonly read: (folder: AbsolutePath) => Promise<unknown> };

const places: readonly Place[] = [
  { name: 'overlay', read: readRootfs },
  { name: 'volumes', read: readVolumes },
];

export async function scanRootfses(scene: Scene): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { name, read } of places) {
    const parent = joinPath(scene.rootDir, name);
    for (const id of await listNames(parent)) {
      if (!isId(id) || !isKnown(scene.known, id)) continue;
      const fault = await faultOf(read, joinPath(parent, id));
      if (fault !== null) findings.push(finding(joinPath(parent, id), fault));
    }
  }
  return findings;
}

async function faultOf(read: Place['read'], folder: AbsolutePath): Promise<string | null> {
  try {
    await read(folder);
    return null;
  } catch (error) {
    return explain(error);
  }
}

function finding(path: AbsolutePath, fault: string): Finding {
  const what = `its record cannot be read, so no layers are collected while it is mounted: remove the container (${fault})`;
  return { kind: 'record', id: path, what, repair: null };
}
