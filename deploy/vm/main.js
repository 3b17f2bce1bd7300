/**
 * `npm run test:vm`: runs feature tests in a virtual machine with cgroup v2, systemd, and AppArmor or SELinux in force. It is
 * emulated, which takes 10 to 20 times as long, so it is no part of `npm test`. Runs on Node 20, without dependencies.
 *
 *   disks (cached) → work disk (checkout, plan.json) → boot → guest.js: jest per driver → power off → results → exit code
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { done, Failure, green, main, red, say, title } from '../console.js';
import { runPackages, testPackages } from '../packages.js';
import { runHere } from '../programs.js';
import { requireRoot, setUp } from '../setup.js';
import { cacheDir, copyOut, ensureModules, ensureSystem, makeWorkDisk, sweep } from './disk.js';
import { parseOptions } from './options.js';

const hostPackages = {
  'qemu-system-x86': ['qemu-system-x86_64'],
  e2fsprogs: ['mke2fs'],
  debootstrap: ['debootstrap'],
};
const resultsDir = join(cacheDir, 'results');
/** How much longer the tests wait for anything in an emulated machine. */
const slowness = 10;

await main(async () => {
  const options = parseOptions(process.argv.slice(2));
  requireRoot('npm run test:vm');
  if (process.arch !== 'x64') throw new Failure('npm run test:vm needs a machine of x86-64.');
  title('Setting up');
  await setUp({ ...runPackages, ...testPackages, ...hostPackages });
  const disks = { system: await ensureSystem(), modules: await ensureModules() };
  sweep(Object.values(disks));
  const runDir = join(cacheDir, `run-${process.pid}`);
  mkdirSync(runDir, { recursive: true });
  try {
    await makeWorkDisk(runDir, (staging) => writePlan(staging, options));
    await boot(disks, runDir, options);
    return summarize(options);
  } finally {
    rmSync(runDir, { recursive: true, force: true });
  }
});

function writePlan(staging, options) {
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => name.startsWith('CRI_TS_TEST_')),
  );
  const plan = {
    isShell: options.isShell,
    drivers: options.drivers,
    arguments: options.arguments,
    // As installed: to strip the types of the sources takes a minute there, at each start of a daemon.
    environment: { ...environment, CRI_TS_TEST_BUNDLE: '1', CRI_TS_TEST_SLOWNESS: String(slowness) },
  };
  writeFileSync(join(staging, 'plan.json'), JSON.stringify(plan));
}

async function boot(disks, runDir, options) {
  const startedAtMs = performance.now();
  const work = join(runDir, 'work.img');
  const consoleLog = join(runDir, 'console.log');
  const code = await runHere(qemuCommand(disks, { work, consoleLog, options }), {
    timeout: options.minutes * 60_000,
    killSignal: 'SIGKILL',
    stdio: [options.isShell ? 'inherit' : 'ignore', 'inherit', 'inherit'],
  });
  rmSync(resultsDir, { recursive: true, force: true });
  if (code === 0) await copyOut(work, '/results', cacheDir);
  mkdirSync(resultsDir, { recursive: true });
  copyFileSync(consoleLog, join(resultsDir, 'console.log'));
  if (code === 0) return done('the machine has turned itself off', startedAtMs);
  const why = code === 137 ? `was not done within ${options.minutes} minutes` : `ended with code ${code}`;
  throw new Failure(`the virtual machine ${why}; its console: ${join(resultsDir, 'console.log')}`);
}

/** It dies with us, however we die. Node hangs on `-cpu max`, and V8 fails at random on two emulated processors. */
function qemuCommand(disks, { work, consoleLog, options }) {
  const drive = (file, more) => ['-drive', `file=${file},if=virtio,format=raw${more}`];
  const text = [
    'setpriv --pdeathsig KILL qemu-system-x86_64 -accel tcg,thread=single -cpu Nehalem -smp 1 -m 4G',
    '-display none -monitor none -no-reboot -nic none',
  ].join(' ');
  return text
    .split(' ')
    .concat(
      ['-serial', `file:${consoleLog}`, '-serial', 'stdio'],
      ['-kernel', join(disks.system, 'vmlinuz'), '-initrd', join(disks.system, 'initrd')],
      ['-append', kernelArguments(options).join(' ')],
      drive(join(disks.system, 'disk.img'), ',snapshot=on'),
      drive(work, ',cache=unsafe'),
      drive(join(disks.modules, 'disk.img'), ',snapshot=on'),
    );
}

function kernelArguments({ lsm, isEnforcing }) {
  const common = ['root=/dev/vda', 'rw', 'console=ttyS0', 'quiet', 'systemd.getty_auto=0', `security=${lsm}`];
  return lsm === 'selinux' ? [...common, 'selinux=1', `enforcing=${isEnforcing ? 1 : 0}`] : common;
}

function summarize({ drivers }) {
  title('Summary');
  let failures = 0;
  for (const driver of drivers) {
    const { passed, failed } = readReport(join(resultsDir, driver));
    failures += failed;
    say(`  ${failed === 0 ? green('✓') : red('✗')} ${driver.padEnd(10)}${passed} passed, ${failed} failed`);
  }
  say(`  reports and the daemons' logs: ${resultsDir}`);
  return failures === 0 ? 0 : 1;
}

/** A driver without a report counts as one failure. */
function readReport(dir) {
  const file = join(dir, 'report.json');
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  const code = Number(readFileSync(join(dir, 'exit-code'), 'utf8'));
  return { passed: report.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
}
