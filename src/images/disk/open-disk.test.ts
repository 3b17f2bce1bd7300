import '../testing/realm.ts';
import { expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../base/log.ts';
import { ThreadedKernel } from '../../kernel/threaded-kernel.ts';
import { openDisk } from './open-disk.ts';

test('what a dead daemon left unfinished is told of, and a start does not wait until it is removed', async () => {
  const rootDir = await mkdtemp(join(tmpdir(), 'disk-'));
  await using kernel = new ThreadedKernel();
  try {
    const tmp = join(rootDir, 'images/tmp');
    await mkdir(join(tmp, 'gone-1/a/b'), { recursive: true });
    const disk = await openDisk({ rootDir, kernel, log: createLog('silent') });
    expect(disk.left).toEqual([join(tmp, 'gone-1')]);
    expect(await readdir(tmp)).toEqual(['gone-1']);
  } finally {
    await rm(rootDir, { recursive: true });
  }
});
