/**
 * Values of the `[security]` table: capabilities, resource limits and sysctls, each checked by name and by character set,
 * because they end in the OCI specification and in /proc/sys of every pod.
 */
import { capabilityNames } from '../spec/capability-names.ts';
import { textKind, type Kind } from './value.ts';

const known = new Set(capabilityNames);

/** With or without `CAP_`, in any case; compiled to `CAP_CHOWN`. */
export const capabilityKind: Kind<string> = textKind({
  expected: 'a capability like "NET_RAW"',
  read: (text) => {
    const name = `CAP_${text.toUpperCase().replace(/^CAP_/, '')}`;
    return known.has(name) ? name : undefined;
  },
  print: (value) => value.replace(/^CAP_/, ''),
});

export type Ulimit = {
  /** `RLIMIT_NOFILE` */
  readonly type: string;
  readonly soft: bigint;
  readonly hard: bigint;
};

/** Source: getrlimit(2). */
const ulimitNames = new Set(
  'as core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack'.split(
    ' ',
  ),
);
const unlimited = 2n ** 64n - 1n;

export const ulimitKind: Kind<Ulimit> = textKind({
  expected: 'a limit like "nofile=1024:4096" (soft:hard, -1 is unlimited)',
  read: readUlimit,
  print: ({ type, soft, hard }) =>
    `${type.replace('RLIMIT_', '').toLowerCase()}=${printLimit(soft)}:${printLimit(hard)}`,
});

function readUlimit(text: string): Ulimit | undefined {
  const [, name, softText, hardText] = /^([a-z]+)=(-1|\d{1,19}):(-1|\d{1,19})$/.exec(text) ?? [];
  if (name === undefined || softText === undefined || hardText === undefined) return undefined;
  const soft = softText === '-1' ? unlimited : BigInt(softText);
  const hard = hardText === '-1' ? unlimited : BigInt(hardText);
  return ulimitNames.has(name) && soft <= hard
    ? { type: `RLIMIT_${name.toUpperCase()}`, soft, hard }
    : undefined;
}

function printLimit(value: bigint): string {
  return value === unlimited ? '-1' : String(value);
}

export type Sysctl = { readonly name: string; readonly value: string };

/** Those that belong to a pod's namespaces. Source: namespaces(7), ipc_namespaces(7), network_namespaces(7). */
const sysctlForm =
  /^((?:net\.|fs\.mqueue\.|kernel\.(?:shm|msg|sem))[a-z0-9_.-]*)=([A-Za-z0-9_.,: -]{1,200})$/;

export const sysctlKind: Kind<Sysctl> = textKind({
  expected:
    'a namespaced sysctl like "net.ipv4.ip_unprivileged_port_start=0" (net., kernel.shm, kernel.msg, kernel.sem, fs.mqueue.)',
  read: (text) => {
    const [, name, value] = sysctlForm.exec(text) ?? [];
    return name === undefined || value === undefined || name.includes('..') ? undefined : { name, value };
  },
  print: ({ name, value }) => `${name}=${value}`,
});
