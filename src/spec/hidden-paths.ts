/**
 * Paths of /proc and /sys that a container must not read or write. The kubelet sends its lists and they are executed as
 * they are; the defaults are for requests without a security context, and one path is always added to a non-empty list.
 * Source: Kubernetes procMount; GHSA-7ww5-4wqc-m92c (RAPL); cri.md 4.10.
 */

/** Readable side channels and kernel internals. */
export const defaultMaskedPaths: readonly string[] = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/sys/devices/virtual/powercap',
  '/sys/firmware',
];

/** What would change the whole node when written. */
export const defaultReadonlyPaths: readonly string[] = [
  '/proc/bus',
  '/proc/fs',
  '/proc/irq',
  '/proc/sys',
  '/proc/sysrq-trigger',
];

const powercap = '/sys/devices/virtual/powercap';

export type HiddenPaths = {
  readonly maskedPaths: readonly string[];
  readonly readonlyPaths: readonly string[];
};

/**
 * A privileged container hides nothing; an empty list means "unmasked" (procMount) and stays empty. A kubelet that masks
 * anything at all wants the energy counters masked too, also when it is too old to know them.
 */
export function planHiddenPaths(requested: HiddenPaths, isPrivileged: boolean): HiddenPaths {
  if (isPrivileged) return { maskedPaths: [], readonlyPaths: [] };
  const { maskedPaths, readonlyPaths } = requested;
  const isMasking = maskedPaths.length > 0 && !maskedPaths.includes(powercap);
  return { maskedPaths: isMasking ? [...maskedPaths, powercap] : maskedPaths, readonlyPaths };
}
