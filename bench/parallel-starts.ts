/**
 * Pods per second when eight are asked for at a time, until the last container runs.
 */
import { inParallel, summarize, type Summary } from './samples.ts';
import type { Floor, FloorHandler } from './floor.ts';
import type { Subject } from './subjects.ts';

export type ParallelContender = {
  readonly name: string;
  /** @returns seconds until all containers run */
  readonly starts: (count: number, width: number) => Promise<number>;
};

export function subjectStarts(subject: Subject, handler: string): ParallelContender {
  return {
    name: `${subject.name}/${handler}`,
    starts: async (count, width) => {
      const started = performance.now();
      await inParallel(count, width, () => subject.runWhole(handler));
      const seconds = (performance.now() - started) / 1000;
      await subject.removeAll();
      return seconds;
    },
  };
}

export function floorStarts(floor: Floor, handler: FloorHandler): ParallelContender {
  return {
    name: `floor/${handler.name}`,
    starts: async (count, width) => await floor.manyStarts(handler, count, width),
  };
}

/** Name → pods per second, over the rounds. */
export async function measureParallel(
  contenders: readonly ParallelContender[],
  how: { readonly rounds: number; readonly count: number; readonly width: number },
): Promise<Readonly<Record<string, Summary>>> {
  const rates = new Map<string, number[]>();
  for (let round = 0; round < how.rounds; round += 1) {
    for (const { name, starts } of contenders) {
      const seconds = await starts(how.count, how.width);
      rates.set(name, [...(rates.get(name) ?? []), how.count / seconds]);
    }
  }
  return Object.fromEntries([...rates].map(([name, values]) => [name, summarize(values)]));
}
