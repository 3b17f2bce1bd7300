/** Id-mapped mounts and namespaces that a user namespace owns, with the real kernel. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errnoOf } from '../base/errors.ts';
import { absolutePath, joinPath, type AbsolutePath } from '../base/ids.ts';
import { ThreadedKernel } from './threaded-kernel.ts';

const first = 200_000;
let holder: ChildProcess;
let pid = 0;
let idMap: AbsolutePath;
let directory: AbsolutePath;
let kernel: ThreadedKernel;

const at = (...names: readonly string[]): AbsolutePath => joinPath(directory, ...names);
const failure = async (work: Promise<unknown>): Promise<string | null> =>
  await work.then(
    () => 'no failure',
    (error: unknown) => errnoOf(error),
  );

beforeAll(async () => {
  kernel = new ThreadedKernel();
  holder = spawn('unshare', ['--user', '--net', '--ipc', '--uts', 'cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  holder.stdin?.write('.');
  if (holder.stdout !== null) await once(holder.stdout, 'data');
  pid = holder.pid ?? 0;
  for (const file of ['uid_map', 'gid_map']) writeFileSync(`/proc/${pid}/${file}`, `0 ${first} 65536\n`);
  idMap = absolutePath(`/proc/${pid}/ns/user`);
});
afterAll(async () => {
  const ended = once(holder, 'exit');
  holder.stdin?.end();
  await ended;
  await kernel.close();
});
beforeEach(() => {
  directory = absolutePath(mkdtempSync(join(tmpdir(), 'id-maps-')));
});
afterEach(async () => {
  const left = (await kernel.mounts()).filter((mount) => mount.target.startsWith(directory));
  for (const mount of left.toReversed()) await kernel.unmountAll(absolutePath(mount.target));
  rmSync(directory, { recursive: true });
  expect(left).toEqual([]);
});

describe('an id-mapped view', () => {
  test('shows owners as the namespace maps them, and stores new files with the ids inside', async () => {
    for (const name of ['from', 'to']) mkdirSync(at(name));
    writeFileSync(at('from', 'f'), '');
    chownSync(at('from', 'f'), 1000, 1001);
    const view = await kernel.bindMount({
      source: at('from'),
      target: at('to'),
      isRecursive: true,
      flags: [],
      idMap,
    });
    const { uid, gid } = statSync(at('to', 'f'));
    expect([uid, gid]).toEqual([first + 1000, first + 1001]);
    execFileSync('setpriv', [`--reuid=${first}`, `--regid=${first}`, '--clear-groups', 'touch', 'new'], {
      cwd: at('to'),
    });
    expect(statSync(at('from', 'new')).uid).toBe(0);
    await view.unmount();
  });

  test('of a file system that cannot be mapped is refused, and nothing is mounted', async () => {
    mkdirSync(at('to'));
    const request = {
      source: absolutePath('/proc/sys'),
      target: at('to'),
      isRecursive: true,
      flags: [],
      idMap,
    };
    expect(await failure(kernel.bindMount(request))).toBe('EINVAL');
  });

  test('ends without an end of what is mounted below its source, when it is a slave', async () => {
    for (const name of ['top', 'to']) mkdirSync(at(name));
    const top = await kernel.mount({ source: 'top', target: at('top'), type: 'tmpfs', flags: [] });
    await kernel.setPropagation(at('top'), 'shared', false);
    mkdirSync(at('top', 'below'));
    const below = await kernel.mount({ source: 'b', target: at('top', 'below'), type: 'tmpfs', flags: [] });
    const isBelowThere = async (): Promise<boolean> =>
      (await kernel.mounts()).some(({ target }) => target === at('top', 'below'));
    const view = { source: at('top'), target: at('to'), isRecursive: true, flags: [], idMap };
    await kernel.bindMount({ ...view, propagation: 'slave' });
    expect(statSync(at('to', 'below')).uid).toBe(first);
    await kernel.detachAll(at('to'));
    expect(await isBelowThere()).toBe(true);
    // As a peer it would have.
    await kernel.bindMount(view);
    await kernel.detachAll(at('to'));
    expect(await isBelowThere()).toBe(false);
    await below.unmount();
    await top.unmount();
  });
});

describe.each([
  ['the new mount API', {}],
  ['mount(2), as before Linux 6.7', { isOldOverlayForced: true }],
])('an overlay of id-mapped layers by %s', (_name, options) => {
  let mounter: ThreadedKernel;
  beforeAll(() => {
    mounter = new ThreadedKernel(options);
  });
  afterAll(async () => await mounter.close());

  test.each([2, 126])(
    'shows %d layers, leaves them as they are, and writes with the ids of the host',
    async (count) => {
      const names = Array.from({ length: count }, (_, index) => `layer-${'x'.repeat(60)}-${index}`);
      for (const name of [...names, 'upper', 'work', 'merged']) mkdirSync(at(name));
      names.forEach((name, index) => writeFileSync(at(name, `f${index}`), 'x'));
      chownSync(at('upper'), first, first);
      const overlay = await mounter.mountOverlay({
        lowerDirs: names.map((name) => at(name)),
        writable: { upperDir: at('upper'), workDir: at('work') },
        target: at('merged'),
        flags: [],
        idMap,
      });
      expect(readdirSync(at('merged')).length).toBe(count);
      expect(statSync(at('merged', 'f1')).uid).toBe(first);
      execFileSync(
        'setpriv',
        [`--reuid=${first}`, `--regid=${first}`, '--clear-groups', 'sh', '-c', 'echo y >> f1; touch new'],
        {
          cwd: at('merged'),
        },
      );
      expect(readFileSync(at(names[1] ?? '', 'f1'), 'utf8')).toBe('x');
      expect([statSync(at('upper', 'f1')).uid, statSync(at('upper', 'new')).uid]).toEqual([first, first]);
      expect((await kernel.mounts()).filter(({ target }) => target.startsWith(directory)).length).toBe(1);
      await overlay.unmount();
    },
  );

  test('of layers that cannot be mapped fails and leaves nothing mounted', async () => {
    for (const name of ['upper', 'work', 'merged', 'layer']) mkdirSync(at(name));
    const request = {
      lowerDirs: [at('layer'), absolutePath('/proc/sys')],
      writable: { upperDir: at('upper'), workDir: at('work') },
      target: at('merged'),
      flags: [],
      idMap,
    };
    expect(await failure(mounter.mountOverlay(request))).toBe('EINVAL');
    expect(readdirSync(at('merged'))).toEqual([]);
  });
});

test('a kernel without mount_setattr has no id-mapped mounts', async () => {
  await using old = new ThreadedKernel({ isOldMountApiForced: true });
  for (const name of ['a', 'b', 'to']) mkdirSync(at(name));
  const target = at('to');
  const bind = { source: at('a'), target, isRecursive: false, flags: [], idMap };
  expect(await failure(old.bindMount(bind))).toBe('ENOSYS');
  const overlay = { lowerDirs: [at('a'), at('b')], target, flags: [], idMap };
  expect(await failure(old.mountOverlay(overlay))).toBe('ENOSYS');
});

test('namespaces of a holder are pinned, configured and owned by its user namespace', async () => {
  const pins = { user: at('user'), net: at('net'), ipc: at('ipc'), uts: at('uts') };
  const pinned = await kernel.createNamespaces({
    pins,
    holder: pid,
    hostname: 'inside',
    sysctls: [
      ['net.ipv4.ip_unprivileged_port_start', '81'],
      ['kernel.shmmax', '12345'],
    ],
  });
  const enter = ['--user', '--net', '--ipc', '--uts'].map((kind) => `${kind}=${at(kind.slice(2))}`);
  const script =
    'hostname; cat /proc/sys/kernel/shmmax /proc/sys/net/ipv4/ip_unprivileged_port_start; ip link set lo mtu 1300';
  const seen = execFileSync('nsenter', [...enter, 'sh', '-c', script], { encoding: 'utf8' });
  expect(seen).toBe('inside\n12345\n81\n');
  expect(await kernel.inspectNamespace(pins.user)).toMatchObject({ kind: 'user', isHost: false });
  await pinned.unpin();
  expect(readdirSync(directory)).toEqual([]);
});

test('a user namespace cannot be pinned without somebody who lives in it', async () => {
  await expect(kernel.createNamespaces({ pins: { user: at('user') }, sysctls: [] })).rejects.toMatchObject({
    reason: 'NoNamespaceHolder',
  });
});
