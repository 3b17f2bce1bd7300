import { afterAll, expect, test } from '@jest/globals';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SealedCopy } from '../../../conmon-ts/protocol.ts';
import { absolutePath } from '../../base/ids.ts';
import { createLog } from '../../base/log.ts';
import { ThreadedKernel } from '../../kernel/threaded-kernel.ts';
import { Programs } from '../programs/programs.ts';
import { testReaper } from '../programs/test-reaper.ts';
import { SealedProgram } from './sealed-program.ts';

const dir = mkdtempSync(join(tmpdir(), 'cri-ts-sealed-'));
const path = absolutePath(join(dir, 'crun'));
const kernel = new ThreadedKernel();
const reaper = testReaper(kernel);
const programs = new Programs({ kernel, reaper });
afterAll(async () => {
  reaper[Symbol.dispose]();
  await kernel.close();
  rmSync(dir, { recursive: true });
});

/** Of the programs here; what is tried out has ended by then, too. */
const copies = (): readonly string[] =>
  readdirSync('/proc/self/fd').filter((fd) => {
    const link = statSync(`/proc/self/fd/${fd}`, { throwIfNoEntry: false })?.isFile() === true;
    return link && readlinkSync(`/proc/self/fd/${fd}`).startsWith('/memfd:crun');
  });

const logged: string[] = [];
const open = (): SealedProgram => {
  const log = createLog('silent');
  // What is logged last is the end of a trial.
  const note = (_fields: object, message: string): void => void logged.push(message);
  return new SealedProgram(path, { kernel, programs, log: Object.assign(log, { info: note, debug: note }) });
};

/** What there is when the copy has been made, or has not. */
async function settled(program: SealedProgram): Promise<SealedCopy | null> {
  const before = logged.length;
  const known = program.current();
  if (known !== null) return known;
  while (logged.length === before) await new Promise((resolve) => setTimeout(resolve, 5));
  return program.current();
}

test('copies a runtime once, and anew when its file is replaced', async () => {
  copyFileSync('/usr/bin/crun', path);
  const program = open();
  expect(program.current()).toBeNull();
  const copy = await settled(program);
  expect(copy).toEqual({
    path: `/proc/${process.pid}/fd/${copies()[0]}`,
    inode: expect.stringMatching(/^\d+$/),
  });
  expect(program.current()).toBe(copy);

  rmSync(path);
  copyFileSync('/usr/bin/crun', path);
  expect(program.current()).toBeNull();
  expect((await settled(program))?.inode).not.toBe(copy?.inode);
  expect(copies()).toHaveLength(1);
  program[Symbol.dispose]();
  expect(copies()).toEqual([]);
});

test.each([
  ['a script, whatever it says', '#!/bin/sh\necho crun version 1'],
  ['another program', '/bin/true'],
  ['nothing', ''],
])('makes no copy of %s, and does not try again', async (_what, content) => {
  rmSync(path, { force: true });
  if (content.startsWith('/')) copyFileSync(content, path);
  else if (content !== '') writeFileSync(path, content, { mode: 0o755 });
  using program = open();
  expect(content === '' ? program.current() : await settled(program)).toBeNull();
  expect([program.current(), copies()]).toEqual([null, []]);
});

test('keeps no copy that is finished after its end', async () => {
  copyFileSync('/usr/bin/crun', path);
  const program = open();
  const before = logged.length;
  expect(program.current()).toBeNull();
  program[Symbol.dispose]();
  while (logged.length === before) await new Promise((resolve) => setTimeout(resolve, 5));
  expect([program.current(), copies()]).toEqual([null, []]);
});
