import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HeldFiles } from './held-files.ts';
import { readKernelFile } from './kernel-files.ts';

let dir = '';
let fds = 0;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'held-'));
  fds = readdirSync('/proc/self/fd').length;
});
afterEach(() => {
  expect(readdirSync('/proc/self/fd').length).toBe(fds);
  rmSync(dir, { recursive: true });
});

const at = (name: string) => () => join(dir, name);

describe('held files', () => {
  test('are read anew each time, whatever their length', () => {
    using held = new HeldFiles();
    for (const text of ['1\n', `${'long '.repeat(20_000)}\n`, '']) {
      writeFileSync(join(dir, 'file'), text);
      expect(held.read('one', 'file', at('file'))).toBe(text);
    }
    expect(held.count).toBe(1);
  });

  test('are given back by owner', () => {
    using held = new HeldFiles();
    writeFileSync(join(dir, 'file'), 'text');
    for (const owner of ['one', 'two']) held.read(owner, 'file', at('file'));
    expect(held.count).toBe(2);
    held.release('one');
    held.release('one');
    expect(held.count).toBe(1);
  });

  test('above the limit are opened for each reading', () => {
    using held = new HeldFiles(1);
    for (const name of ['a', 'b']) writeFileSync(join(dir, name), name);
    expect(['a', 'b', 'b'].map((name) => held.read('one', name, at(name)))).toEqual(['a', 'b', 'b']);
    expect(held.count).toBe(1);
  });

  test('that are absent are not looked for again at once, but by the next owner', () => {
    using held = new HeldFiles();
    expect(held.read('one', 'file', at('file'))).toBeNull();
    writeFileSync(join(dir, 'file'), 'text');
    expect([held.read('one', 'file', at('file')), held.read('two', 'file', at('file'))]).toEqual([
      null,
      'text',
    ]);
    held.release('one');
    expect(held.read('one', 'file', at('file'))).toBe('text');
  });
});

describe('files of the kernel', () => {
  test('are read to their end', () => {
    const maps = readKernelFile('/proc/self/smaps') ?? '';
    expect(maps.length).toBeGreaterThan(16 * 1024);
    expect(maps).toMatch(/VmFlags:[^\n]*\n$/);
  });

  test('of what is not there are null', () => {
    expect([readKernelFile(join(dir, 'none')), readKernelFile('/proc/4194305/limits')]).toEqual([null, null]);
  });
});
