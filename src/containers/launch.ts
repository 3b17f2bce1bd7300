/**
 * Lets the pod's monitor create the container: FIFOs or a terminal, the log, the runtime's `create`. The process then waits
 * for StartContainer.
 */
import { unknown } from '../base/errors.ts';
import { joinPath, type AbsolutePath, type ContainerId } from '../base/ids.ts';
import type { Rollback } from '../base/rollback.ts';
import type { Handler } from '../runtime/handlers/handlers.ts';
import { MonitorFailure } from '../runtime/monitors/monitor-connection.ts';
import type { CreateParams, CreateResult } from '../runtime/monitors/monitors.ts';
import type { Services } from '../services.ts';
import type { ContainerConfig } from '../spec/requests/container-config.ts';
import type { PodRecord, ProcessIdentity } from '../store/pod-record.ts';
import { stdioOwnerOfPod } from './stdio-owner.ts';

export type LaunchServices = Pick<
  Services,
  'config' | 'paths' | 'kernel' | 'monitors' | 'terminals' | 'holds'
>;

export type LaunchRequest = {
  readonly id: ContainerId;
  readonly pod: PodRecord;
  readonly config: ContainerConfig;
  readonly handler: Handler;
  readonly logPath: AbsolutePath | null;
  /** The SELinux label of its files; null: they have none. */
  readonly fileLabel: string | null;
};

/** What the monitor may take longer than the runtime that it runs. */
const marginMs = 5_000;

export async function launch(
  services: LaunchServices,
  request: LaunchRequest,
  rollback: Rollback,
): Promise<ProcessIdentity> {
  const { id, pod, config, handler } = request;
  rollback.defer('delete container', async () => {
    await handler.runtime.delete(id);
    services.terminals.close(id);
    services.holds.release(id);
    await services.monitors.forget(pod.monitor, id);
  });
  const create = async (masterMailbox: AbsolutePath | null): Promise<CreateResult> =>
    await askMonitor(services, request, masterMailbox);
  const created = config.tty ? await services.terminals.collect(id, create) : await create(null);
  const process = { pid: created.pid, startTimeTicks: created.startTimeTicks };
  const runDir = services.paths.container(id).dir;
  if (request.fileLabel !== null) await labelStreams(services, request, request.fileLabel);
  await services.holds.hold({ id, runDir, process, isTerminal: config.tty, hasStdin: config.stdin });
  return process;
}

/** What a process may not write to is closed when it starts, and /dev/null put in its place. Source: selinux, fd inheritance at execve. */
async function labelStreams(
  services: Pick<LaunchServices, 'kernel' | 'paths'>,
  { id, config }: LaunchRequest,
  label: string,
): Promise<void> {
  if (config.tty) return;
  const { dir } = services.paths.container(id);
  for (const name of ['stdout', 'stderr', ...(config.stdin ? ['stdin'] : [])])
    await services.kernel.labelTree(joinPath(dir, name), label);
}

async function askMonitor(
  services: LaunchServices,
  request: LaunchRequest,
  masterMailbox: AbsolutePath | null,
): Promise<CreateResult> {
  const { id, pod, config, handler, logPath } = request;
  const { dir } = services.paths.container(id);
  const timeoutMs = services.config.current.limits.containerCreateTimeoutMs;
  const params: CreateParams = {
    containerId: id,
    runtime: handler.runtime.command(),
    files: { bundleDir: dir, runDir: dir, logPath },
    isTerminal: config.tty,
    hasStdin: config.stdin,
    isStdinOnce: config.stdinOnce,
    createArgs: [],
    timeoutMs,
    masterMailbox,
    stdioOwner: stdioOwnerOfPod(pod),
  };
  try {
    return await services.monitors.request(pod.monitor, 'create', {
      params,
      timeoutMs: timeoutMs + marginMs,
    });
  } catch (cause) {
    if (cause instanceof MonitorFailure) throw unknown(cause.reason, `create container: ${cause.message}`);
    throw cause;
  }
}
