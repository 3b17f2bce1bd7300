/**
 * Requests and facts for the tests of this folder: a plain pod, a plain container, a plain machine, each with overrides.
 * Not part of the daemon.
 */
import {
  ContainerConfig,
  type ContainerConfigInit,
  type LinuxContainerSecurityContextInit,
  PodSandboxConfig,
  type PodSandboxConfigInit,
} from '../../../cri-api/runtime-v1.ts';
import { parseContainerId, parsePodId } from '../../base/ids.ts';
import { capabilityNames, defaultCapabilities } from '../capability-names.ts';
import type { ContainerConfig as Checked } from '../requests/container-config.ts';
import type { ContainerInput, HandlerFacts, HostFacts, PodMaterial } from '../container-spec.ts';
import { parseContainerConfig } from '../requests/parse-container-config.ts';
import { parsePodConfig } from '../requests/parse-pod-config.ts';
import type { PodConfig } from '../requests/pod-config.ts';
import { planPod } from '../pod-plan.ts';
import type { ImageProcessConfig } from '../process.ts';

export const podId = parsePodId('a'.repeat(64));
export const containerId = parseContainerId('c'.repeat(64));

export const podMetadata = { name: 'web', uid: 'u-1', namespace: 'default', attempt: 0 } as const;

/** A pod message as it comes off the wire. */
export function podMessage(overrides: PodSandboxConfigInit = {}): PodSandboxConfig {
  return PodSandboxConfig.create({
    metadata: podMetadata,
    hostname: 'web',
    logDirectory: '/var/log/pods/web',
    linux: { securityContext: { namespaceOptions: { pid: 1 } } },
    ...overrides,
  });
}

export function pod(overrides: PodSandboxConfigInit = {}): PodConfig {
  return parsePodConfig(podMessage(overrides));
}

/** A container message as it comes off the wire. */
export function containerMessage(overrides: ContainerConfigInit = {}): ContainerConfig {
  return ContainerConfig.create({
    metadata: { name: 'main', attempt: 0 },
    image: { image: 'registry.example/busybox:1' },
    command: ['/bin/sh', '-c', 'true'],
    logPath: 'main/0.log',
    ...overrides,
  });
}

export function container(overrides: ContainerConfigInit = {}, inPod: PodConfig = pod()): Checked {
  return parseContainerConfig(containerMessage(overrides), inPod);
}

/** A container with a security context, in a pod that is privileged so that it may be, too. */
export function securedContainer(securityContext: LinuxContainerSecurityContextInit): Checked {
  return container(
    { linux: { securityContext } },
    pod({ linux: { securityContext: { privileged: true, namespaceOptions: { pid: 1 } } } }),
  );
}

export const noImage: ImageProcessConfig = {
  user: '',
  env: [],
  entrypoint: [],
  cmd: [],
  workingDir: '',
  volumes: [],
  stopSignal: '',
};

export const host: HostFacts = {
  architecture: 'x64',
  boundingCapabilities: capabilityNames,
  oomScoreAdj: 0,
  hardLimits: new Map(),
  cgroup: { version: 'v2', hasSwapAccounting: true, hasHugetlb: true },
  selinux: null,
  hasApparmor: false,
  defaultProfile: null,
};

export const handler: HandlerFacts = {
  hasRecursiveReadonly: true,
  hasHostDevices: true,
  isEveryDeviceAllowed: false,
  cdi: { hasNetDevices: false, hasRdtSchemata: false },
  allowedAnnotations: [],
};

export function podMaterial(config: PodConfig = pod(), overrides: Partial<PodMaterial> = {}): PodMaterial {
  return {
    config,
    plan: planPod(config, {
      podId,
      cgroup: { driver: 'cgroupfs', defaultParent: '/cri-ts' },
      nodeName: 'node-1',
      defaultSysctls: [],
    }),
    namespaces: { user: null, net: '/run/ns/net', ipc: '/run/ns/ipc', uts: '/run/ns/uts', pid: null },
    files: {
      shm: '/run/pod/shm',
      resolvConf: '/run/pod/resolv.conf',
      hostname: '/run/pod/hostname',
      hosts: null,
    },
    selinuxLevel: null,
    ...overrides,
  };
}

export function containerInput(config: Checked, overrides: Partial<ContainerInput> = {}): ContainerInput {
  return {
    containerId,
    config,
    image: noImage,
    pod: podMaterial(),
    material: {
      rootfsPath: '/run/root',
      identity: { uid: 0, gid: 0, additionalGids: [0], home: '/root' },
      mountSources: config.mounts.map(({ source }) => (source.kind === 'host' ? source.path : '/run/image')),
      devices: [],
      cdi: [],
      hostDevices: [],
      seccompContent: undefined,
      seccompListener: null,
      isApparmorLoaded: true,
      targetPidNamespace: null,
    },
    host,
    handler,
    defaults: { capabilities: defaultCapabilities, rlimits: [], isDeviceOwnedByUser: false, pidsLimit: 0 },
    ...overrides,
  };
}
