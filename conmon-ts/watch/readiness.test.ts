/** The guard of readiness.ts: what it needs of Node and libuv, against real descriptors. */
import { spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkfifo } from '../calls/file-calls.ts';
import { pidfdOpen } from '../calls/process-calls.ts';
import { watchReadable, type Watch } from './readiness.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'readiness-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

describe('watchReadable', () => {
  test('reports bytes of a FIFO and leaves them in it, then the hang-up', async () => {
    const path = join(directory, 'fifo');
    mkfifo(path, 0o600);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(path, constants.O_RDWR);
    const seen: string[] = [];
    const done = Promise.withResolvers<void>();
    const buffer = Buffer.alloc(100);
    const watch: Watch = watchReadable(reader, () => {
      const count = readSync(watch.fd, buffer, 0, 3, null);
      seen.push(buffer.toString('utf8', 0, count));
      if (seen.length === 2) closeSync(writer);
      if (count === 0) {
        watch.close();
        done.resolve();
      }
    });
    writeSync(writer, 'abcdef');
    await done.promise;
    expect(seen).toEqual(['abc', 'def', '']);
  });

  test('reports the end of a process by its pidfd', async () => {
    const child = spawn('sleep', ['0.05']);
    const ended = Promise.withResolvers<void>();
    const watch: Watch = watchReadable(pidfdOpen(child.pid ?? 0), () => {
      watch.close();
      ended.resolve();
    });
    await ended.promise;
    watch.close();
  });
});
