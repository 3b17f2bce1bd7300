/**
 * RunPodSandbox: namespaces, files, cgroup, network, record. A retry with the same metadata joins the running work, or
 * finds the pod that it made; a failed one leaves nothing.
 * Source: CRI RunPodSandboxRequest.
 */
import type { RunPodSandboxRequest, RunPodSandboxResponseInit } from '../../cri-api/runtime-v1.ts';
import { PodSandboxConfig } from '../../cri-api/runtime-v1.ts';
import type { Call } from '../base/call.ts';
import { alreadyExists, failedPrecondition } from '../base/errors.ts';
import { newPodId, type PodId } from '../base/ids.ts';
import { Rollback } from '../base/rollback.ts';
import { Steps } from '../base/steps.ts';
import { nowNs } from '../base/time.ts';
import { together } from '../base/together.ts';
import type { Handler } from '../runtime/handlers/handlers.ts';
import type { Services } from '../services.ts';
import { parsePodConfig } from '../spec/requests/parse-pod-config.ts';
import type { PodConfig } from '../spec/requests/pod-config.ts';
import type { PodPlan } from '../spec/pod-plan.ts';
import { podKey, type PodRecord } from '../store/pod-record.ts';
import { makePodCgroup } from './pod-cgroup.ts';
import { makePodDirectory, makePodFiles } from './pod-files.ts';
import { startPodInit } from './pod-init.ts';
import { planOf } from './pod-material.ts';
import { pinPodNamespaces } from './pod-namespaces.ts';

const runPodSandboxSteps = [
  'directory',
  'namespaces',
  'network',
  'init',
  'cgroup',
  'files',
  'record',
  'answer',
] as const;
type Step = (typeof runPodSandboxSteps)[number];

export type RunServices = Pick<
  Services,
  | 'config'
  | 'log'
  | 'paths'
  | 'store'
  | 'kernel'
  | 'cgroups'
  | 'host'
  | 'network'
  | 'handlers'
  | 'monitors'
  | 'programs'
  | 'flights'
  | 'selinuxLevels'
>;

export async function runPodSandbox(
  services: RunServices,
  request: RunPodSandboxRequest,
  call: Call,
): Promise<RunPodSandboxResponseInit> {
  const config = parsePodConfig(request.config);
  const message = request.config ?? PodSandboxConfig.create({});
  const key = podKey(message);
  const existing = services.store.pods.byKey(key);
  if (existing !== null) return { podSandboxId: sameReadyPod(existing) };
  const handler = await services.handlers.require(request.runtimeHandler);
  if (config.namespaces.user !== null) requireUserNamespaces(handler);
  const work = async (): Promise<PodId> =>
    await makePod(services, { config, message, handler, requestedHandler: request.runtimeHandler }, call);
  const podSandboxId = await services.flights.pods.run(key, { signal: call.signal, isDetached: true }, work);
  return { podSandboxId };
}

/** @throws UserNamespacesUnsupported */
function requireUserNamespaces({ report }: Handler): void {
  const { userNamespaceFault } = report.features;
  if (userNamespaceFault === null) return;
  throw failedPrecondition(
    'UserNamespacesUnsupported',
    `userns_options mode POD: runtime handler "${report.name}" cannot do that here: ${userNamespaceFault}`,
  );
}

/** The kubelet that lost our answer asks again. @throws PodExists when that pod has been stopped */
function sameReadyPod(pod: PodRecord): PodId {
  if (pod.state === 'ready') return pod.id;
  const { name, namespace, attempt } = pod.config.metadata ?? { name: '', namespace: '', attempt: 0 };
  throw alreadyExists(
    'PodExists',
    `pod sandbox "${namespace}/${name}" attempt ${attempt} exists and has been stopped`,
  );
}

type Wanted = {
  readonly config: PodConfig;
  readonly message: PodSandboxConfig;
  readonly handler: Handler;
  readonly requestedHandler: string;
};

async function makePod(services: RunServices, wanted: Wanted, call: Call): Promise<PodId> {
  const id = newPodId();
  const { name, namespace } = wanted.config.metadata;
  const log = call.log.child({ pod: id, name, namespace });
  const steps = new Steps<Step>('RunPodSandbox', log);
  const plan = planOf(services, id, wanted.config);
  await using rollback = new Rollback((leak) => log.error({ ...leak }, 'undo of RunPodSandbox failed'));
  using scope = new DisposableStack();
  const selinuxLevel = scope.use(services.selinuxLevels.take()).level;
  const pod = { plan, config: wanted.config, paths: services.paths.pod(id), selinuxLevel };

  await steps.run('directory', async () => await makePodDirectory(services, pod.paths, rollback));
  const [pins, monitor] = await together([
    steps.run('namespaces', async () => await pinPodNamespaces(services, pod, rollback)),
    services.monitors.place().then((placement) => scope.use(placement).slot),
  ]);
  const placed = { ...pod, pins, handler: wanted.handler, monitor };
  // The network takes longest; nothing beside it needs it. In this order, since the undo goes backwards: the cgroup is
  // removed when the init has left it.
  const [cgroup, ips, init] = await together([
    steps.run('cgroup', async () => await makePodCgroup(services, { plan, config: wanted.config }, rollback)),
    steps.run(
      'network',
      async () => await attachNetwork(services, { plan, wanted, netns: pins.net }, rollback),
    ),
    steps.run('init', async () => await startPodInit(services, placed, rollback)),
    steps.run('files', async () => await makePodFiles(services, pod)),
  ]);
  const record: PodRecord = {
    id,
    config: wanted.message,
    requestedHandler: wanted.requestedHandler,
    handler: wanted.handler.report.name,
    createdAtNs: nowNs(),
    state: 'ready',
    bootId: services.host.bootId,
    monitor,
    ips,
    isNetworkOwed: pins.net !== null,
    pins,
    selinuxLevel,
    init,
    cgroupParent: cgroup,
    isCgroupOurs: plan.cgroup.isOwn,
  };
  await steps.run('record', async () => await services.store.pods.insert(record));
  rollback.commit();
  await steps.run('answer', () => undefined);
  steps.finish({ ips });
  return id;
}

type Attachment = {
  readonly plan: PodPlan;
  readonly wanted: Wanted;
  readonly netns: PodRecord['pins']['net'];
};

/** The undo is registered first: a plugin that fails may have allocated an address all the same. */
async function attachNetwork(
  services: RunServices,
  attachment: Attachment,
  rollback: Rollback,
): Promise<readonly string[]> {
  const { plan, wanted, netns } = attachment;
  if (netns === null) return [];
  const pod = { id: plan.podId, metadata: wanted.config.metadata, netns };
  rollback.defer('detach network', async () => await services.network.detach(pod));
  return await services.network.attach(pod, {
    portMappings: plan.portMappings,
    bandwidth: plan.bandwidth,
    dns: wanted.config.dns,
  });
}
