/**
 * One run of the whole suite against a daemon of its own: a private machine with an empty image store, the registry beside
 * it, critest in the same namespaces. What the specifications leave on the host is taken away.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { difference, takeCensus, type Census, type CensusScope } from '../harness/census.ts';
import { Daemon } from '../harness/daemon.ts';
import { Machine, plainEnv, signalQuietly } from '../harness/machine.ts';
import { Registry } from '../harness/registry.ts';
import type { RegistryStorage } from '../harness/registry-storage.ts';
import { settle } from '../harness/wait.ts';
import { runCommand } from '../../src/base/process.ts';
import { parseReport, type SuiteReport } from './report.ts';

const suiteTimeoutMs = 600_000;

export type SuiteOptions = {
  readonly critest: string;
  readonly storage: RegistryStorage;
  readonly handler: string;
  /** Of the log files. */
  readonly name: string;
  /** More flags of critest, like `--ginkgo.focus=…`. */
  readonly flags: readonly string[];
  /** Where the daemon's log and critest's output are copied, whatever happens. */
  readonly logDir: string;
  readonly signal: AbortSignal;
};

export type SuiteRun = SuiteReport & {
  readonly durationMs: number;
  /** What the specifications' pods left behind, one line each; empty: nothing. */
  readonly leftovers: string;
};

/** Brings everything that stays after the first pod: bridge, chains of host ports, a monitor. */
const warmUpFocus = '--ginkgo.focus=port mapping with host port';
const warmUpAttempts = 3;

export async function runSuite(options: SuiteOptions): Promise<SuiteRun> {
  await using machine = await Machine.create();
  await using registry = await Registry.start(machine, { storage: options.storage });
  await using daemon = await Daemon.start(machine, {
    registry: registry.address,
    env: { CRI_TS_RUNTIME_DEFAULT_RUNTIME: options.handler },
  });
  await writeIpcmk(machine);
  try {
    await warmUp(machine, daemon.socketPath, options);
    const scope = { machine, dirs: [machine.outside(daemon.dirs.runDir)] };
    const before = await takeCensus(scope);
    const startedAtMs = performance.now();
    const report = await runCritest(machine, daemon.socketPath, options);
    const durationMs = Math.round(performance.now() - startedAtMs);
    return { ...report, durationMs, leftovers: await leftoversOf(before, scope) };
  } finally {
    await removeSegments(machine);
    await mkdir(options.logDir, { recursive: true });
    await writeFile(`${options.logDir}/daemon-${options.name}.log`, await daemon.log());
  }
}

/**
 * Tries again, since what is counted is the suite and not its warm-up: the same specification runs there.
 * @throws with what the specification said when it fails to the last: nothing that the census finds could be trusted then
 */
async function warmUp(machine: Machine, socketPath: string, options: SuiteOptions): Promise<void> {
  const said: string[] = [];
  for (let attempt = 1; attempt <= warmUpAttempts; attempt += 1) {
    const name = `warm-up-${options.name}-${attempt}`;
    const { specs } = await runCritest(machine, socketPath, { ...options, name, flags: [warmUpFocus] });
    if (specs.some((spec) => spec.state === 'passed')) return;
    const failed = specs.map((spec) => `${spec.name}: ${spec.message}`).join('\n');
    said.push(failed);
    process.stdout.write(`warm-up of ${options.name}, attempt ${attempt}: ${failed}\n`);
  }
  throw new Error(`the first pod, which brings bridge and chains, failed: ${said.at(-1) ?? ''}`);
}

/** Only what is more than before: mounts of others on the host may go meanwhile. */
async function leftoversOf(before: Census, scope: CensusScope): Promise<string> {
  const look = async (): Promise<string> =>
    difference(before, await takeCensus(scope))
      .split('\n')
      .filter((line) => line.startsWith('+'))
      .join('\n');
  return await settle(look, (seen) => seen === '', { timeoutMs: 15_000, everyMs: 200 });
}

/** Failed specifications are no failure of ours. @throws with critest's last words when it came to no end */
async function runCritest(machine: Machine, socketPath: string, options: SuiteOptions): Promise<SuiteReport> {
  const endpoint = `unix://${socketPath}`;
  const temporary = machine.path('tmp');
  await mkdir(temporary, { recursive: true });
  const report = machine.path('report.json');
  await rm(report, { force: true });
  const [program, ...args] = machine.enter([
    options.critest,
    `--runtime-endpoint=${endpoint}`,
    `--image-endpoint=${endpoint}`,
    `--runtime-handler=${options.handler}`,
    '--config=/nonexistent',
    `--ginkgo.json-report=${report}`,
    '--ginkgo.no-color',
    '--ginkgo.randomize-all',
    // One that hangs fails then, and the others are told of.
    '--ginkgo.timeout=6m',
    '--ginkgo.grace-period=10s',
    ...options.flags,
  ]);
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...plainEnv,
      TMPDIR: temporary,
      PATH: [machine.path('bin'), dirname(options.critest), plainEnv['PATH'] ?? ''].join(':'),
    },
    detached: true,
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
  // ginkgo and its processes hold the output open: the whole group goes.
  const kill = (): void => signalQuietly(-(child.pid ?? 0), 'SIGKILL');
  const timer = setTimeout(kill, suiteTimeoutMs);
  options.signal.addEventListener('abort', kill, { once: true });
  const [code]: unknown[] = await once(child, 'close');
  clearTimeout(timer);
  options.signal.throwIfAborted();
  await mkdir(options.logDir, { recursive: true });
  await writeFile(`${options.logDir}/critest-${options.name}.log`, Buffer.concat(output));
  const found = parseReport(await readFile(report, 'utf8').catch(() => '[{}]'));
  if (code === 0 || found.specs.some((spec) => spec.state === 'failed')) return found;
  const end = Buffer.concat(output).toString('utf8').trim().slice(-1000);
  throw new Error(`critest ended with ${String(code)} and no failed specification:\n${end}`);
}

/** The host's ipcmk behind a script that notes what it made: the specifications never remove their segments. */
async function writeIpcmk(machine: Machine): Promise<void> {
  await mkdir(machine.path('bin'));
  const script = `#!/bin/sh\n/usr/bin/ipcmk "$@" | tee -a ${machine.path('segments')}\n`;
  await writeFile(machine.path('bin/ipcmk'), script, { mode: 0o755 });
}

async function removeSegments(machine: Machine): Promise<void> {
  const noted = await readFile(machine.path('segments'), 'utf8').catch(() => '');
  for (const [, id = ''] of noted.matchAll(/Shared memory id: (\d+)/g)) {
    await runCommand({ argv: ['ipcrm', '-m', id], timeoutMs: 10_000 });
  }
}
