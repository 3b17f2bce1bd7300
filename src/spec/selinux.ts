/**
 * SELinux labels of a container: the policy's own contexts for containers, changed by what pod and container ask for. The
 * level keeps pods apart: two categories that no other pod of the node has, unless the request names a level itself.
 * Source: CRI SELinuxOption; selinux(8), mcs; cri.md 3.5 (SELinux), 4.10.
 */
import { internal } from '../base/errors.ts';
import type { SelinuxOptions } from './requests/pod-config.ts';

/** What the OCI spec carries. */
export type SelinuxLabels = { readonly process: string; readonly mount: string };

/** `user:role:type:level`; the level may hold colons. */
export type SelinuxContext = {
  readonly user: string;
  readonly role: string;
  readonly type: string;
  readonly level: string;
};

/** What the node's policy gives containers. Source: selinux policy, contexts/lxc_contexts. */
export type SelinuxContexts = { readonly process: SelinuxContext; readonly file: SelinuxContext };

export const defaultContexts: SelinuxContexts = {
  process: { user: 'system_u', role: 'system_r', type: 'container_t', level: 's0' },
  file: { user: 'system_u', role: 'object_r', type: 'container_file_t', level: 's0' },
};

/** What nothing confines: the type of privileged containers. Source: container-selinux. */
const unconfinedType = 'spc_t';

export type SelinuxInput = {
  readonly contexts: SelinuxContexts;
  /** The pod's own, as allocated: `s0:c12,c345`. */
  readonly podLevel: string;
  readonly podOptions: SelinuxOptions | null;
  /** The container's; for each part that it leaves open the pod's counts. */
  readonly options: SelinuxOptions | null;
  readonly isPrivileged: boolean;
};

export function planSelinux(input: SelinuxInput): SelinuxLabels {
  const { contexts, isPrivileged } = input;
  const asked = (part: keyof SelinuxContext): string =>
    (input.options?.[part] ?? '') || (input.podOptions?.[part] ?? '');
  const level = asked('level') || input.podLevel;
  const process = {
    user: asked('user') || contexts.process.user,
    role: asked('role') || contexts.process.role,
    type: asked('type') || (isPrivileged ? unconfinedType : contexts.process.type),
    level,
  };
  // A type or role of processes says nothing about files.
  const file = { ...contexts.file, user: asked('user') || contexts.file.user, level };
  return { process: format(process), mount: format(file) };
}

function format({ user, role, type, level }: SelinuxContext): string {
  return `${user}:${role}:${type}:${level}`;
}

/** @returns null for what is no context */
function parseContext(text: string): SelinuxContext | null {
  const [, user, role, type, level] = /^([^:\s]+):([^:\s]+):([^:\s]+):(\S+)$/.exec(text) ?? [];
  if (user === undefined || role === undefined || type === undefined || level === undefined) return null;
  return { user, role, type, level };
}

/** The content of `lxc_contexts`: lines like `process = "system_u:system_r:container_t:s0"`. What is missing is the default. */
export function parseContexts(content: string): SelinuxContexts {
  const find = (name: string): SelinuxContext | null => {
    const line = new RegExp(`^\\s*${name}\\s*=\\s*"([^"\\n]{1,1024})"`, 'm').exec(content);
    return parseContext(line?.[1] ?? '');
  };
  return {
    process: find('process') ?? defaultContexts.process,
    file: find('file') ?? defaultContexts.file,
  };
}

/** A sensitivity or a range of them with categories: `s0`, `s0:c1,c2`, `s0-s1:c0.c1023`. */
const levelForm = /^s\d{1,4}(?:-s\d{1,4})?(?::c\d{1,4}(?:[.,]c\d{1,4})*)?$/;

export function isLevel(text: string): boolean {
  return levelForm.test(text);
}

/**
 * A level of two categories that is not taken, from a random start.
 * @param range how many categories the policy has (1024: c0 to c1023)
 * @param random a number of 0 to 1 (exclusive)
 * @throws NoSelinuxLevel when every pair is taken
 */
export function chooseLevel(taken: ReadonlySet<string>, range: number, random: number): string {
  const pairs = (range * (range - 1)) / 2;
  const start = Math.floor(random * pairs);
  for (let step = 0; step < pairs; step += 1) {
    const level = levelOf((start + step) % pairs);
    if (!taken.has(level)) return level;
  }
  throw internal('NoSelinuxLevel', `choose SELinux categories: all ${pairs} pairs of ${range} are taken`);
}

/** Pairs in the order (0,1) (0,2) (1,2) (0,3) … */
function levelOf(index: number): string {
  const high = Math.floor((1 + Math.sqrt(1 + 8 * index)) / 2);
  const low = index - (high * (high - 1)) / 2;
  return `s0:c${low},c${high}`;
}

/** The system's own directories: relabelling one of them breaks the node (CVE-2021-43816). */
const systemTrees = [
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/proc',
  '/sbin',
  '/sys',
  '/usr',
];
/** Directories that others share; what lies below may be a volume. */
const sharedDirectories = new Set([
  '/',
  '/home',
  '/media',
  '/mnt',
  '/opt',
  '/root',
  '/run',
  '/srv',
  '/tmp',
  '/var',
  '/var/cache',
  '/var/lib',
  '/var/lib/kubelet',
  '/var/lib/kubelet/pods',
  '/var/log',
  '/var/log/containers',
  '/var/log/pods',
  '/var/run',
  '/var/spool',
  '/var/tmp',
]);

/** Whether files at a real path of the host may get a container's label. `ownRoots`: the daemon's own directories. */
export function mayRelabel(path: string, ownRoots: readonly string[]): boolean {
  if (sharedDirectories.has(path)) return false;
  const isIn = (tree: string): boolean => path === tree || path.startsWith(`${tree}/`);
  const holds = (tree: string): boolean => tree.startsWith(`${path}/`);
  return !systemTrees.some(isIn) && !ownRoots.some((root) => isIn(root) || holds(root));
}
