/**
 * How fast one container's output goes into its CRI log, and what that costs the daemon and the monitor. Lines have 256
 * bytes; they are written 256 at a time (64 KiB, what a pipe takes) or one at a time, by dd out of a file in memory.
 */
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ContainerState } from '../cri-api/runtime-v1.ts';
import { containerConfig, uniqueName } from '../test/harness/requests.ts';
import { cpuSecondsOf } from './process-figures.ts';
import type { Subject } from './subjects.ts';

const lineBytes = 256;

export type LogPlan = { readonly name: string; readonly bytes: number; readonly writeBytes: number };

export type LogResult = {
  /** Of content, without the log's own prefixes. */
  readonly megabytesPerSecond: number;
  readonly cpuSeconds: number;
  readonly logBytes: number;
};

export const logPlans: readonly LogPlan[] = [
  { name: '500 MB in large writes', bytes: 500_000_000, writeBytes: 65_536 },
  { name: '200 MB line by line', bytes: 200_000_000, writeBytes: lineBytes },
];

export async function measureLog(subject: Subject, handler: string, plan: LogPlan): Promise<LogResult> {
  const { client } = subject.server;
  const source = await sourceFile(subject, plan.bytes);
  const logDirectory = `${subject.machine.root}/logs`;
  const config = subject.pod({ logDirectory });
  const pod = await subject.runPod(handler, config);
  const container = containerConfig({
    metadata: { name: uniqueName('log') },
    command: ['dd', 'if=/lines', `bs=${plan.writeBytes}`],
    mounts: [{ hostPath: source, containerPath: '/lines', readonly: true }],
  });
  const containerId = await subject.createContainer(pod, container, config);
  const pids = [subject.server.pid, ...(await subject.monitorPids())];
  const cpuBefore = await cpuSecondsOf(pids);
  const started = performance.now();
  await subject.startContainer(containerId);
  let logPath = '';
  for (;;) {
    const { status } = await client.call('ContainerStatus', { containerId });
    logPath = status?.logPath ?? '';
    if (status?.state === ContainerState.CONTAINER_EXITED) break;
    await sleep(10);
  }
  const seconds = (performance.now() - started) / 1000;
  const cpuSeconds = (await cpuSecondsOf(pids)) - cpuBefore;
  const logBytes = (await stat(logPath)).size;
  await subject.removePod(pod);
  await rm(logPath, { force: true });
  if (logBytes < plan.bytes) throw new Error(`${subject.name} lost log bytes: ${logBytes} of ${plan.bytes}`);
  return { megabytesPerSecond: plan.bytes / 1e6 / seconds, cpuSeconds, logBytes };
}

/** The floor: the same writer into a pipe whose reader throws everything away. */
export async function measurePipe(subject: Subject, plan: LogPlan): Promise<LogResult> {
  const source = await sourceFile(subject, plan.bytes);
  const started = performance.now();
  const busybox = '/bin/busybox';
  await subject.machine.run(
    'sh',
    '-c',
    `${busybox} dd if=${source} bs=${plan.writeBytes} 2>/dev/null | dd bs=64k of=/dev/null 2>/dev/null`,
  );
  const seconds = (performance.now() - started) / 1000;
  return { megabytesPerSecond: plan.bytes / 1e6 / seconds, cpuSeconds: NaN, logBytes: 0 };
}

/** On a tmpfs of the machine, so that reading it costs no disk. */
async function sourceFile(subject: Subject, bytes: number): Promise<string> {
  const dir = subject.machine.path('lines');
  const inside = subject.machine.outside(dir);
  await mkdir(dir, { recursive: true });
  const isMounted = (await subject.machine.mountInfo()).includes(` ${dir} `);
  if (!isMounted) await subject.machine.run('mount', '-t', 'tmpfs', 'lines', dir);
  const line = `${'0123456789abcdef'.repeat(lineBytes / 16).slice(0, lineBytes - 1)}\n`;
  await writeFile(`${inside}/lines`, line.repeat(Math.floor(bytes / lineBytes)));
  return `${dir}/lines`;
}
