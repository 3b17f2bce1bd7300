/**
 * The start of a daemon over what an earlier one left: records, monitors and kernel are brought to agree, so that List and
 * Status tell what clients were told before. Nothing here waits for a network or a registry.
 *
 *   another boot ──▶ all pods not ready, all containers exited
 *   same boot    ──▶ monitors report exits ─▶ exit files ─▶ dead without a trace: Unknown
 *                    created but running ─▶ its start was not recorded
 *                    namespaces or init gone ─▶ pod not ready
 */
import { readBounded } from '../base/files.ts';
import type { ContainerId } from '../base/ids.ts';
import { nowNs } from '../base/time.ts';
import { reopenNotifier } from '../containers/notifier.ts';
import { describeExit } from '../runtime/exits.ts';
import { parseExitRecord } from '../runtime/monitors/monitor-message.ts';
import { isAlive } from '../runtime/programs/process-identity.ts';
import type { Services } from '../services.ts';
import type { ContainerRecord } from '../store/container-record.ts';
import type { PodRecord } from '../store/pod-record.ts';

export type RecoverServices = Pick<
  Services,
  | 'store'
  | 'host'
  | 'monitors'
  | 'exits'
  | 'handlers'
  | 'paths'
  | 'kernel'
  | 'holds'
  | 'cgroups'
  | 'log'
  | 'seccompNotifiers'
>;

const maxExitBytes = 64 * 1024;
/** How long a monitor may take to tell the end of a container that is dead already. */
const tellPatienceMs = 10_000;

export async function recover(services: RecoverServices): Promise<void> {
  const { store, host, log } = services;
  const pods = [...store.pods.all()];
  const isOfThisBoot = (pod: PodRecord): boolean => pod.bootId === host.bootId;
  // First of all, so that what is in the pipes stays although a container ends before its monitor has a successor.
  await Promise.all([...store.containers.all()].map(async (record) => await hold(services, record)));
  await services.monitors.recover(new Set(livingSlots(services, pods.filter(isOfThisBoot))));
  await Promise.all(
    [...store.containers.all()].map(async (record) => await recoverContainer(services, record)),
  );
  await Promise.all(pods.map(async (pod) => await recoverPod(services, pod)));
  if (pods.length > 0)
    log.info({ pods: pods.length, containers: store.containers.size }, 'took up what was there');
}

async function hold(services: RecoverServices, record: ContainerRecord): Promise<void> {
  const { id, process, exit, config } = record;
  if (exit !== null || services.store.pods.get(record.podId)?.bootId !== services.host.bootId) return;
  // Whether stdin has ended is not known any more: opening it again could undo that end.
  await services.holds.hold({
    id,
    runDir: services.paths.container(id).dir,
    process,
    isTerminal: config.tty,
    hasStdin: false,
  });
  await reopenNotifier(services, record).catch((error: unknown) =>
    services.log.warn({ container: id, err: error }, 'seccomp notifier cannot be opened again'),
  );
}

/** Slots whose containers, or pod inits, need a monitor. */
function livingSlots(services: RecoverServices, pods: readonly PodRecord[]): readonly string[] {
  const isServing = (pod: PodRecord): boolean =>
    pod.init !== null || services.store.containersOf(pod.id).some((record) => record.exit === null);
  return pods.filter(isServing).map((pod) => pod.monitor);
}

async function recoverContainer(services: RecoverServices, record: ContainerRecord): Promise<void> {
  // The monitors' reports have been taken in: what has an exit now is settled.
  if (services.store.containers.get(record.id)?.exit !== null) return;
  if (services.store.pods.get(record.podId)?.bootId !== services.host.bootId) {
    await concludeLost(services, record);
    return;
  }
  if (!(await isAlive(record.process))) {
    // Its monitor is about to tell how it ended; nobody waits for that.
    void concludeUnlessTold(services, record);
    return;
  }
  if (record.startedAtNs > 0n) return;
  const { runtime } = await services.handlers.get(record.handler);
  if ((await runtime.state(record.id)) !== 'running') return;
  // Started by a daemon that died before it could say so; its client asks again and is told OK.
  await services.store.containers.update(record.id, 'daemon', (now) => ({
    ...now,
    startedAtNs: nowNs(),
    startedBy: 'unrecorded',
  }));
}

async function concludeUnlessTold(services: RecoverServices, record: ContainerRecord): Promise<void> {
  const patience = AbortSignal.timeout(tellPatienceMs);
  try {
    await services.exits.wait(record.id, patience);
  } catch {
    // The patience is over.
    await concludeLost(services, record);
  }
}

/** Dead, and no monitor has told how: the exit file, else nobody knows. */
async function concludeLost(services: RecoverServices, record: ContainerRecord): Promise<void> {
  const exit = await readExitFile(services, record.id);
  const nobodyKnows = {
    containerId: record.id,
    exitCode: null,
    finishedAtNs: String(nowNs()),
    // The cgroup stays until the end is recorded.
    isOomKilled: ((await services.cgroups.oomKills(record.cgroupPath)) ?? 0n) > 0n,
  };
  await services.exits.conclude(record.id, describeExit(exit ?? nobodyKnows, record.createdAtNs));
}

async function readExitFile(
  services: RecoverServices,
  id: ContainerId,
): ReturnType<typeof Promise.resolve<ReturnType<typeof parseExitRecord>>> {
  try {
    const content = await readBounded(services.paths.container(id).exit, maxExitBytes);
    return content === null ? null : parseExitRecord(JSON.parse(content.toString('utf8')));
  } catch (error) {
    services.log.warn({ container: id, err: error }, 'exit file cannot be read');
    return null;
  }
}

async function recoverPod(services: RecoverServices, pod: PodRecord): Promise<void> {
  if (pod.state !== 'ready') return;
  const fault = await faultOf(services, pod);
  if (fault === null) return;
  services.log.warn({ pod: pod.id, fault }, 'pod is not ready any more');
  await services.store.pods.update(pod.id, 'power-cut', (now) => ({ ...now, state: 'not-ready' }));
}

/** Why a pod cannot be ready; null: it can. */
async function faultOf(services: RecoverServices, pod: PodRecord): Promise<string | null> {
  if (pod.bootId !== services.host.bootId) return 'the machine was rebooted';
  if (pod.init !== null && !(await isAlive(pod.init))) return 'the init of its PID namespace has ended';
  for (const path of Object.values(pod.pins)) {
    if (path !== null && (await services.kernel.namespaceKind(path)) === null)
      return `its namespace "${path}" is gone`;
  }
  return null;
}
