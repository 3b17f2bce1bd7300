/**
 * StopPodSandbox: not ready at once, then its containers are stopped, its network is given back and its namespaces are let
 * go. May be repeated until all of it has succeeded; an unknown pod is stopped.
 * Source: CRI StopPodSandboxRequest; the kubelet calls it again until it answers OK.
 */
import type { StopPodSandboxRequest, StopPodSandboxResponseInit } from '../../cri-api/runtime-v1.ts';
import type { Call } from '../base/call.ts';
import type { PodId } from '../base/ids.ts';
import { Steps } from '../base/steps.ts';
import { together } from '../base/together.ts';
import type { Services } from '../services.ts';
import type { PodRecord } from '../store/pod-record.ts';
import { stopPodInit } from './pod-init.ts';
import { unpinPodNamespaces } from './pod-namespaces.ts';

const stopPodSandboxSteps = ['state', 'containers', 'network', 'init', 'namespaces', 'record'] as const;
type Step = (typeof stopPodSandboxSteps)[number];

export type StopServices = Pick<
  Services,
  | 'store'
  | 'stops'
  | 'locks'
  | 'network'
  | 'kernel'
  | 'paths'
  | 'handlers'
  | 'monitors'
  | 'cgroups'
  | 'host'
  | 'log'
>;

/** What containers get when the client set no deadline. */
const defaultGraceMs = 10_000;
/** Of the client's deadline, kept for what follows the containers' end. */
const reservedMs = 5_000;

export async function stopPodSandbox(
  services: StopServices,
  request: StopPodSandboxRequest,
  call: Call,
): Promise<StopPodSandboxResponseInit> {
  const pod = services.store.podOrNull(request.podSandboxId);
  if (pod === null) return {};
  const remainingMs = call.remainingMs();
  const graceMs = Math.min(
    defaultGraceMs,
    Math.max(0, (remainingMs ?? defaultGraceMs + reservedMs) - reservedMs),
  );
  await stopPod(services, pod, { call, graceMs });
  return {};
}

/** Stops a pod; what is stopped already is passed over. @throws the first failure, after which it may be called again */
export async function stopPod(
  services: StopServices,
  pod: PodRecord,
  how: { readonly call: Call; readonly graceMs: number },
): Promise<void> {
  const steps = new Steps<Step>('StopPodSandbox', how.call.log.child({ pod: pod.id }));
  await steps.run('state', async () => await markNotReady(services, pod.id));
  await steps.run('containers', async () => await stopContainers(services, pod.id, how));
  await together([
    steps.run('network', async () => await giveNetworkBack(services, pod.id)),
    steps.run('init', async () => await endInit(services, pod)),
  ]);
  await steps.run('namespaces', async () => await unpinPodNamespaces(services, services.paths.pod(pod.id)));
  steps.finish();
}

/** From here on no container can be added: CreateContainer looks at the state under the same lock. */
async function markNotReady(services: StopServices, id: PodId): Promise<void> {
  await services.locks.hold(id, new AbortController().signal, async () => {
    await services.store.pods.conclude(id, 'power-cut', (pod) =>
      pod.state === 'ready' ? { ...pod, state: 'not-ready' } : pod,
    );
  });
}

async function stopContainers(
  services: StopServices,
  id: PodId,
  how: { readonly call: Call; readonly graceMs: number },
): Promise<void> {
  const stops = services.store
    .containersOf(id)
    .map(async (record) => await services.stops.stop(record, how.graceMs, how.call.signal));
  const failed = (await Promise.allSettled(stops)).find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function endInit(services: StopServices, pod: PodRecord): Promise<void> {
  if (pod.init === null) return;
  await stopPodInit(services, pod);
  await services.store.pods.conclude(pod.id, 'daemon', (now) => ({ ...now, init: null }));
}

/** DEL has its own deadline and not the client's; only its success is remembered. */
async function giveNetworkBack(services: StopServices, id: PodId): Promise<void> {
  const pod = services.store.pods.get(id);
  if (pod === null || !pod.isNetworkOwed) return;
  const { name = '', uid = '', namespace = '', attempt = 0 } = pod.config.metadata ?? {};
  await services.network.detach({ id, metadata: { name, uid, namespace, attempt }, netns: pod.pins.net });
  await services.store.pods.conclude(id, 'power-cut', (record) => ({ ...record, isNetworkOwed: false }));
}
