import { afterEach, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setOomScores } from './oom-scores.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function start(score: number): number {
  const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
  children.push(child);
  const pid = child.pid ?? -1;
  writeFileSync(`/proc/${pid}/oom_score_adj`, String(score));
  return pid;
}
const scoreOf = (pid: number): number => Number(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8'));

test('the processes that have the first one’s score get the new one, and it back', async () => {
  const [first, like, other] = [start(100), start(100), start(900)];
  const gone = 2 ** 22 + 1;
  const undo = await setOomScores({ first, all: [first, like, other, gone] }, 500);
  expect([first, like, other].map(scoreOf)).toEqual([500, 500, 900]);
  await undo();
  expect([first, like, other].map(scoreOf)).toEqual([100, 100, 900]);
});

test('a score that the kernel refuses changes none', async () => {
  const [first, like] = [start(100), start(100)];
  await expect(setOomScores({ first, all: [like, first] }, 5000)).rejects.toThrow('EINVAL');
  expect([first, like].map(scoreOf)).toEqual([100, 100]);
});
