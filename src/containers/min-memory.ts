/**
 * The memory that an OCI runtime needs to start a container. Below it the kernel kills the runtime in the new cgroup, and
 * its words say nothing of memory: so a smaller limit is refused with the number, at creation and at an update.
 */
import { basename } from 'node:path';
import type { HandlerReport } from '../runtime/handlers/handlers.ts';
import type { Services } from '../services.ts';

/** runc runs Go in the container's cgroup before the program; crun is a small C program. */
const crunBytes = 500n * 1024n;
const otherBytes = 12n * 1024n * 1024n;

export function minMemoryBytes(services: Pick<Services, 'config'>, handler: HandlerReport): bigint {
  const configured = services.config.current.runtimes.get(handler.name)?.containerMinMemoryBytes ?? null;
  return configured ?? (basename(handler.path) === 'crun' ? crunBytes : otherBytes);
}
