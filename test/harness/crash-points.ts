/**
 * The places where the daemon offers to die, read from its sources, so that a new step cannot be forgotten by the tests.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const sources = join(import.meta.dirname, '../../src');

/** `RunPodSandbox` → `files`, `namespaces`, … in the order of the source. */
export async function crashPoints(): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for (const name of await readdir(sources, { recursive: true })) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
    for (const [story, step] of pointsIn(await readFile(join(sources, name), 'utf8'))) {
      const steps = found.get(story) ?? [];
      if (!steps.includes(step)) steps.push(step);
      found.set(story, steps);
    }
  }
  return found;
}

/** Steps run by a `Steps` of the story that the file names, and points set by hand. */
function pointsIn(source: string): readonly (readonly [string, string])[] {
  const story = /new Steps<[^>]*>\(\s*'(\w+)'/.exec(source)?.[1];
  const steps = [...source.matchAll(/\.run\(\s*'([\w-]+)'/g)].map((match) => match[1] ?? '');
  const byHand = [...source.matchAll(/crashPoint\(\s*'(\w+):([\w-]+)'/g)];
  return [
    ...(story === undefined ? [] : steps.map((step) => [story, step] as const)),
    ...byHand.map((match) => [match[1] ?? '', match[2] ?? ''] as const),
  ];
}
