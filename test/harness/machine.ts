/**
 * A private machine for one test file: a mount and a network namespace held open by one process, a directory of its own
 * and a cgroup parent of its own. Whatever a test breaks goes away with them. It must not touch the host's namespaces,
 * nor end a process that does not belong to it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, readlink, rm, rmdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { mustRun, runCommand, type CommandResult } from '../../src/base/process.ts';
import { eventually, slowness } from './wait.ts';

/**
 * `cgroupfs`, or with CRI_TS_TEST_CGROUP_DRIVER=systemd a slice of the host's systemd for each machine, which its parent
 * `ct.slice` survives.
 */
export const cgroupDriver = process.env['CRI_TS_TEST_CGROUP_DRIVER'] === 'systemd' ? 'systemd' : 'cgroupfs';

/**
 * The set-up inside: crun needs a pure cgroup v1 tree, propagation a shared root, portmap routes and sysctls; /run is its own, but
 * for the sockets of the host's systemd, which makes the cgroups of its driver.
 */
const setUp = `
set -eu
if [ -e /sys/fs/cgroup/unified/cgroup.procs ]; then umount /sys/fs/cgroup/unified; fi
new=$(mktemp -d)
mount -n -t tmpfs -o mode=0755 run "$new"
for name in $3; do mkdir "$new/$name"; mount -n --rbind "/run/$name" "$new/$name"; done
mount -n --move "$new" /run
rmdir "$new"
mount --make-rshared /
ip link set lo up
echo 1 > /proc/sys/net/ipv4/ip_forward
echo 1 > /proc/sys/net/ipv6/conf/all/forwarding 2>/dev/null || :
echo 1 > /proc/sys/net/ipv4/conf/all/route_localnet
ip link add uplink type veth peer name uplink-peer
ip addr add 198.51.100.1/24 dev uplink
ip link set uplink up
ip link set uplink-peer up
ip route add default via 198.51.100.254 dev uplink
# There is no name server here: to say so at once saves every look-up its time-out.
iptables -A OUTPUT -p udp --dport 53 -j REJECT
echo ready
`;

/**
 * Then it waits, without a child, until the test process closes its end of the pipe or dies (Ctrl-C, a kill), and ends what is
 * left: processes, mounts, cgroups, the directory. `$1` is the directory, `$2` the cgroup.
 */
const watch = `
while read -r _; do :; done
set +e
mine=$(readlink /proc/$$/ns/mnt)
net=$(readlink /proc/$$/ns/net)
for round in 1 2 3 4 5; do
  for process in /proc/[0-9]*; do
    pid=\${process#/proc/}
    if [ "$pid" = $$ ]; then continue; fi
    if [ "$(readlink $process/ns/mnt)" = "$mine" ] || [ "$(readlink $process/ns/net)" = "$net" ] || grep -qE ":$2(/|$)" $process/cgroup; then kill -9 $pid; fi
  done
  sleep 0.2
done 2>/dev/null
awk -v root="$1/" 'index($5, root) == 1 { print $5 }' /proc/self/mountinfo | sort -r | xargs -r -n 1 umount -l
find /sys/fs/cgroup -depth -type d -path "*$2*" -exec rmdir {} + 2>/dev/null
rm -rf --one-file-system "$1"
`;

/** The environment of programs under test: nothing of the test runner's leaks into it. */
export const plainEnv: Readonly<Record<string, string>> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LANG: 'C.UTF-8',
  // As in the systemd unit; sources, too, start in half the time when their stripped text is at hand.
  NODE_COMPILE_CACHE: join(import.meta.dirname, '../../.cache/compile'),
};

/** One process that belongs to a machine. */
export type Member = {
  readonly pid: number;
  readonly parentPid: number;
  /** As in proc_pid_stat(5): `R`, `S`, `Z`, … */
  readonly state: string;
  readonly argv: readonly string[];
};

export class Machine implements AsyncDisposable {
  /** Short: socket paths of at most 107 bytes live in it. */
  readonly root: string;
  /** `/ct-XXXXXX`, or a slice: every cgroup of this machine's pods lies below it, in each hierarchy. */
  readonly cgroupParent: string;
  readonly holderPid: number;
  readonly #holder: ChildProcess;
  readonly #mountNamespace: string;
  readonly #networkNamespace: string;

  private constructor(
    holder: ChildProcess,
    facts: { readonly root: string; readonly pid: number; readonly mnt: string; readonly net: string },
  ) {
    this.#holder = holder;
    this.root = facts.root;
    this.cgroupParent = cgroupOf(facts.root);
    this.holderPid = facts.pid;
    this.#mountNamespace = facts.mnt;
    this.#networkNamespace = facts.net;
  }

  /** @throws when the namespaces cannot be made (the test needs root) */
  static async create(): Promise<Machine> {
    const root = await mkdtemp('/tmp/ct-');
    // As everything above a daemon's directories on a real node: the root of a user namespace passes through.
    await chmod(root, 0o711);
    const kept = cgroupDriver === 'systemd' ? 'systemd dbus' : '';
    const script = [setUp + watch, 'machine', root, cgroupOf(root), kept];
    const holder = spawn('unshare', ['--mount', '--net', 'sh', '-c', ...script], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...plainEnv },
      detached: true,
    });
    await ready(holder);
    const pid = holder.pid ?? 0;
    const mnt = await readlink(`/proc/${pid}/ns/mnt`);
    const net = await readlink(`/proc/${pid}/ns/net`);
    return new Machine(holder, { root, pid, mnt, net });
  }

  path(...names: readonly string[]): string {
    return join(this.root, ...names);
  }

  /** The argument vector that runs a program inside. The working directory becomes `/`. */
  enter(argv: readonly string[]): [string, ...string[]] {
    const ns = `/proc/${this.holderPid}/ns`;
    return ['nsenter', `--mount=${ns}/mnt`, `--net=${ns}/net`, '--', ...argv];
  }

  /** Runs a program inside and demands success. */
  async run(...argv: readonly string[]): Promise<CommandResult> {
    return await mustRun({ argv: this.enter(argv), env: plainEnv, timeoutMs: 30_000 * slowness });
  }

  /** Runs a program inside; its exit code is the caller's to read. */
  async try(...argv: readonly string[]): Promise<CommandResult> {
    return await runCommand({ argv: this.enter(argv), env: plainEnv, timeoutMs: 30_000 * slowness });
  }

  /** What is mounted inside. Source: proc_pid_mountinfo(5). */
  async mountInfo(): Promise<string> {
    return await readFile(`/proc/${this.holderPid}/mountinfo`, 'utf8');
  }

  /** A file of this machine as seen from outside, through the holder's root. */
  outside(path: string): string {
    return `/proc/${this.holderPid}/root${path}`;
  }

  /** The processes that live in one of our namespaces or below our cgroup, without the holder itself. */
  async members(): Promise<readonly Member[]> {
    const found: Member[] = [];
    for (const name of await readdir('/proc')) {
      const pid = Number(name);
      if (!Number.isInteger(pid) || pid === this.holderPid) continue;
      const member = await this.#memberOf(pid);
      if (member !== null) found.push(member);
    }
    return found;
  }

  async #memberOf(pid: number): Promise<Member | null> {
    try {
      const cgroups = await readFile(`/proc/${pid}/cgroup`, 'utf8');
      const isBelow =
        cgroups.includes(`:${this.cgroupParent}/`) || cgroups.includes(`${this.cgroupParent}\n`);
      const isInside =
        isBelow ||
        (await link(`/proc/${pid}/ns/mnt`)) === this.#mountNamespace ||
        (await link(`/proc/${pid}/ns/net`)) === this.#networkNamespace;
      if (!isInside) return null;
      const line = await readFile(`/proc/${pid}/stat`, 'utf8');
      const [state = '', parent = ''] = line.slice(line.lastIndexOf(')') + 2).split(' ');
      const argv = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').slice(0, -1);
      return { pid, parentPid: Number(parent), state, argv };
    } catch {
      // It ended while we looked.
      return null;
    }
  }

  /** The directories of our cgroups, in every hierarchy, as `controller:path`. */
  async cgroups(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const hierarchy of await hierarchies()) {
      for (const path of await directoriesBelow(join(hierarchy, this.cgroupParent))) {
        found.push(`${basename(hierarchy)}:${path.slice(hierarchy.length)}`);
      }
    }
    return found.sort();
  }

  /** Ends every process of ours, removes our cgroups and our directory. The namespaces and mounts go with the holder. */
  async close(): Promise<void> {
    await eventually('processes of the test end', async () => {
      const alive = (await this.members()).filter((member) => member.state !== 'Z');
      for (const member of alive) signalQuietly(member.pid, 'SIGKILL');
      return alive.length === 0;
    });
    const ended = new Promise((resolve) => this.#holder.once('exit', resolve));
    if (this.#holder.exitCode === null && this.#holder.signalCode === null) {
      signalQuietly(this.holderPid, 'SIGKILL');
      await ended;
    }
    await eventually('cgroups of the test go', () => removeCgroups(this.cgroupParent));
    await rm(this.root, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function cgroupOf(root: string): string {
  const name = basename(root);
  return cgroupDriver === 'systemd' ? `/ct.slice/${name}.slice` : `/${name}`;
}

async function ready(holder: ChildProcess): Promise<void> {
  const said = Promise.withResolvers<void>();
  holder.stdout?.once('data', () => said.resolve());
  holder.once('exit', (code) => said.reject(new Error(`set up private namespaces: exit code ${code}`)));
  holder.once('error', said.reject);
  await said.promise;
}

async function link(path: string): Promise<string | null> {
  try {
    return await readlink(path);
  } catch {
    // A zombie has no namespaces any more.
    return null;
  }
}

/** The mount points of the cgroup hierarchies: one a controller on v1, one alone on v2. */
async function hierarchies(): Promise<readonly string[]> {
  const base = '/sys/fs/cgroup';
  const names = await readdir(base);
  if (names.includes('cgroup.controllers')) return [base];
  const paths = names.map((name) => join(base, name));
  const kinds = await Promise.all(paths.map(async (path) => (await stat(path)).isDirectory()));
  return paths.filter((_, index) => kinds[index] === true);
}

/** The directory and all below it, deepest last; none when it does not exist. */
async function directoriesBelow(path: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    const below: string[] = [path];
    for (const entry of entries) {
      if (entry.isDirectory()) below.push(...(await directoriesBelow(join(path, entry.name))));
    }
    return below;
  } catch {
    return [];
  }
}

/** Removes what is below a cgroup and itself, in every hierarchy; false when something was busy. */
export async function removeCgroups(parent: string): Promise<boolean> {
  let isGone = true;
  for (const hierarchy of await hierarchies()) {
    for (const path of (await directoriesBelow(join(hierarchy, parent))).toReversed()) {
      try {
        await rmdir(path);
      } catch {
        // Busy while the kernel buries the last process: the caller tries again.
        isGone = false;
      }
    }
  }
  return isGone;
}

/** Sends a signal to a process that may have ended meanwhile. */
export function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}
