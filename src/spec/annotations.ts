/**
 * The annotations of an OCI spec. Runtimes act on some of them (systemd properties, CRIU, wasm, hooks: CVE-2024-3154), so
 * nothing of a pod reaches them but what an allow-list names, and then not even all of that. The result is always built
 * from nothing; nothing is ever deleted from a client's map (CVE-2023-6476).
 */
import type { OciAnnotations } from './oci-spec.ts';
import type { PodMetadata } from './requests/pod-config.ts';
import type { TextMap } from './text-map.ts';
import { textMap } from './text-map.ts';

/** Prefixes by which runtimes are commanded; an allow-list cannot open them. Compared without regard to case. */
const interpretedPrefixes = [
  'org.systemd.',
  'org.criu.',
  'run.oci.',
  'module.wasm.',
  'io.katacontainers.',
  'dev.gvisor.',
  'bundle',
  'oci.',
  'io.kubernetes.cri.',
] as const;

export type AnnotationInput = {
  /** `container`, or `sandbox` for the pod's init. Runtimes that put a pod into one sandbox (gVisor) read it. */
  readonly kind: 'container' | 'sandbox';
  readonly podId: string;
  readonly pod: PodMetadata;
  /** "" for the pod's init. */
  readonly containerName: string;
  /** Annotation names of the handler's configuration; a trailing `*` stands for any rest. */
  readonly allowed: readonly string[];
  readonly requested: TextMap;
};

/** Our own keys, with the names that containerd gave them, and what the handler allows. */
export function planAnnotations(input: AnnotationInput): OciAnnotations {
  const allowed = Object.entries(input.requested).filter(([name]) => isAllowed(name, input.allowed));
  return textMap([
    ...allowed,
    ['io.kubernetes.cri.container-type', input.kind],
    ['io.kubernetes.cri.sandbox-id', input.podId],
    ['io.kubernetes.cri.sandbox-name', input.pod.name],
    ['io.kubernetes.cri.sandbox-namespace', input.pod.namespace],
    ['io.kubernetes.cri.sandbox-uid', input.pod.uid],
    ...(input.containerName === ''
      ? []
      : [['io.kubernetes.cri.container-name', input.containerName] as const]),
  ]);
}

function isAllowed(name: string, allowed: readonly string[]): boolean {
  const lower = name.toLowerCase();
  if (interpretedPrefixes.some((prefix) => lower.startsWith(prefix))) return false;
  return allowed.some((pattern) =>
    pattern.endsWith('*') ? pattern.length > 1 && name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );
}
