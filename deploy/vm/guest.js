/**
 * The other side, inside the virtual machine: runs the tests that the plan on the work disk names, once with each cgroup
 * driver, and leaves the reports there.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { say, title } from '../console.js';
import { runHere } from '../programs.js';
import { lockedNode, project } from '../setup.js';

const work = '/work';
const results = join(work, 'results');
const plan = JSON.parse(readFileSync(join(work, 'plan.json'), 'utf8'));

mkdirSync(results, { recursive: true });
title(describeMachine());
if (plan.isShell) {
  say('A shell in the checkout; `exit` turns the machine off.');
  await runHere(['/bin/bash', '-i'], { cwd: project, env: { ...process.env, ...environment('cgroupfs') } });
}
for (const driver of plan.drivers) {
  title(`with the cgroup driver ${driver}`);
  const dir = join(results, driver);
  mkdirSync(dir);
  const code = await runHere(jestCommand(join(dir, 'report.json')), {
    cwd: project,
    env: { ...process.env, ...environment(driver), CRI_TS_TEST_LOGS: dir },
    // With --json the report goes to standard output as well: only what is for people is shown.
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  writeFileSync(join(dir, 'exit-code'), `${code}\n`);
}
writeFileSync(join(results, 'finished'), '');

function describeMachine() {
  const release = readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim();
  const modules = readFileSync('/sys/kernel/security/lsm', 'utf8').trim();
  return `Linux ${release}, security modules ${modules}`;
}

function jestCommand(report) {
  const jest = join(project, 'node_modules/jest/bin/jest.js');
  const fixed = ['--selectProjects', 'feature', '--runInBand', '--json', `--outputFile=${report}`];
  return [lockedNode, jest, ...fixed, ...plan.arguments];
}

function environment(driver) {
  return {
    ...plan.environment,
    CRI_TS_TEST_CGROUP_DRIVER: driver,
    NODE_OPTIONS: '--experimental-vm-modules --no-warnings',
    PATH: `${join(project, 'node_modules/.bin')}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
  };
}
