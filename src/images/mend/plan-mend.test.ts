import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDigest } from '../../base/ids.ts';
import type { LayerRecord } from '../disk/layer-record.ts';
import { Layout } from '../disk/layout.ts';
import { sha256 } from '../testing/images.ts';
import { mendLimits, type MendLimits } from '../limits.ts';
import { KnownSights, LayerView } from './layer-view.ts';
import { Pace } from './pace.ts';
import { type MendPlan, planMend } from './plan-mend.ts';
import { resolveDirectory } from './layer-stack.ts';
import { stackLayers } from './stack-layers.ts';

let layout: Layout;

beforeEach(async () => {
  layout = new Layout(await mkdtemp(join(tmpdir(), 'mend-')));
});
afterEach(async () => await rm(layout.root, { recursive: true, force: true }));

type More = Partial<Pick<LayerRecord, 'foreignLinks'>> & { readonly sights?: KnownSights };

/** A layer of directories that its archive does not describe. */
async function layerOf(name: string, directories: readonly string[], more: More = {}): Promise<LayerView> {
  const { sights = new KnownSights(), foreignLinks = [] } = more;
  const diffId = parseDigest(sha256(Buffer.from(name)));
  const layer: LayerRecord = {
    diffId,
    archiveBytes: 0,
    contentBytes: 0,
    disk: { usedBytes: 0, inodes: 0 },
    entries: 0,
    root: null,
    isRebuildable: true,
    impliedDirectories: directories,
    opaqueDirectories: [],
    replacingDirectories: [],
    foreignLinks,
  };
  await mkdir(layout.layerDiff(diffId), { recursive: true });
  for (const path of directories) await mkdir(join(layout.layerDiff(diffId), path), { recursive: true });
  return new LayerView(layout, layer, sights);
}

const { signal } = new AbortController();
const refusal = expect.objectContaining({ reason: 'InvalidImage' });

async function plan(views: readonly LayerView[], limits: Partial<MendLimits> = {}): Promise<MendPlan> {
  const pace = new Pace(signal, { ...mendLimits, ...limits });
  return await planMend(await stackLayers(views, pace), pace);
}

test('an image whose layers rely on lower ones in too many places is refused', async () => {
  const views = [await layerOf('lower', ['a', 'b', 'c']), await layerOf('upper', ['a', 'b', 'c'])];
  expect([...(await plan(views)).directories]).toEqual([]);
  await expect(plan(views, { keptBytes: 200 })).rejects.toThrow(refusal);
  await expect(plan(views, { looks: 5 })).rejects.toThrow(refusal);
});

test('many layers that rely on the same directories cost a look at each, not one for each pair', async () => {
  const directories = ['a', 'a/b', 'c'];
  const views: LayerView[] = [];
  for (let count = 0; count < 20; count += 1) views.push(await layerOf(`layer ${count}`, directories));
  expect([...(await plan(views, { looks: 400 })).directories]).toEqual([]);
});

test('long names count for more than short ones', async () => {
  const [short, long] = ['n', 'n'.repeat(200)];
  const both = async (name: string): Promise<readonly LayerView[]> => [
    await layerOf(`lower ${name}`, [name]),
    await layerOf(`upper ${name}`, [name]),
  ];
  expect([...(await plan(await both(short), { keptBytes: 250 })).directories]).toEqual([]);
  await expect(plan(await both(long), { keptBytes: 250 })).rejects.toThrow(refusal);
});

test('a directory behind a link counts with each of its names', async () => {
  const [lower, upper] = [await layerOf('lower', ['usr', 'usr/lib']), await layerOf('upper', ['lib'])];
  await symlink('usr/lib', join(lower.diff, 'lib'));
  const names = Array.from({ length: 100 }, (_, count) => `f${count}`);
  for (const name of names) await writeFile(join(upper.diff, 'lib', name), '');
  expect((await plan([lower, upper])).links.size).toBe(101);
  await expect(plan([lower, upper], { keptBytes: 5000 })).rejects.toThrow(refusal);
});

test('hard links to lower files are counted as they are found', async () => {
  const foreignLinks = Array.from({ length: 10 }, (_, count) => ({ path: `l${count}`, target: 'x' }));
  const [lower, upper] = [await layerOf('lower', []), await layerOf('upper', [], { foreignLinks })];
  await writeFile(join(lower.diff, 'x'), '');
  const stacking = stackLayers([lower, upper], new Pace(signal, { ...mendLimits, keptBytes: 5000 }));
  await expect(stacking).rejects.toThrow(refusal);
});

test('links that lead a long way round are followed for a while only', async () => {
  const foreignLinks = [{ path: 'hard', target: 'round/x' }];
  const [lower, upper] = [await layerOf('lower', ['d']), await layerOf('upper', [], { foreignLinks })];
  await symlink('d/../'.repeat(100) + 'd', join(lower.diff, 'round'));
  await writeFile(join(lower.diff, 'd/x'), '');
  expect((await plan([lower, upper])).links.size).toBe(1);
  await expect(plan([lower, upper], { looks: 100 })).rejects.toThrow(refusal);
});

test('a way through links that nobody wants to know any more is given up', async () => {
  const lower = await layerOf('lower', ['d']);
  await symlink('d/../'.repeat(700) + 'd', join(lower.diff, 'round'));
  const stop = new AbortController();
  const pace = new Pace(stop.signal);
  const stack = await stackLayers([lower], pace);
  const reason = new Error('enough');
  setImmediate(() => stop.abort(reason));
  await expect(resolveDirectory(stack, 'round', pace)).rejects.toBe(reason);
});

test('a plan that nobody wants any more is given up', async () => {
  const views = [await layerOf('lower', ['a']), await layerOf('upper', ['a'])];
  const stack = await stackLayers(views, new Pace(signal));
  const reason = new Error('enough');
  const pace = new Pace(AbortSignal.abort(reason));
  await expect(planMend(stack, pace)).rejects.toBe(reason);
  await expect(stackLayers(views, pace)).rejects.toBe(reason);
});

test('what is known of directories is bounded over all layers of an image', async () => {
  const sights = new KnownSights(1000);
  const one = await layerOf('one', ['a'], { sights });
  await one.look('b/c');
  expect(one.lookUp('b/d')).toEqual({ kind: 'absent' });
  const other = await layerOf('other', ['a'], { sights });
  await other.look('a/x');
  expect(one.lookUp('b/d')).toBeNull();
});

test('a layer that lacks a directory is asked of nothing below it again', async () => {
  const view = await layerOf('layer', ['a']);
  expect(await view.look('a/b/c')).toEqual({ kind: 'absent' });
  await mkdir(join(view.diff, 'a/b/d'), { recursive: true });
  expect([view.lookUp('a/b/d'), await view.look('a/b/d')]).toEqual([{ kind: 'absent' }, { kind: 'absent' }]);
  expect(view.lookUp('a/x')).toBeNull();
});

test('a path that the store cannot hold is the fault of the image', async () => {
  const view = await layerOf('layer', []);
  const looking = view.look(`${'n'.repeat(200)}/`.repeat(25) + 'x');
  await expect(looking).resolves.toEqual({ kind: 'absent' });
  await expect(view.look('n'.repeat(300))).rejects.toThrow(
    expect.objectContaining({ reason: 'InvalidImage' }),
  );
});
