import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { connect, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AbsolutePath, absolutePath, joinPath } from '../../base/ids.ts';
import { errnoOf } from '../../base/errors.ts';
import { UnixFdMailbox } from './fd-mailbox.ts';
import { OwnedFd } from './fd.ts';
import { peerCredentials, pipe2 } from '../calls/socket-calls.ts';

let directory: AbsolutePath;
beforeEach(() => {
  directory = absolutePath(mkdtempSync(join(tmpdir(), 'mailbox-')));
});
afterEach(() => rmSync(directory, { recursive: true }));

const python = `
import socket, array, sys, os
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
`;
const sendTwo = `${python}
r, w = os.pipe(); os.write(w, b'hello'); r2, w2 = os.pipe()
s.send(b'no descriptor'); import time; time.sleep(0.05)
s.sendmsg([b'/dev/ptmx'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [r, r2]))])
s.recv(1)
`;
const takeOne = `${python}
d, anc, f, a = s.recvmsg(10, 100); fd = array.array('i', anc[0][2])[0]; os.write(fd, b'from outside')
`;
const hasPython = spawnSync('python3', ['-c', 'pass']).status === 0;
if (!hasPython) process.stderr.write('a stranger at the mailbox is not tried: python3 is not installed\n');
const withPython = hasPython ? test : test.skip;

function openFiles(): number {
  return readdirSync('/proc/self/fd').length;
}

describe('a descriptor mailbox', () => {
  test('passes a descriptor between two of its kind', async () => {
    // One end connects as a client by hand: a mailbox only listens.
    await using mailbox = new UnixFdMailbox(joinPath(directory, 'm'));
    expect([statSync(mailbox.path).mode & 0o777, statSync(mailbox.path).isSocket()]).toEqual([0o600, true]);
    const silent = connect(mailbox.path);
    await once(silent, 'connect');
    silent.destroy();
    const controller = new AbortController();
    const waiting = mailbox.receive(controller.signal);
    setTimeout(() => controller.abort(new Error('enough')), 30);
    await expect(waiting).rejects.toThrow('enough');
    await mailbox.close();
    await mailbox.close();
    expect(existsSync(mailbox.path)).toBe(false);
  });

  withPython('takes the first descriptor of a message and closes the others', async () => {
    const fds = openFiles();
    await using mailbox = new UnixFdMailbox(joinPath(directory, 'm'));
    const child = spawn('python3', ['-c', sendTwo, mailbox.path], { stdio: 'inherit' });
    const ended = once(child, 'exit');
    const fd = await mailbox.receive(AbortSignal.timeout(10_000));
    const data = Buffer.alloc(5);
    readSync(fd.number, data);
    expect(data.toString()).toBe('hello');
    fd.close();
    await ended;
    await mailbox.close();
    // Less: what an earlier file of this worker had open has been closed meanwhile.
    expect(openFiles()).toBeLessThanOrEqual(fds);
  });

  withPython('gives a descriptor to who connects', async () => {
    await using mailbox = new UnixFdMailbox(joinPath(directory, 'm'));
    const pipe = pipe2();
    using write = new OwnedFd(pipe.write);
    using read = new OwnedFd(pipe.read);
    const child = spawn('python3', ['-c', takeOne, mailbox.path], { stdio: 'inherit' });
    await mailbox.send(write, AbortSignal.timeout(10_000));
    const [code] = await once(child, 'exit');
    const data = Buffer.alloc(12);
    expect([code, readSync(read.number, data), data.toString()]).toEqual([0, 12, 'from outside']);
  });

  test('lives at paths that are too long for a socket address, and says when the place is taken', async () => {
    const deep = joinPath(directory, 'x'.repeat(120));
    mkdirSync(deep);
    const path = joinPath(deep, 'mailbox');
    await using mailbox = new UnixFdMailbox(path);
    expect(existsSync(mailbox.path)).toBe(true);
    try {
      expect(new UnixFdMailbox(path)).toBeNull();
    } catch (error) {
      expect(errnoOf(error)).toBe('EADDRINUSE');
    }
  });
});

describe('pipes and peers', () => {
  test('a pipe carries bytes and is not inherited', () => {
    const { read, write } = pipe2();
    using ends = new DisposableStack();
    ends.use(new OwnedFd(read));
    ends.use(new OwnedFd(write));
    writeSync(write, 'x');
    const links = spawnSync('sh', ['-c', 'ls -l /proc/self/fd'], { encoding: 'utf8' }).stdout;
    expect([readSync(read, Buffer.alloc(4)), links.includes(`${write} -> pipe`)]).toEqual([1, false]);
  });

  test('a peer is known by its credentials', async () => {
    await using mailbox = new UnixFdMailbox(joinPath(directory, 'm'));
    const socket = connect(mailbox.path);
    await once(socket, 'connect');
    const handle: unknown = Reflect.get(socket, '_handle');
    const fd = typeof handle === 'object' && handle !== null ? Number(Reflect.get(handle, 'fd')) : -1;
    expect(socket).toBeInstanceOf(Socket);
    expect(peerCredentials(fd)).toEqual({ pid: process.pid, uid: 0, gid: 0 });
    socket.destroy();
  });
});
