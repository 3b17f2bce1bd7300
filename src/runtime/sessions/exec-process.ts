/**
 * One process started in a running container by the runtime's `exec --detach`: the runtime ends at once, the process
 * becomes a child of ours (subreaper), and its standard streams are the descriptors that it was given.
 */
import { randomBytes } from 'node:crypto';
import { fchownSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { readBounded } from '../../base/files.ts';
import { internal } from '../../base/errors.ts';
import { joinPath, type AbsolutePath, type ContainerId } from '../../base/ids.ts';
import { withDeadline } from '../../base/time.ts';
import { endLeftExec, execFiles, type ExecFiles } from './exec-files.ts';
import { killTree } from '../programs/process-tree.ts';
import { runtimeLogMessage } from '../handlers/runtime-log.ts';
import type { OciRuntime } from '../handlers/oci-runtime.ts';
import { exitCodeOf, type Reaper } from '../programs/reaper.ts';

export type ExecRequest = {
  readonly containerId: ContainerId;
  /** The container's run directory: bundle and scratch files. */
  readonly dir: AbsolutePath;
  readonly args: readonly string[];
  /** Not used with a terminal. */
  readonly stdio: readonly ('ignore' | number)[];
  /** Who may open them by name (/dev/stdout): root of a user namespace, in ids of the host. Null or absent: root. */
  readonly stdioOwner?: { readonly uid: number; readonly gid: number } | null;
  /** The process gets a terminal of its own, whose master is sent to a socket. */
  readonly terminal?: ExecTerminal;
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

/** Names this daemon's execs apart from those that an earlier one has left. */
const ours = randomBytes(4).toString('hex');
let execCount = 0;

/**
 * Goes on when the caller has left, for nobody would know what has started by then: it is killed as soon as it runs. A
 * runtime that hangs is ended after a minute.
 * @throws an Error with the runtime's own words when the process cannot be started
 */
export async function startExec(
  services: { readonly runtime: OciRuntime; readonly reaper: Reaper },
  request: ExecRequest,
): Promise<RunningExec> {
  execCount += 1;
  const files = execFiles(request.dir, `exec-${ours}-${execCount}`);
  try {
    // The run directory is on a tmpfs: this takes less time than to hand it to another thread.
    writeFileSync(files.process, await processSpec(request), { mode: 0o600 });
    giveStreams(request);
    await launch(services.runtime, request, files);
    return follow(services.reaper, pidIn(files), files);
  } catch (error) {
    discard(files.pid);
    throw error;
  } finally {
    discard(files.process);
    discard(files.log);
  }
}

/** The pid file stays while the process runs: should this daemon die, the next one finds it there. */
function follow(reaper: Reaper, pid: number, files: ExecFiles): RunningExec {
  let hasEnded = false;
  const exitCode = reaper.wait(pid).then((waitStatus) => {
    hasEnded = true;
    discard(files.pid);
    return exitCodeOf(waitStatus);
  });
  // Until it has been waited for, its number is its own.
  return { pid, exitCode, kill: async () => await (hasEnded ? undefined : killTree(pid)) };
}

/** What is left goes with the container's directory. */
function discard(path: AbsolutePath): void {
  try {
    unlinkSync(path);
  } catch {
    // It was not written, or has gone with its directory.
  }
}

function giveStreams({ stdio, stdioOwner = null }: ExecRequest): void {
  if (stdioOwner === null) return;
  for (const fd of stdio) if (fd !== 'ignore') fchownSync(fd, stdioOwner.uid, stdioOwner.gid);
}

async function launch(runtime: OciRuntime, request: ExecRequest, files: ExecFiles): Promise<void> {
  const { terminal } = request;
  const console = terminal === undefined ? [] : ['--console-socket', terminal.consoleSocket];
  const logging = ['--log', files.log, '--log-format', 'json'];
  const detached = ['--detach', '--pid-file', files.pid, '--process', files.process];
  const started = runtime.programs.start({
    ...runtime.program(...logging, 'exec', ...detached, ...console, request.containerId),
    stdio: request.stdio,
  });
  const step = `start exec in container "${request.containerId}"`;
  const wait = { step, timeoutMs: startTimeoutMs };
  const end = await withDeadline(wait, async () => await started.ended).catch(async (error: unknown) => {
    started.kill();
    // It may have started the process already.
    await endLeftExec({ containerId: request.containerId, files });
    throw error;
  });
  if (end.exitCode !== 0) throw new Error(await runtimeLogMessage(files.log));
}

/** What the runtime has written, on a tmpfs. */
function pidIn(files: ExecFiles): number {
  const pid = Number(readFileSync(files.pid, 'utf8').trim());
  if (Number.isInteger(pid) && pid > 1) return pid;
  throw internal('BadPidFile', `"${files.pid}": the runtime wrote no pid`);
}

/**
 * The container's own process with other arguments. It is spliced as text: numbers of 64 bits (resource limits) would not
 * survive a parser.
 */
async function processSpec(request: ExecRequest): Promise<string> {
  const template = await templateOf(request);
  const args = `{"args":${JSON.stringify(request.args)},`;
  const rest = template.slice(1);
  if (request.terminal === undefined) return args + rest;
  // Quotes within texts are escaped: what looks like a field is one.
  return args + terminalFields(request.terminal) + withTerm(rest.replace('"terminal":false,', ''));
}

/** It never changes: probes come every few seconds. The oldest go. */
const templates = new Map<ContainerId, string>();
const maxTemplates = 256;
const maxKeptLength = 16 * 1024;

async function templateOf({ containerId, dir }: ExecRequest): Promise<string> {
  const known = templates.get(containerId);
  if (known !== undefined) return known;
  const content = await readBounded(joinPath(dir, execTemplateName), maxSpecBytes);
  if (content === null)
    throw internal('NoSpec', `container "${containerId}": its ${execTemplateName} is gone`);
  const template = content.toString('utf8');
  const [oldest] = templates.keys();
  if (templates.size >= maxTemplates && oldest !== undefined) templates.delete(oldest);
  if (template.length <= maxKeptLength) templates.set(containerId, template);
  return template;
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
