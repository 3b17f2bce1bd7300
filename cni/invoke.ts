/**
 * One operation of one plugin: the environment and input of the protocol, the answer's meaning, and "try again later".
 * It knows nothing of lists. Source: CNI SPEC 1.1, section 2.
 */
import type { Deadline } from './deadline.ts';
import { CniError, cniError, errnoOf, errorCodes, messageOf, printable } from './errors.ts';
import type { FoundPlugin } from './find.ts';
import { asObject, countField, parseJson, textField, type JsonObject } from './json.ts';
import type { Launch } from './launch.ts';
import { runProgram, type RunEnd } from './plugin.ts';

export type Command = 'ADD' | 'DEL' | 'CHECK' | 'STATUS' | 'GC' | 'VERSION';

/** The variables of the operations on one attachment. */
export type AttachmentEnv = {
  readonly containerId: string;
  /** Empty: the namespace is gone (DEL only). */
  readonly netnsPath: string;
  readonly ifName: string;
  /** CNI_ARGS. */
  readonly args: string;
};

export type PluginHost = {
  readonly pluginDirs: readonly string[];
  /** Starts each plugin. */
  readonly launch: Launch;
};

export type Invocation = {
  readonly command: Command;
  readonly plugin: FoundPlugin;
  readonly attachment: AttachmentEnv | null;
  readonly config: JsonObject;
  readonly deadline: Deadline;
};

const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const firstPauseMs = 100;
const maxPauseMs = 2_000;

/**
 * Runs the plugin, again after a pause when it answers code 11 or its file is just being written.
 * @returns its standard output
 * @throws PluginFailed, PluginGarbage, PluginTimedOut, PluginKilled, PluginMissing, Aborted
 */
export async function invoke(host: PluginHost, invocation: Invocation): Promise<string> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(maxPauseMs, pauseMs * 2)) {
    invocation.deadline.signal.throwIfAborted();
    try {
      return await invokeOnce(host, invocation);
    } catch (error) {
      const isTransient =
        (error instanceof CniError && error.code === errorCodes.tryAgainLater) ||
        errnoOf(error) === 'ETXTBSY';
      if (!isTransient || invocation.deadline.remainingMs() <= pauseMs)
        throw asStartFailure(error, invocation);
    }
    await invocation.deadline.sleepMs(pauseMs);
  }
}

async function invokeOnce(host: PluginHost, invocation: Invocation): Promise<string> {
  const end = await runProgram({
    path: invocation.plugin.path,
    env: environment(host, invocation),
    stdin: JSON.stringify(invocation.config),
    launch: host.launch,
    timeoutMs: invocation.deadline.remainingMs(),
    signal: invocation.deadline.signal,
  });
  return judge(end, invocation);
}

function environment(host: PluginHost, invocation: Invocation): Record<string, string> {
  const base = {
    PATH: searchPath,
    CNI_COMMAND: invocation.command,
    CNI_PATH: host.pluginDirs.join(':'),
  };
  const attachment = invocation.attachment;
  if (attachment === null) return base;
  return {
    ...base,
    CNI_CONTAINERID: attachment.containerId,
    CNI_NETNS: attachment.netnsPath,
    CNI_IFNAME: attachment.ifName,
    CNI_ARGS: attachment.args,
  };
}

/** What the end of a run means. Source: CNI SPEC 1.1, section 2, "Errors". */
function judge(end: RunEnd, invocation: Invocation): string {
  const what = describe(invocation);
  const context = { plugin: invocation.plugin.type, stderr: end.stderr };
  if (end.killedFor === 'timeout' || end.killedFor === 'abort') {
    const cause: unknown = invocation.deadline.signal.reason;
    const reason = cause instanceof CniError ? cause.reason : 'PluginTimedOut';
    const why = reason === 'Aborted' ? 'the caller gave up' : 'its time was over';
    throw new CniError({ ...context, reason, message: `${what}: killed, ${why}${tail(end)}`, cause });
  }
  if (end.isStdoutTooLong)
    throw new CniError({ ...context, reason: 'PluginGarbage', message: `${what}: too much output` });
  if (end.signal !== null)
    throw new CniError({
      ...context,
      reason: 'PluginKilled',
      message: `${what}: ended by ${end.signal}${tail(end)}`,
    });
  if (end.exitCode !== 0) throw failure(end, invocation);
  return end.stdout;
}

function describe(invocation: Invocation): string {
  return `plugin "${invocation.plugin.type}" ${invocation.command}`;
}

function tail(end: RunEnd): string {
  const words = printable(end.stderr.slice(-1024), 1024);
  return words === '' ? '' : `: ${words}`;
}

/** The error that a plugin put on its standard output, or the best that can be said without one. */
function failure(end: RunEnd, invocation: Invocation): CniError {
  const context = { plugin: invocation.plugin.type, stderr: end.stderr };
  const exit = `exit code ${end.exitCode ?? 'unknown'}`;
  const what = describe(invocation);
  try {
    const answer = asObject(parseJson(end.stdout, 'error'), 'error');
    const code = countField(answer, 'code', 'error') ?? 0;
    const msg = printable(textField(answer, 'msg', 'error') ?? '', 2048);
    const details = printable(textField(answer, 'details', 'error') ?? '', 4096);
    const words = [msg, details].filter((text) => text !== '').join('; ');
    const message = `${what}: code ${code}: ${words === '' ? exit : words}`;
    return new CniError({ ...context, reason: 'PluginFailed', message, code, msg, details });
  } catch {
    // Not in the specification's form: what it printed is all there is to tell.
    const printed = printable(end.stdout, 512);
    const words = `${printed === '' ? '' : `: ${printed}`}${tail(end)}`;
    return new CniError({ ...context, reason: 'PluginFailed', message: `${what}: ${exit}${words}` });
  }
}

function asStartFailure(error: unknown, invocation: Invocation): unknown {
  if (error instanceof CniError) return error;
  const message = `${describe(invocation)}: start "${invocation.plugin.path}": ${messageOf(error)}`;
  return new CniError({ reason: 'PluginMissing', message, plugin: invocation.plugin.type, cause: error });
}

/** The failure of a plugin that said "success" with an output that is none. */
export function garbage(plugin: FoundPlugin, error: unknown): CniError {
  return cniError(
    'PluginGarbage',
    `plugin "${plugin.type}": no result on standard output: ${printable(messageOf(error), 512)}`,
    error,
  );
}
