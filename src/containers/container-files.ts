/**
 * The files of a container, or of a pod's init, in the run directory.
 */
import { rm } from 'node:fs/promises';
import type { ContainerId, PodId } from '../base/ids.ts';
import { removeStage } from '../runtime/mount-stage.ts';
import type { Services } from '../services.ts';

/** Done already is done. */
export async function removeContainerFiles(
  services: Pick<Services, 'kernel' | 'paths'>,
  id: ContainerId | PodId,
): Promise<void> {
  await removeStage(services.kernel, services.paths.stage(id));
  await rm(services.paths.container(id).dir, { recursive: true, force: true });
}
