/**
 * What the figures are held against: issue 2, section 8; issue 3, section 8. A goal whose figures were not measured is left out.
 */
import type { ExecResult } from './exec-probes.ts';
import type { FootprintResult } from './footprint.ts';
import type { LogResult } from './log-writing.ts';
import type { PullFigures, PullResult } from './image-pulls.ts';
import type { LifeResult } from './pod-life.ts';
import { fixed, megabytes, type Goal } from './report.ts';
import type { Summary } from './samples.ts';
import type { CensusResult } from './stream-census.ts';
import { bestRate, type StreamResult } from './stream-rates.ts';

export type Results = {
  readonly lives?: LifeResult;
  readonly hostNetworkLives?: LifeResult;
  readonly parallel?: Readonly<Record<string, Summary>>;
  readonly queries?: Readonly<Record<string, unknown>>;
  readonly stats?: Readonly<Record<string, Readonly<Record<string, Summary>>>>;
  readonly footprint?: Readonly<Record<string, FootprintResult>>;
  readonly execs?: ExecResult;
  readonly streams?: Readonly<Record<string, StreamResult>>;
  readonly images?: { readonly images: PullResult; readonly loads: readonly number[] };
  readonly census?: Readonly<Record<string, CensusResult>>;
  readonly logs?: Readonly<Record<string, Readonly<Record<string, LogResult>>>>;
};

export function judge(results: Results): readonly Goal[] {
  return [
    ...['crun', 'runc'].flatMap((handler) => startGoals(results, handler)),
    ...parallelGoals(results),
    ...statsGoals(results),
    ...footprintGoals(results),
    ...logGoals(results),
    ...execGoals(results),
    ...streamGoals(results),
    ...imageGoals(results.images?.images ?? {}),
  ];
}

function goal(
  what: string,
  wanted: string,
  measured: { readonly text: string; readonly isReached: boolean },
): Goal {
  return { what, wanted, reached: measured.text, isReached: measured.isReached };
}

function startGoals(results: Results, handler: string): readonly Goal[] {
  const ours = results.lives?.[`cri-ts/${handler}`];
  const floor = results.lives?.[`floor/${handler}`];
  return ['pod start', 'ExecSync true'].flatMap((step) => {
    const ratio = (ours?.[step]?.p50 ?? NaN) / (floor?.[step]?.p50 ?? NaN);
    if (!Number.isFinite(ratio)) return [];
    return [
      goal(`${step}, ${handler}`, '≤ 1.30 × floor', { text: `${fixed(ratio)} ×`, isReached: ratio <= 1.3 }),
    ];
  });
}

function parallelGoals(results: Results): readonly Goal[] {
  return ['crun', 'runc'].flatMap((handler) => {
    const ratio =
      (results.parallel?.[`cri-ts/${handler}`]?.p50 ?? NaN) /
      (results.parallel?.[`containerd/${handler}`]?.p50 ?? NaN);
    if (!Number.isFinite(ratio)) return [];
    const measured = { text: `${fixed(ratio)} ×`, isReached: ratio >= 1.5 };
    return [goal(`pods per second, 8 at a time, ${handler}`, '≥ 1.50 × containerd', measured)];
  });
}

function statsGoals(results: Results): readonly Goal[] {
  return ['ListContainerStats', 'ListPodSandboxStats'].flatMap((call) => {
    const summary = results.stats?.['cri-ts']?.[call];
    if (summary === undefined) return [];
    const measured = { text: `${fixed(summary.p50)} ms`, isReached: summary.p50 <= 8 };
    return [goal(`${call} of 50 containers`, '≤ 8 ms', measured)];
  });
}

function everythingAt(result: FootprintResult | undefined, pods: number): number {
  const found = result?.sizes.find((size) => size.pods === pods);
  return found === undefined ? NaN : found.daemon.pssBytes + found.monitors.pssBytes;
}

function footprintGoals(results: Results): readonly Goal[] {
  const found: Goal[] = [];
  const ours = everythingAt(results.footprint?.['cri-ts'], 100);
  const theirs = everythingAt(results.footprint?.['containerd'], 30);
  if (Number.isFinite(ours) && Number.isFinite(theirs)) {
    const wanted = `< ${megabytes(theirs)} MB, containerd's with 30`;
    found.push(
      goal('memory (PSS) of everything with 100 pods', wanted, {
        text: `${megabytes(ours)} MB`,
        isReached: ours < theirs,
      }),
    );
  }
  const idle = results.footprint?.['cri-ts']?.sizes.find(({ idleCpu }) => idleCpu !== null)?.idleCpu;
  if (idle !== undefined && idle !== null) {
    const text = `${idle.cpuSeconds.toFixed(2)} s in ${idle.overSeconds} s`;
    const isReached = idle.cpuSeconds / idle.overSeconds < 0.1 / 30;
    found.push(goal('CPU of everything, idle with 30 pods', '< 0.1 s in 30 s', { text, isReached }));
  }
  return found;
}

function logGoals(results: Results): readonly Goal[] {
  return Object.entries(results.logs?.['cri-ts'] ?? {}).map(([name, { megabytesPerSecond }]) =>
    goal(`log, ${name}`, '≥ 200 MB/s', {
      text: `${fixed(megabytesPerSecond)} MB/s`,
      isReached: megabytesPerSecond >= 200,
    }),
  );
}

function execGoals(results: Results): readonly Goal[] {
  return ['crun', 'runc'].flatMap((handler) => {
    const { [`cri-ts/${handler}`]: ours, [`own/${handler}`]: own } = results.execs?.latency ?? {};
    if (ours === undefined || own === undefined) return [];
    const ratio = ours.p50 / own.p50;
    const measured = { text: `${fixed(ratio)} ×`, isReached: ratio <= 1.2 };
    return [goal(`ExecSync, ${handler}, median`, "≤ 1.20 × the runtime's own exec", measured)];
  });
}

function streamGoals(results: Results): readonly Goal[] {
  return Object.entries(results.streams?.['cri-ts']?.rates ?? {}).map(([name, rates]) => {
    const { megabytesPerSecond } = bestRate(rates);
    const measured = { text: `${fixed(megabytesPerSecond)} MB/s`, isReached: megabytesPerSecond >= 300 };
    return goal(name, '≥ 300 MB/s', measured);
  });
}

/** Pulls are compared by their fastest round: what else the machine does only adds. */
function imageGoals(images: PullResult): readonly Goal[] {
  return Object.entries(images).flatMap(([image, contenders]) => {
    const ours = contenders['cri-ts'];
    if (ours === undefined) return [];
    const others = Object.entries(contenders).filter(([name]) => name !== 'cri-ts');
    const wall = others.map(([name, theirs]) => wallGoal({ image, name }, ours, theirs));
    const stall = Math.max(...ours.ownStallMs);
    const growth = Math.max(...ours.rssGrowthBytes);
    return [
      ...wall,
      goal(`pull of ${image}, longest stall of the loop in any round`, '< 20 ms', {
        text: `${fixed(stall)} ms`,
        isReached: stall < 20,
      }),
      goal(`pull of ${image}, growth of memory (RSS)`, '≤ 50 MB', {
        text: `${megabytes(growth)} MB`,
        isReached: growth <= 50 * 1024 * 1024,
      }),
    ];
  });
}

function wallGoal(
  what: { readonly image: string; readonly name: string },
  ours: PullFigures,
  theirs: PullFigures,
): Goal {
  const ratio = Math.min(...ours.wallMs) / Math.min(...theirs.wallMs);
  const most = what.image === 'files' && what.name.startsWith('curl') ? 1.1 : 1;
  const measured = { text: `${fixed(ratio)} ×`, isReached: ratio <= most };
  return goal(`pull of ${what.image}, wall time`, `≤ ${fixed(most)} × ${what.name}`, measured);
}
