/**
 * The OCI spec of a pod's init: the first process of a shared PID namespace, which reaps orphans and does nothing else. It
 * is a program of the host, bound read-only into an otherwise empty root; no image is involved.
 * Source: architecture 1, "why no pause container"; catatonit(1).
 */
import { planAnnotations } from './annotations.ts';
import { containerCgroupsPath } from './cgroup-path.ts';
import { labelsOf, type HostFacts, type PodMaterial } from './container-spec.ts';
import { defaultMaskedPaths, defaultReadonlyPaths } from './hidden-paths.ts';
import { ociIdMappings, planNamespaces } from './namespaces.ts';
import type { OciMount, OciSpec } from './oci-spec.ts';
import { reachableOomScoreAdj } from './process-limits.ts';
import { defaultSeccomp } from './seccomp/seccomp-default.ts';
import { textMap } from './text-map.ts';

export type InitInput = {
  readonly pod: PodMaterial;
  /** An empty directory. */
  readonly rootfsPath: string;
  /** The host's init program (`/usr/bin/catatonit`), a static binary. */
  readonly initPath: string;
  readonly host: HostFacts;
};

const initInside = '/catatonit';
/** As the kubelet sets it for a pod's sandbox process. Source: kubelet, qos policy. */
const initOomScoreAdj = -998;

export function planPodInit(input: InitInput): OciSpec {
  const { pod, host } = input;
  const labels = labelsOf(pod, null, host.selinux);
  return {
    ociVersion: '1.0.2',
    process: {
      terminal: false,
      user: { uid: 0, gid: 0, additionalGids: [0] },
      args: [initInside, '-P'],
      env: ['PATH=/'],
      cwd: '/',
      capabilities: { bounding: [], effective: [], permitted: [], inheritable: [], ambient: [] },
      rlimits: [],
      noNewPrivileges: true,
      oomScoreAdj: reachableOomScoreAdj(initOomScoreAdj, host),
      ...(host.defaultProfile === null ? {} : { apparmorProfile: host.defaultProfile }),
      ...(labels === null ? {} : { selinuxLabel: labels.process }),
    },
    root: { path: input.rootfsPath, readonly: true },
    mounts: initMounts(input.initPath),
    annotations: planAnnotations({
      kind: 'sandbox',
      podId: pod.plan.podId,
      pod: pod.config.metadata,
      containerName: '',
      allowed: [],
      requested: textMap([]),
    }),
    linux: {
      ...ociIdMappings(pod.config.namespaces.user),
      namespaces: planNamespaces({
        pod: pod.namespaces,
        pidMode: 'container',
        targetPid: null,
        cgroupVersion: host.cgroup.version,
      }),
      cgroupsPath: containerCgroupsPath(pod.plan.cgroup, pod.plan.podId),
      resources: { devices: [{ allow: false, access: 'rwm' }] },
      devices: [],
      maskedPaths: defaultMaskedPaths,
      readonlyPaths: defaultReadonlyPaths,
      seccomp: defaultSeccomp(host.architecture, []),
      ...(labels === null ? {} : { mountLabel: labels.mount }),
    },
  };
}

function initMounts(initPath: string): readonly OciMount[] {
  return [
    { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
    {
      destination: '/dev',
      type: 'tmpfs',
      source: 'tmpfs',
      options: ['nosuid', 'noexec', 'mode=755', 'size=64k'],
    },
    { destination: initInside, type: 'bind', source: initPath, options: ['bind', 'ro', 'nosuid', 'nodev'] },
  ];
}
