/**
 * ExecSync as probes use it: how long one takes beside the runtime's own exec of the same command in the same container, in
 * turns; and what ten at a time, every second, cost the daemon and its monitors.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compileFloor, drivePlan, execPlan, type FloorHandler } from './floor.ts';
import { cpuSecondsOf } from './process-figures.ts';
import { Samples, timed, type Summary } from './samples.ts';
import type { Subject } from './subjects.ts';

export type ProbeLoad = {
  /** Of the daemon and its monitors (or shims), without the processes that they start. */
  readonly cpuSeconds: number;
  readonly overSeconds: number;
  readonly latency: Summary;
};

export type ExecResult = {
  /** By `cri-ts/crun`, `own/crun` (the runtime by hand), …; milliseconds. */
  readonly latency: Readonly<Record<string, Summary>>;
  /** By subject. */
  readonly load: Readonly<Record<string, ProbeLoad>>;
};

type Place = { readonly name: string; readonly subject: Subject; readonly containerId: string };

export type ExecPlan = {
  readonly rounds: number;
  /** Of the load of probes. */
  readonly seconds: number;
};

const perRound = 5;

export async function measureExecs(
  subjects: readonly Subject[],
  handlers: readonly FloorHandler[],
  plan: ExecPlan,
): Promise<ExecResult> {
  const samples = new Map<string, Samples>();
  const load: Record<string, ProbeLoad> = {};
  const of = (name: string): Samples => {
    const known = samples.get(name) ?? new Samples();
    samples.set(name, known);
    return known;
  };
  try {
    const places: Place[] = [];
    for (const subject of subjects)
      for (const { name } of handlers)
        places.push({ name: `${subject.name}/${name}`, subject, containerId: await runOne(subject, name) });
    const own = await ownExecs(places, handlers);
    for (let round = -1; round < plan.rounds; round += 1)
      for (const measure of [
        ...own,
        ...places.map((place) => ({ name: place.name, run: () => probes(place) })),
      ]) {
        const times = await measure.run();
        // The first round warms up.
        if (round >= 0) for (const ms of times) of(measure.name).add('exec', ms);
      }
    for (const { name, subject, containerId } of places)
      load[name] = await probeLoad(subject, containerId, plan.seconds);
  } finally {
    for (const subject of subjects) await subject.removeAll();
  }
  const latency = Object.fromEntries(
    [...samples].flatMap(([name, each]) => Object.values(each.summaries()).map((summary) => [name, summary])),
  );
  return { latency, load };
}

async function runOne(subject: Subject, handler: string): Promise<string> {
  const containerId = await subject.createContainer(await subject.runPod(handler));
  await subject.startContainer(containerId);
  return containerId;
}

async function probes({ subject, containerId }: Place): Promise<readonly number[]> {
  const times: number[] = [];
  for (let index = 0; index < perRound; index += 1)
    times.push(await timed(() => subject.server.client.call('ExecSync', { containerId, cmd: ['true'] })));
  return times;
}

/** The runtime's exec in our own containers, by the program that also measures the floor; none without a C compiler. */
async function ownExecs(
  places: readonly Place[],
  handlers: readonly FloorHandler[],
): Promise<readonly { readonly name: string; readonly run: () => Promise<readonly number[]> }[]> {
  const ours = places.filter(({ subject }) => subject.name === 'cri-ts');
  const [first] = ours;
  const program = first === undefined ? null : await compileFloor(first.subject.machine);
  if (program === null) return [];
  return ours.flatMap(({ name, subject, containerId }) => {
    const handler = handlers.find((each) => name.endsWith(`/${each.name}`));
    if (handler === undefined) return [];
    const root = subject.machine.path('run', 'runtimes', handler.name);
    if (!existsSync(subject.machine.outside(join(root, containerId)))) return [];
    const plan = execPlan(containerId, [handler.path, '--root', root], perRound);
    const run = async (): Promise<readonly number[]> => {
      const marks = await drivePlan(subject.machine, { program, file: subject.machine.path('execs') }, plan);
      return marks.get('exec') ?? [];
    };
    return [{ name: `own/${handler.name}`, run }];
  });
}

/** Ten probes at once, every second. */
async function probeLoad(subject: Subject, containerId: string, seconds: number): Promise<ProbeLoad> {
  const pids = [subject.server.pid, ...(await subject.monitorPids())];
  const samples = new Samples();
  const cpuBefore = await cpuSecondsOf(pids);
  const startedMs = performance.now();
  for (let second = 1; second <= seconds; second += 1) {
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        const call = { containerId, cmd: ['true'], timeout: 1n };
        samples.add('probe', await timed(() => subject.server.client.call('ExecSync', call)));
      }),
    );
    await sleep(Math.max(0, startedMs + second * 1000 - performance.now()));
  }
  const overSeconds = (performance.now() - startedMs) / 1000;
  const cpuSeconds = (await cpuSecondsOf(pids)) - cpuBefore;
  const latency = Object.values(samples.summaries())[0];
  if (latency === undefined) throw new Error('no probe was measured');
  return { cpuSeconds, overSeconds, latency };
}
