/**
 * `cri-ts selftest`: one pod through the daemon's socket, as a kubelet would run it, each step timed, everything removed
 * again whatever happens. It uses nothing of the daemon but its socket.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ResponseOf } from '../../cri-api/methods.ts';
import { failedPrecondition, messageOf } from '../base/errors.ts';
import { loadConfig, type ConfigInputs } from '../config/loader.ts';
import { CriClient } from './cri-client.ts';
import { readHandlers, requiredConditions } from './daemon-report.ts';
import { exitCode } from './exit-code.ts';
import { runContainerSteps } from './selftest/self-container.ts';
import { buildSelfImage, type SelfImage } from './selftest/self-image.ts';
import { SelfRegistry } from './selftest/self-registry.ts';
import { StepTable } from './selftest/step-table.ts';
import { paintFor } from './table.ts';

const quickMs = 15_000;
const slowMs = 120_000;

type Cleanup = { readonly what: string; readonly run: () => Promise<unknown> };

/** What the steps share. Whatever a step makes, it registers in `cleanups`. */
type SelfTest = {
  readonly client: CriClient;
  readonly table: StepTable;
  readonly cleanups: Cleanup[];
};

/** Runs the test; failed when one step or the removal of something failed. @throws DaemonUnreachable */
export async function selftest(inputs: ConfigInputs, options: { readonly isJson: boolean }): Promise<number> {
  const { config } = await loadConfig(inputs);
  using client = new CriClient(config.daemon.socketPath);
  await client.call('Version', {}, { timeoutMs: quickMs });
  const write = (text: string): void => void (options.isJson || process.stdout.write(text));
  const table = new StepTable(write, paintFor(process.stdout));
  const test: SelfTest = { client, table, cleanups: [] };
  const failure = await runSteps(test);
  const leftovers = await cleanUp(test.cleanups);
  table.finish();
  for (const leftover of leftovers) write(`  left behind: ${leftover}\n`);
  const isPassed = failure === null && leftovers.length === 0;
  if (options.isJson)
    process.stdout.write(`${JSON.stringify({ isPassed, steps: table.results, leftovers }, null, 2)}\n`);
  return isPassed ? exitCode.fine : exitCode.failed;
}

/** @returns the failure that ended it, or null; the table has shown it */
async function runSteps(test: SelfTest): Promise<unknown> {
  try {
    const handler = await askDaemon(test);
    const image = await pullImage(test);
    await runPod(test, { handler, image });
    return null;
  } catch (error) {
    // Shown as the failed step's line; the exit code tells the rest.
    return error;
  }
}

async function askDaemon({ client, table }: SelfTest): Promise<string> {
  await table.run(
    'version',
    async () => await client.call('Version', { version: '0.1.0' }, { timeoutMs: quickMs }),
    (answer) => `${answer.runtimeName} ${answer.runtimeVersion}, CRI ${answer.runtimeApiVersion}`,
  );
  const choice = await table.run(
    'status',
    async () => chooseHandler(await client.call('Status', { verbose: true }, { timeoutMs: quickMs })),
    ({ words }) => words,
  );
  return choice.handler;
}

type Choice = { readonly handler: string; readonly words: string };

/** The default handler, or the first that works on this machine. @throws NotReady, NoHandler */
export function chooseHandler(status: ResponseOf<'Status'>): Choice {
  const broken = requiredConditions(status).find((condition) => !condition.status);
  if (broken !== undefined)
    throw failedPrecondition('NotReady', `${broken.type} does not hold: ${broken.reason}: ${broken.message}`);
  const handlers = readHandlers(status.info);
  const standard = handlers.find(({ isDefault }) => isDefault);
  if (standard === undefined) return { handler: '', words: 'ready, default handler' };
  if (standard.fault === null) return { handler: '', words: `ready, ${describe(standard)}` };
  const other = handlers.find(({ fault }) => fault === null);
  if (other === undefined) {
    const reasons = handlers.map(({ name, fault }) => `${name}: ${fault ?? ''}`).join('; ');
    throw failedPrecondition('NoHandler', `no handler works on this machine (${reasons})`);
  }
  const words = `ready, ${describe(other)}: ${standard.name} cannot work here (${standard.fault})`;
  return { handler: other.name, words };
}

function describe(handler: { readonly name: string; readonly version: string }): string {
  return `${handler.name} ${handler.version}`.trimEnd();
}

async function pullImage({ client, table, cleanups }: SelfTest): Promise<string> {
  const image = await table.run('make image of busybox', buildSelfImage, describeImage);
  const registry = await SelfRegistry.start(image);
  cleanups.push({ what: 'registry', run: async () => await registry.close() });
  const spec = { image: registry.imageName };
  cleanups.push({
    what: `image ${registry.imageName}`,
    run: async () => await client.call('RemoveImage', { image: spec }, { timeoutMs: slowMs }),
  });
  const answer = await table.run(
    'pull image',
    async () => await client.call('PullImage', { image: spec }, { timeoutMs: slowMs }),
    ({ imageRef }) => imageRef.slice(-71).slice(0, 19),
  );
  return answer.imageRef;
}

function describeImage(image: SelfImage): string {
  return `${(image.sizeBytes / 1024 / 1024).toFixed(1)} MiB, served on loopback`;
}

type PodPlan = { readonly handler: string; readonly image: string };

async function runPod(test: SelfTest, { handler, image }: PodPlan): Promise<void> {
  const { client, table, cleanups } = test;
  const logDirectory = await mkdtemp(join(tmpdir(), 'cri-ts-selftest-'));
  cleanups.push({
    what: `directory ${logDirectory}`,
    run: async () => await rm(logDirectory, { recursive: true, force: true }),
  });
  const config = {
    metadata: { name: 'cri-ts-selftest', uid: randomUUID(), namespace: 'cri-ts', attempt: 0 },
    hostname: 'cri-ts-selftest',
    logDirectory,
    linux: {},
  };
  const pod = await table.run(
    'run pod sandbox',
    async () =>
      await client.call('RunPodSandbox', { config, runtimeHandler: handler }, { timeoutMs: slowMs }),
    ({ podSandboxId }) => podSandboxId.slice(0, 13),
  );
  const podSandboxId = pod.podSandboxId;
  const removal = {
    what: `pod ${podSandboxId}`,
    run: async () => await client.call('RemovePodSandbox', { podSandboxId }, { timeoutMs: slowMs }),
  };
  cleanups.push(removal);
  await table.run('network address', async () => await addressOf(client, podSandboxId), String);
  await runContainerSteps(test, { podSandboxId, config, image });
  await table.run(
    'stop pod sandbox',
    async () => await client.call('StopPodSandbox', { podSandboxId }, { timeoutMs: slowMs }),
  );
  await table.run('remove pod sandbox', removal.run);
  await table.run(
    'remove image',
    async () => await client.call('RemoveImage', { image: { image } }, { timeoutMs: slowMs }),
  );
}

/** @throws NoAddress when the pod has none */
async function addressOf(client: CriClient, podSandboxId: string): Promise<string> {
  const answer = await client.call('PodSandboxStatus', { podSandboxId }, { timeoutMs: quickMs });
  const network = answer.status?.network;
  if (network === null || network === undefined || network.ip === '')
    throw failedPrecondition('NoAddress', 'the pod has no address');
  return [network.ip, ...network.additionalIps.map(({ ip }) => ip)].join(', ');
}

/** Newest first; each is tried. Removing what is removed already is success in the CRI. */
async function cleanUp(cleanups: readonly Cleanup[]): Promise<readonly string[]> {
  const leftovers: string[] = [];
  for (const { what, run } of cleanups.toReversed()) {
    try {
      await run();
    } catch (error) {
      leftovers.push(`${what}: ${messageOf(error)}`);
    }
  }
  return leftovers;
}
