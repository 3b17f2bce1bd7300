/**
 * `cri-ts status`: what a running daemon says of itself, as tables for people.
 */
import {
  ContainerState,
  PodSandboxState,
  type Container,
  type PodSandbox,
} from '../../cri-api/runtime-v1.ts';
import type { ResponseOf } from '../../cri-api/methods.ts';
import { nowNs } from '../base/time.ts';
import { loadConfig, type ConfigInputs } from '../config/loader.ts';
import { CriClient } from './cri-client.ts';
import {
  readHandlers,
  readMonitors,
  requiredConditions,
  type HandlerReport,
  type MonitorReport,
} from './daemon-report.ts';
import { exitCode } from './exit-code.ts';
import { paintFor, printAge, printTable, type Paint } from './table.ts';

const timeoutMs = 10_000;

type Answers = {
  readonly socket: string;
  readonly version: ResponseOf<'Version'>;
  readonly status: ResponseOf<'Status'>;
  readonly pods: readonly PodSandbox[];
  readonly containers: readonly Container[];
};

/** Prints the daemon's state; failed when a condition that the kubelet requires does not hold. @throws DaemonUnreachable */
export async function printStatus(
  inputs: ConfigInputs,
  options: { readonly isJson: boolean },
): Promise<number> {
  const { config } = await loadConfig(inputs);
  const answers = await ask(config.daemon.socketPath);
  const text = options.isJson ? statusJson(answers) : statusText(answers, paintFor(process.stdout));
  process.stdout.write(`${text}\n`);
  const conditions = requiredConditions(answers.status);
  return conditions.length > 0 && conditions.every(({ status }) => status) ? exitCode.fine : exitCode.failed;
}

async function ask(socket: string): Promise<Answers> {
  using client = new CriClient(socket);
  const [version, status, pods, containers] = await Promise.all([
    client.call('Version', {}, { timeoutMs }),
    client.call('Status', { verbose: true }, { timeoutMs }),
    client.call('ListPodSandbox', {}, { timeoutMs }),
    client.call('ListContainers', {}, { timeoutMs }),
  ]);
  return { socket, version, status, pods: pods.items, containers: containers.containers };
}

function statusText(answers: Answers, paint: Paint): string {
  const { version, status } = answers;
  const atNs = nowNs();
  const tables = [
    [`${version.runtimeName} ${version.runtimeVersion} on ${answers.socket}`],
    conditionTable(status, paint),
    handlerTable(handlersOf(status), paint),
    podTable(answers.pods, { atNs, paint }),
    containerTable(answers, { atNs, paint }),
    monitorTable(readMonitors(status.info), paint),
  ];
  return tables.map((lines) => lines.join('\n')).join('\n\n');
}

function conditionTable(status: ResponseOf<'Status'>, paint: Paint): readonly string[] {
  const rows = (status.status?.conditions ?? []).map((one) => [
    one.type,
    one.status ? 'yes' : 'NO',
    [one.reason, one.message].filter((part) => part !== '').join(': '),
  ]);
  return printTable(['CONDITION', 'HOLDS', 'WHY'], rows, paint);
}

/** The daemon's own report, or at least the names that the CRI gives. */
function handlersOf(status: ResponseOf<'Status'>): readonly HandlerReport[] {
  const reported = readHandlers(status.info);
  if (reported.length > 0) return reported;
  return status.runtimeHandlers
    .filter(({ name }) => name !== '')
    .map(({ name }) => ({ name, isDefault: false, version: '', fault: null }));
}

function handlerTable(handlers: readonly HandlerReport[], paint: Paint): readonly string[] {
  const rows = handlers.map((one) => [
    one.isDefault ? `${one.name} (default)` : one.name,
    one.version,
    one.fault === null ? 'yes' : 'NO',
    one.fault ?? '',
  ]);
  return printTable(['HANDLER', 'VERSION', 'WORKS', 'WHY NOT'], rows, paint);
}

type TableContext = { readonly atNs: bigint; readonly paint: Paint };

function podTable(pods: readonly PodSandbox[], { atNs, paint }: TableContext): readonly string[] {
  const rows = pods.map((pod) => [
    pod.id.slice(0, 13),
    `${pod.metadata?.namespace ?? ''}/${pod.metadata?.name ?? ''}`,
    pod.state === PodSandboxState.SANDBOX_READY ? 'ready' : 'not ready',
    pod.runtimeHandler,
    printAge(pod.createdAt, atNs),
  ]);
  return printTable(['POD', 'NAME', 'STATE', 'HANDLER', 'AGE'], rows, paint);
}

const stateWords = new Map<number, string>([
  [ContainerState.CONTAINER_CREATED, 'created'],
  [ContainerState.CONTAINER_RUNNING, 'running'],
  [ContainerState.CONTAINER_EXITED, 'exited'],
]);

function containerTable(answers: Answers, { atNs, paint }: TableContext): readonly string[] {
  const podNames = new Map(answers.pods.map((pod) => [pod.id, pod.metadata?.name ?? '']));
  const rows = answers.containers.map((one) => [
    one.id.slice(0, 13),
    `${podNames.get(one.podSandboxId) ?? one.podSandboxId.slice(0, 13)}/${one.metadata?.name ?? ''}`,
    stateWords.get(one.state) ?? 'unknown',
    one.image?.userSpecifiedImage || one.image?.image || one.imageRef,
    printAge(one.createdAt, atNs),
  ]);
  return printTable(['CONTAINER', 'POD/NAME', 'STATE', 'IMAGE', 'AGE'], rows, paint);
}

function monitorTable(monitors: readonly MonitorReport[], paint: Paint): readonly string[] {
  const rows = monitors.map(({ name, pid, state, pods, containers }) => [
    name,
    pid === null ? '-' : String(pid),
    state,
    String(pods),
    String(containers),
  ]);
  return printTable(['MONITOR', 'PID', 'STATE', 'PODS', 'CONTAINERS'], rows, paint);
}

function statusJson(answers: Answers): string {
  const { version, status, pods, containers } = answers;
  const report = {
    socket: answers.socket,
    runtime: { name: version.runtimeName, version: version.runtimeVersion },
    conditions: status.status?.conditions ?? [],
    handlers: handlersOf(status),
    pods,
    containers,
    monitors: readMonitors(status.info),
  };
  const plain = (_key: string, value: unknown): unknown =>
    typeof value === 'bigint' ? String(value) : value;
  return JSON.stringify(report, plain, 2);
}
