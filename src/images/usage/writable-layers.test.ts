import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { absolutePath, newContainerId } from '../../base/ids.ts';
import { silentLog } from '../../store/test-records.ts';
import { measureTree } from './tree-usage.ts';
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
    await using layers = new WritableLayers({ path: absolutePath(dir), log: silentLog, keepMs: 0 });
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
    const layers = new WritableLayers({ path: absolutePath(dir), log: silentLog, keepMs: 0 });
    const id = newContainerId();
    mkdirSync(join(dir, id, 'upper'), { recursive: true });
    await measured(layers, id);
    await layers.close();
    expect(layers.usage(id)).not.toBeNull();
  });
});
