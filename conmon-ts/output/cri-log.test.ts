/** The log file on real file systems, a full one among them. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CriLog } from './cri-log.ts';

let directory = '';
let path = '';
const head = '2016-10-06T00:17:09.669794202Z stdout F ';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cri-log-'));
  path = join(directory, 'pod', 'c', '0.log');
});
afterEach(() => {
  spawnSync('umount', [join(directory, 'small')]);
  rmSync(directory, { recursive: true });
});

function append(log: CriLog, ...contents: readonly string[]): number {
  const records = Buffer.from(contents.map((content) => `${head}${content}\n`).join(''));
  return log.append(records, records.length).droppedBytes;
}

describe('CriLog', () => {
  test('makes its directories, and appends to what is there', () => {
    using log = CriLog.open(path);
    append(log, 'one');
    using again = CriLog.open(path);
    append(again, 'two');
    expect(readFileSync(path, 'utf8')).toBe(`${head}one\n${head}two\n`);
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  test('after a rename and a reopen goes on in a new file, and the old one stays as it was', () => {
    using log = CriLog.open(path);
    append(log, 'one');
    renameSync(path, `${path}.1`);
    append(log, 'two');
    log.reopen();
    expect(existsSync(path)).toBe(true);
    append(log, 'three');
    expect(readFileSync(`${path}.1`, 'utf8')).toBe(`${head}one\n${head}two\n`);
    expect(readFileSync(path, 'utf8')).toBe(`${head}three\n`);
  });

  test('goes on in the old file when a new one cannot be made', () => {
    using log = CriLog.open(path);
    const moved = join(directory, 'moved');
    renameSync(join(directory, 'pod'), moved);
    expect(() => log.reopen()).toThrow('ENOENT');
    append(log, 'one');
    expect(readFileSync(join(moved, 'c', '0.log'), 'utf8')).toBe(`${head}one\n`);
    expect(existsSync(path)).toBe(false);
  });

  test('refuses a link and a FIFO', () => {
    writeFileSync(join(directory, 'target'), '');
    spawnSync('ln', ['-s', join(directory, 'target'), join(directory, 'link')]);
    spawnSync('mkfifo', [join(directory, 'fifo')]);
    expect(() => CriLog.open(join(directory, 'link'))).toThrow('ELOOP');
    expect(() => CriLog.open(join(directory, 'fifo'))).toThrow('ENXIO');
  });

  test('on a full file system drops whole records, counts their bytes, and goes on when there is room', () => {
    const small = join(directory, 'small');
    mkdirSync(small);
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', small]).status).toBe(0);
    writeFileSync(join(small, 'filler'), Buffer.alloc(8192));
    using log = CriLog.open(join(small, '0.log'));
    const line = 'x'.repeat(959);
    let droppedBytes = 0;
    for (let index = 0; index < 12; index += 1) droppedBytes += append(log, line, line);
    const text = readFileSync(join(small, '0.log'), 'utf8');
    const kept = text.split('\n').length - 1;
    expect(text).toBe(`${head}${line}\n`.repeat(kept));
    expect(droppedBytes).toBe((24 - kept) * 960);
    rmSync(join(small, 'filler'));
    expect(append(log, 'after')).toBe(0);
    expect(readFileSync(join(small, '0.log'), 'utf8')).toBe(
      `${`${head}${line}\n`.repeat(kept)}${head}after\n`,
    );
  });

  test('is cut back to what was committed, or to its last newline when nothing is known of it', () => {
    using log = CriLog.open(path);
    append(log, 'one');
    const { inode, sizeBytes } = log;
    append(log, 'two');
    log.append(Buffer.from('torn'), 4);
    log.recover(null);
    expect(readFileSync(path, 'utf8')).toBe(`${head}one\n${head}two\n`);
    log.recover({ inode, sizeBytes });
    expect(readFileSync(path, 'utf8')).toBe(`${head}one\n`);
  });
});
