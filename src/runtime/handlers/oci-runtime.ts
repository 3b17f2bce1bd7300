/**
 * One runtime handler: an OCI runtime's command line. The daemon runs `start`, `update`, `delete`, `state` and `exec`
 * itself; `create` is run by the monitor, which must be the container's parent.
 * Source: OCI runtime command line interface (runtime-tools), runc(8), crun(1).
 */
import { mkdir } from 'node:fs/promises';
import type { RuntimeCommand } from '../../../conmon-ts/protocol.ts';
import { CommandError } from '../../base/errors.ts';
import type { AbsolutePath, ContainerId, PodId } from '../../base/ids.ts';
import type { CommandResult } from '../../base/process.ts';
import type { Program, Programs } from '../programs/programs.ts';
import type { SealedProgram } from './sealed-program.ts';

export type OciRuntimeOptions = {
  /** The handler's name in the configuration. */
  readonly name: string;
  /** The program, absolute. */
  readonly path: string;
  /** Where the runtime keeps its state, on tmpfs. */
  readonly root: string;
  /** Global arguments of the handler's own. */
  readonly args: readonly string[];
  readonly isSystemdCgroup: boolean;
  readonly programs: Programs;
  /** Null: the program itself is always run. */
  readonly sealed: SealedProgram | null;
};

const startTimeoutMs = 60_000;
const deleteTimeoutMs = 30_000;
const updateTimeoutMs = 30_000;
const stateTimeoutMs = 10_000;

export class OciRuntime {
  readonly name: string;
  readonly path: string;
  readonly root: string;
  /** What its program is started with. */
  readonly programs: Programs;
  readonly #options: OciRuntimeOptions;
  #isServing = false;

  constructor(options: OciRuntimeOptions) {
    this.name = options.name;
    this.path = options.path;
    this.root = options.root;
    this.programs = options.programs;
    this.#options = options;
  }

  async prepare(): Promise<void> {
    await mkdir(this.root, { recursive: true, mode: 0o700 });
  }

  /** It has been tried, and pods use it: memory is spent on making its calls faster. */
  serve(): void {
    this.#isServing = true;
  }

  /** The program with its global options. */
  command(): RuntimeCommand {
    const { path, root, args, isSystemdCgroup, sealed } = this.#options;
    const systemd = isSystemdCgroup ? ['--systemd-cgroup'] : [];
    return {
      argv: [path, '--root', root, ...systemd, ...args],
      env: runtimeEnvironment(),
      sealed: this.#isServing ? (sealed?.current() ?? null) : null,
    };
  }

  /** The program with its global options and more arguments, to be started by us. */
  program(...more: readonly string[]): Program {
    const { argv, env, sealed } = this.command();
    return { argv: [...argv, ...more], env, ...(sealed ? { file: sealed.path } : {}) };
  }

  /** Lets a created container run. @throws CommandError with the runtime's text */
  async start(id: ContainerId | PodId): Promise<void> {
    await this.#must(['start', id], startTimeoutMs);
  }

  /** Removes what the runtime keeps of a container, killing it if it lives. Unknown to the runtime is removed. */
  async delete(id: string): Promise<void> {
    const result = await this.#run(['delete', '--force', id], deleteTimeoutMs);
    if (result.exitCode === 0 || /does not exist|No such file/.test(result.stderr)) return;
    throw new CommandError({ argv: [this.path, 'delete', '--force', id], ...result });
  }

  /** Changes the limits of a running container. `resourcesFile` holds OCI linux.resources. @throws CommandError */
  async update(id: ContainerId, resourcesFile: AbsolutePath): Promise<void> {
    await this.#must(['update', '--resources', resourcesFile, id], updateTimeoutMs);
  }

  /** `creating`, `created`, `running`, `stopped`, `paused`; null when the runtime does not know the container. */
  async state(id: string): Promise<string | null> {
    const result = await this.#run(['state', id], stateTimeoutMs);
    if (result.exitCode !== 0) return null;
    const state: unknown = JSON.parse(result.stdout.toString('utf8'));
    if (typeof state !== 'object' || state === null || !('status' in state)) return null;
    return typeof state.status === 'string' ? state.status : null;
  }

  /** The first line of `--version`. */
  async version(): Promise<string> {
    const result = await this.programs.mustRun({ argv: [this.path, '--version'], timeoutMs: stateTimeoutMs });
    return result.stdout.toString('utf8').split('\n', 1)[0] ?? '';
  }

  async #must(args: readonly string[], timeoutMs: number): Promise<void> {
    await this.programs.mustRun({ ...this.program(...args), timeoutMs });
  }

  async #run(args: readonly string[], timeoutMs: number): Promise<CommandResult> {
    return await this.programs.run({ ...this.program(...args), timeoutMs });
  }
}

/** What runtimes get of our environment: where to find programs, and the bus for systemd cgroups. */
function runtimeEnvironment(): Record<string, string> {
  const names = ['PATH', 'XDG_RUNTIME_DIR', 'DBUS_SYSTEM_BUS_ADDRESS'];
  const set = names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(set);
}
