/**
 * ReopenContainerLog: answers when the next line goes to a new file at the log path; on failure there is no new file.
 * Source: CRI ReopenContainerLogRequest.
 */
import type { ReopenContainerLogRequest, ReopenContainerLogResponseInit } from '../../cri-api/runtime-v1.ts';
import { failedPrecondition } from '../base/errors.ts';
import type { Services } from '../services.ts';
import { monitorSlot } from './remove-container.ts';

const reopenTimeoutMs = 10_000;

export async function reopenContainerLog(
  services: Pick<Services, 'store' | 'monitors'>,
  request: ReopenContainerLogRequest,
): Promise<ReopenContainerLogResponseInit> {
  const record = services.store.container(request.containerId);
  if (record.exit !== null || record.startedAtNs === 0n) {
    throw failedPrecondition(
      'NotRunning',
      `reopen log of container "${record.id}": expected a running container`,
    );
  }
  const slot = monitorSlot(services, record.podId);
  if (slot === null)
    throw failedPrecondition('NoPod', `reopen log of container "${record.id}": its pod is unknown`);
  await services.monitors.request(slot, 'reopen-log', {
    params: { containerId: record.id },
    timeoutMs: reopenTimeoutMs,
  });
  return {};
}
