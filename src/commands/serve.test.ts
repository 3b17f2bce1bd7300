import '../images/testing/realm.ts';
import { chmod, mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mustRun, runCommand, spawnProgram, type Spawned } from '../base/process.ts';
import { sleepMs } from '../base/time.ts';
import { readMounts } from '../kernel/mountinfo.ts';

const main = join(import.meta.dirname, '../main.ts');
const patienceMs = 30_000;
const cgroupParent = `/serve-test-${process.pid}`;

let dir = '';
let daemon: Spawned | null = null;

beforeEach(async () => {
  dir = await mkdtemp('/tmp/cri-ts-serve-');
  await mkdir(join(dir, 'bin'));
  // Records who spoke to the service manager, through which socket, and what was said.
  const notify = `#!/bin/sh\nfor word; do echo "$NOTIFY_SOCKET $word"; done >> ${dir}/notified\n`;
  await writeFile(join(dir, 'bin/systemd-notify'), notify);
  await chmod(join(dir, 'bin/systemd-notify'), 0o755);
  await configure('log_level = "info"');
});

afterEach(async () => {
  await stopDaemon();
  for (const mount of (await readMounts()).filter(({ target }) => target.startsWith(`${dir}/`)).toReversed())
    await mustRun({ argv: ['umount', mount.target], timeoutMs: 10_000 });
  await rm(dir, { recursive: true });
  await removeCgroups();
});

/** In peace, so that the idle monitor ends, too. */
async function stopDaemon(): Promise<void> {
  if (daemon === null) return;
  if (existsSync(`/proc/${daemon.pid}`)) process.kill(daemon.pid, 'SIGTERM');
  await daemon.ended;
  daemon = null;
}

/** The daemon leaves its empty parent cgroup to the next one; a test leaves nothing. */
async function removeCgroups(): Promise<void> {
  const roots = (await readMounts()).filter(({ type }) => type === 'cgroup' || type === 'cgroup2');
  const endMs = performance.now() + patienceMs;
  for (const path of new Set(roots.map(({ target }) => `${target}${cgroupParent}`))) {
    while (existsSync(path) && performance.now() < endMs) {
      const argv = ['find', path, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';'] as const;
      await runCommand({ argv, timeoutMs: 10_000 });
      if (existsSync(path)) await sleepMs(20);
    }
    expect(existsSync(path)).toBe(false);
  }
}

async function configure(daemonOptions: string, rest = ''): Promise<void> {
  const text = [
    '[daemon]',
    `socket = "${dir}/sock"`,
    `root_dir = "${dir}/lib"`,
    `run_dir = "${dir}/run"`,
    daemonOptions,
    '[runtime]',
    `cgroup_parent = "${cgroupParent}"`,
    'cgroup_driver = "cgroupfs"',
    '[cni]',
    `conf_dir = "${dir}/net.d"`,
    rest,
  ].join('\n');
  await writeFile(join(dir, 'cri-ts.toml'), text);
}

const argv = (): [string, ...string[]] => [
  process.execPath,
  '--no-warnings',
  main,
  'serve',
  '--config',
  `${dir}/cri-ts.toml`,
];

async function start(): Promise<Spawned> {
  await using log = await open(join(dir, 'log'), 'a');
  daemon = await spawnProgram({
    argv: argv(),
    env: { PATH: `${dir}/bin:${process.env['PATH'] ?? ''}`, NOTIFY_SOCKET: `${dir}/notify.sock` },
    stdio: ['ignore', log.fd, log.fd],
  });
  await seen('log', '"msg":"serving"');
  return daemon;
}

/** Waits until a file has a text. */
async function seen(name: string, text: string): Promise<string> {
  const endMs = performance.now() + patienceMs;
  for (;;) {
    const content = await readFile(join(dir, name), 'utf8').catch(() => '');
    if (content.includes(text)) return content;
    if (performance.now() > endMs) throw new Error(`no "${text}" in ${name}: ${content}`);
    await sleepMs(20);
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

describe('cri-ts serve', () => {
  test('tells the service manager when it is ready and when it stops, and exits with 0 on SIGTERM', async () => {
    expect(isRoot()).toBe(true);
    const { pid, ended } = await start();
    await seen('notified', `${dir}/notify.sock READY=1\n`);
    process.kill(pid, 'SIGTERM');
    expect(await seen('log', '"msg":"stopped"')).toContain('"signal":"SIGTERM"');
    expect(await ended).toEqual({ exitCode: 0, signal: null });
    expect(await readFile(join(dir, 'notified'), 'utf8')).toContain('STOPPING=1');
  });

  test('lets nothing that it starts inherit NOTIFY_SOCKET', async () => {
    const { pid } = await start();
    await seen('notified', 'READY=1');
    const endMs = performance.now() + patienceMs;
    while (!existsSync(join(dir, 'run/monitors/m1/control')) && performance.now() < endMs) await sleepMs(20);
    const read = async (name: string, file: string): Promise<string> =>
      // A process that has ended meanwhile inherited nothing.
      await readFile(`/proc/${name}/${file}`, 'latin1').catch(() => '');
    const others = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && name !== String(pid));
    const seenMonitors: string[] = [];
    for (const name of others) {
      expect(await read(name, 'environ')).not.toContain(`NOTIFY_SOCKET=${dir}`);
      if ((await read(name, 'cmdline')).includes(`${dir}/run/monitors`)) seenMonitors.push(name);
    }
    expect(seenMonitors).not.toHaveLength(0);
  });

  test('reloads on SIGHUP what can be reloaded, and names what cannot', async () => {
    const { pid } = await start();
    await configure('log_level = "debug"', 'network = "other"\n[images]\npinned = ["a"]');
    process.kill(pid, 'SIGHUP');
    const log = await seen('log', '"msg":"configuration reloaded"');
    expect(log).toContain('"changed":["daemon.log_level","images.pinned"],"needsRestart":["cni.network"]');
    expect(await seen('notified', 'RELOADING=1')).toMatch(/MONOTONIC_USEC=\d+/);
  });

  test('keeps the configuration in use when the new one has faults, and says all of them', async () => {
    const { pid } = await start();
    await configure('log_level = "loud"', 'networc = "x"');
    process.kill(pid, 'SIGHUP');
    const log = await seen('log', 'configuration not reloaded');
    expect(log).toContain('daemon.log_level: found \\"loud\\"');
    expect(log).toContain('cni.networc: unknown, did you mean \\"cni.network\\"?');
    await configure('log_level = "info"');
    process.kill(pid, 'SIGHUP');
    expect(await seen('log', '"msg":"configuration reloaded"')).toContain('"changed":[],"needsRestart":[]');
  });

  test('refuses in one sentence to run beside another daemon with the same directories', async () => {
    await start();
    const { exitCode, stderr } = await runCommand({
      argv: argv(),
      env: { PATH: process.env['PATH'] ?? '' },
      timeoutMs: 60_000,
    });
    expect({ exitCode, stderr: stderr.trim().split('\n').at(-1) }).toEqual({
      exitCode: 1,
      stderr: `cri-ts: another daemon uses "${dir}/run"`,
    });
  });
});
