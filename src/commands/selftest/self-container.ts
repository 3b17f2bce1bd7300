/**
 * The container of the self-test: created, started, its log read back, a program run in it, stopped, removed.
 */
import { join } from 'node:path';
import type { PodSandboxConfigInit } from '../../../cri-api/runtime-v1.ts';
import { failedPrecondition } from '../../base/errors.ts';
import { readBounded } from '../../base/files.ts';
import { sleepMs } from '../../base/time.ts';
import type { CriClient } from '../cri-client.ts';
import type { StepTable } from './step-table.ts';

const slowMs = 120_000;
const logWaitMs = 5000;
const greeting = 'hello from a container of cri-ts';
/** Left with this code, the shell has seen SIGTERM and was not killed. */
const politeExitCode = 7;
const script = `echo "${greeting}"; trap "exit ${politeExitCode}" TERM; sleep 3600 & wait`;

type Tools = { readonly client: CriClient; readonly table: StepTable };

type PodOfTest = {
  readonly podSandboxId: string;
  readonly config: PodSandboxConfigInit & { readonly logDirectory: string };
  readonly image: string;
};

/** @throws whatever the daemon answers to the first step that fails */
export async function runContainerSteps({ client, table }: Tools, pod: PodOfTest): Promise<void> {
  const containerConfig = {
    metadata: { name: 'main', attempt: 0 },
    image: { image: pod.image },
    command: ['/bin/sh', '-c', script],
    logPath: 'main.log',
    linux: {},
  };
  const { containerId } = await table.run(
    'create container',
    async () =>
      await client.call(
        'CreateContainer',
        { podSandboxId: pod.podSandboxId, config: containerConfig, sandboxConfig: pod.config },
        { timeoutMs: slowMs },
      ),
    (answer) => answer.containerId.slice(0, 13),
  );
  await table.run(
    'start container',
    async () => await client.call('StartContainer', { containerId }, { timeoutMs: slowMs }),
  );
  await table.run(
    'read its log',
    async () => await readGreeting(join(pod.config.logDirectory, 'main.log')),
    String,
  );
  await table.run('exec in it', async () => await exec(client, containerId), String);
  await table.run('stop container', async () => await stop(client, containerId), String);
  await table.run(
    'remove container',
    async () => await client.call('RemoveContainer', { containerId }, { timeoutMs: slowMs }),
  );
}

/** The output passes through a pipe and the monitor: it may take a moment. @throws NoLog */
async function readGreeting(path: string): Promise<string> {
  const deadlineMs = performance.now() + logWaitMs;
  for (;;) {
    const text = (await readBounded(path, 64 * 1024))?.toString('utf8') ?? '';
    const line = text.split('\n').find((one) => one.endsWith(` stdout F ${greeting}`));
    if (line !== undefined) return `"${greeting}"`;
    if (performance.now() > deadlineMs)
      throw failedPrecondition('NoLog', `"${path}" has no such line after ${logWaitMs} ms`);
    await sleepMs(5);
  }
}

/** @throws WrongOutput */
async function exec(client: CriClient, containerId: string): Promise<string> {
  const cmd = ['/bin/hostname'];
  const answer = await client.call('ExecSync', { containerId, cmd, timeout: 10n }, { timeoutMs: slowMs });
  const output = Buffer.from(answer.stdout).toString('utf8').trim();
  if (answer.exitCode !== 0 || output !== 'cri-ts-selftest')
    throw failedPrecondition(
      'WrongOutput',
      `hostname answered "${output}" with exit code ${answer.exitCode}`,
    );
  return `hostname says "${output}"`;
}

/** @throws WrongExit when the container did not end by its own handler of SIGTERM */
async function stop(client: CriClient, containerId: string): Promise<string> {
  await client.call('StopContainer', { containerId, timeout: 10n }, { timeoutMs: slowMs });
  const { status } = await client.call('ContainerStatus', { containerId }, { timeoutMs: slowMs });
  if (status?.exitCode !== politeExitCode) {
    throw failedPrecondition(
      'WrongExit',
      `exit code ${status?.exitCode ?? 'unknown'} (${status?.reason ?? ''}), expected ${politeExitCode}`,
    );
  }
  return `exit code ${politeExitCode}, as its handler of SIGTERM said`;
}
