import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { runCommand } from '../../src/base/process.ts';

const script = join(import.meta.dirname, 'main.js');

test.each([
  [[], 'say which tests'],
  [['--driver', 'cgroups', 'x'], 'expected systemd or cgroupfs'],
  [['--minutes', 'x', 'y'], 'expected 1 to 1440'],
  [['--enforcing', 'x'], 'goes with --lsm selinux'],
])('npm run test:vm refuses what cannot be meant before it makes anything: %j', async (argv, words) => {
  const { exitCode, stderr, stdout } = await runCommand({
    argv: [process.execPath, script, ...argv],
    timeoutMs: 30_000,
  });
  expect({ exitCode, stdout: stdout.toString() }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toContain(words);
});
