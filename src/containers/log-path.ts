/**
 * Where a container's log goes: the pod's log directory and the container's path in it. Source: CRI ContainerConfig.log_path.
 */
import { joinPath, absolutePath, type AbsolutePath } from '../base/ids.ts';
import type { ContainerConfig } from '../spec/container-config.ts';
import type { PodConfig } from '../spec/pod-config.ts';

/** Null: no log is kept, the output is read and thrown away. */
export function logPathOf(pod: PodConfig, container: ContainerConfig): AbsolutePath | null {
  if (pod.logDirectory === null || container.logPath === null) return null;
  return joinPath(absolutePath(pod.logDirectory), container.logPath);
}
