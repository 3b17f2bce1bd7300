/**
 * StartContainer: lets the process of a created container run. Only once; a start that fails leaves the container exited
 * with reason StartError. Source: CRI StartContainerRequest.
 */
import type { StartContainerRequest, StartContainerResponseInit } from '../../cri-api/runtime-v1.ts';
import type { Call } from '../base/call.ts';
import { failedPrecondition, messageOf, unknown } from '../base/errors.ts';
import { Steps } from '../base/steps.ts';
import { nowNs } from '../base/time.ts';
import { openIdentified } from '../runtime/programs/process-identity.ts';
import type { Services } from '../services.ts';
import { startErrorEnd } from '../spec/container-end.ts';
import { sigkill } from '../spec/signals.ts';
import type { ContainerRecord } from '../store/container-record.ts';

const startContainerSteps = ['start', 'record', 'answer'] as const;
type Step = (typeof startContainerSteps)[number];

type StartServices = Pick<Services, 'instance' | 'store' | 'handlers' | 'locks' | 'exits' | 'kernel'>;

export async function startContainer(
  services: StartServices,
  request: StartContainerRequest,
  call: Call,
): Promise<StartContainerResponseInit> {
  const { id } = services.store.container(request.containerId);
  // Two starts of one container take turns; the second then finds it started.
  await services.locks.hold(
    id,
    call.signal,
    async () => await startCreated(services, services.store.container(id), call),
  );
  return {};
}

async function startCreated(services: StartServices, record: ContainerRecord, call: Call): Promise<void> {
  if (isUnanswered(services, record)) return;
  if (record.exit !== null || record.startedAtNs > 0n) {
    const state = record.exit === null ? 'running' : 'exited';
    throw failedPrecondition(
      'NotCreated',
      `start container "${record.id}": it is ${state}, expected created`,
    );
  }
  const steps = new Steps<Step>(
    'StartContainer',
    call.log.child({ container: record.id, pod: record.podId }),
  );
  const { runtime } = await services.handlers.get(record.handler);
  const startedAtNs = nowNs();
  using start = services.exits.beginStart(record.id, startedAtNs);
  try {
    await steps.run('start', async () => await runtime.start(record.id));
  } catch (error) {
    start[Symbol.dispose]();
    await recordStartError(services, record, error);
    throw unknown('StartFailed', `start container "${record.id}"`, { cause: error });
  }
  await steps.run('record', () => {
    // Seen at once and written beside the answer: a daemon that dies before finds the container running.
    services.store.containers
      .observe(record.id, 'daemon', (now) => ({ ...now, startedAtNs, startedBy: services.instance }))
      .catch((error: unknown) => call.log.error({ container: record.id, err: error }, 'record start'));
  });
  await steps.run('answer', () => undefined);
  steps.finish();
}

/** Started by a daemon that died: its client asks again since it may not have been answered. */
function isUnanswered(services: StartServices, record: ContainerRecord): boolean {
  return record.startedAtNs > 0n && record.startedBy !== '' && record.startedBy !== services.instance;
}

/** The process that waits to be started is ended, and the container says why it never ran. */
async function recordStartError(
  services: StartServices,
  record: ContainerRecord,
  error: unknown,
): Promise<void> {
  const startedAtNs = nowNs();
  const exit = {
    finishedAtNs: nowNs(),
    ...startErrorEnd,
    message: messageOf(error),
  };
  // The end first: a container with a start and without an end is running.
  await services.exits.conclude(record.id, exit);
  await services.store.containers.update(record.id, 'power-cut', (now) => ({ ...now, startedAtNs }));
  using handle = await openIdentified(services.kernel, record.process);
  handle?.signal(sigkill);
}
