/**
 * The OCI bundle of a container: facts are gathered, the spec is computed, config.json and the template of later execs are
 * written to the container's run directory.
 */
import { rm, writeFile } from 'node:fs/promises';
import { ensureDirectory } from '../base/files.ts';
import { joinPath } from '../base/ids.ts';
import type { Rollback } from '../base/rollback.ts';
import { together } from '../base/together.ts';
import type { Handler } from '../runtime/handlers/handlers.ts';
import { execTemplateName } from '../runtime/sessions/exec-process.ts';
import { labelsOf, planContainer, type ContainerPlan, type PodMaterial } from '../spec/container-spec.ts';
import { stringifyOci, type OciProcess } from '../spec/oci-spec.ts';
import { hostRootOf } from '../spec/requests/id-mapping.ts';
import type { ContainerUser } from '../store/container-record.ts';
import { gatherMaterial, type BundleRequest, type BundleServices } from './material.ts';
import { minMemoryBytes } from './min-memory.ts';
import { makeImageDirectory, type ImageRoot } from './mounts/image-directory.ts';
import { provideVolumes } from './mounts/volume-directories.ts';
import { checkListener, openNotifier } from './notifier.ts';

export async function writeBundle(
  services: BundleServices,
  request: BundleRequest,
  rollback: Rollback,
): Promise<ContainerPlan & { readonly user: ContainerUser }> {
  const plan = await planBundle(services, request);
  const { dir, spec } = services.paths.container(request.id);
  rollback.defer('remove run directory', async () => await rm(dir, { recursive: true, force: true }));
  await ensureDirectory(dir);
  await together([
    writeFile(spec, stringifyOci(plan.spec), { mode: 0o600 }),
    writeFile(joinPath(dir, execTemplateName), execTemplate(plan.spec.process), { mode: 0o600 }),
  ]);
  await openNotifier(services, request, { errno: plan.notifierErrno, rollback });
  const { uid, gid, additionalGids } = plan.spec.process.user;
  return { ...plan, user: { uid, gid, groups: additionalGids } };
}

async function planBundle(services: BundleServices, request: BundleRequest): Promise<ContainerPlan> {
  const { id, pod } = request;
  const imageConfig = await services.images.config(request.image.id);
  const root = { path: request.rootfs, owner: rootOf(pod) };
  const { volumes, workingDir } = imageConfig;
  const { mounts: asked, security } = request.config;
  const selinuxLabel = labelsOf(pod, security, services.host.selinux)?.mount ?? null;
  const more = await provideVolumes(services, { id, root, volumes, mounts: asked, selinuxLabel });
  const wanted = { ...request.config, mounts: [...asked, ...more] };
  const { material, mounts } = await gatherMaterial(services, { ...request, config: wanted }, imageConfig);
  const config = { ...wanted, mounts };
  await makeWorkingDir(services, root, config.workingDir === '' ? workingDir : config.workingDir);
  const plan = planContainer({
    containerId: id,
    config,
    image: { ...imageConfig, stopSignal: imageConfig.stopSignal ?? '' },
    pod,
    material,
    host: services.host,
    handler: handlerFacts(services, request.handler),
    defaults: securityDefaults(services),
  });
  const listener = plan.spec.linux.seccomp?.listenerPath;
  if (listener !== undefined && plan.notifierErrno === null) await checkListener(listener);
  return plan;
}

type PlanInput = Parameters<typeof planContainer>[0];

function securityDefaults({ config }: Pick<BundleServices, 'config'>): PlanInput['defaults'] {
  const { security, devices, limits } = config.current;
  return {
    capabilities: security.defaultCapabilities,
    rlimits: security.defaultUlimits,
    isDeviceOwnedByUser: devices.isOwnedByUser,
    pidsLimit: limits.containerPids,
  };
}

function handlerFacts(services: BundleServices, handler: Handler): PlanInput['handler'] {
  const options = services.config.current.runtimes.get(handler.report.name);
  return {
    hasRecursiveReadonly: handler.report.features.hasRecursiveReadonlyMounts,
    hasHostDevices: options?.isPrivilegedWithoutHostDevices !== true,
    isEveryDeviceAllowed: options?.isEveryDeviceAllowed === true,
    cdi: handler.report.features.cdi,
    allowedAnnotations: options?.allowedAnnotations ?? [],
    minMemoryBytes: minMemoryBytes(services, handler.report),
  };
}

/** Who is root in the pod, in ids of the host. */
function rootOf(pod: PodMaterial): ImageRoot['owner'] {
  const map = pod.config.namespaces.user;
  return map === null ? null : hostRootOf(map);
}

/** It need not be in the image's layers. */
async function makeWorkingDir(services: BundleServices, root: ImageRoot, path: string): Promise<void> {
  if (path !== '' && path !== '/') await makeImageDirectory(services.kernel, root, path);
}

/** See exec-process.ts: the args are put in front when an exec is started. */
function execTemplate(process: OciProcess): string {
  const text = stringifyOci({ ...process, args: [], terminal: false });
  return text.replace('"args":[],', '');
}
