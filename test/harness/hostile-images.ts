/**
 * Images that attack the node: links that lead out of the root, paths with "..", numbers that overflow, account files that
 * never end. What each of them aims at stands beside it. `canary` is the directory of the machine that none may reach.
 */
import type { ImageSource, LayerEntry, RunConfig } from './image-build.ts';

/** On the machine's own tmpfs. */
export const canary = '/run/canary';

const named = <Key extends string>(keys: readonly Key[]): Readonly<Record<Key, string>> =>
  Object.fromEntries(keys.map((key) => [key, `docker.io/hostile/${key.toLowerCase()}:latest`])) as Record<
    Key,
    string
  >;

const keys = [
  /** /etc leads to the canary: accounts, /etc/hosts and the like are written or read there. CVE-2024-5154. */
  'etcLink',
  /** /etc/passwd and /etc/group lead there. */
  'accountLinks',
  /** /etc/passwd is a FIFO that nobody writes: whoever opens it waits for ever. CVE-2026-47262. */
  'accountFifo',
  /** /etc/passwd has eleven million bytes. CVE-2026-47262. */
  'accountHuge',
  /** /etc/group has a line of a megabyte. CVE-2026-47262. */
  'accountLong',
  /** Account files with NUL bytes, numbers of every odd form, and the right lines behind them. */
  'accountOdd',
  /** Where the pod's files are mounted there are links: out of the root by both kinds of path. CVE-2024-5154. */
  'podFileLinks',
  /** Links in circles, where crun 1.8 mounts elsewhere in a user namespace. */
  'podFileLoop',
  /** A directory. */
  'podFileDirectory',
  /** FIFOs that nobody writes. */
  'podFileFifo',
  /** WORKDIR through a link to the canary, which the image has, too. Podman CVE-2026-55686. */
  'workdirLink',
  /** /dev leads to the canary, where runc before 1.3.6 removes and makes files. CVE-2026-41579. */
  'devLink',
  /** /proc leads there. CVE-2019-19921. */
  'procLink',
  /** WORKDIR through such a link, but nothing is there in the image. */
  'workdirDangling',
  /** VOLUMEs with ".." and through a link. CVE-2022-23648. */
  'volumes',
  /** HOME and account fields with real control bytes. CVE-2022-4318, CVE-2026-15809. */
  'home',
  /** Labels in the names of others. CVE-2026-53488. */
  'labels',
] as const;

export const hostile = named(keys);

/** USERs that must not become a number by chance. CVE-2024-40635. */
export const overflowingUsers = [
  '4294967295',
  '4294967296',
  '18446744073709551616',
  '-1',
  '0x0',
  '1e3',
  '+0',
  '0:4294967296',
] as const;

export function overflowing(index: number): string {
  return `docker.io/hostile/user-${index}:latest`;
}

/** The line of an attacker's passwd: its HOME would be another line to whoever copies it. */
const injectedHome = '/root\nattacker:x:0:0::/:/bin/sh';

const oddPasswd = [
  'user\0:x:0:0::/of-the-nul:/bin/sh',
  'user:x:0:0::/of-the\0nul:/bin/sh',
  'user:x:0x0:0::/of-the-hex:/bin/sh',
  'user:x:+0:0::/of-the-sign:/bin/sh',
  'user:x: 0:0::/of-the-space:/bin/sh',
  'user:x:4294967296:0::/of-the-overflow:/bin/sh',
  'user:x:0:0::/of:the:colon:/bin/sh',
  'user:x:1000:1000::/home/user:/bin/sh',
  'user:x:0:0::/of-the-second:/bin/sh',
  'c1:x:1001:1001::/ho\u0085me:/bin/sh',
  'bare:x:1002:1002::relative:/bin/sh',
].join('\n');
const oddGroup = [
  'nul:x:2001:user\0',
  'hex:x:0x7d2:user',
  'first:x:2003:other,user',
  'second:x:2004:user,',
  'user2:x:2005:user2',
].join('\n');

export type Named = { readonly names: readonly string[]; readonly source: ImageSource };

/** @param base the files of a usable image. */
export function hostileImages(base: readonly LayerEntry[]): readonly Named[] {
  const without = (path: string): readonly LayerEntry[] =>
    base.filter((entry) => entry.path !== path && !entry.path.startsWith(`${path}/`));
  const link = (path: string, target: string): LayerEntry => ({ kind: 'symlink', path, target });
  const file = (path: string, content: string): LayerEntry => ({ kind: 'file', path, content });
  const directory = (path: string): LayerEntry => ({ kind: 'directory', path });
  const source = (config: RunConfig, ...layers: readonly (readonly LayerEntry[])[]): ImageSource => ({
    config: { Cmd: ['sh'], ...config },
    layers: layers.map((entries) => ({ entries })),
  });
  const sources: Readonly<Record<(typeof keys)[number], ImageSource>> = {
    etcLink: source({}, [
      ...without('etc'),
      directory('run'),
      directory(canary.slice(1)),
      link('etc', canary),
    ]),
    accountLinks: source({}, base, [
      link('etc/passwd', `${canary}/passwd`),
      link('etc/group', `../../../../../../../..${canary}/group`),
    ]),
    accountFifo: source({}, [...without('etc/passwd'), { kind: 'fifo', path: 'etc/passwd' }]),
    accountHuge: source({}, base, [file('etc/passwd', `${'x'.repeat(99)}\n`.repeat(110_000))]),
    accountOdd: source({ User: 'user' }, base, [file('etc/passwd', oddPasswd), file('etc/group', oddGroup)]),
    accountLong: source({}, base, [file('etc/group', `long:x:2000:${'x'.repeat(1024 * 1024)}\n`)]),
    podFileLinks: source({}, base, [
      link('etc/resolv.conf', `${canary}/passwd`),
      link('etc/hostname', `../../../../../../..${canary}/made/hostname`),
      link('etc/hosts', `/proc/1/root${canary}/group`),
    ]),
    podFileLoop: source({}, base, [
      link('etc/resolv.conf', 'resolv.conf'),
      link('etc/hostname', 'hosts'),
      link('etc/hosts', 'hostname'),
    ]),
    podFileDirectory: source({}, base, [directory('etc/resolv.conf'), file('etc/resolv.conf/x', 'x')]),
    podFileFifo: source({}, [
      ...without('etc/resolv.conf').filter(({ path }) => path !== 'etc/hostname'),
      { kind: 'fifo', path: 'etc/resolv.conf' },
      { kind: 'fifo', path: 'etc/hostname' },
    ]),
    workdirLink: source({ WorkingDir: '/work/made/below' }, base, [
      directory('run'),
      directory(canary.slice(1)),
      link('work', canary),
    ]),
    devLink: source({}, [...without('dev'), link('dev', canary)]),
    procLink: source({}, [...without('proc'), link('proc', canary)]),
    workdirDangling: source({ WorkingDir: '/work/made/below' }, base, [link('work', canary)]),
    volumes: source(
      { Volumes: { [`/../../../../../..${canary}/dots`]: {}, '/link/volume': {}, '/plain/volume': {} } },
      base,
      [link('link', canary)],
    ),
    home: source({ Env: [`HOME=${injectedHome}`], User: 'escaped' }, base, [
      file('etc/passwd', 'root:x:0:0::/root:/bin/sh\nescaped:x:1000:1000::/ho\u001b[2Jme:/bin/sh\n'),
    ]),
    labels: source(
      {
        Labels: {
          'io.kubernetes.cri.container-type': 'sandbox',
          'io.kubernetes.cri.sandbox-id': 'of-the-attacker',
          'org.systemd.property.ExecStartPre': "['/bin/sh']",
          'containerd.io/restart.loguri': 'binary:///bin/sh',
        },
      },
      base,
    ),
  };
  const users = overflowingUsers.map((User, index) => ({
    names: [overflowing(index)],
    source: source({ User }, base),
  }));
  return [...keys.map((key) => ({ names: [hostile[key]], source: sources[key] })), ...users];
}
