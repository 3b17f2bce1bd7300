/**
 * Requests with good defaults: a pod and a container as the kubelet would ask for them, changed by what a test cares about.
 */
import { randomBytes } from 'node:crypto';
import {
  NamespaceMode,
  type ContainerConfigInit,
  type LinuxContainerSecurityContextInit,
  type PodSandboxConfigInit,
} from '../../cri-api/runtime-v1.ts';
import { image } from './test-images.ts';

/** Twelve letters and digits that no other call returns. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString('hex')}`;
}

/** A pod on the pod network with its own PID namespace for each container, as the kubelet's default. */
export function podConfig(changes: PodSandboxConfigInit = {}): PodSandboxConfigInit {
  const name = changes.metadata?.name ?? uniqueName('pod');
  return {
    hostname: 'test-host',
    labels: { 'io.kubernetes.pod.name': name },
    ...changes,
    metadata: { name, uid: uniqueName('uid'), namespace: 'test', attempt: 0, ...changes.metadata },
    linux: {
      ...changes.linux,
      securityContext: {
        namespaceOptions: { pid: NamespaceMode.CONTAINER },
        ...changes.linux?.securityContext,
      },
    },
  };
}

/** A pod in the host's network, and so with the host's name. */
export function hostNetworkPod(changes: PodSandboxConfigInit = {}): PodSandboxConfigInit {
  return podConfig({
    hostname: '',
    ...changes,
    linux: {
      ...changes.linux,
      securityContext: {
        ...changes.linux?.securityContext,
        namespaceOptions: { network: NamespaceMode.NODE, pid: NamespaceMode.CONTAINER },
      },
    },
  });
}

/** A container that runs a shell command line. Killed by TERM, as the shell is told to. */
export function shell(script: string, changes: ContainerConfigInit = {}): ContainerConfigInit {
  return containerConfig({ command: ['sh', '-c', script], ...changes });
}

/** A container that does nothing until it is stopped, and then ends at once with code 0. */
export function sleeper(changes: ContainerConfigInit = {}): ContainerConfigInit {
  return shell('trap "exit 0" TERM; sleep 100000 & wait', changes);
}

export function containerConfig(changes: ContainerConfigInit = {}): ContainerConfigInit {
  const name = changes.metadata?.name ?? uniqueName('ctr');
  return {
    image: { image: image.busybox },
    logPath: `${name}.log`,
    ...changes,
    metadata: { name, attempt: 0, ...changes.metadata },
    linux: {
      resources: {},
      ...changes.linux,
      securityContext: {
        namespaceOptions: { pid: NamespaceMode.CONTAINER },
        ...changes.linux?.securityContext,
      },
    },
  };
}

/** The same with a security context of one's own. */
export function secured(
  container: ContainerConfigInit,
  securityContext: LinuxContainerSecurityContextInit,
): ContainerConfigInit {
  const before = container.linux?.securityContext ?? {};
  return { ...container, linux: { ...container.linux, securityContext: { ...before, ...securityContext } } };
}
