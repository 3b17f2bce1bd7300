/**
 * What is mounted in a container and in which order: the standard file systems, the pod's files, then what the request
 * asks for, parents before children. Sources were resolved and image sources mounted by somebody else.
 * Source: OCI config.md, mounts; config-linux.md, default file systems; cri.md 4.11.
 */
import { internal, unknown } from '../base/errors.ts';
import type { MountConfig } from './requests/container-config.ts';
import type { OciMount } from './oci-spec.ts';
import { shown } from './text.ts';

/** Files of the pod that each of its containers sees; null: none of that name is mounted. */
export type PodFiles = {
  /** A directory: the pod's tmpfs, or the host's /dev/shm with host IPC. */
  readonly shm: string;
  readonly resolvConf: string | null;
  readonly hostname: string | null;
  /** The kubelet mounts its own; null unless somebody else provides one. */
  readonly hosts: string | null;
};

export type MountInput = {
  readonly files: PodFiles;
  readonly requested: readonly MountConfig[];
  /** One real path per requested mount: the host path with its links followed, or where the image is mounted. */
  readonly sources: readonly string[];
  readonly isPrivileged: boolean;
  readonly isReadonlyRootfs: boolean;
  readonly hasRecursiveReadonly: boolean;
  /**
   * The host's /sys is bound: a new sysfs can be mounted only by a user namespace that owns the network namespace.
   * Source: user_namespaces(7).
   */
  readonly isSysBound: boolean;
};

/** @throws RROUnsupported (code unknown) when a recursive read-only mount is asked of a runtime that has none */
export function planMounts(input: MountInput): readonly OciMount[] {
  if (input.sources.length !== input.requested.length)
    throw internal(
      'MountSources',
      `plan mounts: ${input.requested.length} requested, ${input.sources.length} sources`,
    );
  const requested = input.requested.map((mount, index) =>
    requestedMount(mount, input.sources[index] ?? '', input),
  );
  const taken = new Set(requested.map(({ destination }) => destination));
  const standard = [...standardMounts(input), ...podFileMounts(input)].filter(
    ({ destination }) => !taken.has(destination) && !isBelowHostSys(destination, taken),
  );
  return byDepth([...standard, ...requested]);
}

function standardMounts(input: MountInput): readonly OciMount[] {
  const access = input.isPrivileged ? 'rw' : 'ro';
  const plain = ['nosuid', 'noexec', 'nodev'];
  return [
    { destination: '/proc', type: 'proc', source: 'proc', options: plain },
    {
      destination: '/dev',
      type: 'tmpfs',
      source: 'tmpfs',
      options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
    },
    {
      destination: '/dev/pts',
      type: 'devpts',
      source: 'devpts',
      options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
    },
    { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: plain },
    { destination: '/dev/shm', type: 'bind', source: input.files.shm, options: ['rbind', ...plain, 'rw'] },
    input.isSysBound
      ? {
          destination: '/sys',
          type: 'bind',
          source: '/sys',
          options: ['rbind', 'rprivate', ...plain, access],
        }
      : { destination: '/sys', type: 'sysfs', source: 'sysfs', options: [...plain, access] },
    {
      destination: '/sys/fs/cgroup',
      type: 'cgroup',
      source: 'cgroup',
      options: [...plain, 'relatime', access],
    },
  ];
}

function podFileMounts(input: MountInput): readonly OciMount[] {
  const files: readonly (readonly [destination: string, source: string | null])[] = [
    ['/etc/hostname', input.files.hostname],
    ['/etc/hosts', input.files.hosts],
    ['/etc/resolv.conf', input.files.resolvConf],
  ];
  const options = ['bind', 'rprivate', 'nosuid', 'noexec', 'nodev', input.isReadonlyRootfs ? 'ro' : 'rw'];
  return files.flatMap(([destination, source]) =>
    source === null ? [] : [{ destination, type: 'bind', source, options }],
  );
}

const propagationOption = {
  private: 'rprivate',
  'host-to-container': 'rslave',
  bidirectional: 'rshared',
} as const;

function requestedMount(mount: MountConfig, source: string, input: MountInput): OciMount {
  if (mount.isRecursiveReadonly && !input.hasRecursiveReadonly) {
    throw unknown(
      'RROUnsupported',
      `RROUnsupported: mount on ${shown(mount.containerPath)}: the runtime handler has no recursive read-only mounts`,
    );
  }
  const access = mount.isRecursiveReadonly ? ['ro', 'rro'] : [mount.isReadonly ? 'ro' : 'rw'];
  return {
    destination: mount.containerPath,
    type: 'bind',
    source,
    options: [
      'rbind',
      propagationOption[mount.propagation],
      ...access,
      // Device nodes that an image brings are not for the taking.
      ...(mount.source.kind === 'image' ? ['nodev'] : []),
      ...mount.restrictions,
    ],
  };
}

/** The host's /sys brings its own contents: nothing of ours goes on top of it. */
function isBelowHostSys(destination: string, taken: ReadonlySet<string>): boolean {
  return taken.has('/sys') && destination.startsWith('/sys/');
}

/** Parents before children; among equals the order stays, so that a later request covers an earlier one. */
function byDepth(mounts: readonly OciMount[]): readonly OciMount[] {
  return [...mounts].sort((a, b) => depth(a.destination) - depth(b.destination));
}

function depth(path: string): number {
  return path === '/' ? 0 : path.split('/').length - 1;
}

/** The root's propagation that the requested mounts need, or null for the runtime's own. Source: mount_namespaces(7). */
export function rootfsPropagation(requested: readonly MountConfig[]): 'rshared' | 'rslave' | null {
  if (requested.some(({ propagation }) => propagation === 'bidirectional')) return 'rshared';
  if (requested.some(({ propagation }) => propagation === 'host-to-container')) return 'rslave';
  return null;
}
