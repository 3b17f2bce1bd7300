// What every Kernel promises: run against the real one and the fake, so that story tests on the fake mean something.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CriError, errnoOf, SyscallError } from '../base/errors.ts';
import { type AbsolutePath, absolutePath, joinPath } from '../base/ids.ts';
import type { NewNode } from './contract/files.ts';
import { FakeKernel } from './fake/fake-kernel.ts';
import type { Kernel } from './kernel.ts';
import { openFlag } from './linux-constants.ts';
import { ThreadedKernel } from './threaded-kernel.ts';

const kernels: readonly (readonly [string, () => Kernel])[] = [
  ['threaded kernel', () => new ThreadedKernel()],
  ['fake kernel', () => new FakeKernel()],
];

const fifo = (mode: number): NewNode => ({
  type: 'fifo',
  major: 0,
  minor: 0,
  mode,
  owner: { uid: 0, gid: 0 },
});

describe.each(kernels)('the %s', (_name, make) => {
  let kernel: Kernel;
  let directory: AbsolutePath;
  let fds = 0;

  beforeAll(async () => {
    kernel = make();
    // Starts all threads, whose own descriptors are not to be counted.
    await kernel.facts();
    await kernel.statFileSystem(absolutePath('/'));
  });
  afterAll(async () => {
    if (kernel instanceof FakeKernel) expect(kernel.ledger()).toEqual([]);
    await kernel[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    directory = absolutePath(mkdtempSync(join(tmpdir(), 'contract-')));
    fds = readdirSync('/proc/self/fd').length;
  });
  afterEach(async () => {
    expect((await kernel.mounts()).filter((mount) => mount.target.startsWith(directory))).toEqual([]);
    rmSync(directory, { recursive: true });
    // Less: what an earlier file of this worker had open has been closed meanwhile.
    expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(fds);
  });

  const at = (...names: readonly string[]): AbsolutePath => joinPath(directory, ...names);
  const makeDirectories = (...names: readonly string[]): void =>
    names.forEach((name) => mkdirSync(at(name), { recursive: true }));
  const failure = async (promise: Promise<unknown>): Promise<unknown> => {
    try {
      await promise;
      return null;
    } catch (error) {
      if (error instanceof CriError) return error.reason;
      return error instanceof SyscallError ? error.errno : errnoOf(error);
    }
  };

  test('pins namespaces until they are unpinned, by handle or by path', async () => {
    const pins = { net: at('net'), uts: at('uts') };
    const pinned = await kernel.createNamespaces({
      pins,
      hostname: 'pod',
      sysctls: [['net.ipv4.ip_forward', '1']],
    });
    expect([
      pinned.pins,
      await kernel.namespaceKind(pins.net),
      await kernel.inspectNamespace(pins.uts),
    ]).toMatchObject([pins, 'net', { kind: 'uts', isHost: false }]);
    await kernel.unpinNamespace(pins.net);
    expect([await kernel.namespaceKind(pins.net), existsSync(pins.net)]).toEqual([null, false]);
    await pinned.unpin();
    await pinned.unpin();
    expect(readdirSync(directory)).toEqual([]);
  });

  test('creates all namespaces or none', async () => {
    writeFileSync(at('taken'), '');
    const pins = { net: at('net'), ipc: at('taken') };
    expect(await failure(kernel.createNamespaces({ pins, sysctls: [] }))).toBe('EEXIST');
    expect(await failure(kernel.createNamespaces({ pins: { net: at('no', 'net') }, sysctls: [] }))).toBe(
      'ENOENT',
    );
    expect(
      await failure(kernel.createNamespaces({ pins: { net: at('net') }, sysctls: [['kernel.panic', '1']] })),
    ).toBe('SysctlNotNamespaced');
    expect(readdirSync(directory)).toEqual(['taken']);
  });

  test('does not connect inside what is no network namespace', async () => {
    writeFileSync(at('file'), '');
    expect(await failure(kernel.connectInside(at('file'), 80, AbortSignal.timeout(5000)))).toBe('EINVAL');
    expect(
      await failure(
        kernel.connectInside(
          at('file'),
          80,
          AbortSignal.abort(new SyscallError({ call: 'x', errno: 'ECANCELED', paths: [] })),
        ),
      ),
    ).toBe('ECANCELED');
  });

  test('mounts, lists, changes, moves and unmounts', async () => {
    makeDirectories('a', 'b');
    const mount = await kernel.mount({ source: 'tmpfs', target: at('a'), type: 'tmpfs', flags: ['nosuid'] });
    await kernel.setPropagation(at('a'), 'shared', false);
    await kernel.setMountFlags(at('a'), ['ro', 'nodev'], false);
    const entry = (await kernel.mounts()).find((one) => one.target === at('a'));
    expect(entry).toMatchObject({ type: 'tmpfs', source: 'tmpfs', propagation: 'shared' });
    expect(entry?.options).toEqual(expect.arrayContaining(['ro', 'nosuid', 'nodev']));
    await mount.unmount();
    await mount.unmount();
    await kernel.mount({ source: 'tmpfs', target: at('a'), type: 'tmpfs', flags: [] });
    await kernel.moveMount(at('a'), at('b'));
    expect(
      (await kernel.mounts()).filter((one) => one.target.startsWith(directory)).map((one) => one.target),
    ).toEqual([at('b')]);
    await kernel.unmountAll(at('b'));
    await kernel.unmountAll(at('b'));
    await kernel.unmountAll(at('nothing'));
  });

  test('names what is missing', async () => {
    makeDirectories('a');
    expect(await failure(kernel.mount({ source: 't', target: at('no'), type: 'tmpfs', flags: [] }))).toBe(
      'ENOENT',
    );
    expect(
      await failure(kernel.bindMount({ source: at('no'), target: at('a'), isRecursive: false, flags: [] })),
    ).toBe('ENOENT');
    expect(
      await failure(kernel.mountOverlay({ lowerDirs: [at('no'), at('a')], target: at('a'), flags: [] })),
    ).toBe('ENOENT');
    expect(await failure(kernel.setMountFlags(at('a'), ['ro'], false))).toBe('EINVAL');
    expect(await failure(kernel.setPropagation(at('a'), 'private', false))).toBe('EINVAL');
  });

  test('shows the files of an overlay, topmost first, and keeps writes in the upper directory', async () => {
    makeDirectories('low1/etc', 'low2/etc', 'upper', 'work', 'root');
    writeFileSync(at('low2', 'etc', 'passwd'), 'lowest');
    writeFileSync(at('low2', 'etc', 'group'), 'group');
    writeFileSync(at('low1', 'etc', 'passwd'), 'topmost');
    const mount = await kernel.mountOverlay({
      lowerDirs: [at('low1'), at('low2')],
      writable: { upperDir: at('upper'), workDir: at('work') },
      target: at('root'),
      flags: [],
    });
    const read = async (path: string): Promise<string> => {
      using fd = await kernel.openInRoot(at('root'), path, { flags: openFlag.readOnly });
      return readFileSync(fd.number, 'utf8');
    };
    expect([await read('etc/passwd'), await read('/etc/group')]).toEqual(['topmost', 'group']);
    expect(await failure(read('etc/shadow'))).toBe('ENOENT');
    await kernel.makeDirectoryInRoot(at('root'), 'work/dir', { mode: 0o755 });
    expect(existsSync(at('upper', 'work', 'dir'))).toBe(true);
    await mount.unmount();
  });

  test('resolves paths inside the root', async () => {
    makeDirectories('root/etc', 'outside');
    writeFileSync(at('root', 'etc', 'hosts'), 'inside');
    symlinkSync('/etc', at('root', 'link'));
    symlinkSync(at('outside'), at('root', 'out'));
    using fd = await kernel.openInRoot(at('root'), '../link/hosts', { flags: openFlag.readOnly });
    expect(readFileSync(fd.number, 'utf8')).toBe('inside');
    using made = await kernel.openInRoot(at('root'), 'link/new', {
      flags: openFlag.create | openFlag.writeOnly,
      mode: 0o640,
    });
    writeSync(made.number, 'x');
    expect(readFileSync(at('root', 'etc', 'new'), 'utf8')).toBe('x');
    expect(await failure(kernel.makeDirectoryInRoot(at('root'), 'out/x', { mode: 0o755 }))).toBe('EEXIST');
    expect(readdirSync(at('outside'))).toEqual([]);
    fd.close();
    made.close();
  });

  test('locks a file for one holder at a time', async () => {
    using lock = await kernel.lockFile(at('lock'));
    expect(await failure(kernel.lockFile(at('lock')))).toBe('EWOULDBLOCK');
    lock.close();
    using again = await kernel.lockFile(at('lock'));
    again.close();
  });

  test('makes device nodes with their numbers, owner and mode', async () => {
    const owner = { uid: 1_000_123, gid: 1_000_456 };
    await kernel.makeNode(at('full'), { type: 'character', major: 1, minor: 7, mode: 0o640, owner });
    const { mode, rdev, uid, gid } = lstatSync(at('full'));
    expect([mode, rdev, uid, gid]).toEqual([0o020640, 0x107, owner.uid, owner.gid]);
  });

  test('gives figures of file systems, makes FIFOs, flushes', async () => {
    await kernel.makeNode(at('fifo'), fifo(0o600));
    await kernel.syncFileSystem(directory);
    expect((await kernel.statFileSystem(directory)).blocks).toBeGreaterThan(0n);
    expect(await failure(kernel.makeNode(at('fifo'), fifo(0o600)))).toBe('EEXIST');
  });

  test('says ESRCH of a pid that is nobody, and does not wait for it', () => {
    const errno = (act: () => unknown): string | null => {
      try {
        act();
        return null;
      } catch (error) {
        return errnoOf(error);
      }
    };
    expect([errno(() => kernel.openProcess(4_000_000)), kernel.reap([4_000_000])]).toEqual(['ESRCH', []]);
  });

  test('starts programs with three streams, an own session, no signal ignored, and waits for them', async () => {
    const { read, write } = kernel.pipe();
    const script =
      'pwd; echo $A $(cut -d" " -f1,6 /proc/$$/stat) /proc/$$/fd/*; grep SigIgn /proc/$$/status; exit 3';
    const pid = kernel.spawn({
      argv: ['sh', '-c', script],
      env: { A: 'b', PATH: '/usr/bin:/bin' },
      cwd: '/usr',
      stdio: ['ignore', write.number, 'ignore'],
    });
    write.close();
    const told = readFileSync(read.number, 'utf8');
    read.close();
    const fd = `/proc/${pid}/fd`;
    // The last one is the directory that the shell reads.
    expect(told).toBe(`/usr\nb ${pid} ${pid} ${fd}/0 ${fd}/1 ${fd}/2 ${fd}/3\nSigIgn:\t0000000000000000\n`);
    for (let tries = 0; tries < 2000; tries += 1) {
      const reaped = kernel.reap([pid]);
      if (reaped.length > 0) expect(reaped).toEqual([{ pid, waitStatus: 3 << 8 }]);
      if (reaped.length > 0) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error('it did not end');
  });

  test.each([
    ['ENOENT', '/does/not/exist'],
    ['EACCES', '/etc/passwd'],
    ['EINVAL', '/bin/true\0'],
  ])('says %s of a program that cannot be started', (errno, program) => {
    const spawn = (): number =>
      kernel.spawn({ argv: [program], env: {}, stdio: ['ignore', 'ignore', 'ignore'] });
    expect(spawn).toThrow(expect.objectContaining({ call: 'posix_spawn', errno }));
  });

  test('copies a program so that it can be run, and written by nobody', async () => {
    using copy = await kernel.sealedCopy(absolutePath('/bin/true'));
    const path = `/proc/${process.pid}/fd/${copy.number}`;
    expect(readFileSync(path)).toEqual(readFileSync('/bin/true'));
    expect(spawnSync(path, { argv0: 'true' }).status).toBe(0);
    expect(() => writeFileSync(path, 'x')).toThrow(/EPERM/);
    expect(() => writeSync(copy.number, 'x')).toThrow(/EPERM/);
    expect(() => ftruncateSync(copy.number, 0)).toThrow(/EPERM/);
  });

  test('gives a second hand on a terminal, which sets its size and never blocks', () => {
    const master = openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY);
    using terminal = kernel.openTerminal(master);
    expect(() => readSync(master, Buffer.alloc(1))).toThrow(/EAGAIN/);
    terminal.setSize(123, 45);
    // stty makes its terminal block again.
    const size = spawnSync('stty', ['size'], { stdio: [terminal.number, 'pipe', 'inherit'] });
    expect(size.stdout.toString('utf8')).toBe('45 123\n');
    terminal.close();
    terminal.close();
    expect(() => kernel.openTerminal(terminal.number)).toThrow(expect.objectContaining({ errno: 'EBADF' }));
    closeSync(master);
  });

  test('hands out pipes and mailboxes that can be closed twice', async () => {
    const { read, write } = kernel.pipe();
    writeSync(write.number, 'x');
    write.close();
    expect(readFileSync(read.number, 'utf8')).toBe('x');
    read.close();
    read.close();
    const mailbox = await kernel.openFdMailbox(at('mailbox'));
    expect(await failure(kernel.openFdMailbox(at('mailbox')))).toBe('EADDRINUSE');
    expect(
      await failure(
        mailbox.receive(AbortSignal.abort(new SyscallError({ call: 'x', errno: 'ECANCELED', paths: [] }))),
      ),
    ).toBe('ECANCELED');
    await mailbox.close();
    await mailbox.close();
    expect(existsSync(at('mailbox'))).toBe(false);
  });
});

describe('the fake kernel', () => {
  test('fails the call that it was told to fail, once, and shows what is alive', async () => {
    const directory = absolutePath(mkdtempSync(join(tmpdir(), 'fake-')));
    const kernel = new FakeKernel();
    kernel.inject({ method: 'mount', call: 2, errno: 'EIO' });
    const request = { source: 't', target: directory, type: 'tmpfs', flags: [] } as const;
    const first = await kernel.mount(request);
    await expect(kernel.mount(request)).rejects.toMatchObject({ errno: 'EIO', call: 'mount' });
    const third = await kernel.mount(request);
    const process = kernel.startProcess(42);
    const handle = kernel.openProcess(42);
    expect(kernel.ledger()).toEqual([`mount ${directory}`, `mount ${directory}`, 'process 42']);
    expect([handle.signal(15), handle.signal(9), handle.signal(9), handle.info()]).toEqual([
      true,
      true,
      false,
      { state: 'exited', waitStatus: 9 },
    ]);
    expect([process.signals, kernel.reap([42])]).toEqual([[15, 9], [{ pid: 42, waitStatus: 9 }]]);
    handle.close();
    await third.unmount();
    await first.unmount();
    expect([kernel.ledger(), kernel.calls]).toEqual([[], ['mount', 'mount', 'mount', 'openProcess', 'reap']]);
    rmSync(directory, { recursive: true });
  });
});
