/**
 * The static pods of these tests, and what the kubelet tells of them. Source: Kubernetes API, v1 Pod.
 */
import { image } from '../harness/test-images.ts';

export type Manifest = { readonly metadata: { readonly name: string } & Record<string, unknown> } & Record<
  string,
  unknown
>;

/** Without a name it is `c`, without an image busybox. */
export type ContainerSpec = { readonly command?: readonly string[] } & Readonly<Record<string, unknown>>;

export function manifest(
  name: string,
  containers: readonly ContainerSpec[],
  spec: Readonly<Record<string, unknown>> = {},
): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: {
      terminationGracePeriodSeconds: 5,
      ...spec,
      containers: containers.map(withDefaults),
    },
  };
}

export function withDefaults(container: ContainerSpec): ContainerSpec {
  return { name: 'c', image: image.busybox, imagePullPolicy: 'IfNotPresent', ...container };
}

export function sh(script: string): readonly string[] {
  return ['sh', '-c', script];
}

/** Sleeps until it is told to end, and then ends at once with code 0. */
export const asleep = sh('trap "exit 0" TERM; sleep 100000 & wait');

export type ContainerState = {
  readonly waiting?: { readonly reason: string; readonly message?: string };
  readonly running?: { readonly startedAt: string };
  readonly terminated?: { readonly reason: string; readonly exitCode: number; readonly message?: string };
};

export type ContainerSeen = {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly containerID?: string;
  readonly state: ContainerState;
  readonly lastState: ContainerState;
};

export type PodSeen = {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly status: {
    readonly phase: string;
    readonly podIP?: string;
    readonly containerStatuses?: readonly ContainerSeen[];
    readonly initContainerStatuses?: readonly ContainerSeen[];
  };
};
