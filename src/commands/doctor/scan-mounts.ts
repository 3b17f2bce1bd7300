/**
 * Mounts and pinned namespaces below the daemon's directories whose pod or container has no record.
 */
import { basename } from 'node:path';
import { absolutePath } from '../../base/ids.ts';
import type { MountEntry } from '../../kernel/contract/mounts.ts';
import { readMounts } from '../../kernel/mountinfo.ts';
import type { Finding } from './finding.ts';
import { isId, type Scene } from './scan.ts';
import { isKnown } from './known.ts';

export async function scanMounts(scene: Scene): Promise<readonly Finding[]> {
  const mounts = await readMounts();
  const orphans = mounts.filter((mount) => {
    const owner = ownerOf(scene, mount.target);
    return owner !== null && !isKnown(scene.known, owner);
  });
  // A mount comes after the one that it stands on: the last one has to go first.
  return orphans.toReversed().map((mount) => mountFinding(mount));
}

/** The id in a path below `ROOT_DIR` or `RUN_DIR`, images excepted: layers have ids of their own. */
function ownerOf(scene: Scene, target: string): string | null {
  const dir = [scene.runDir, scene.rootDir].find((one) => target.startsWith(`${one}/`));
  if (dir === undefined || target.startsWith(`${scene.rootDir}/images/layers/`)) return null;
  return (
    target
      .slice(dir.length + 1)
      .split('/')
      .find((part) => isId(part)) ?? null
  );
}

function mountFinding(mount: MountEntry): Finding {
  const target = absolutePath(mount.target);
  const isNamespace = mount.type === 'nsfs';
  return {
    kind: isNamespace ? 'namespace' : 'mount',
    id: target,
    what: isNamespace
      ? `a pinned ${basename(target)} namespace of no pod`
      : `${mount.type} of no pod or container`,
    repair: async (kernel) => {
      if (isNamespace) await kernel.unpinNamespace(target);
      else await kernel.unmountAll(target);
    },
  };
}
