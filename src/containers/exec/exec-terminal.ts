/**
 * An exec with a terminal: the runtime makes the terminal and sends its master to a socket of ours.
 */
import { randomBytes } from 'node:crypto';
import { joinPath, type AbsolutePath } from '../../base/ids.ts';
import { withDeadline } from '../../base/time.ts';
import type { FdMailbox } from '../../kernel/contract/files.ts';
import type { RemoteIo } from '../../runtime/sessions/sessions.ts';
import { startExec, type RunningExec } from '../../runtime/sessions/exec-process.ts';
import { PiecesOfStream } from '../../runtime/sessions/pieces.ts';
import { PtyMaster } from '../../runtime/sessions/pty-master.ts';
import { endOf, feed, type ExecPlan, type ExecServices } from './exec-streams.ts';
import { OutputPump } from './output-pump.ts';

const masterTimeoutMs = 10_000;

/** @returns the exit code */
export async function runInTerminal(services: ExecServices, plan: ExecPlan): Promise<number> {
  const { record, args, io } = plan;
  const { kernel, paths, reaper } = services;
  const { runtime } = await services.handlers.get(record.handler);
  await using mailbox = await kernel.openFdMailbox(consoleSocketPath(paths.runDir));
  const running = await startExec(
    { runtime, reaper },
    {
      containerId: record.id,
      dir: paths.container(record.id).dir,
      args,
      stdio: ['ignore', 'ignore', 'ignore'],
      terminal: { consoleSocket: mailbox.path, size: io.sizes.latest },
    },
  );
  try {
    return await converse(kernel, io, { running, mailbox });
  } catch (error) {
    await running.kill();
    throw error;
  }
}

async function converse(
  kernel: ExecServices['kernel'],
  io: RemoteIo,
  started: { readonly running: RunningExec; readonly mailbox: FdMailbox },
): Promise<number> {
  const wait = { step: 'take the terminal of the exec', timeoutMs: masterTimeoutMs };
  const fd = await withDeadline(wait, async (signal) => await started.mailbox.receive(signal));
  await using master = new PtyMaster(kernel, fd);
  io.sizes.follow(async (size) => await Promise.resolve(master.resize(size)));
  if (io.stdin !== null) feed(io.stdin, master.input);
  const pump = io.stdout === null ? null : new OutputPump(new PiecesOfStream(master.output), io.stdout);
  if (pump === null) master.output.resume();
  const exitCode = await endOf(started.running, io);
  await pump?.finish();
  return exitCode;
}

/** In the run directory itself: a socket's path is short. */
function consoleSocketPath(runDir: AbsolutePath): AbsolutePath {
  return joinPath(runDir, `${randomBytes(8).toString('hex')}.tty`);
}
