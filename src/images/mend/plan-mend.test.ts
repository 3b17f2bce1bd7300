import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDigest } from '../../base/ids.ts';
import type { LayerRecord } from '../disk/layer-record.ts';
import { Layout } from '../disk/layout.ts';
import { sha256 } from '../testing/images.ts';
import { LayerView } from './layer-view.ts';
import { planMend } from './plan-mend.ts';
import { stackLayers } from './stack-layers.ts';

let layout: Layout;

beforeEach(async () => {
  layout = new Layout(await mkdtemp(join(tmpdir(), 'mend-')));
});
afterEach(async () => await rm(layout.root, { recursive: true, force: true }));

/** A layer of directories that its archive does not describe. */
async function layerOf(name: string, directories: readonly string[]): Promise<LayerView> {
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
    foreignLinks: [],
  };
  await mkdir(layout.layerDiff(diffId), { recursive: true });
  for (const path of directories) await mkdir(join(layout.layerDiff(diffId), path), { recursive: true });
  return new LayerView(layout, layer);
}

const { signal } = new AbortController();

test('an image whose layers rely on lower ones in too many places is refused', async () => {
  const views = [await layerOf('lower', ['a', 'b', 'c']), await layerOf('upper', ['a', 'b', 'c'])];
  const stack = await stackLayers(views, signal);
  expect([...(await planMend(stack, signal, 3)).directories]).toEqual([]);
  await expect(planMend(stack, signal, 2)).rejects.toThrow(
    expect.objectContaining({ reason: 'InvalidImage' }),
  );
});

test('a plan that nobody wants any more is given up', async () => {
  const views = [await layerOf('lower', ['a']), await layerOf('upper', ['a'])];
  const stack = await stackLayers(views, signal);
  const reason = new Error('enough');
  await expect(planMend(stack, AbortSignal.abort(reason))).rejects.toBe(reason);
  await expect(stackLayers(views, AbortSignal.abort(reason))).rejects.toBe(reason);
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
