/**
 * The measuring thread: walks what it is told to, one tree after the other. A disk that hangs hangs this thread only.
 */
import { statfsSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { messageOf } from '../../base/errors.ts';
import { measureTree } from './tree-usage.ts';
import type { DiskFigures, Measured, MeasureOrder } from './usage-protocol.ts';

parentPort?.on('message', ({ path }: MeasureOrder) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows, not for threads
  parentPort?.postMessage(measure(path));
});

function measure(path: string): Measured {
  try {
    return { usage: measureTree(path), disk: diskOf(path) };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

function diskOf(path: string): DiskFigures {
  const { bsize, blocks, files, ffree } = statfsSync(path, { bigint: true });
  return { limitBytes: bsize * blocks, inodes: files, inodesFree: ffree };
}
