/**
 * One process started in a running container by the runtime's `exec --detach`: the runtime ends at once, the process
 * becomes a child of ours (subreaper), and its standard streams are the descriptors that it was given.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { readBounded } from '../base/files.ts';
import { internal } from '../base/errors.ts';
import { joinPath, type AbsolutePath, type ContainerId } from '../base/ids.ts';
import { withDeadline } from '../base/time.ts';
import { runtimeLogMessage } from './runtime-log.ts';
import type { OciRuntime } from './oci-runtime.ts';
import { exitCodeOf, type Reaper } from './reaper.ts';

export type ExecRequest = {
  readonly containerId: ContainerId;
  /** The container's run directory: bundle and scratch files. */
  readonly dir: AbsolutePath;
  readonly args: readonly string[];
  /** Not used with a terminal. */
  readonly stdio: readonly ('ignore' | number)[];
  /** The process gets a terminal of its own, whose master is sent to a socket. */
  readonly terminal?: ExecTerminal;
  readonly signal: AbortSignal;
};

export type ExecTerminal = {
  /** A listening unix socket; at most 107 bytes. */
  readonly consoleSocket: AbsolutePath;
  /** Null: not known yet. */
  readonly size: { readonly width: number; readonly height: number } | null;
};

export type RunningExec = {
  readonly pid: number;
  readonly exitCode: Promise<number>;
  /** Ends the process with its process group and its descendants. */
  readonly kill: () => Promise<void>;
};

/** An OCI process object without its args and without a terminal, written when the container is created. */
export const execTemplateName = 'exec-process.json';

const startTimeoutMs = 60_000;
const maxSpecBytes = 16 * 1024 * 1024;
let execCount = 0;

/** @throws an Error with the runtime's own words when the process cannot be started */
export async function startExec(
  services: { readonly runtime: OciRuntime; readonly reaper: Reaper },
  request: ExecRequest,
): Promise<RunningExec> {
  execCount += 1;
  const scratch = (kind: string): AbsolutePath => joinPath(request.dir, `exec-${execCount}.${kind}`);
  const files = { process: scratch('json'), pid: scratch('pid'), log: scratch('log') };
  try {
    await writeFile(files.process, await processSpec(request), { mode: 0o600 });
    const pid = await launch(services.runtime, request, files);
    const exitCode = services.reaper.wait(pid).then(exitCodeOf);
    return { pid, exitCode, kill: async () => await killTree(pid) };
  } finally {
    // Nobody waits for that; what is left goes with the container's directory.
    for (const path of Object.values(files)) void rm(path, { force: true }).catch(() => undefined);
  }
}

type ExecFiles = { readonly process: AbsolutePath; readonly pid: AbsolutePath; readonly log: AbsolutePath };

async function launch(runtime: OciRuntime, request: ExecRequest, files: ExecFiles): Promise<number> {
  const { argv, env } = runtime.command();
  const [program, ...global] = argv;
  const started = runtime.programs.start({
    argv: [
      program,
      ...global,
      '--log',
      files.log,
      '--log-format',
      'json',
      'exec',
      '--detach',
      '--pid-file',
      files.pid,
      '--process',
      files.process,
      ...(request.terminal === undefined ? [] : ['--console-socket', request.terminal.consoleSocket]),
      request.containerId,
    ],
    env,
    stdio: request.stdio,
  });
  const step = `start exec in container "${request.containerId}"`;
  try {
    const end = await withDeadline(
      { step, timeoutMs: startTimeoutMs, signal: request.signal },
      async () => await started.ended,
    );
    if (end.exitCode !== 0) throw new Error(await runtimeLogMessage(files.log));
  } catch (error) {
    started.kill();
    throw error;
  }
  const pid = Number((await readFile(files.pid, 'utf8')).trim());
  if (Number.isInteger(pid) && pid > 1) return pid;
  throw internal('BadPidFile', `${step}: the runtime wrote no pid`);
}

/**
 * The container's own process with other arguments. It is spliced as text: numbers of 64 bits (resource limits) would not
 * survive a parser.
 */
async function processSpec(request: ExecRequest): Promise<string> {
  const template = await readBounded(joinPath(request.dir, execTemplateName), maxSpecBytes);
  if (template === null)
    throw internal('NoSpec', `container "${request.containerId}": its ${execTemplateName} is gone`);
  const args = `{"args":${JSON.stringify(request.args)},`;
  const rest = template.toString('utf8').slice(1);
  if (request.terminal === undefined) return args + rest;
  // Quotes within texts are escaped: what looks like a field is one.
  return args + terminalFields(request.terminal) + withTerm(rest.replace('"terminal":false,', ''));
}

/** Source: OCI runtime spec, process.terminal, process.consoleSize. */
function terminalFields({ size }: ExecTerminal): string {
  const isKnown = size !== null && size.width > 0 && size.height > 0;
  return `"terminal":true,${isKnown ? `"consoleSize":${JSON.stringify(size)},` : ''}`;
}

/** Programs in a terminal want to know which; what the container itself has set comes later and counts. */
function withTerm(template: string): string {
  return template.replace(/"env":\[("?)/, (_all, quote: string) =>
    quote === '' ? '"env":["TERM=xterm"' : `"env":["TERM=xterm",${quote}`,
  );
}

/** Ends a process with its group and all its descendants: a probe's shell must not leave its children behind. */
async function killTree(pid: number): Promise<void> {
  const descendants = await descendantsOf(pid);
  for (const target of [-pid, pid, ...descendants]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  }
}

const maxDescendants = 4096;

async function descendantsOf(pid: number): Promise<readonly number[]> {
  const found: number[] = [];
  const queue = [pid];
  for (let next = queue.shift(); next !== undefined && found.length < maxDescendants; next = queue.shift()) {
    const children = await readFile(`/proc/${next}/task/${next}/children`, 'utf8').catch(() => '');
    const pids = children
      .split(' ')
      .filter((word) => word !== '')
      .map(Number);
    found.push(...pids);
    queue.push(...pids);
  }
  return found;
}
