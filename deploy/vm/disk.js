/**
 * The disks of the virtual machine. The system and the npm dependencies are kept in `.cache/vm`, named by a digest of what
 * they are made of; the checkout's is made for each run. Runs on Node 20, without dependencies.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { done, Failure } from '../console.js';
import { runPackages, testPackages } from '../packages.js';
import { readOutput, runShown } from '../programs.js';
import { project } from '../setup.js';

export const cacheDir = join(project, '.cache/vm');

/** The oldest Debian that we serve: its kernel is the oldest, too. */
const suite = 'bookworm';
const systemPackages = [
  'linux-image-cloud-amd64',
  'systemd',
  'systemd-sysv',
  'dbus',
  'udev',
  'kmod',
  'libcap2-bin',
  'apparmor',
  'selinux-policy-default',
  'policycoreutils',
];
const makeTimeoutMs = 30 * 60_000;
const packTimeoutMs = 5 * 60_000;

/** @returns the directory with `disk.img`, `vmlinuz` and `initrd` @throws Failure */
export async function ensureSystem() {
  const { debootstrap: _, ...tests } = testPackages;
  const packages = [...systemPackages, ...Object.keys({ ...runPackages, ...tests })];
  const script = join(import.meta.dirname, 'make-disk.sh');
  const parts = ['make-disk.sh', 'cri-ts-tests.service', 'containers.cil'].map((name) =>
    join(import.meta.dirname, name),
  );
  const sum = digestOf(parts, [suite, ...packages]);
  return await ensureMade('system', sum, async (dir) => {
    const argv = ['unshare', '--mount', '--propagation', 'private', 'bash', script, dir, suite, ...packages];
    return await runShown(argv, { timeout: makeTimeoutMs });
  });
}

/** @returns the directory with `disk.img`, which holds node_modules @throws Failure */
export async function ensureModules() {
  const sum = digestOf([join(project, 'node_modules/.package-lock.json')], []);
  return await ensureMade(
    'modules',
    sum,
    async (dir) => await pack(join(project, 'node_modules'), join(dir, 'disk.img'), 64),
  );
}

/** Makes a disk of what `fill` puts into an empty directory and the checkout beside it: tracked and new files, no ignored ones. */
export async function makeWorkDisk(runDir, fill) {
  const staging = join(runDir, 'staging');
  const copy = join(staging, 'project');
  const listed = await readOutput(['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: project,
  });
  for (const name of [...listed.split('\0').filter((path) => path !== ''), 'dist']) {
    if (!existsSync(join(project, name))) continue;
    mkdirSync(dirname(join(copy, name)), { recursive: true });
    cpSync(join(project, name), join(copy, name), { recursive: true });
  }
  mkdirSync(join(copy, 'node_modules'));
  fill(staging);
  const { code, tail } = await pack(staging, join(runDir, 'work.img'), 1024);
  if (code !== 0) throw new Failure(`mke2fs could not make the disk of the checkout: ${tail.at(-1) ?? ''}`);
  rmSync(staging, { recursive: true });
}

/** Copies a directory out of a disk that nobody uses any more. */
export async function copyOut(image, directory, target) {
  mkdirSync(target, { recursive: true });
  await readOutput(['debugfs', '-R', `rdump ${directory} ${target}`, image], { timeout: packTimeoutMs });
}

/** What is left of runs that were killed, and what other versions of the system were made. */
export function sweep(kept) {
  for (const name of existsSync(cacheDir) ? readdirSync(cacheDir) : []) {
    const pid = Number(/^(?:run|making)-(\d+)$/.exec(name)?.[1] ?? 0);
    const isStale = pid > 0 ? !existsSync(`/proc/${pid}`) : /^(?:system|modules)-/.test(name);
    if (isStale && !kept.includes(join(cacheDir, name))) rmSync(join(cacheDir, name), { recursive: true });
  }
}

/** A directory appears under its name whole or not at all. */
async function ensureMade(kind, sum, make) {
  const dir = join(cacheDir, `${kind}-${sum}`);
  if (existsSync(dir)) return dir;
  const startedAtMs = performance.now();
  const making = join(cacheDir, `making-${process.pid}`);
  mkdirSync(making, { recursive: true });
  try {
    const { code, tail } = await make(making);
    if (code !== 0) throw new Failure(`the disk with the ${kind} could not be made: ${tail.at(-1) ?? ''}`);
    renameSync(making, dir);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  done(`made the disk with the ${kind}`, startedAtMs);
  return dir;
}

/** A file system that holds a directory, with room for more. */
async function pack(directory, image, roomMib) {
  const used = await readOutput(['du', '-sm', '--apparent-size', directory]);
  const inodes = await readOutput(['du', '-s', '--inodes', directory]);
  const sizeMib = Math.ceil(Number.parseInt(used, 10) * 1.2 + Number.parseInt(inodes, 10) * 0.004) + roomMib;
  const argv = ['mke2fs', '-q', '-t', 'ext4', '-m', '0', '-N', `${Number.parseInt(inodes, 10) + 65_536}`];
  return await runShown([...argv, '-d', directory, image, `${sizeMib}M`], { timeout: packTimeoutMs });
}

function digestOf(files, words) {
  const sum = createHash('sha256').update(words.join(' '));
  for (const file of files) sum.update(readFileSync(file));
  return sum.digest('hex').slice(0, 16);
}
