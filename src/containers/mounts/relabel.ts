/**
 * SELinux labels of what a container mounts from the host, where the request asks for it: the tree gets the label that the
 * container may read and write. Files of the system are never relabelled, whatever the request says (CVE-2021-43816).
 * Source: CRI Mount, selinux_relabel; cri.md 4.11.
 */
import { failedPrecondition } from '../../base/errors.ts';
import { absolutePath } from '../../base/ids.ts';
import type { Services } from '../../services.ts';
import type { MountConfig } from '../../spec/requests/container-config.ts';
import { mayRelabel } from '../../spec/selinux.ts';

export type RelabelRequest = {
  readonly mounts: readonly MountConfig[];
  /** One real path per mount. */
  readonly sources: readonly string[];
  /** Null: containers are not labelled, and nothing is done. */
  readonly label: string | null;
};

/** @throws RelabelRefused before anything is relabelled */
export async function relabelMounts(
  services: Pick<Services, 'kernel' | 'paths'>,
  { mounts, sources, label }: RelabelRequest,
): Promise<void> {
  if (label === null) return;
  const wanted = mounts.flatMap((mount, index) =>
    mount.isSelinuxRelabel && mount.source.kind === 'host' ? [sources[index] ?? ''] : [],
  );
  const { rootDir, runDir } = services.paths;
  const refused = wanted.find((path) => !mayRelabel(path, [rootDir, runDir]));
  if (refused !== undefined) {
    throw failedPrecondition(
      'RelabelRefused',
      `selinux_relabel of "${refused}": expected a directory of the pod's own, not one of the system`,
    );
  }
  for (const path of new Set(wanted)) await services.kernel.labelTree(absolutePath(path), label);
}
