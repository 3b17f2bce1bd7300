import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CriError, errnoOf } from '../base/errors.ts';
import { type AbsolutePath, absolutePath, joinPath } from '../base/ids.ts';
import type { NamespaceRequest } from './contract/namespaces.ts';
import type { NewNode } from './contract/files.ts';
import { openFlag } from './linux-constants.ts';
import { ThreadedKernel } from './threaded-kernel.ts';

const troubles: string[] = [];
let kernel: ThreadedKernel;
let directory: AbsolutePath;

beforeAll(async () => {
  kernel = new ThreadedKernel({ onTrouble: (message) => troubles.push(message) });
  await kernel.facts();
});
afterAll(async () => {
  await kernel.close();
  expect(troubles).toEqual([]);
});
beforeEach(() => {
  directory = absolutePath(mkdtempSync(join(tmpdir(), 'kernel-')));
});
afterEach(async () => {
  const left = (await kernel.mounts()).filter((mount) => mount.target.startsWith(directory));
  for (const mount of left.toReversed()) await kernel.unmountAll(absolutePath(mount.target));
  rmSync(directory, { recursive: true });
  expect(left).toEqual([]);
});

const fifo = (mode: number): NewNode => ({
  type: 'fifo',
  major: 0,
  minor: 0,
  mode,
  owner: { uid: 0, gid: 0 },
});

function at(...names: readonly string[]): AbsolutePath {
  return joinPath(directory, ...names);
}

function makeDirectories(...names: readonly string[]): readonly AbsolutePath[] {
  for (const name of names) mkdirSync(at(name), { recursive: true });
  return names.map((name) => at(name));
}

/** What every thread of this process lives in: one name each, when all are at home. */
function threadNamespaces(): readonly string[] {
  const seen = new Set<string>();
  for (const tid of readdirSync('/proc/self/task')) {
    for (const kind of ['net', 'ipc', 'uts', 'mnt'])
      seen.add(readlinkSync(`/proc/self/task/${tid}/ns/${kind}`));
  }
  return [...seen].toSorted();
}

function openFiles(): number {
  return readdirSync('/proc/self/fd').length;
}

async function failure(promise: Promise<unknown>): Promise<string | null> {
  try {
    await promise;
    return null;
  } catch (error) {
    return error instanceof CriError ? error.reason : errnoOf(error);
  }
}

function runInside(netns: string, command: string): string {
  return spawnSync('nsenter', [`--net=${netns}`, 'sh', '-c', command], { encoding: 'utf8' }).stdout;
}

describe('namespaces', () => {
  test('are created, configured inside, pinned, and unpinned', async () => {
    const pins = { net: at('net'), ipc: at('ipc'), uts: at('uts') };
    const pinned = await kernel.createNamespaces({
      pins,
      hostname: 'pod-1',
      sysctls: [
        ['net.ipv4.ip_unprivileged_port_start', '0'],
        ['net.ipv4.ping_group_range', '0\t2147483647'],
        ['net/ipv6/conf/lo/forwarding', '1'],
        ['kernel.shm_rmid_forced', '1'],
        ['kernel.sem', '32000 1024000000 500 32000'],
        ['fs.mqueue.msg_max', '11'],
        ['kernel.domainname', 'example.org'],
      ],
    });
    const inside = spawnSync(
      'nsenter',
      [
        `--net=${pins.net}`,
        `--ipc=${pins.ipc}`,
        `--uts=${pins.uts}`,
        'sh',
        '-c',
        'hostname; cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/net/ipv4/ping_group_range /proc/sys/kernel/shm_rmid_forced /proc/sys/kernel/sem /proc/sys/kernel/domainname /proc/sys/fs/mqueue/msg_max; cat /sys/class/net/lo/flags',
      ],
      { encoding: 'utf8' },
    ).stdout;
    expect(inside.replaceAll('\t', ' ').split('\n').slice(0, 7)).toEqual([
      'pod-1',
      '0',
      '0 2147483647',
      '1',
      '32000 1024000000 500 32000',
      'example.org',
      '11',
    ]);
    expect(runInside(pins.net, 'cat /proc/net/if_inet6')).toContain('lo');
    expect(await kernel.inspectNamespace(pins.net)).toMatchObject({ kind: 'net', isHost: false });
    expect([await kernel.namespaceKind(pins.ipc), await kernel.namespaceKind(pins.uts)]).toEqual([
      'ipc',
      'uts',
    ]);
    expect(threadNamespaces()).toHaveLength(4);
    expect(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8')).toBe('1024\n');
    await pinned.unpin();
    await pinned.unpin();
    expect(readdirSync(directory)).toEqual([]);
  });

  test('that fail at any step leave no pin, no mount, no descriptor, and the thread at home', async () => {
    const home = threadNamespaces();
    const fds = openFiles();
    const good = { net: at('net'), ipc: at('ipc'), uts: at('uts') };
    writeFileSync(at('taken'), '');
    const requests: readonly (readonly [NamespaceRequest, string])[] = [
      [{ pins: { ...good, uts: at('taken') }, sysctls: [] }, 'EEXIST'],
      [{ pins: { ...good, uts: at('missing', 'uts') }, sysctls: [] }, 'ENOENT'],
      [{ pins: good, sysctls: [['net.ipv4.no_such_thing', '1']] }, 'ENOENT'],
      [{ pins: good, sysctls: [['net.ipv4', '1']] }, 'EISDIR'],
      [{ pins: good, sysctls: [['net.ipv4.ip_forward', 'many']] }, 'EINVAL'],
      [
        {
          pins: good,
          sysctls: [
            ['net.ipv4.ip_forward', '1'],
            ['kernel.sem', 'x'],
          ],
        },
        'EINVAL',
      ],
    ];
    for (const [request, errno] of requests) {
      expect(await failure(kernel.createNamespaces(request))).toBe(errno);
      expect({ files: readdirSync(directory), home: threadNamespaces(), fds: openFiles() }).toEqual({
        files: ['taken'],
        home,
        fds,
      });
    }
    const pinned = await kernel.createNamespaces({ pins: { net: at('net') }, sysctls: [] });
    await pinned.unpin();
    // Less: what an earlier file of this worker had open has been closed meanwhile.
    expect(openFiles()).toBeLessThanOrEqual(fds);
  });

  test("refuse sysctls that are the host's, and anything that is not one name and one line", async () => {
    const before = readFileSync('/proc/sys/kernel/core_pattern', 'utf8');
    const refused: readonly (readonly [string, string, string])[] = [
      ['kernel.core_pattern', '|/bin/evil', 'SysctlNotNamespaced'],
      ['kernel.shm_rmid_forced', '1+kernel.core_pattern=|/bin/evil\n', 'InvalidSysctl'],
      ['net.ipv4.ip_forward', '1\nkernel.core_pattern=x', 'InvalidSysctl'],
      ['net.ipv4.ip_forward', '1\0', 'InvalidSysctl'],
      ['net.ipv4.ip_forward+kernel.core_pattern', '1', 'InvalidSysctl'],
      ['net/../kernel/core_pattern', 'x', 'InvalidSysctl'],
      ['net.ipv4././core_pattern', 'x', 'InvalidSysctl'],
      ['net.//.//.kernel.core_pattern', 'x', 'InvalidSysctl'],
      ['/proc/sys/kernel/core_pattern', 'x', 'InvalidSysctl'],
      ['kernel.shm/core_pattern', 'x', 'SysctlNotNamespaced'],
      ['kernel.hostname', 'x', 'SysctlNotNamespaced'],
      ['vm.overcommit_memory', '1', 'SysctlNotNamespaced'],
      ['kernel.sem', '1', 'SysctlOfHost'],
      ['net', '1', 'InvalidSysctl'],
    ];
    for (const [name, value, reason] of refused) {
      const pins =
        reason === 'SysctlOfHost' ? { net: at('net') } : { net: at('net'), ipc: at('ipc'), uts: at('uts') };
      const request = { pins, sysctls: [[name, value]] } as const;
      expect([name, await failure(kernel.createNamespaces(request))]).toEqual([name, reason]);
    }
    expect(
      await failure(kernel.createNamespaces({ pins: { net: at('net') }, hostname: 'x', sysctls: [] })),
    ).toBe('HostnameOfHost');
    expect(
      await failure(kernel.createNamespaces({ pins: { uts: at('u') }, hostname: 'a\nb', sysctls: [] })),
    ).toBe('InvalidHostname');
    expect(readFileSync('/proc/sys/kernel/core_pattern', 'utf8')).toBe(before);
    expect(readdirSync(directory)).toEqual([]);
  });

  test("are told from plain files, from nothing, and from the host's", async () => {
    writeFileSync(at('file'), '');
    await kernel.makeNode(at('fifo'), fifo(0o600));
    expect(await kernel.inspectNamespace(absolutePath('/proc/self/ns/net'))).toMatchObject({
      kind: 'net',
      isHost: true,
    });
    expect(await kernel.namespaceKind(at('file'))).toBeNull();
    expect(await kernel.namespaceKind(at('fifo'))).toBeNull();
    expect(await kernel.namespaceKind(at('nothing'))).toBeNull();
  });

  test('are unpinned by path, stacked pins included; what is not pinned is only removed', async () => {
    await kernel.createNamespaces({ pins: { net: at('net') }, sysctls: [] });
    spawnSync('mount', ['--bind', '/proc/self/ns/uts', at('net')]);
    await kernel.unpinNamespace(at('net'));
    writeFileSync(at('stale'), '');
    await kernel.unpinNamespace(at('stale'));
    await kernel.unpinNamespace(at('nothing'));
    expect(readdirSync(directory)).toEqual([]);
  });

  test('are reached by a socket connected inside, by IPv4 or IPv6', async () => {
    const pinned = await kernel.createNamespaces({ pins: { net: at('net') }, sysctls: [] });
    for (const host of ['127.0.0.1', '::1']) {
      const code = `require('net').createServer((s) => s.end('from ' + require('os').networkInterfaces().lo.length)).listen(80, '${host}', () => console.log('up'))`;
      const server = spawn('nsenter', [`--net=${at('net')}`, process.execPath, '-e', code], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(server.stdout, 'data');
      const fd = await kernel.connectInside(at('net'), 80, AbortSignal.timeout(5000));
      const socket = new Socket({ fd: fd.release() });
      expect(String((await once(socket, 'data'))[0])).toBe('from 2');
      socket.destroy();
      server.kill();
      await once(server, 'exit');
    }
    const fds = openFiles();
    const controller = new AbortController();
    const aborted = kernel.connectInside(at('net'), 80, controller.signal);
    controller.abort(new Error('gone'));
    await expect(aborted).rejects.toThrow('gone');
    expect(await failure(kernel.connectInside(at('net'), 81, AbortSignal.timeout(5000)))).toBe(
      'ECONNREFUSED',
    );
    writeFileSync(at('file'), '');
    expect(await failure(kernel.connectInside(at('file'), 81, AbortSignal.timeout(5000)))).toBe('EINVAL');
    // Less: what an earlier file of this worker had open has been closed meanwhile.
    expect(openFiles()).toBeLessThanOrEqual(fds);
    expect(threadNamespaces()).toHaveLength(4);
    await pinned.unpin();
  });
});

describe('mounts', () => {
  test('are made with their flags, listed, and unmounted once', async () => {
    makeDirectories('t');
    const mount = await kernel.mount({
      source: 'tmpfs',
      target: at('t'),
      type: 'tmpfs',
      flags: ['nosuid', 'nodev', 'noexec'],
      data: 'size=64k,mode=700',
    });
    const entry = (await kernel.mounts()).find((one) => one.target === at('t'));
    expect(entry).toMatchObject({ type: 'tmpfs', source: 'tmpfs', root: '/' });
    expect(entry?.options).toEqual(expect.arrayContaining(['rw', 'nosuid', 'nodev', 'noexec']));
    expect(entry?.superOptions).toContain('size=64k');
    await mount.unmount();
    const second = await kernel.mount({ source: 'x', target: at('t'), type: 'tmpfs', flags: [] });
    await mount.unmount();
    expect((await kernel.mounts()).filter((one) => one.target === at('t'))).toHaveLength(1);
    await second.unmount();
  });

  test('at places with spaces, newlines and backslashes are found by their real name', async () => {
    const name = 'a b\tc\nd\\e#';
    makeDirectories(name);
    await using mount = await kernel.mount({ source: 'tmpfs', target: at(name), type: 'tmpfs', flags: [] });
    expect((await kernel.mounts()).map((one) => one.target)).toContain(mount.target);
  });

  test('that fail name call, errno and both paths', async () => {
    const promise = kernel.bindMount({
      source: at('nothing'),
      target: at('nowhere'),
      isRecursive: false,
      flags: [],
    });
    await expect(promise).rejects.toMatchObject({
      name: 'SyscallError',
      call: 'open_tree',
      errno: 'ENOENT',
      paths: [at('nothing')],
    });
  });

  test('in use are detached after a bounded wait; nothing mounted is success', async () => {
    makeDirectories('t');
    const mount = await kernel.mount({ source: 'tmpfs', target: at('t'), type: 'tmpfs', flags: [] });
    writeFileSync(at('t', 'f'), '');
    const fd = openSync(at('t', 'f'), 'r');
    await mount.unmount();
    expect((await kernel.mounts()).filter((one) => one.target === at('t'))).toEqual([]);
    closeSync(fd);
    await kernel.unmountAll(at('t'));
    await kernel.unmountAll(at('nothing'));
  });

  test('stacked and below each other all go with unmountAll', async () => {
    makeDirectories('t');
    for (let count = 0; count < 3; count += 1)
      await kernel.mount({ source: 's', target: at('t'), type: 'tmpfs', flags: [] });
    makeDirectories('t/below');
    await kernel.mount({ source: 's', target: at('t', 'below'), type: 'tmpfs', flags: [] });
    await kernel.unmountAll(at('t'));
    expect((await kernel.mounts()).filter((one) => one.target.startsWith(at('t')))).toEqual([]);
  });

  test('are moved, and change propagation', async () => {
    makeDirectories('p');
    const parent = await kernel.mount({ source: 's', target: at('p'), type: 'tmpfs', flags: [] });
    const propagationOf = async (path: string) =>
      (await kernel.mounts()).find((one) => one.target === path)?.propagation;
    await kernel.setPropagation(at('p'), 'shared', false);
    expect(await propagationOf(at('p'))).toBe('shared');
    await kernel.setPropagation(at('p'), 'unbindable', false);
    expect(await propagationOf(at('p'))).toBe('unbindable');
    await kernel.setPropagation(at('p'), 'private', true);
    makeDirectories('p/a', 'p/b');
    await kernel.mount({ source: 's', target: at('p', 'a'), type: 'tmpfs', flags: [] });
    await kernel.moveMount(at('p', 'a'), at('p', 'b'));
    expect([await propagationOf(at('p', 'a')), await propagationOf(at('p', 'b'))]).toEqual([
      undefined,
      'private',
    ]);
    await kernel.unmountAll(at('p', 'b'));
    await parent.unmount();
  });
});

for (const isOldMountApiForced of [false, true]) {
  describe(isOldMountApiForced ? 'with mount(2) only' : 'with the new mount API', () => {
    let mounter: ThreadedKernel;
    beforeAll(() => {
      mounter = new ThreadedKernel({ isOldMountApiForced, onTrouble: (message) => troubles.push(message) });
    });
    afterAll(() => mounter.close());

    test('bind mounts carry their flags, recursively when asked', async () => {
      makeDirectories('from', 'to', 'to2');
      const outer = await kernel.mount({
        source: 's',
        target: at('from'),
        type: 'tmpfs',
        flags: ['nodev'],
      });
      makeDirectories('from/inner');
      const inner = await kernel.mount({
        source: 's',
        target: at('from', 'inner'),
        type: 'tmpfs',
        flags: ['nosuid', 'noatime'],
      });
      await mounter.bindMount({
        source: at('from'),
        target: at('to'),
        isRecursive: true,
        flags: ['ro', 'noexec'],
      });
      await mounter.bindMount({ source: at('from'), target: at('to2'), isRecursive: false, flags: [] });
      await mounter.setMountFlags(at('to2'), ['ro', 'noatime'], false);
      const options = async (path: string) =>
        (await kernel.mounts()).find((one) => one.target === path)?.options.toSorted();
      expect([
        await options(at('to')),
        await options(at('to', 'inner')),
        await options(at('to2')),
        await options(at('from')),
      ]).toEqual([
        ['nodev', 'noexec', 'relatime', 'ro'],
        ['noatime', 'noexec', 'nosuid', 'ro'],
        ['noatime', 'nodev', 'ro'],
        ['nodev', 'relatime', 'rw'],
      ]);
      await kernel.unmountAll(at('to'));
      await kernel.unmountAll(at('to2'));
      await inner.unmount();
      await outer.unmount();
    });

    for (const count of [1, 2, 30, 200]) {
      test(`an overlay of ${count} layers shows all of them, the topmost first`, async () => {
        const layers = makeDirectories(
          ...Array.from({ length: count }, (_, index) => `layers/${String(index).padStart(60, '0')}/diff`),
        );
        layers.forEach((layer, index) => {
          writeFileSync(joinPath(layer, `only-${index}`), '');
          writeFileSync(joinPath(layer, 'all'), String(index));
        });
        makeDirectories('upper', 'work', 'rw', 'ro');
        const fds = openFiles();
        const readWrite = await mounter.mountOverlay({
          lowerDirs: layers,
          writable: { upperDir: at('upper'), workDir: at('work') },
          target: at('rw'),
          flags: ['nodev'],
        });
        const readOnly = await mounter.mountOverlay({ lowerDirs: layers, target: at('ro'), flags: [] });
        expect([readdirSync(at('rw')).length, readFileSync(at('rw', 'all'), 'utf8')]).toEqual([
          count + 1,
          '0',
        ]);
        expect([readdirSync(at('ro')).length, readFileSync(at('ro', 'all'), 'utf8')]).toEqual([
          count + 1,
          '0',
        ]);
        writeFileSync(at('rw', 'all'), 'new');
        expect(readFileSync(at('upper', 'all'), 'utf8')).toBe('new');
        expect(() => writeFileSync(at('ro', 'all'), '')).toThrow('EROFS');
        expect((await kernel.mounts()).find((one) => one.target === at('rw'))?.options).toContain('nodev');
        await readWrite.unmount();
        await readOnly.unmount();
        // Less: what an earlier file of this worker had open has been closed meanwhile.
        expect(openFiles()).toBeLessThanOrEqual(fds);
      });
    }

    test('an overlay of layers with awkward names works, and a failed one leaves nothing', async () => {
      const [colon, comma, long] = makeDirectories('a:b', 'c,d\\e', `${'x'.repeat(200)}/${'y'.repeat(200)}`);
      if (colon === undefined || comma === undefined || long === undefined) throw new Error('unreachable');
      makeDirectories('up:per', 'wo,rk', 'to');
      writeFileSync(joinPath(long, 'deep'), '');
      const mount = await mounter.mountOverlay({
        lowerDirs: [colon, comma, long],
        writable: { upperDir: at('up:per'), workDir: at('wo,rk') },
        target: at('to'),
        flags: [],
      });
      expect(readdirSync(at('to'))).toEqual(['deep']);
      await mount.unmount();
      const fds = openFiles();
      expect(
        await failure(
          mounter.mountOverlay({ lowerDirs: [colon, at('missing')], target: at('to'), flags: [] }),
        ),
      ).toBe('ENOENT');
      expect(
        await failure(mounter.mountOverlay({ lowerDirs: [colon, comma], target: at('missing'), flags: [] })),
      ).toBe('ENOENT');
      // Less: what an earlier file of this worker had open has been closed meanwhile.
      expect(openFiles()).toBeLessThanOrEqual(fds);
    });
  });
}

describe('files', () => {
  test('are opened inside a root whatever links say', async () => {
    makeDirectories('root/etc', 'root/a/b');
    writeFileSync(at('root', 'etc', 'passwd'), 'inside');
    symlinkSync('/etc', at('root', 'absolute'));
    symlinkSync('../../../../../../etc', at('root', 'a', 'b', 'climbing'));
    symlinkSync('/proc/self/root/etc', at('root', 'magic'));
    for (const path of [
      'etc/passwd',
      '/etc/passwd',
      'absolute/passwd',
      'a/b/climbing/passwd',
      '../../etc/passwd',
    ]) {
      using fd = await kernel.openInRoot(at('root'), path, { flags: openFlag.readOnly });
      expect(readFileSync(fd.number, 'utf8')).toBe('inside');
    }
    expect(await failure(kernel.openInRoot(at('root'), 'magic/passwd', { flags: openFlag.readOnly }))).toBe(
      'ENOENT',
    );
    expect(
      await failure(kernel.openInRoot(absolutePath('/'), 'proc/self/root/etc', { flags: openFlag.readOnly })),
    ).toBe('ELOOP');
    using made = await kernel.openInRoot(at('root'), 'absolute/new', {
      flags: openFlag.create | openFlag.writeOnly,
      mode: 0o666,
    });
    expect(statSync(at('root', 'etc', 'new')).mode & 0o777).toBe(0o666);
    made.close();
  });

  test('that are FIFOs do not hang the thread', async () => {
    await kernel.makeNode(at('fifo'), fifo(0o622));
    expect(lstatSync(at('fifo')).mode & 0o777).toBe(0o622);
    using fd = await kernel.openInRoot(directory, 'fifo', { flags: openFlag.readOnly });
    expect(fd.number).toBeGreaterThan(2);
    expect(await failure(kernel.openInRoot(directory, 'fifo', { flags: openFlag.writeOnly }))).toBeNull();
  });

  test('directories are made inside a root, through links, and never where a dangling link points', async () => {
    makeDirectories('root/real');
    symlinkSync('/real', at('root', 'link'));
    symlinkSync(at('outside'), at('root', 'dangling'));
    symlinkSync('../../outside', at('root', 'real', 'up'));
    await kernel.makeDirectoryInRoot(at('root'), '/link/a/./b', { mode: 0o751 });
    await kernel.makeDirectoryInRoot(at('root'), '/link/a/b', { mode: 0o700 });
    expect(statSync(at('root', 'real', 'a', 'b')).mode & 0o777).toBe(0o751);
    expect(await failure(kernel.makeDirectoryInRoot(at('root'), 'dangling/x', { mode: 0o755 }))).toBe(
      'EEXIST',
    );
    expect(await failure(kernel.makeDirectoryInRoot(at('root'), 'real/up', { mode: 0o755 }))).toBe('EEXIST');
    writeFileSync(at('root', 'file'), '');
    expect(await failure(kernel.makeDirectoryInRoot(at('root'), 'file/x', { mode: 0o755 }))).toBe('ENOTDIR');
    expect(existsSync(at('outside'))).toBe(false);
  });

  test('systems give their figures and are flushed', async () => {
    const stats = await kernel.statFileSystem(directory);
    expect(stats.blocks > stats.blocksFree && stats.blockBytes > 0n).toBe(true);
    await kernel.syncFileSystem(directory);
    expect(await failure(kernel.statFileSystem(at('nothing')))).toBe('ENOENT');
  });

  test('are locked by one holder at a time', async () => {
    const lock = await kernel.lockFile(at('lock'));
    expect(await failure(kernel.lockFile(at('lock')))).toBe('EWOULDBLOCK');
    lock.close();
    lock.close();
    (await kernel.lockFile(at('lock'))).close();
  });
});

test('a kernel that is closed leaves no descriptor and no thread behind', async () => {
  const fds = openFiles();
  const threads = readdirSync('/proc/self/task').length;
  for (let count = 0; count < 3; count += 1) {
    await using another = new ThreadedKernel();
    await another.facts();
    await another.statFileSystem(directory);
    const pinned = await another.createNamespaces({ pins: { net: at('net') }, sysctls: [] });
    await pinned.unpin();
  }
  expect([openFiles(), readdirSync('/proc/self/task').length]).toEqual([fds, threads]);
});
