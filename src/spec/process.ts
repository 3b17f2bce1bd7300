/**
 * The process of a container: arguments, environment and working directory from the image and the request.
 * Source: OCI image config (Entrypoint, Cmd, Env, WorkingDir); CRI ContainerConfig; cri.md 1.4.
 */
import { invalid } from '../base/errors.ts';
import type { ContainerConfig } from './requests/container-config.ts';

/** The parts of an image's configuration that matter to a process; untrusted. Absent text is "". */
export type ImageProcessConfig = {
  readonly user: string;
  /** `NAME=value` */
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly workingDir: string;
  /** Paths in the container. */
  readonly volumes: readonly string[];
  /** `SIGTERM`, `15`; null or empty when the image says nothing. */
  readonly stopSignal: string | null;
};

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * `command` replaces ENTRYPOINT and discards CMD; `args` replaces CMD.
 * @throws NoCommand, InvalidCommand
 */
export function planArgs(
  config: Pick<ContainerConfig, 'command' | 'args'>,
  image: ImageProcessConfig,
): readonly string[] {
  const hasCommand = config.command.length > 0;
  const entrypoint = hasCommand ? config.command : image.entrypoint;
  const rest = config.args.length > 0 ? config.args : hasCommand ? [] : image.cmd;
  const args = [...entrypoint, ...rest];
  if (args.length === 0)
    throw invalid('NoCommand', 'plan process: expected a command: neither the request nor the image has one');
  if (args[0] === '')
    throw invalid('InvalidCommand', 'plan process: expected a program name, the command is empty');
  if (args.some((arg) => arg.includes('\0')))
    throw invalid('InvalidCommand', 'plan process: expected arguments without NUL bytes');
  return args;
}

export type EnvInput = {
  readonly image: ImageProcessConfig;
  readonly requested: ContainerConfig['envs'];
  readonly hostname: string;
  readonly home: string;
  readonly isTerminal: boolean;
};

/**
 * Defaults (PATH, HOSTNAME, TERM, HOME) < image < request; each name stands once, at the place where it came first.
 * Entries of the image that are no `NAME=value` are dropped: an image is not to be trusted and not to be repaired.
 */
export function planEnv(input: EnvInput): readonly string[] {
  const env = new Map<string, string>([['PATH', defaultPath]]);
  if (input.isTerminal) env.set('TERM', 'xterm');
  env.set('HOSTNAME', input.hostname);
  for (const entry of input.image.env) {
    const at = entry.indexOf('=');
    if (at > 0 && !entry.includes('\0')) env.set(entry.slice(0, at), entry.slice(at + 1));
  }
  for (const [name, value] of input.requested) env.set(name, value);
  if ((env.get('HOME') ?? '') === '') env.set('HOME', input.home);
  return [...env].map(([name, value]) => `${name}=${value}`);
}

/** @throws InvalidWorkingDir when the image's directory has a NUL byte */
export function planWorkingDir(requested: string, image: ImageProcessConfig): string {
  const chosen = requested === '' ? image.workingDir : requested;
  if (chosen === '') return '/';
  if (chosen.includes('\0') || chosen.length > 4096)
    throw invalid(
      'InvalidWorkingDir',
      'plan process: expected a working directory without NUL bytes, at most 4096 bytes',
    );
  return cleanAbsolute(chosen);
}

/** Lexical normal form below `/`: `..` cannot leave it. A relative path is one below the root. */
function cleanAbsolute(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}
