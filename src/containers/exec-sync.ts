/**
 * ExecSync: runs a command in a running container and returns its output and exit code. The process is the runtime's
 * detached exec; as subreaper we are its parent, so its exit code is ours to read. At the deadline the exec's processes
 * are killed, never the container. Source: CRI ExecSyncRequest.
 */
import type { ExecSyncRequest, ExecSyncResponseInit } from '../../cri-api/runtime-v1.ts';
import type { Call } from '../base/call.ts';
import { deadlineExceeded, failedPrecondition, invalid, unknown } from '../base/errors.ts';
import { keepHead, OutputBudget } from '../base/output.ts';
import { withDeadline } from '../base/time.ts';
import { OutputPipe } from '../runtime/programs/output-pipe.ts';
import { startExec, type RunningExec } from '../runtime/sessions/exec-process.ts';
import type { Services } from '../services.ts';
import { stdioOwner } from './stdio-owner.ts';
import type { ContainerRecord } from '../store/container-record.ts';

type ExecServices = Pick<
  Services,
  'store' | 'handlers' | 'kernel' | 'reaper' | 'paths' | 'config' | 'cgroups'
>;

/** How long output may still come when the process has ended: a daemonised child can hold the pipe for ever. */
const drainMs = 200;
/** A timer's longest time; "no limit" is as long as we can wait. */
const longestMs = 2 ** 31 - 1;

export async function execSync(
  services: ExecServices,
  request: ExecSyncRequest,
  call: Call,
): Promise<ExecSyncResponseInit> {
  const record = services.store.container(request.containerId);
  checkRequest(record, request);
  services.cgroups.hastenMoves();
  const { runtime } = await services.handlers.get(record.handler);
  const budget = new OutputBudget(Number(services.config.current.limits.execOutputBytes));
  const [out, err] = [keepHead(budget), keepHead(budget)];
  using stdout = new OutputPipe(services.kernel, out.take);
  using stderr = new OutputPipe(services.kernel, err.take);
  const exec = await startExec(
    { runtime, reaper: services.reaper },
    {
      containerId: record.id,
      dir: services.paths.container(record.id).dir,
      args: request.cmd,
      stdio: ['ignore', stdout.writeEnd, stderr.writeEnd],
      stdioOwner: stdioOwner(services, record),
    },
  ).catch((cause: unknown) => {
    throw unknown('ExecFailed', `exec in container "${record.id}"`, { cause });
  });
  const pipes = [stdout, stderr];
  for (const pipe of pipes) pipe.handedOver();
  const exitCode = await endOf(exec, request, call);
  await Promise.all(pipes.map(async (pipe) => await pipe.finish(drainMs)));
  return { stdout: out.content(), stderr: err.content(), exitCode };
}

/** @throws NotRunning, EmptyCommand */
export function checkRequest(record: ContainerRecord, request: { readonly cmd: readonly string[] }): void {
  if (record.exit !== null || record.startedAtNs === 0n) {
    const state = record.exit === null ? 'created' : 'exited';
    throw failedPrecondition(
      'NotRunning',
      `exec in container "${record.id}": it is ${state}, expected running`,
    );
  }
  if (request.cmd.length === 0) throw invalid('EmptyCommand', 'exec: expected a command in cmd');
  if (request.cmd.some((word) => word.includes('\0')))
    throw invalid('BadCommand', 'exec: expected words without NUL in cmd');
}

async function endOf(exec: RunningExec, request: ExecSyncRequest, call: Call): Promise<number> {
  const isLimited = request.timeout > 0n;
  const timeoutMs = isLimited ? Math.min(Number(request.timeout) * 1000, longestMs) : longestMs;
  try {
    return await withDeadline(
      { step: 'exec', timeoutMs, signal: call.signal },
      async () => await exec.exitCode,
    );
  } catch (error) {
    await exec.kill();
    if (call.signal.aborted || !isLimited) throw error;
    throw deadlineExceeded('ExecTimedOut', 'command timed out', { cause: error });
  }
}
