/** What goes wrong around a container and what it writes, with real processes: runtimes, disks, memory, grandchildren, garbage. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { maxLineBytes, type CreateParams } from './protocol.ts';
import { TestClient, type TestMonitor } from './testing/test-client.ts';
import { readOutput, readRecords, TestPlace } from './testing/test-place.ts';

let place: TestPlace;
let monitor: TestMonitor;
let client: TestClient;
beforeEach(async () => {
  place = new TestPlace();
  monitor = await place.monitor();
  client = await TestClient.connect(monitor.socketPath);
});
afterEach(async () => {
  await place.close();
  client.close();
});

/** A program in the runtime's place. */
function fakeRuntime(params: CreateParams, script: string): CreateParams {
  const path = join(place.directory, `fake-${params.containerId}`);
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { ...params, runtime: { argv: [path], env: { PATH: process.env['PATH'] ?? '' } } };
}

describe('a runtime', () => {
  test('is run from its own file where the sealed copy is gone, is another file, or can be written', async () => {
    const wish = place.wish({ runtime: 'runc', script: '' });
    const params = fakeRuntime(wish, 'echo "its own file" >&2; exit 3');
    const other = join(place.directory, 'other');
    writeFileSync(other, '#!/bin/sh\necho "the other file" >&2; exit 3\n', { mode: 0o755 });
    const inode = String(statSync(other).ino);
    for (const sealed of [
      { path: `/proc/${process.pid}/fd/100000`, inode },
      { path: other, inode: '1' },
      { path: other, inode },
    ]) {
      const runtime = { ...params.runtime, sealed };
      await expect(client.call('create', { ...params, runtime })).rejects.toMatchObject({
        failure: { message: expect.stringMatching(/its own file$/) },
      });
    }
  });

  test('that hangs is killed with all its descendants at its deadline', async () => {
    const wish = place.wish({ runtime: 'runc', script: '', timeoutMs: 500 });
    const pids = join(place.directory, 'pids');
    const params = fakeRuntime(wish, `echo $$ >${pids}; setsid sleep 1000 & echo $! >>${pids}; sleep 1000`);
    await expect(client.call('create', params)).rejects.toMatchObject({
      failure: { reason: 'RuntimeTimedOut' },
    });
    // Killed, they still need a moment to be gone.
    for (const pid of readFileSync(pids, 'latin1').trim().split('\n')) {
      while (existsSync(`/proc/${pid}`)) await client.call('list', {});
    }
    expect(readdirSync(params.files.runDir)).toEqual([]);
  });

  test('that is missing, fails with words on stderr, says it in its log, or makes no process, is reported so', async () => {
    const failures: Record<string, RegExp> = {
      'echo "words of stderr" >&2; exit 3': /exit code 3: words of stderr$/,
      'echo \'{"level":"error","msg":"words of the log"}\' >"$2"; echo other >&2; exit 1':
        /^words of the log$/,
      'echo "plain words" >"$2"; exit 1': /^plain words$/,
      'kill -9 $$': /ended by SIGKILL$/,
      'exit 0': /pid|created/,
    };
    for (const [script, message] of Object.entries(failures)) {
      const params = fakeRuntime(place.wish({ runtime: 'runc', script: '' }), script);
      const failure = expect.objectContaining({ message: expect.stringMatching(message) });
      await expect(client.call('create', params)).rejects.toMatchObject({ failure });
      expect([readdirSync(params.files.runDir), existsSync(params.files.logPath ?? '')]).toEqual([[], false]);
    }
    const missing = {
      ...place.wish({ runtime: 'runc', script: '' }),
      runtime: { argv: ['/no/such'] as const, env: {} },
    };
    await expect(client.call('create', missing)).rejects.toMatchObject({
      failure: { reason: 'RuntimeFailed' },
    });
  });

  test('leaves no zombie and no descriptor behind, in the monitor or in the container', async () => {
    const fds = (pid: number): string[] =>
      readdirSync(`/proc/${pid}/fd`).map((fd) => `${fd} ${readlinkSync(`/proc/${pid}/fd/${fd}`)}`);
    const before = fds(monitor.pid).length;
    for (const runtime of ['runc', 'crun'] as const) {
      const { params, pid } = await place.createAndStart(client, {
        runtime,
        script: 'echo ready; sleep 1000',
        hasStdin: true,
      });
      // Until then the process is still the runtime's own.
      while (readFileSync(params.files.logPath ?? '').length === 0) await client.call('list', {});
      expect(fds(pid).map((line) => line.replace(params.files.runDir, ''))).toEqual([
        '0 /stdin',
        '1 /stdout',
        '2 /stderr',
      ]);
      place.run(params, 'kill', params.containerId, 'KILL');
      const { exit } = await client.event('exit', params.containerId);
      expect(exit.exitCode).toBe(137);
      await client.call('forget', { containerId: params.containerId });
    }
    expect(fds(monitor.pid)).toHaveLength(before);
    const children = readFileSync(`/proc/${monitor.pid}/task/${monitor.pid}/children`, 'latin1');
    expect(children.trim()).toBe('');
  });
});

describe('a container', () => {
  test('that ends before its start is known by its exit code', async () => {
    const params = place.wish({ runtime: 'runc', script: 'true' });
    const { pid } = await client.call('create', params);
    process.kill(pid, 'SIGKILL');
    expect((await client.event('exit', params.containerId)).exit.exitCode).toBe(137);
  });

  test('whose grandchild holds its output is reported at once, and the grandchild is logged until its end', async () => {
    const script =
      'echo parent; (trap "" HUP TERM; while [ ! -e /tmp/go ]; do usleep 10000; done; echo grandchild) & exit 4';
    const params = place.wish({ runtime: 'runc', script });
    // In the host's pid namespace, so that the end of the first process does not end the others.
    const configPath = join(params.files.bundleDir, 'config.json');
    const config = JSON.parse(readFileSync(configPath, 'utf8'));
    config.linux.namespaces = config.linux.namespaces.filter(({ type }: { type: string }) => type !== 'pid');
    writeFileSync(configPath, JSON.stringify(config));
    await client.call('create', params);
    place.start(params);
    expect((await client.event('exit', params.containerId)).exit.exitCode).toBe(4);
    expect(readOutput(params.files.logPath).toString()).toBe('parent\n');
    writeFileSync(join(place.directory, 'rootfs', 'tmp', 'go'), '');
    await client.call('drain-log', { containerId: params.containerId });
    expect(readOutput(params.files.logPath).toString()).toBe('parent\ngrandchild\n');
  });

  test('may write a byte at a time, a line of a megabyte, and any bytes: none is lost or changed', async () => {
    const scripts: Record<string, Buffer> = {
      'for i in $(seq 1 200); do printf x; done; echo; printf y; usleep 1000; echo z': Buffer.from(
        `${'x'.repeat(200)}\nyz\n`,
      ),
      "head -c 1048576 /dev/zero | tr '\\0' m; echo": Buffer.from(`${'m'.repeat(1048576)}\n`),
      'cat /tmp/binary': Buffer.from(
        Array.from({ length: 300_000 }, (_, index) => (index * 7919 + (index >> 8)) & 255),
      ),
    };
    for (const [script, expected] of Object.entries(scripts)) {
      writeFileSync(join(place.directory, 'rootfs', 'tmp', 'binary'), expected);
      const { params } = await place.createAndStart(client, { runtime: 'runc', script });
      await client.event('exit', params.containerId);
      expect(readOutput(params.files.logPath).equals(expected)).toBe(true);
      expect(
        Math.max(...readRecords(params.files.logPath).map(({ content }) => content.length)),
      ).toBeLessThanOrEqual(16384);
    }
  });

  test('may open /dev/stdout as another user, as images with log links do', async () => {
    const script = 'echo "one" >/proc/self/fd/1; echo "two" >/proc/self/fd/2';
    for (const runtime of ['runc', 'crun'] as const) {
      const { params } = await place.createAndStart(client, { runtime, script, uid: 1000 });
      expect((await client.event('exit', params.containerId)).exit.exitCode).toBe(0);
      expect(readOutput(params.files.logPath).toString()).toBe('one\n');
      expect(readOutput(params.files.logPath, 'stderr').toString()).toBe('two\n');
    }
  });

  test('without a log path runs and is drained', async () => {
    const { params } = await place.createAndStart(client, {
      runtime: 'runc',
      script: 'yes | head -c 5000000',
      logPath: null,
    });
    expect((await client.event('exit', params.containerId)).exit.exitCode).toBe(0);
    const { containers } = await client.call('list', {});
    expect(containers[0]).toMatchObject({ loggedBytes: '5000000', droppedBytes: '0' });
  });

  test('goes on when its log’s disk is full: dropped bytes are counted and told, and no record is torn', async () => {
    const small = join(place.directory, 'small');
    mkdirSync(small);
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small]);
    try {
      const script =
        'i=0; while [ $i -lt 3000 ]; do echo "line $i 0123456789012345678901234567890123456789"; i=$((i+1)); done';
      const { params } = await place.createAndStart(client, {
        runtime: 'crun',
        script,
        logPath: join(small, '0.log'),
      });
      expect((await client.event('exit', params.containerId)).exit.exitCode).toBe(0);
      await client.event('log-dropped', params.containerId);
      const { loggedBytes, droppedBytes } = (await client.call('list', {})).containers[0] ?? {};
      const kept = readOutput(params.files.logPath).length;
      expect(kept).toBeGreaterThan(0);
      expect(Number(loggedBytes) - Number(droppedBytes)).toBe(kept);
    } finally {
      spawnSync('umount', ['-l', small]);
    }
  });

  test('has its exit recorded although the run directory’s tmpfs is full', async () => {
    const small = join(place.directory, 'run');
    mkdirSync(small, { recursive: true });
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', small]);
    try {
      const script = 'while [ ! -e /tmp/go ]; do usleep 10000; done; seq 1 20000; exit 6';
      const { params } = await place.createAndStart(client, { runtime: 'runc', script });
      spawnSync('dd', ['if=/dev/zero', `of=${join(small, 'filler')}`, 'bs=4096']);
      writeFileSync(join(place.directory, 'rootfs', 'tmp', 'go'), '');
      const { exit } = await client.event('exit', params.containerId);
      expect(JSON.parse(readFileSync(join(params.files.runDir, 'exit.json'), 'utf8'))).toEqual(exit);
      expect(exit.exitCode).toBe(6);
      expect(readOutput(params.files.logPath).toString().split('\n')).toHaveLength(20_001);
      await client.call('forget', { containerId: params.containerId });
    } finally {
      spawnSync('umount', ['-l', small]);
    }
  });

  test('goes on in a new log file after a rotation, and a rotation after its end is refused', async () => {
    const script = 'echo one; while [ ! -e /tmp/go ]; do usleep 10000; done; echo two';
    const { params } = await place.createAndStart(client, { runtime: 'crun', script });
    const path = params.files.logPath ?? '';
    while (readFileSync(path).length === 0) await client.call('list', {});
    renameSync(path, `${path}.1`);
    await client.call('reopen-log', { containerId: params.containerId });
    expect(existsSync(path)).toBe(true);
    writeFileSync(join(place.directory, 'rootfs', 'tmp', 'go'), '');
    await client.event('exit', params.containerId);
    expect([readOutput(`${path}.1`).toString(), readOutput(path).toString()]).toEqual(['one\n', 'two\n']);
    rmSync(path);
    const refused = { failure: { reason: 'NotRunning' } };
    await expect(client.call('reopen-log', { containerId: params.containerId })).rejects.toMatchObject(
      refused,
    );
    expect(existsSync(path)).toBe(false);
  });
});

describe('memory', () => {
  test.each(['crun', 'runc'] as const)(
    '%s: a main process that takes too much is reported as killed for it',
    async (runtime) => {
      const script = 'exec dd if=/dev/zero of=/dev/null bs=64M count=1';
      const { params } = await place.createAndStart(client, {
        runtime,
        memoryLimitBytes: 24 * 1024 * 1024,
        script,
      });
      expect((await client.event('exit', params.containerId)).exit).toMatchObject({
        exitCode: 137,
        isOomKilled: true,
      });
    },
  );

  test('a child that takes too much is told at once and counts at the exit', async () => {
    const script =
      'dd if=/dev/zero of=/dev/null bs=64M count=1; while [ ! -e /tmp/go ]; do usleep 10000; done; exit 0';
    const wish = { runtime: 'runc', memoryLimitBytes: 24 * 1024 * 1024, script } as const;
    const { params } = await place.createAndStart(client, wish);
    await client.event('oom', params.containerId);
    writeFileSync(join(place.directory, 'rootfs', 'tmp', 'go'), '');
    expect((await client.event('exit', params.containerId)).exit).toMatchObject({
      exitCode: 0,
      isOomKilled: true,
    });
  });
});

describe('the control socket', () => {
  async function answerTo(bytes: string | Buffer): Promise<string> {
    const socket = connect(monitor.socketPath);
    let text = '';
    socket.on('data', (piece: Buffer) => (text += piece.toString()));
    socket.on('error', () => undefined);
    socket.write(bytes);
    await new Promise((resolve) => socket.once('close', resolve));
    return text;
  }

  test('closes a connection of garbage, of an endless line, or without a greeting, and serves the others', async () => {
    expect(await answerTo('GET / HTTP/1.1\r\n\r\n')).toBe('');
    expect(await answerTo('{"id":1,"method":"list","params":{}}\n')).toBe('');
    expect(await answerTo(Buffer.alloc(maxLineBytes + 2, 'x'))).toBe('');
    expect(await client.call('list', {})).toEqual({ containers: [] });
  });

  test('answers wrong requests by their reasons', async () => {
    const params = place.wish({ runtime: 'runc', script: 'sleep 1000' });
    const reasons = async (method: 'create' | 'forget' | 'resize', value: unknown): Promise<unknown> =>
      client.call(method, value as CreateParams).then(
        () => 'ok',
        (error: { failure: { reason: string } }) => error.failure.reason,
      );
    expect(await reasons('create', null)).toBe('BadRequest');
    expect(await reasons('create', { ...params, containerId: '../up' })).toBe('BadRequest');
    expect(await reasons('create', { ...params, files: { ...params.files, logPath: 'relative' } })).toBe(
      'BadRequest',
    );
    expect(
      await reasons('create', { ...params, files: { ...params.files, logPath: '/proc/none/0.log' } }),
    ).toBe('LogFailed');
    expect(await reasons('forget', { containerId: 'unknown' })).toBe('UnknownContainer');
    expect(await Promise.all([reasons('create', params), reasons('create', params)])).toEqual([
      'ok',
      'AlreadyExists',
    ]);
    expect(await reasons('forget', { containerId: params.containerId })).toBe('StillRunning');
    expect(await reasons('resize', { containerId: params.containerId, width: 1, height: 1 })).toBe(
      'BadRequest',
    );
  });

  test('ends the monitor when it is retired and its last container is forgotten', async () => {
    const { params } = await place.createAndStart(client, { runtime: 'runc', script: 'true' });
    await client.call('retire', {});
    const other = place.wish({ runtime: 'runc', script: 'true' });
    await expect(client.call('create', other)).rejects.toMatchObject({ failure: { reason: 'Retiring' } });
    await client.event('exit', params.containerId);
    await client.call('forget', { containerId: params.containerId });
    await monitor.ended;
    expect(existsSync(monitor.socketPath)).toBe(false);
  });

  test('is ended by idleness only without containers and daemons, and by no signal', async () => {
    const short = await place.monitor({ name: 'short', args: ['--idle-exit-ms', '100'] });
    const daemon = await TestClient.connect(short.socketPath);
    for (const signal of ['SIGHUP', 'SIGINT', 'SIGPIPE', 'SIGUSR1'] as const) short.process.kill(signal);
    expect(await daemon.call('list', {})).toEqual({ containers: [] });
    daemon.close();
    await short.ended;
    expect(short.process.exitCode).toBe(0);
  });
});
