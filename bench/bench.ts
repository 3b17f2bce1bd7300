/**
 * `npm run bench`: measures cri-ts, containerd where it is installed, and the floor by hand, in one run on one machine, prints
 * tables and writes bench-results.json; `npm run bench -- --help` says what it takes. It judges by marks only: a figure is no test.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { messageOf } from '../src/base/errors.ts';
import { isContainerdInstalled } from '../test/harness/containerd.ts';
import { hasBundle } from '../test/harness/daemon.ts';
import { Floor, type FloorHandler } from './floor.ts';
import { measurePulls } from './image-pulls.ts';
import { measureFootprint, type FootprintResult } from './footprint.ts';
import { judge, type Results } from './goals.ts';
import { logPlans, measureLog, measurePipe, type LogResult } from './log-writing.ts';
import { measureExecs } from './exec-probes.ts';
import { floorStarts, measureParallel, subjectStarts } from './parallel-starts.ts';
import { readOptions, wants, wantsMoreThan } from './options.ts';
import { floorContender, measureLives, subjectContender } from './pod-life.ts';
import { measureQueries } from './queries.ts';
import { goals, heading, say } from './report.ts';
import { measureStats, printStats } from './stats-queries.ts';
import { measureCensus, type CensusResult } from './stream-census.ts';
import { measureStreams } from './stream-rates.ts';
import { Subject } from './subjects.ts';
import { printCensus, printExecs, printStreams } from './stream-tables.ts';
import { printFootprint, printLives, printLogs, printParallel, printPulls, printQueries } from './tables.ts';

const options = readOptions(process.argv.slice(2));

const handlers: readonly FloorHandler[] = [
  { name: 'crun', path: '/usr/bin/crun' },
  { name: 'runc', path: '/usr/sbin/runc' },
].filter(({ path }) => existsSync(path));

type Field = { readonly subjects: readonly Subject[]; readonly floor: Floor | null };

async function lives(field: Field, isHostNetwork: boolean): Promise<Results['lives'] & object> {
  const rounds = options.quick ? 5 : 20;
  const contenders = field.subjects.flatMap((subject) =>
    handlers.map(({ name }) => subjectContender(subject, name, isHostNetwork)),
  );
  const { floor } = field;
  const floors =
    floor === null || isHostNetwork ? [] : handlers.map((handler) => floorContender(floor, handler));
  return await measureLives([...contenders, ...floors], rounds);
}

async function parallel(field: Field): Promise<Results['parallel'] & object> {
  const { floor, subjects } = field;
  const contenders = subjects.flatMap((subject) => handlers.map(({ name }) => subjectStarts(subject, name)));
  const floors = floor === null ? [] : handlers.map((handler) => floorStarts(floor, handler));
  return await measureParallel([...contenders, ...floors], {
    rounds: options.quick ? 1 : 3,
    count: 24,
    width: 8,
  });
}

async function queries(
  field: Field,
): Promise<Readonly<Record<string, Awaited<ReturnType<typeof measureQueries>>>>> {
  const sizes = options.quick ? [50] : [50, 500];
  const found: Record<string, Awaited<ReturnType<typeof measureQueries>>> = {};
  for (const subject of field.subjects) {
    const handler = subject.name === 'cri-ts' ? 'crun' : 'runc';
    found[subject.name] = await measureQueries(subject, handler, { sizes, calls: options.quick ? 50 : 200 });
  }
  return found;
}

const statsContainers = 50;

async function stats(field: Field): Promise<Results['stats'] & object> {
  const how = { containers: statsContainers, rounds: options.quick ? 10 : 40 };
  const found: Record<string, Awaited<ReturnType<typeof measureStats>>> = {};
  for (const subject of field.subjects)
    found[subject.name] = await measureStats(subject, subject.name === 'cri-ts' ? 'crun' : 'runc', how);
  return found;
}

async function footprint(field: Field): Promise<Readonly<Record<string, FootprintResult>>> {
  const found: Record<string, FootprintResult> = {};
  for (const subject of field.subjects) {
    const ours = subject.name === 'cri-ts';
    const sizes = ours && !options.quick ? [0, 30, 100] : [0, 30];
    // Memory of a process that has worked before says nothing about one that idles from its start.
    await subject.server.restart();
    found[subject.name] = await measureFootprint(subject, ours ? 'crun' : 'runc', {
      sizes,
      idleAt: 30,
      idleSeconds: options.quick ? 10 : 30,
    });
  }
  return found;
}

async function logs(field: Field): Promise<Readonly<Record<string, Readonly<Record<string, LogResult>>>>> {
  const found: Record<string, Record<string, LogResult>> = {};
  for (const plan of logPlans) {
    const bytes = options.quick ? plan.bytes / 5 : plan.bytes;
    for (const subject of field.subjects) {
      const results = (found[subject.name] ??= {});
      results[plan.name] = await measureLog(subject, subject.name === 'cri-ts' ? 'crun' : 'runc', {
        ...plan,
        bytes,
      });
    }
    const [subject] = field.subjects;
    if (subject !== undefined)
      (found['floor'] ??= {})[plan.name] = await measurePipe(subject, { ...plan, bytes });
  }
  return found;
}

async function execs(field: Field): Promise<Results['execs'] & object> {
  const plan = options.quick ? { rounds: 8, seconds: 10 } : { rounds: 40, seconds: 60 };
  return await measureExecs(field.subjects, handlers, plan);
}

async function streams(field: Field): Promise<Results['streams'] & object> {
  const plan = options.quick
    ? { bytes: 1 << 28, rounds: 2, echoes: 200 }
    : { bytes: 1 << 30, rounds: 3, echoes: 1000 };
  const handlerOf = (subject: Subject): string => (subject.name === 'cri-ts' ? 'crun' : 'runc');
  return await measureStreams(field.subjects, handlerOf, plan);
}

async function census(field: Field): Promise<Results['census'] & object> {
  const found: Record<string, CensusResult> = {};
  for (const subject of field.subjects) {
    const handler = subject.name === 'cri-ts' ? 'crun' : 'runc';
    try {
      found[subject.name] = await measureCensus(subject, handler, options.quick ? 200 : 1000);
    } catch (error) {
      // containerd 1.6 leaves a client without its status now and then: that ends its own row only.
      if (subject.name === 'cri-ts') throw error;
      say(`${subject.name}, execs one after the other: ${messageOf(error)}`);
      await subject.removeAll();
    }
  }
  return found;
}

type Found = { -readonly [Key in keyof Results]: Results[Key] };

async function measureSessions(field: Field, results: Found): Promise<void> {
  if (wants(options, 'execs')) printExecs((results.execs = await execs(field)));
  if (wants(options, 'streams')) printStreams((results.streams = await streams(field)));
  if (wants(options, 'census')) printCensus((results.census = await census(field)));
}

async function measure(field: Field): Promise<Results> {
  const results: Found = {};
  if (wants(options, 'lives')) printLives('One pod at a time', (results.lives = await lives(field, false)));
  if (wants(options, 'host-network'))
    printLives('One pod at a time, host network', (results.hostNetworkLives = await lives(field, true)));
  if (wants(options, 'parallel')) printParallel((results.parallel = await parallel(field)));
  if (wants(options, 'queries')) {
    const found = await queries(field);
    results.queries = found;
    printQueries(found);
  }
  if (wants(options, 'stats')) printStats(statsContainers, (results.stats = await stats(field)));
  if (wants(options, 'logs')) printLogs((results.logs = await logs(field)));
  await measureSessions(field, results);
  if (wants(options, 'images')) {
    results.images = await measurePulls({
      rounds: options.quick ? 1 : 3,
      names: options.image ?? [],
    });
    printPulls(results.images);
  }
  if (wants(options, 'footprint')) printFootprint((results.footprint = await footprint(field)));
  return results;
}

async function openField(stack: AsyncDisposableStack): Promise<Field> {
  const subjects: Subject[] = [];
  // Pulls have machines of their own.
  if (!wantsMoreThan(options, 'images')) return { subjects, floor: null };
  if (options.criTs) subjects.push(stack.use(await Subject.start('cri-ts')));
  if (options.containerd && isContainerdInstalled())
    subjects.push(stack.use(await Subject.start('containerd')));
  const [model] = subjects;
  if (model === undefined) throw new Error('nothing to measure');
  const needsFloor = wants(options, 'lives') || wants(options, 'parallel');
  const floor = needsFloor
    ? await Floor.prepare(
        model,
        handlers.map(({ name }) => name),
      )
    : null;
  if (floor !== null) stack.use(floor);
  if (needsFloor && floor === null)
    say('The floor is not measured: there is no C compiler (apt-get install gcc libc6-dev).');
  return { subjects, floor };
}

async function main(): Promise<void> {
  const facts = {
    kernel: release(),
    cpu: cpus()[0]?.model ?? '',
    cores: cpus().length,
    startedAt: new Date().toISOString(),
  };
  heading(`cri-ts benchmark: ${facts.cores} cores (${facts.cpu}), Linux ${facts.kernel}`);
  if (!hasBundle())
    say('cri-ts runs from its sources, which costs time and memory: there is no dist/ (npm run build).');
  await using stack = new AsyncDisposableStack();
  const results = await measure(await openField(stack));
  const judged = judge(results);
  if (judged.length > 0) goals(judged);
  await writeFile(options.output, `${JSON.stringify({ facts, options, results, goals: judged }, null, 2)}\n`);
  say(`\nWritten to ${options.output}`);
}

await main();
