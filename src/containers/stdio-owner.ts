/**
 * Who may open the standard streams of a container's processes by name (/dev/stdout): a pipe belongs to whoever made it,
 * and our root is nobody in a user namespace.
 */
import type { Services } from '../services.ts';
import { hostRootOf } from '../spec/requests/id-mapping.ts';
import { parseUserNamespace } from '../spec/requests/parse-security.ts';
import type { ContainerRecord } from '../store/container-record.ts';
import type { PodRecord } from '../store/pod-record.ts';

/** Ids of the host. */
export type StdioOwner = { readonly uid: number; readonly gid: number };

/** Root of the pod's user namespace; null where root is root. */
export function stdioOwnerOfPod(pod: PodRecord): StdioOwner | null {
  const options = pod.config.linux?.securityContext?.namespaceOptions?.usernsOptions ?? null;
  const map = parseUserNamespace(options);
  return map === null ? null : hostRootOf(map);
}

export function stdioOwner(services: Pick<Services, 'store'>, record: ContainerRecord): StdioOwner | null {
  const pod = services.store.pods.get(record.podId);
  return pod === null ? null : stdioOwnerOfPod(pod);
}
