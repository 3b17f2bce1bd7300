import '../testing/realm.ts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Layout } from './layout.ts';
import { Quarantine } from './quarantine.ts';

let directory: string;
let quarantine: Quarantine;

const layerMs = 1000;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'quarantine-'));
  quarantine = new Quarantine(new Layout(directory), { layerMs, entries: 4 });
  await mkdir(join(directory, 'quarantine'));
});
afterEach(async () => await rm(directory, { recursive: true, force: true }));

async function addLayer(takenAtMs: number, digit: string): Promise<string> {
  const name = `${takenAtMs}-layer-${digit.repeat(64)}`;
  await mkdir(join(directory, 'quarantine', name, 'diff'), { recursive: true });
  await writeFile(join(directory, 'quarantine', name, 'layer.json'), 'record');
  return name;
}

async function filesOf(name: string): Promise<readonly string[]> {
  return (await readdir(join(directory, 'quarantine', name))).toSorted();
}

test('of a damaged layer only the record is kept after a while, once no container has it mounted', async () => {
  const old = Date.now() - 2 * layerMs;
  const [used, unused, young] = [
    await addLayer(old, 'a'),
    await addLayer(old, 'b'),
    await addLayer(Date.now() + 60_000, 'c'),
  ];
  await quarantine.trim((hex) => hex === 'a'.repeat(64));
  expect(await filesOf(used)).toEqual(['diff', 'layer.json']);
  expect(await filesOf(unused)).toEqual(['layer.json']);
  expect(await filesOf(young)).toEqual(['diff', 'layer.json']);
  await quarantine.trim(() => false);
  expect(await filesOf(used)).toEqual(['layer.json']);
});

test('there are never more than so many entries, the newest', async () => {
  const folder = join(directory, 'quarantine');
  for (let at = 1; at <= 6; at += 1) await writeFile(join(folder, `${at}-${'0'.repeat(64)}.json`), '');
  await writeFile(join(folder, 'put-here-by-hand'), '');
  const layer = await addLayer(7, 'd');
  await quarantine.trim(() => false);
  const left = await readdir(folder);
  // What a person put there is that person's.
  expect(new Set(left.map((name) => name.split('-')[0]))).toEqual(new Set(['4', '5', '6', '7', 'put']));
  expect(left).toContain(layer);
});
