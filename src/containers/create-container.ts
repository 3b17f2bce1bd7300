/**
 * CreateContainer: root file system, image volumes, facts, pure spec, `create` by the pod's monitor, record. A retry with the same
 * metadata joins the running work or finds the container that it made; a failed one leaves nothing.
 * Source: CRI CreateContainerRequest.
 */
import type { CreateContainerRequest, CreateContainerResponseInit } from '../../cri-api/runtime-v1.ts';
import { ContainerConfig } from '../../cri-api/runtime-v1.ts';
import type { Call } from '../base/call.ts';
import { alreadyExists, failedPrecondition, notFound } from '../base/errors.ts';
import { absolutePath, newContainerId, type ContainerId, type PodId } from '../base/ids.ts';
import { Rollback } from '../base/rollback.ts';
import { Steps } from '../base/steps.ts';
import { nowNs } from '../base/time.ts';
import type { RootfsOptions } from '../images/rootfs/rootfs.ts';
import type { ImageRecord } from '../images/catalog/image-record.ts';
import { artifactNotImage } from '../images/images.ts';
import { materialOf } from '../pods/pod-material.ts';
import { cgroupOf } from '../runtime/programs/process-identity.ts';
import type { Services } from '../services.ts';
import type { PodMaterial } from '../spec/container-spec.ts';
import type { ContainerConfig as CheckedConfig } from '../spec/requests/container-config.ts';
import { labelsOf } from '../spec/container-spec.ts';
import { containerLogPath, parseContainerConfig } from '../spec/requests/parse-container-config.ts';
import { initialResources } from '../spec/update-resources.ts';
import { parsePodConfig } from '../spec/requests/parse-pod-config.ts';
import { containerKey, type ContainerRecord } from '../store/container-record.ts';
import type { PodRecord } from '../store/pod-record.ts';
import { writeBundle } from './bundle.ts';
import { mountImages, withImageRefs, type ImageMounts } from './mounts/image-mounts.ts';
import { launch } from './launch.ts';
import { openStage } from './mounts/staging.ts';

const createContainerSteps = ['rootfs', 'volumes', 'bundle', 'create', 'record', 'answer'] as const;
type Step = (typeof createContainerSteps)[number];

export type CreateServices = Pick<
  Services,
  | 'config'
  | 'host'
  | 'paths'
  | 'store'
  | 'kernel'
  | 'cgroups'
  | 'images'
  | 'cdi'
  | 'handlers'
  | 'monitors'
  | 'terminals'
  | 'seccompNotifiers'
  | 'holds'
  | 'locks'
  | 'flights'
  | 'programs'
  | 'log'
>;

export async function createContainer(
  services: CreateServices,
  request: CreateContainerRequest,
  call: Call,
): Promise<CreateContainerResponseInit> {
  const pod = services.store.pod(request.podSandboxId);
  const config = parseContainerConfig(request.config, parsePodConfig(pod.config));
  const message = request.config ?? ContainerConfig.create({});
  const key = containerKey(pod.id, message);
  const existing = services.store.containers.byKey(key);
  if (existing !== null) return { containerId: sameNewContainer(existing) };
  const work = async (): Promise<ContainerId> =>
    await makeContainer(services, { pod, config, message }, call);
  return {
    containerId: await services.flights.containers.run(key, { signal: call.signal, isDetached: true }, work),
  };
}

/** The kubelet that lost our answer asks again. @throws ContainerExists when it has been started since */
function sameNewContainer(record: ContainerRecord): ContainerId {
  if (record.exit === null && record.startedAtNs === 0n) return record.id;
  const { name = '', attempt = 0 } = record.config.metadata ?? {};
  throw alreadyExists(
    'ContainerExists',
    `container "${name}" attempt ${attempt} exists in its pod and has been started`,
  );
}

type Wanted = { readonly pod: PodRecord; readonly config: CheckedConfig; readonly message: ContainerConfig };

async function makeContainer(services: CreateServices, wanted: Wanted, call: Call): Promise<ContainerId> {
  const { pod, config } = wanted;
  checkReady(services, pod.id);
  const image = findImage(services, config.image.image);
  services.cgroups.hastenMoves();
  const id = newContainerId();
  const log = call.log.child({ container: id, pod: pod.id, name: config.metadata.name });
  const steps = new Steps<Step>('CreateContainer', log);
  await using rollback = new Rollback((leak) => log.error({ ...leak }, 'undo of CreateContainer failed'));
  const handler = await services.handlers.get(pod.handler);

  const material = materialOf(services, pod);
  const options = rootfsOptions(services, material, config);
  const fileLabel = options.selinuxLabel ?? null;
  const rootfs = await steps.run('rootfs', async () => {
    rollback.defer('remove root file system', async () => await services.images.removeRootfs(id));
    const { path } = await services.images.prepareRootfs(image.id, id, options);
    return path;
  });
  const { sources: imageSources, imageIds } = await steps.run('volumes', async () => {
    rollback.defer('remove volumes', async () => await services.images.removeVolumes(id));
    return await mountImages(services, { id, config, idMap: pod.pins.user, selinuxLabel: fileLabel });
  });
  await using staging = await openStage(services, { id, config, pod: material }, { rollback, log });
  const stage = staging?.stage ?? null;
  const bundle = { id, config, image, handler, rootfs, stage, pod: material, imageSources };
  const plan = await steps.run('bundle', async () => await writeBundle(services, bundle, rollback));
  for (const reason of plan.leftOut) log.warn({ reason }, 'not available on this machine');
  const logText = containerLogPath(material.config, config);
  const logPath = logText === null ? null : absolutePath(logText);
  const process = await steps.run(
    'create',
    async () => await launch(services, { id, pod, config, handler, logPath, fileLabel }, rollback),
  );
  const record = await recordOf(services, wanted, { id, image, imageIds, plan, process, logPath });
  await steps.run('record', async () => await publish(services, record));
  rollback.commit();
  await steps.run('answer', () => undefined);
  steps.finish();
  return id;
}

type Made = {
  readonly id: ContainerId;
  readonly image: ImageRecord;
  readonly imageIds: ImageMounts['imageIds'];
  readonly plan: Awaited<ReturnType<typeof writeBundle>>;
  readonly process: ContainerRecord['process'];
  readonly logPath: ContainerRecord['logPath'];
};

async function recordOf(
  services: Pick<CreateServices, 'host'>,
  { pod, config, message }: Wanted,
  made: Made,
): Promise<ContainerRecord> {
  const { image, plan, process } = made;
  return {
    id: made.id,
    podId: pod.id,
    config: withImageRefs(message, made.imageIds),
    handler: pod.handler,
    imageId: image.id,
    imageName: imageName(config, image),
    imageRef: image.repoDigests[0] ?? image.id,
    createdAtNs: nowNs(),
    startedAtNs: 0n,
    startedBy: '',
    exit: null,
    process,
    logPath: made.logPath,
    stopSignal: plan.stopSignal,
    user: plan.user,
    resources: initialResources(message.linux?.resources ?? null, services.host),
    cgroupPath: await cgroupOf(process.pid),
  };
}

/** In a user namespace root owns what the image says root owns, though nothing is changed on disk. */
function rootfsOptions(
  services: Pick<Services, 'host'>,
  pod: PodMaterial,
  { security }: CheckedConfig,
): RootfsOptions {
  const labels = labelsOf(pod, security, services.host.selinux);
  const label = labels === null ? {} : { selinuxLabel: labels.mount };
  const map = pod.config.namespaces.user;
  if (map === null || pod.namespaces.user === null) return label;
  return { ...label, idMap: { map, userNamespace: absolutePath(pod.namespaces.user) } };
}

/** Under the pod's lock: a pod that is being stopped takes no container any more. */
async function publish(services: CreateServices, record: ContainerRecord): Promise<void> {
  await services.locks.hold(record.podId, new AbortController().signal, async () => {
    checkReady(services, record.podId);
    await services.store.containers.insert(record);
  });
}

/** @throws PodNotReady */
function checkReady(services: Pick<Services, 'store'>, podId: PodId): void {
  if (services.store.pods.get(podId)?.state === 'ready') return;
  throw failedPrecondition(
    'PodNotReady',
    `create container in pod "${podId}": expected a ready pod, it has been stopped`,
  );
}

function findImage(services: Pick<Services, 'images'>, reference: string): ImageRecord {
  const image = services.images.find(reference);
  if (image !== null && image.artifactType !== null) throw artifactNotImage(image);
  if (image !== null) return image;
  throw notFound(
    'NoImage',
    `image ${JSON.stringify(reference.slice(0, 300))}: not present, expected it to have been pulled`,
  );
}

/** What the user wrote; else a name of the image; else its id. */
function imageName(config: CheckedConfig, image: ImageRecord): string {
  const { userSpecifiedImage, image: requested } = config.image;
  if (userSpecifiedImage !== '') return userSpecifiedImage;
  return requested.startsWith('sha256:') || image.id.includes(requested)
    ? (image.repoTags[0] ?? requested)
    : requested;
}
