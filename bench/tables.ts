/**
 * One table for each part of the benchmark.
 */
import type { FootprintResult } from './footprint.ts';
import type { LogResult } from './log-writing.ts';
import type { LifeResult } from './pod-life.ts';
import type { QueryResult } from './queries.ts';
import type { PullResult } from './image-pulls.ts';
import { imagePlans } from './image-layers.ts';
import { fixed, heading, megabytes, ms, say, table } from './report.ts';
import type { Summary } from './samples.ts';

const steps = [
  'RunPodSandbox',
  'CreateContainer',
  'StartContainer',
  'pod start',
  'ExecSync true',
  'ContainerStatus',
  'StopContainer',
  'RemoveContainer',
  'StopPodSandbox',
  'RemovePodSandbox',
  'end',
] as const;

/** Medians, and behind each of ours its ratio to the floor of the same runtime. */
export function printLives(title: string, lives: LifeResult): void {
  heading(`${title} (ms, median)`);
  const names = Object.keys(lives);
  const cell = (step: string, name: string): string => {
    const own = lives[name]?.[step];
    const floor = lives[`floor/${name.split('/')[1] ?? ''}`]?.[step];
    if (own === undefined || floor === undefined || name.startsWith('floor')) return ms(own);
    return `${ms(own)} (${fixed(own.p50 / floor.p50)}×)`;
  };
  const rows = steps
    .filter((step) => names.some((name) => lives[name]?.[step] !== undefined))
    .map((step) => [
      step === 'pod start' ? 'the three together' : step,
      ...names.map((name) => cell(step, name)),
    ]);
  table([['', ...names], ...rows]);
}

export function printParallel(rates: Readonly<Record<string, Summary>>): void {
  heading('24 pods, 8 at a time (pods per second, median)');
  table([['', 'pods/s'], ...Object.entries(rates).map(([name, rate]) => [name, fixed(rate.p50)])]);
}

export function printQueries(queries: Readonly<Record<string, QueryResult>>): void {
  heading('Queries (ms, median and 90th percentile)');
  const columns = Object.entries(queries).flatMap(([subject, sizes]) =>
    Object.entries(sizes).map(([size, calls]) => ({ title: `${subject}, ${size}`, calls })),
  );
  const names = Object.keys(columns[0]?.calls ?? {});
  table([
    ['containers', ...columns.map(({ title }) => title)],
    ...names.map((name) => [
      name,
      ...columns.map(({ calls }) => `${ms(calls[name])} ${fixed(calls[name]?.p90 ?? NaN)}`),
    ]),
  ]);
}

export function printFootprint(footprint: Readonly<Record<string, FootprintResult>>): void {
  heading('Memory (MB, RSS and PSS), idle CPU, restart');
  const rows = Object.entries(footprint).flatMap(([subject, { sizes }]) =>
    sizes.map(({ pods, daemon, monitors, monitorCount, idleCpu }) => [
      `${subject}, ${pods} pods`,
      `${megabytes(daemon.rssBytes)} ${megabytes(daemon.pssBytes)}`,
      `${megabytes(monitors.rssBytes)} ${megabytes(monitors.pssBytes)}`,
      String(monitorCount),
      megabytes(daemon.pssBytes + monitors.pssBytes),
      idleCpu === null ? '' : `${idleCpu.cpuSeconds.toFixed(2)} s in ${idleCpu.overSeconds} s`,
    ]),
  );
  table([['', 'daemon', 'monitors', 'number', 'together, PSS', 'idle CPU'], ...rows]);
  for (const [subject, { restart }] of Object.entries(footprint)) {
    table([
      [
        `${subject}: killed and started again with ${restart.pods} pods, until ListContainers`,
        `${fixed(restart.ms)} ms`,
      ],
    ]);
  }
}

export function printLogs(logs: Readonly<Record<string, Readonly<Record<string, LogResult>>>>): void {
  heading('One container that writes');
  const rows = Object.entries(logs).flatMap(([subject, plans]) =>
    Object.entries(plans).map(([plan, result]) => [
      `${subject}, ${plan}`,
      fixed(result.megabytesPerSecond),
      Number.isFinite(result.cpuSeconds) ? result.cpuSeconds.toFixed(2) : '',
    ]),
  );
  table([['', 'MB/s', 'CPU s'], ...rows]);
}

/** The fastest round and the median, since what else the machine does only adds. */
export function printPulls(pulls: { readonly images: PullResult; readonly loads: readonly number[] }): void {
  const least = (values: readonly number[]): string =>
    values.length === 0 ? '' : fixed(Math.min(...values));
  const most = (values: readonly number[]): string => (values.length === 0 ? '' : fixed(Math.max(...values)));
  const median = (values: readonly number[]): string =>
    fixed(values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN);
  for (const [name, contenders] of Object.entries(pulls.images)) {
    heading(`Cold pull: ${imagePlans.find((plan) => plan.name === name)?.title ?? name}`);
    const rows = Object.entries(contenders).map(([contender, figures]) => [
      contender,
      least(figures.wallMs),
      median(figures.wallMs),
      least(figures.cpuMs),
      most(figures.stallMs),
      most(figures.ownStallMs),
      figures.rssGrowthBytes.length === 0 ? '' : megabytes(Math.max(...figures.rssGrowthBytes)),
    ]);
    const columns = ['wall ms, least', 'median', 'CPU ms, least', 'stall ms, most', "not the machine's"];
    table([['', ...columns, 'RSS + MB, most'], ...rows]);
  }
  say(
    `  load of the machine (1 min): ${fixed(Math.min(...pulls.loads))} to ${fixed(Math.max(...pulls.loads))}`,
  );
}
