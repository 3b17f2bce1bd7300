/**
 * The text of our AppArmor profile behind RuntimeDefault. It needs no file of the node's (no includes), so that any parser
 * takes it. Files and sockets are left to the other walls; what it adds is that no mount is made, that nothing of /proc and
 * /sys that belongs to the node is written or read, and that signals and ptrace stay among the confined.
 * Source: apparmor.d(5).
 */

/** What lies directly in /proc/sys and may be written in a pod's own IPC namespace is the kernel's to check. */
const writesRefused: readonly string[] = [
  '/proc/*',
  '/proc/{acpi,asound,bus,driver,fs,irq,scsi,tty}/**',
  '/proc/sys/[^k]**',
  '/proc/sys/kernel/{?,??,[^s]**,s[^h]**,sh[^m]**}',
  '/sys/[^f]*/**',
  '/sys/f[^s]*/**',
  '/sys/fs/[^c]*/**',
  '/sys/fs/c[^g]*/**',
  '/sys/fs/cg[^r]*/**',
];

const readsRefused: readonly string[] = [
  '/proc/{kcore,kmem,mem,sysrq-trigger}',
  '/sys/devices/virtual/powercap/**',
  '/sys/firmware/**',
  '/sys/kernel/security/**',
];

/** @param name letters, digits, "-", "_" and "." */
export function apparmorProfile(name: string): string {
  return [
    `profile ${name} flags=(attach_disconnected,mediate_deleted) {`,
    '  capability,',
    '  file,',
    '  network,',
    '  umount,',
    '',
    '  # The runtime and the node signal; the confined signal and trace each other.',
    '  signal (receive) peer=unconfined,',
    '  signal (receive) peer={crun,runc,/usr/bin/crun,/usr/bin/runc,/usr/sbin/runc},',
    `  signal (send, receive) peer=${name},`,
    `  ptrace (trace, read, tracedby, readby) peer=${name},`,
    '',
    '  deny mount,',
    ...writesRefused.map((path) => `  deny ${path} wklx,`),
    ...readsRefused.map((path) => `  deny ${path} rwklx,`),
    '}',
    '',
  ].join('\n');
}
