/**
 * StopContainer. Source: CRI StopContainerRequest: stop signal, grace in seconds, SIGKILL; 0 is SIGKILL at once. Unknown
 * and ended containers are stopped. A created one that never ran is ended, too.
 */
import type { StopContainerRequest, StopContainerResponseInit } from '../../cri-api/runtime-v1.ts';
import type { Call } from '../base/call.ts';
import { Steps } from '../base/steps.ts';
import type { Services } from '../services.ts';

const stopContainerSteps = ['stop', 'answer'] as const;
type Step = (typeof stopContainerSteps)[number];

export async function stopContainer(
  services: Pick<Services, 'store' | 'stops'>,
  request: StopContainerRequest,
  call: Call,
): Promise<StopContainerResponseInit> {
  const record = services.store.containerOrNull(request.containerId);
  if (record === null || record.exit !== null) return {};
  const graceMs = request.timeout > 0n ? Number(request.timeout) * 1000 : 0;
  const steps = new Steps<Step>(
    'StopContainer',
    call.log.child({ container: record.id, pod: record.podId, graceMs }),
  );
  await steps.run('stop', async () => await services.stops.stop(record, graceMs, call.signal));
  await steps.run('answer', () => undefined);
  steps.finish();
  return {};
}
