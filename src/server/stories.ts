/**
 * Which story answers which call. A call that is missing here is answered UNIMPLEMENTED with its name.
 */
import { attach } from '../containers/attach.ts';
import { createContainer } from '../containers/create-container.ts';
import { containerStats } from '../containers/container-stats.ts';
import { containerStatus } from '../containers/container-status.ts';
import { exec } from '../containers/exec.ts';
import { execSync } from '../containers/exec-sync.ts';
import { listContainerStats } from '../containers/list-container-stats.ts';
import { listContainers } from '../containers/list-containers.ts';
import { removeContainer } from '../containers/remove-container.ts';
import { reopenContainerLog } from '../containers/reopen-container-log.ts';
import { startContainer } from '../containers/start-container.ts';
import { stopContainer } from '../containers/stop-container.ts';
import { streamContainerStats } from '../containers/stream-container-stats.ts';
import { streamContainers } from '../containers/stream-containers.ts';
import { updateContainerResources } from '../containers/update-container-resources.ts';
import { imageFsInfo } from '../images/image-fs-info.ts';
import { imageStatus } from '../images/image-status.ts';
import { listImages } from '../images/list-images.ts';
import { pullImage } from '../images/pull-image.ts';
import { removeImage } from '../images/remove-image.ts';
import { streamImages } from '../images/stream-images.ts';
import { getContainerEvents } from '../node/get-container-events.ts';
import { listMetricDescriptors } from '../node/list-metric-descriptors.ts';
import { runtimeConfig } from '../node/runtime-config.ts';
import { status } from '../node/status.ts';
import { updateRuntimeConfig } from '../node/update-runtime-config.ts';
import { version, type BuildInfo } from '../node/version.ts';
import { listPodSandboxMetrics } from '../pods/list-pod-sandbox-metrics.ts';
import { listPodSandboxStats } from '../pods/list-pod-sandbox-stats.ts';
import { listPodSandbox } from '../pods/list-pod-sandbox.ts';
import { podSandboxStats } from '../pods/pod-sandbox-stats.ts';
import { podSandboxStatus } from '../pods/pod-sandbox-status.ts';
import { portForward } from '../pods/port-forward.ts';
import { removePodSandbox } from '../pods/remove-pod-sandbox.ts';
import { runPodSandbox } from '../pods/run-pod-sandbox.ts';
import { stopPodSandbox } from '../pods/stop-pod-sandbox.ts';
import { streamPodSandboxMetrics } from '../pods/stream-pod-sandbox-metrics.ts';
import { streamPodSandboxStats } from '../pods/stream-pod-sandbox-stats.ts';
import { streamPodSandboxes } from '../pods/stream-pod-sandboxes.ts';
import { updatePodSandboxResources } from '../pods/update-pod-sandbox-resources.ts';
import type { Services } from '../services.ts';
import type { Stories } from './dispatch.ts';

export function stories(services: Services, build: BuildInfo): Stories {
  return {
    ...nodeStories(services, build),
    ...podStories(services),
    ...containerStories(services),
    ...imageStories(services),
  };
}

function nodeStories(services: Services, build: BuildInfo): Stories {
  return {
    Version: async () => await version(build),
    Status: async (request) => await status({ ...services, build }, request),
    RuntimeConfig: async () => await runtimeConfig(services),
    UpdateRuntimeConfig: async (request, call) => await updateRuntimeConfig(request, call),
    ListMetricDescriptors: async () => await listMetricDescriptors(),
    GetContainerEvents: (request, call) => getContainerEvents(services, request, call),
  };
}

function podStories(services: Services): Stories {
  return {
    RunPodSandbox: async (request, call) => await runPodSandbox(services, request, call),
    StopPodSandbox: async (request, call) => await stopPodSandbox(services, request, call),
    RemovePodSandbox: async (request, call) => await removePodSandbox(services, request, call),
    PodSandboxStatus: async (request) => await podSandboxStatus(services, request),
    UpdatePodSandboxResources: async (request, call) =>
      await updatePodSandboxResources(services, request, call),
    PortForward: async (request) => await portForward(services, request),
    ListPodSandbox: async (request) => await listPodSandbox(services, request),
    StreamPodSandboxes: (request) => streamPodSandboxes(services, request),
    PodSandboxStats: async (request) => await podSandboxStats(services, request),
    ListPodSandboxStats: async (request) => await listPodSandboxStats(services, request),
    ListPodSandboxMetrics: async (request) => await listPodSandboxMetrics(services, request),
    StreamPodSandboxMetrics: (request) => streamPodSandboxMetrics(services, request),
    StreamPodSandboxStats: (request) => streamPodSandboxStats(services, request),
  };
}

function containerStories(services: Services): Stories {
  return {
    CreateContainer: async (request, call) => await createContainer(services, request, call),
    StartContainer: async (request, call) => await startContainer(services, request, call),
    StopContainer: async (request, call) => await stopContainer(services, request, call),
    RemoveContainer: async (request, call) => await removeContainer(services, request, call),
    ListContainers: async (request) => await listContainers(services, request),
    StreamContainers: (request) => streamContainers(services, request),
    ContainerStatus: async (request) => await containerStatus(services, request),
    UpdateContainerResources: async (request, call) =>
      await updateContainerResources(services, request, call),
    ReopenContainerLog: async (request) => await reopenContainerLog(services, request),
    ExecSync: async (request, call) => await execSync(services, request, call),
    Exec: async (request) => await exec(services, request),
    Attach: async (request) => await attach(services, request),
    ContainerStats: async (request) => await containerStats(services, request),
    ListContainerStats: async (request) => await listContainerStats(services, request),
    StreamContainerStats: (request) => streamContainerStats(services, request),
  };
}

function imageStories(services: Services): Stories {
  const { images } = services;
  return {
    ListImages: async (request, call) => await listImages(images, request, call),
    StreamImages: (request, call) => streamImages(images, request, call),
    ImageStatus: async (request, call) => await imageStatus(images, request, call),
    PullImage: async (request, call) => await pullImage(images, request, call),
    RemoveImage: async (request, call) => await removeImage(images, request, call),
    ImageFsInfo: async (request, call) => await imageFsInfo(images, request, call),
  };
}
