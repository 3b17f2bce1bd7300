/**
 * Attach: grants a session in which a client sees and feeds the streams of a running container's first process, by way of
 * the monitor that holds them. Source: CRI AttachRequest; cri.md 2.9.
 */
import type { AttachRequest, AttachResponseInit } from '../../cri-api/runtime-v1.ts';
import { failedPrecondition, unavailable } from '../base/errors.ts';
import { joinPath } from '../base/ids.ts';
import { withDeadline } from '../base/time.ts';
import { attachTo } from '../runtime/sessions/attach-client.ts';
import { isAlive } from '../runtime/programs/process-identity.ts';
import type { RemoteIo } from '../runtime/sessions/sessions.ts';
import type { Services } from '../services.ts';
import type { ContainerRecord } from '../store/container-record.ts';
import { checkStreams, subjectOf } from './exec.ts';

type AttachServices = Pick<Services, 'store' | 'monitors' | 'paths' | 'streams' | 'exits'>;

const resizeTimeoutMs = 5_000;
/** A process that closes its output is mostly about to end. */
const lastWordsMs = 500;
/** For the monitor to tell the end of a process that is dead. */
const exitNewsMs = 10_000;

/** @throws UnknownContainer, NotRunning, BadStreams, TooManyTickets */
export async function attach(services: AttachServices, request: AttachRequest): Promise<AttachResponseInit> {
  checkStreams(request);
  const record = services.store.container(request.containerId);
  if (record.exit !== null || record.startedAtNs === 0n) {
    const state = record.exit === null ? 'created' : 'exited';
    throw failedPrecondition('NotRunning', `attach to container "${record.id}": it is ${state}`);
  }
  const { stdin, stdout, stderr, tty } = request;
  const url = await services.streams.admitCommand({
    kind: 'attach',
    subject: subjectOf(services, record),
    wants: { stdin, stdout, stderr, tty },
    run: async (io) => await run(services, record, io),
  });
  return { url };
}

/** The monitor ends the connection when the container's output has ended. @returns 0: how the container ended is no news here */
async function run(services: AttachServices, record: ContainerRecord, io: RemoteIo): Promise<number> {
  const { store, monitors, paths } = services;
  const slot = store.pods.get(record.podId)?.monitor ?? null;
  if (record.config.tty && slot !== null) {
    io.sizes.follow(async ({ width, height }) => {
      const params = { containerId: record.id, width, height };
      if (width > 0 && height > 0)
        await monitors.request(slot, 'resize', { params, timeoutMs: resizeTimeoutMs });
    });
  }
  await attachTo(joinPath(paths.container(record.id).dir, 'attach'), io);
  if (!io.signal.aborted) await expectEnd(services, record);
  return 0;
}

/**
 * The exit is known a moment after the output has ended; where the process still runs the attachment alone was lost.
 * @throws AttachLost when the container goes on without us
 */
async function expectEnd(services: AttachServices, record: ContainerRecord): Promise<void> {
  if (await hasExitedWithin(services, record.id, lastWordsMs)) return;
  const isDead = !(await isAlive(record.process));
  if (isDead && (await hasExitedWithin(services, record.id, exitNewsMs))) return;
  throw unavailable(
    'AttachLost',
    'attach ended before the container: its output was closed, or the monitor has ended',
  );
}

async function hasExitedWithin(
  services: AttachServices,
  id: ContainerRecord['id'],
  timeoutMs: number,
): Promise<boolean> {
  const wait = { step: `hear of the exit of container "${id}"`, timeoutMs };
  try {
    await withDeadline(wait, async (signal) => await services.exits.wait(id, signal));
    return true;
  } catch {
    // Not in that time, which is the answer.
    return false;
  }
}
