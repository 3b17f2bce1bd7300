import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { absolutePath, newContainerId } from '../../base/ids.ts';
import { sleepMs } from '../../base/time.ts';
import { silentLog } from '../../store/test-records.ts';
import { measureTree } from './tree-usage.ts';
import { MeasuredTrees } from './measured-trees.ts';
import { WritableLayers, type WritableUsage } from './writable-layers.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cri-ts-usage-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const mebibyte = 1024 * 1024;

describe('a tree', () => {
  test('counts blocks and inodes, a file with two names once, and links as themselves', () => {
    const empty = measureTree(dir);
    writeFileSync(join(dir, 'file'), Buffer.alloc(mebibyte, 1));
    linkSync(join(dir, 'file'), join(dir, 'again'));
    symlinkSync('/', join(dir, 'root'));
    mkdirSync(join(dir, 'sub'));
    writeFileSync(
      Buffer.concat([Buffer.from(`${dir}/sub/`), Buffer.from([0xff, 0xfe])]),
      Buffer.alloc(mebibyte, 1),
    );
    const { usedBytes, inodes } = measureTree(dir);
    expect(inodes - empty.inodes).toBe(4n);
    expect(Number(usedBytes - empty.usedBytes)).toBeGreaterThanOrEqual(2 * mebibyte);
    expect(Number(usedBytes - empty.usedBytes)).toBeLessThan(2.1 * mebibyte);
  });

  test('is walked only so deep and so far', () => {
    mkdirSync(join(dir, 'a/b/c/d'), { recursive: true });
    expect(measureTree(dir, { depth: 2, entries: 100 }).inodes).toBe(3n);
    expect(measureTree(dir, { depth: 100, entries: 2 }).inodes).toBe(2n);
  });

  test('deeper than a path can be long is counted', () => {
    const name = 'n'.repeat(200);
    let cwd = dir;
    const before = process.cwd();
    try {
      for (let depth = 0; depth < 40; depth += 1) {
        process.chdir(cwd);
        mkdirSync(name);
        cwd = name;
      }
    } finally {
      process.chdir(before);
    }
    expect(measureTree(dir).inodes).toBe(41n);
  });

  test('that is a link is none', () => {
    symlinkSync('/', join(dir, 'root'));
    expect(() => measureTree(join(dir, 'root'))).toThrow();
  });
});

describe('writable layers', () => {
  async function measured(
    layers: WritableLayers,
    id: ReturnType<typeof newContainerId>,
  ): Promise<WritableUsage> {
    for (;;) {
      const usage = layers.usage(id);
      if (usage !== null) return usage;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  test('are measured in the background when they are asked for, and anew when that is old', async () => {
    await using trees = new MeasuredTrees({ log: silentLog, keepMs: 0 });
    const layers = new WritableLayers(absolutePath(dir), trees);
    const [id, missing] = [newContainerId(), newContainerId()];
    mkdirSync(join(dir, id, 'upper'), { recursive: true });
    expect([layers.usage(missing), layers.usage(id)]).toEqual([null, null]);
    const first = await measured(layers, id);
    expect([first.inodes, (layers.disk?.limitBytes ?? 0n) > 0n]).toEqual([1n, true]);
    writeFileSync(join(dir, id, 'upper', 'file'), Buffer.alloc(mebibyte, 1));
    let second = first;
    while (second.inodes === 1n) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      second = layers.usage(id) ?? first;
    }
    expect(Number(second.usedBytes - first.usedBytes)).toBeGreaterThanOrEqual(mebibyte);
    expect(second.takenAtNs).toBeGreaterThan(first.takenAtNs);
    layers.forget(id);
    expect(layers.usage(id)).toBeNull();
  });

  test('are answered from memory after the end', async () => {
    const trees = new MeasuredTrees({ log: silentLog, keepMs: 0 });
    const layers = new WritableLayers(absolutePath(dir), trees);
    const id = newContainerId();
    mkdirSync(join(dir, id, 'upper'), { recursive: true });
    await measured(layers, id);
    await trees.close();
    expect(layers.usage(id)).not.toBeNull();
  });
});

describe('a sum of trees', () => {
  test('waits for those that were never measured, and counts what is not there as nothing', async () => {
    await using trees = new MeasuredTrees({ log: silentLog });
    mkdirSync(join(dir, 'one'));
    mkdirSync(join(dir, 'two/below'), { recursive: true });
    const paths = ['one', 'absent', 'two'].map((name) => absolutePath(join(dir, name)));
    const { signal } = new AbortController();
    expect((await trees.sum(paths, signal)).inodes).toBe(3n);
    // From memory: what is new is counted when the figure is old.
    mkdirSync(join(dir, 'one/more'));
    expect((await trees.sum(paths, signal)).inodes).toBe(3n);
  });

  test('does not wait long for trees that take long', async () => {
    await using trees = new MeasuredTrees({ log: silentLog, patienceMs: 0 });
    for (let at = 0; at < 500; at += 1) mkdirSync(join(dir, String(at)));
    const { signal } = new AbortController();
    const path = absolutePath(dir);
    expect((await trees.sum([path], signal)).inodes).toBe(0n);
    while (trees.usage(path) === null) await sleepMs(5);
    expect((await trees.sum([path], signal)).inodes).toBe(501n);
  });

  test('ends with its signal, or with the thread', async () => {
    const trees = new MeasuredTrees({ log: silentLog });
    const { signal } = new AbortController();
    const gone = new Error('nobody waits');
    await expect(trees.sum([absolutePath(dir)], AbortSignal.abort(gone))).rejects.toBe(gone);
    const left = trees.sum([absolutePath(join(dir, 'left'))], signal);
    await trees.close();
    expect((await left).inodes).toBe(0n);
  });
});
