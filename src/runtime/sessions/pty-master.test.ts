import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { constants, openSync, readdirSync, readlinkSync } from 'node:fs';
import { OwnedFd } from '../../kernel/handles/fd.ts';
import { ThreadedKernel } from '../../kernel/threaded-kernel.ts';
import { PtyMaster } from './pty-master.ts';

let kernel: ThreadedKernel;
beforeAll(() => {
  kernel = new ThreadedKernel();
});
afterAll(async () => {
  await kernel.close();
});

function open(): PtyMaster {
  return new PtyMaster(kernel, new OwnedFd(openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY)));
}

function openTerminals(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).includes('ptmx');
    } catch {
      // It was the descriptor of this very listing.
      return false;
    }
  }).length;
}

describe('a pty master', () => {
  test('holds a writer back when nobody reads the terminal, and nobody else', async () => {
    const before = openTerminals();
    const master = open();
    // Echoed output that nobody takes fills the terminal up.
    master.output.pause();
    let isDone = false;
    master.input.write(Buffer.alloc(1024 * 1024, 'x\n'), () => (isDone = true));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isDone).toBe(false);
    await master.close();
    await master.close();
    expect(openTerminals()).toBe(before);
  });

  test('is gone with both its descriptors when it is closed', async () => {
    const before = openTerminals();
    {
      await using master = open();
      master.resize({ width: 10, height: 20 });
      expect(openTerminals()).toBe(before + 2);
    }
    expect(openTerminals()).toBe(before);
  });

  test('takes no size any more when it has been closed', async () => {
    const master = open();
    await master.close();
    expect(() => master.resize({ width: 1, height: 1 })).not.toThrow();
  });
});
