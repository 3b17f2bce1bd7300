/**
 * Exec: grants a session in which a client runs a command in a running container, and runs it when the client comes. The
 * process is the runtime's detached exec, as with ExecSync. Source: CRI ExecRequest; cri.md 2.9.
 */
import type { ExecRequest, ExecResponseInit } from '../../cri-api/runtime-v1.ts';
import { invalid } from '../base/errors.ts';
import type { Subject, Wants } from '../runtime/sessions/sessions.ts';
import type { Services } from '../services.ts';
import type { ContainerRecord } from '../store/container-record.ts';
import { runWithPipes, type ExecServices } from './exec/exec-streams.ts';
import { checkRequest } from './exec-sync.ts';
import { runInTerminal } from './exec/exec-terminal.ts';

/** @throws UnknownContainer, NotRunning, EmptyCommand, BadStreams, TooManyTickets */
export async function exec(
  services: ExecServices & Pick<Services, 'store' | 'streams'>,
  request: ExecRequest,
): Promise<ExecResponseInit> {
  checkStreams(request);
  const record = services.store.container(request.containerId);
  checkRequest(record, request);
  const { stdin, stdout, stderr, tty } = request;
  const url = await services.streams.admitCommand({
    kind: 'exec',
    subject: subjectOf(services, record),
    wants: { stdin, stdout, stderr, tty },
    run: async (io) => {
      const plan = { record, args: request.cmd, io };
      return tty ? await runInTerminal(services, plan) : await runWithPipes(services, plan);
    },
  });
  return { url };
}

/** The container, whose exit ends the session. */
export function subjectOf(services: Pick<Services, 'store'>, { id }: ContainerRecord): Subject {
  const { containers } = services.store;
  return {
    id,
    watchEnd: (onEnded) => {
      const look = (): void => void (containers.get(id)?.exit === null || onEnded());
      look();
      return containers.watch(id, look);
    },
  };
}

/** Source: CRI ExecRequest, AttachRequest. @throws BadStreams */
export function checkStreams(wants: Wants): void {
  if (wants.tty && wants.stderr)
    throw invalid('BadStreams', 'streams: tty and stderr cannot both be had, a terminal has one output');
  if (!wants.stdin && !wants.stdout && !wants.stderr)
    throw invalid('BadStreams', 'streams: expected at least one of stdin, stdout, stderr');
}
