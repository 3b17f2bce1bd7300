/**
 * What scraping costs: the figures of all running containers and pods, each time measured anew. The client is this process,
 * the server another.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../test/harness/client.ts';
import { heading, fixed, ms, table } from './report.ts';
import { inParallel, Samples, timed, type Summary } from './samples.ts';
import { sleeper, type Subject } from './subjects.ts';

const containersPerPod = 5;
const calls = ['ListContainerStats', 'ListPodSandboxStats', 'ListPodSandboxMetrics'] as const;
/** Longer than a server may keep a sample, so that none is told twice. */
const pauseMs = 250;

export type StatsResult = Readonly<Record<string, Summary>>;

export async function measureStats(
  subject: Subject,
  handler: string,
  how: { readonly containers: number; readonly rounds: number },
): Promise<StatsResult> {
  const { client } = subject.server;
  const samples = new Samples();
  try {
    await inParallel(how.containers / containersPerPod, 4, async () => {
      const pod = await subject.runPod(handler);
      for (let index = 0; index < containersPerPod; index += 1)
        await subject.startContainer(await subject.createContainer(pod, sleeper()));
    });
    const served = await servedBy(subject);
    for (let round = 0; round <= how.rounds; round += 1) {
      for (const call of served) {
        await sleep(pauseMs);
        const took = await timed(() => client.call(call, {}));
        // The first round opens what later ones find open.
        if (round > 0) samples.add(call, took);
      }
    }
  } finally {
    await subject.removeAll();
  }
  return samples.summaries();
}

/** Older servers have no metrics. */
async function servedBy(subject: Subject): Promise<readonly (typeof calls)[number][]> {
  const codes = await Promise.all(
    calls.map(async (call) => await codeOf(subject.server.client.call(call, {}))),
  );
  return calls.filter((_, index) => codes[index] !== 'UNIMPLEMENTED');
}

export function printStats(containers: number, results: Readonly<Record<string, StatsResult>>): void {
  heading(`Figures of ${containers} running containers (ms, median and 90th percentile)`);
  const names = Object.keys(results);
  const cell = (summary: Summary | undefined): string => `${ms(summary)} ${fixed(summary?.p90 ?? NaN)}`;
  table([
    ['', ...names],
    ...calls.map((call) => [call, ...names.map((name) => cell(results[name]?.[call]))]),
  ]);
}
