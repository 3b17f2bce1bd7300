/**
 * A pod as the specs of its containers need it: its checked configuration, its plan, and where its namespaces and files
 * are. Computed from the record; nothing is made.
 */
import { failedPrecondition } from '../base/errors.ts';
import type { AbsolutePath, PodId } from '../base/ids.ts';
import type { Services } from '../services.ts';
import type { PodMaterial } from '../spec/container-spec.ts';
import { parsePodConfig } from '../spec/requests/parse-pod-config.ts';
import type { PodConfig } from '../spec/requests/pod-config.ts';
import { planPod, type PodPlan } from '../spec/pod-plan.ts';
import type { PodRecord } from '../store/pod-record.ts';
import type { PodPaths } from '../store/paths.ts';

type PlanServices = Pick<Services, 'config' | 'host'>;

export function planOf(services: PlanServices, id: PodId, config: PodConfig): PodPlan {
  const { defaultSysctls } = services.config.current.security;
  return planPod(config, {
    podId: id,
    cgroup: {
      driver: services.host.cgroupDriver,
      defaultParent: services.config.current.runtime.cgroupParent,
    },
    nodeName: services.host.nodeName,
    defaultSysctls: defaultSysctls.map(({ name, value }) => [name, value] as const),
  });
}

export function materialOf(services: PlanServices & Pick<Services, 'paths'>, pod: PodRecord): PodMaterial {
  const config = parsePodConfig(pod.config);
  const plan = planOf(services, pod.id, config);
  const paths = services.paths.pod(pod.id);
  const pidNamespace = pidNamespaceOf(pod, plan);
  return describe({ config, plan, paths, pins: pod.pins, pidNamespace, selinuxLevel: pod.selinuxLevel });
}

export type PodParts = {
  readonly config: PodConfig;
  readonly plan: PodPlan;
  readonly paths: PodPaths;
  readonly pins: PodRecord['pins'];
  readonly pidNamespace: string | null;
  readonly selinuxLevel: string | null;
};

const hostShm = '/dev/shm';

export function describe(parts: PodParts): PodMaterial {
  const { config, plan, paths, pins, pidNamespace, selinuxLevel } = parts;
  return {
    config,
    plan,
    namespaces: { ...pins, pid: pidNamespace },
    files: {
      shm: plan.shmSizeBytes === null ? hostShm : paths.shm,
      resolvConf: paths.resolvConf,
      hostname: paths.hostname,
      hosts: hostsFile(plan),
    },
    selinuxLevel,
  };
}

/** The kubelet mounts its own /etc/hosts; in the host's network a pod without it sees the host's. */
function hostsFile(plan: PodPlan): AbsolutePath | string | null {
  return plan.namespaces.net === 'host' ? '/etc/hosts' : null;
}

/** @throws PodInitGone when the process that holds the shared PID namespace has ended */
function pidNamespaceOf(pod: PodRecord, plan: PodPlan): string | null {
  if (plan.namespaces.pid !== 'pod') return null;
  if (pod.init !== null) return `/proc/${pod.init.pid}/ns/pid`;
  throw failedPrecondition('PodInitGone', `pod "${pod.id}": the init of its PID namespace has ended`);
}
