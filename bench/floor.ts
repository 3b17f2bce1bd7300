/**
 * The floor: the system calls and process spawns that a pod start cannot do without (namespaces, the CNI plugins, an
 * overlay, the runtime's create and start), one after the other with nothing between them. They are run by a small C program
 * (`floor.c`): a shell costs more than what it starts, and so does a Node process. The container gets the very OCI
 * specification that cri-ts gave to one of its own, so that the runtime has the same work.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../src/base/process.ts';
import { Machine, plainEnv } from '../test/harness/machine.ts';
import { networkPlugins, pluginDirs } from '../test/harness/network.ts';
import { prepareRegistry } from '../test/harness/registry.ts';
import { image } from '../test/harness/test-images.ts';
import type { Subject } from './subjects.ts';

export type FloorHandler = { readonly name: string; readonly path: string };

/** The parts of an OCI configuration that have to be the floor's own. */
type Spec = {
  root: { path: string };
  linux: { cgroupsPath: string; namespaces: { type: string; path?: string }[] };
  mounts: { source?: string; destination: string; type?: string }[];
};

type PodPlace = { readonly id: string; readonly dir: string };

export class Floor implements AsyncDisposable {
  readonly #machine: Machine;
  readonly #program: string;
  readonly #plugins: readonly string[];
  readonly #specs: ReadonlyMap<string, Spec>;
  #count = 0;
  #planCount = 0;

  private constructor(
    machine: Machine,
    program: string,
    parts: { readonly plugins: readonly string[]; readonly specs: ReadonlyMap<string, Spec> },
  ) {
    this.#machine = machine;
    this.#program = program;
    this.#plugins = parts.plugins;
    this.#specs = parts.specs;
  }

  /** @returns null where there is no C compiler, which is then said */
  static async prepare(model: Subject, handlers: readonly string[]): Promise<Floor | null> {
    const machine = await Machine.create();
    const program = await compileFloor(machine);
    if (program === null) {
      await machine.close();
      return null;
    }
    await unpackImage(machine);
    const specs = new Map<string, Spec>();
    for (const handler of handlers) specs.set(handler, await modelSpec(model, machine, handler));
    return new Floor(machine, program, { plugins: await writePlugins(machine), specs });
  }

  /**
   * One pod from nothing to a running container, `execs` commands in it, and its end.
   * @returns milliseconds by step: `network`, `create`, `start`, `exec`, `end`
   */
  async life(handler: FloorHandler, execs: number): Promise<ReadonlyMap<string, readonly number[]>> {
    const pod = await this.#place(handler);
    return await this.#drive([
      ...this.#startPlan(pod, handler),
      ...execPlan(pod.id, this.#runtime(handler), execs),
      ...this.#endPlan(pod, handler),
    ]);
  }

  /** `count` pods, `width` at a time; only their starts are timed. @returns seconds of wall clock */
  async manyStarts(handler: FloorHandler, count: number, width: number): Promise<number> {
    const lanes: PodPlace[][] = Array.from({ length: width }, () => []);
    for (let index = 0; index < count; index += 1) lanes[index % width]?.push(await this.#place(handler));
    const started = performance.now();
    await Promise.all(lanes.map((pods) => this.#drive(pods.flatMap((pod) => this.#startPlan(pod, handler)))));
    const seconds = (performance.now() - started) / 1000;
    for (const pod of lanes.flat()) await this.#drive(this.#endPlan(pod, handler));
    return seconds;
  }

  #runtime(handler: FloorHandler): readonly string[] {
    return [handler.path, '--root', this.#machine.path(`state-${handler.name}`)];
  }

  /** Directories and config.json are made before the clock runs. */
  async #place(handler: FloorHandler): Promise<PodPlace> {
    this.#count += 1;
    const id = `floor-${this.#count}`;
    const dir = this.#machine.path(id);
    for (const name of ['bundle', 'upper', 'work', 'root']) await mkdir(join(dir, name), { recursive: true });
    const spec = structuredClone(this.#specs.get(handler.name));
    if (spec === undefined) throw new Error(`no model specification for ${handler.name}`);
    spec.root.path = join(dir, 'root');
    spec.linux.cgroupsPath = `${this.#machine.cgroupParent}/${id}`;
    for (const space of spec.linux.namespaces) {
      const pin = { network: 'net', ipc: 'ipc', uts: 'uts' }[space.type];
      if (pin !== undefined) space.path = join(dir, pin);
    }
    await writeFile(join(dir, 'bundle/config.json'), JSON.stringify(spec));
    return { id, dir };
  }

  #startPlan(pod: PodPlace, handler: FloorHandler): readonly string[] {
    const lower = this.#machine.path('image');
    const overlay = `lowerdir=${lower},upperdir=${pod.dir}/upper,workdir=${pod.dir}/work`;
    const runtime = this.#runtime(handler);
    return [
      step('ns', pod.dir),
      ...this.#pluginPlan(pod, 'ADD'),
      step('mark', 'network'),
      step('overlay', overlay, `${pod.dir}/root`),
      run(runtime, 'create', '--bundle', `${pod.dir}/bundle`, '--pid-file', `${pod.dir}/pid`, pod.id),
      step('mark', 'create'),
      run(runtime, 'start', pod.id),
      step('mark', 'start'),
    ];
  }

  #endPlan(pod: PodPlace, handler: FloorHandler): readonly string[] {
    const umounts = ['root', 'net', 'ipc', 'uts'].map((name) => run(['/bin/umount'], `${pod.dir}/${name}`));
    return [
      run(this.#runtime(handler), 'delete', '--force', pod.id),
      ...this.#pluginPlan(pod, 'DEL').toReversed(),
      ...umounts,
      step('mark', 'end'),
    ];
  }

  /** Each plugin gets the result of the one before it, put together from three files. */
  #pluginPlan(pod: PodPlace, command: 'ADD' | 'DEL'): readonly string[] {
    const env = [
      `CNI_COMMAND=${command}`,
      `CNI_CONTAINERID=${pod.id}`,
      `CNI_NETNS=${pod.dir}/net`,
      'CNI_IFNAME=eth0',
      `CNI_PATH=${pluginDirs(this.#machine).join(':')}`,
      `PATH=${plainEnv['PATH'] ?? ''}`,
    ];
    return this.#plugins.flatMap((plugin, index) => {
      const base = this.#machine.path(`plugin-${index}`);
      const out = command === 'ADD' ? `${pod.dir}/result-${index}` : '/dev/null';
      const spawn = (input: string): string => step('run', input, out, String(env.length), ...env, plugin);
      if (index === 0 || command === 'DEL') return [spawn(`${base}.json`)];
      const input = `${pod.dir}/input-${index}`;
      const end = this.#machine.path('brace');
      return [step('concat', input, `${base}.head`, `${pod.dir}/result-${index - 1}`, end), spawn(input)];
    });
  }

  async #drive(plan: readonly string[]): Promise<ReadonlyMap<string, readonly number[]>> {
    this.#planCount += 1;
    const file = this.#machine.path(`plan-${this.#planCount}`);
    return await drivePlan(this.#machine, { program: this.#program, file }, plan);
  }

  async close(): Promise<void> {
    await this.#machine.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Runs a plan, which is written to a file first. @returns milliseconds by mark */
export async function drivePlan(
  machine: Machine,
  { program, file }: { readonly program: string; readonly file: string },
  plan: readonly string[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  await writeFile(file, `${plan.join('\n')}\n`);
  const { exitCode, stdout, stderr } = await runCommand({
    argv: machine.enter([program, file]),
    env: plainEnv,
    timeoutMs: 120_000,
  });
  if (exitCode !== 0) throw new Error(`the floor failed: ${stderr.trim()}`);
  const marks = new Map<string, number[]>();
  for (const line of stdout.toString('utf8').trim().split('\n')) {
    const [name = '', ns = ''] = line.split(' ');
    marks.set(name, [...(marks.get(name) ?? []), Number(ns) / 1e6]);
  }
  return marks;
}

function step(...words: readonly string[]): string {
  return words.join('\t');
}

function run(program: readonly string[], ...args: readonly string[]): string {
  const env = [`PATH=${plainEnv['PATH'] ?? ''}`];
  return step('run', '/dev/null', '/dev/null', String(env.length), ...env, ...program, ...args);
}

/** Steps that run `true` in a container so many times, each with a mark `exec`. */
export function execPlan(id: string, runtime: readonly string[], count: number): readonly string[] {
  return Array.from({ length: count }, () => [run(runtime, 'exec', id, 'true'), step('mark', 'exec')]).flat();
}

/** Builds `floor.c` into a machine's directory; null without a C compiler. */
export async function compileFloor(machine: Machine): Promise<string | null> {
  const compiler = ['/usr/bin/cc', '/usr/bin/gcc', '/usr/bin/clang'].find((path) => existsSync(path));
  if (compiler === undefined) return null;
  const program = machine.path('floor');
  await machine.run(compiler, '-O2', '-o', program, join(import.meta.dirname, 'floor.c'));
  return program;
}

/** The busybox layer as a directory: the lower directory of all overlays. */
async function unpackImage(machine: Machine): Promise<void> {
  const layer = (await prepareRegistry()).built.get(image.busybox)?.blobs[0];
  if (layer === undefined) throw new Error('the busybox image has no layer');
  await mkdir(machine.path('image'));
  await writeFile(machine.path('layer.tar.gz'), layer.content);
  await machine.run('tar', '-xzf', machine.path('layer.tar.gz'), '-C', machine.path('image'));
}

async function writePlugins(machine: Machine): Promise<readonly string[]> {
  const paths: string[] = [];
  await writeFile(machine.path('brace'), '}');
  for (const [index, plugin] of networkPlugins(machine).entries()) {
    const config = JSON.stringify({ cniVersion: '1.0.0', name: 'test-net', ...plugin });
    await writeFile(machine.path(`plugin-${index}.json`), config);
    await writeFile(machine.path(`plugin-${index}.head`), `${config.slice(0, -1)},"prevResult":`);
    const type = 'type' in plugin ? String(plugin.type) : '';
    const dir = pluginDirs(machine).find((candidate) => existsSync(join(candidate, type)));
    if (dir === undefined) throw new Error(`the CNI plugin ${type} is not installed`);
    paths.push(join(dir, type));
  }
  return paths;
}

/** The specification of a container of the subject, with the files that it mounts copied to the floor's machine. */
async function modelSpec(model: Subject, machine: Machine, handler: string): Promise<Spec> {
  const pod = await model.runPod(handler);
  const containerId = await model.createContainer(pod);
  const { info } = await model.server.client.call('ContainerStatus', { containerId, verbose: true });
  const { runtimeSpec } = JSON.parse(info['info'] ?? '{}') as { runtimeSpec: Spec };
  for (const [index, mount] of runtimeSpec.mounts.entries()) {
    if (mount.source?.startsWith(model.machine.root) !== true) continue;
    const own = machine.path(`mount-${handler}-${index}`);
    const source = model.machine.outside(mount.source);
    if ((await stat(source)).isDirectory()) await mkdir(own);
    else await copyFile(source, own);
    mount.source = own;
  }
  await model.removePod(pod);
  return runtimeSpec;
}
