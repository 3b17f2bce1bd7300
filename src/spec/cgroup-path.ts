/**
 * Names of cgroups: where a pod's containers stand, for both drivers. Pure text; nothing is created.
 *
 *   cgroupfs   parent `/kubepods/pod1`                       container `/kubepods/pod1/cri-ts-<id>`
 *   systemd    parent `/kubepods.slice/kubepods-pod1.slice`  container `kubepods-pod1.slice:cri-ts:<id>`
 *
 * Source: CRI LinuxPodSandboxConfig.cgroup_parent; OCI config-linux.md, cgroups path; systemd.slice(5).
 */
import { invalid } from '../base/errors.ts';
import type { ContainerId, PodId } from '../base/ids.ts';
import { shown } from './text.ts';

export type CgroupDriver = 'cgroupfs' | 'systemd';

export type PodCgroup = {
  readonly driver: CgroupDriver;
  /** cgroupfs: an absolute path below the controllers' mounts. systemd: the name of a slice. */
  readonly parent: string;
  /** True when nobody named a parent: ours to create and to remove. */
  readonly isOwn: boolean;
};

/** The characters of unit names that systemd takes unescaped. Source: systemd.unit(5). */
const sliceForm = /^[A-Za-z0-9_.\\-]{1,249}\.slice$/;

export type CgroupPlace = {
  readonly driver: CgroupDriver;
  /** Where pods go that name no parent; only the cgroupfs driver uses it. */
  readonly defaultParent: string;
};

/** @throws InvalidCgroupParent when the parent is of the other driver's form */
export function planPodCgroup(where: CgroupPlace, parent: string | null, podId: PodId): PodCgroup {
  const { driver, defaultParent } = where;
  if (parent === null) {
    return driver === 'cgroupfs'
      ? { driver, parent: `${defaultParent}/pod-${podId}`, isOwn: true }
      : { driver, parent: 'system.slice', isOwn: false };
  }
  const last = parent.slice(parent.lastIndexOf('/') + 1);
  const isSlice = sliceForm.test(last);
  if (driver === 'systemd' && !isSlice) {
    throw invalid(
      'InvalidCgroupParent',
      `cgroup_parent ${shown(parent)}: expected a path that ends in ".slice": the cgroup driver is systemd`,
    );
  }
  if (driver === 'cgroupfs' && last.endsWith('.slice')) {
    throw invalid(
      'InvalidCgroupParent',
      `cgroup_parent ${shown(parent)}: expected a plain path, not a slice: the cgroup driver is cgroupfs`,
    );
  }
  if (driver === 'systemd') {
    checkSlicePath(parent, last);
    return { driver, parent: last, isOwn: false };
  }
  return { driver, parent: parent.startsWith('/') ? parent : `/${parent}`, isOwn: false };
}

/** systemd places a slice by its name alone: a path that says otherwise would be passed over. Source: systemd.slice(5). */
function checkSlicePath(parent: string, slice: string): void {
  const words = slice.slice(0, -'.slice'.length).split('-');
  const path = words.map((_, index) => `${words.slice(0, index + 1).join('-')}.slice`).join('/');
  const given = parent.replace(/^\//, '');
  if (given === path || given === slice || slice === '-.slice') return;
  throw invalid(
    'InvalidCgroupParent',
    `cgroup_parent ${shown(parent)}: expected "/${path}", which is where systemd has "${slice}"`,
  );
}

/** The `cgroupsPath` of a container, or of the pod's init. */
export function containerCgroupsPath(pod: PodCgroup, id: ContainerId | PodId): string {
  switch (pod.driver) {
    case 'cgroupfs':
      return `${pod.parent === '/' ? '' : pod.parent}/cri-ts-${id}`;
    case 'systemd':
      return `${pod.parent}:cri-ts:${id}`;
    default:
      return pod.driver satisfies never;
  }
}
