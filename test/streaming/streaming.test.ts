/**
 * Exec, attach and port-forward with clients of our own that speak byte by byte: what clients can do right and wrong, and
 * that nothing of a session stays. Reference: cri.md 2.9.
 */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { frameType, resetStatus } from '../../src/server/streaming/spdy/frames.ts';
import { codeOf } from '../harness/client.ts';
import { hostNetworkPod, shell, sleeper } from '../harness/requests.ts';
import { handlers, readLog, type Pod } from '../harness/rig.ts';
import {
  all,
  outputs,
  terminal,
  useStreamClients,
  type StreamClients,
  type Streams,
  type Wanted,
} from '../harness/stream-clients.ts';
import { forwardProtocol, spdyUpgrade as spdy } from '../harness/stream-dial.ts';
import { openPair } from '../harness/stream-pair.ts';
import { useRig } from '../harness/use-rig.ts';
import { eventually } from '../harness/wait.ts';

const rig = useRig();
const clients = useStreamClients(rig);
let on: StreamClients;

beforeEach(() => {
  on = clients();
});

/** Their shells would not hear TERM. */
async function stopNow(containerId: string): Promise<void> {
  await rig().call('StopContainer', { containerId, timeout: 0n });
}

describe.each(handlers)('Exec with %s', (handler) => {
  test('carries input, both outputs and the exit status', async () => {
    const id = await rig().run(await rig().runPod({ handler }), sleeper());
    expect(await on.run(id, 'cat; echo err >&2; exit 3', 'some input\n')).toEqual({
      stdout: 'some input\n',
      stderr: 'err\n',
      status: expect.objectContaining({
        reason: 'NonZeroExitCode',
        details: { causes: [{ reason: 'ExitCode', message: '3' }] },
      }),
    });
    expect((await on.run(id, 'true')).status).toEqual({ metadata: {}, status: 'Success' });
  });

  test('gives a terminal, with its size before and after the start', async () => {
    const id = await rig().run(await rig().runPod({ handler }), sleeper());
    const streams = await on.openStreams(await on.execUrl(id, ['sh'], terminal), terminal);
    const { client, resize, stdin, stdout } = streams;
    client.data(resize, '{"Width":91,"Height":31}');
    client.data(stdin, 'stty size; echo $TERM; test -t 0 && echo a terminal\n');
    await client.until('the size', () => /31 91\s+xterm\s+a terminal/.test(client.of(stdout).text));
    client.data(resize, '{"Width":101,"Height":41}');
    await eventually('the new size', () => {
      client.data(stdin, 'stty size\n');
      return Promise.resolve(client.of(stdout).text.includes('41 101'));
    });
    client.data(stdin, 'exit 4\n');
    await client.until('the status', () => client.of(streams.error).isFin);
    expect(client.of(streams.error).text).toContain('"message":"4"');
    client.duplex.destroy();
  });

  test('of a program that is not there says so on the error channel', async () => {
    const id = await rig().run(await rig().runPod({ handler }), sleeper());
    const { client, error } = await on.openStreams(
      await on.execUrl(id, ['/no/such/program'], outputs),
      outputs,
    );
    await client.until('the status', () => client.of(error).isFin);
    expect(JSON.parse(client.of(error).text)).toMatchObject({
      reason: 'InternalError',
      message: expect.stringMatching(/no such file|not found/i),
    });
    client.duplex.destroy();
  });
});

describe('An exec session', () => {
  let pod: Pod;
  let id: string;

  async function begin(): Promise<void> {
    pod = await rig().runPod();
    id = await rig().run(pod, sleeper());
  }

  test('ends with its process although the input stays open and a grandchild holds the output', async () => {
    await begin();
    expect(await on.run(id, 'echo first; setsid sleep 3210 & exit 5')).toEqual({
      stdout: 'first\n',
      stderr: '',
      status: expect.objectContaining({ reason: 'NonZeroExitCode' }),
    });
    expect(
      await on.run(id, '(trap "" PIPE; while :; do echo more; done) & echo first; exit 0'),
    ).toMatchObject({
      stdout: expect.stringContaining('first\n'),
      status: { status: 'Success' },
    });
  });

  test('whose client leaves takes its processes with it', async () => {
    await begin();
    const script = 'sleep 4711 & sleep 4711';
    for (const wanted of [all, terminal]) {
      const { client } = await on.openStreams(await on.execUrl(id, ['sh', '-c', script], wanted), wanted);
      await eventually('it runs', async () => (await on.alive('sleep 4711')) === 2);
      client.duplex.destroy();
      await eventually('all of it is gone', async () => (await on.alive('sleep 4711')) === 0);
    }
  });

  test('whose client leaves while it floods an input that nobody reads is gone as well', async () => {
    await begin();
    const { client, stdin } = await on.openStreams(await on.execUrl(id, ['sleep', '4712']));
    for (let count = 0; count < 200; count += 1) client.data(stdin, Buffer.alloc(64 * 1024));
    await eventually('it runs', async () => (await on.alive('sleep 4712')) === 1);
    client.duplex.destroy();
    await eventually('it is gone', async () => (await on.alive('sleep 4712')) === 0);
  });

  test('of a container that ends gets its status', async () => {
    await begin();
    const { client, error } = await on.openStreams(await on.execUrl(id, ['sleep', '4713']));
    await eventually('it runs', async () => (await on.alive('sleep 4713')) === 1);
    await rig().call('StopContainer', { containerId: id, timeout: 0n });
    await client.until('the status', () => client.of(error).isFin);
    expect(client.of(error).text).toContain('"message":"137"');
    client.duplex.destroy();
  });

  test('carries 100 MB either way to whoever reads late, and keeps nothing back', async () => {
    await begin();
    const late = await on.openStreams(
      await on.execUrl(id, ['head', '-c', '100000000', '/dev/zero'], outputs),
      outputs,
    );
    late.client.of(late.stdout).keepsBytes = false;
    late.client.holdReading();
    const { stdout } = await on.run(id, 'echo not held up');
    expect(stdout).toBe('not held up\n');
    late.client.readOn();
    await late.client.until('the status', () => late.client.of(late.error).isFin);
    await late.client.until('all', () => late.client.of(late.stdout).isFin);
    expect(late.client.of(late.stdout).lengthBytes).toBe(100_000_000);
    late.client.duplex.destroy();

    const input = await on.openStreams(await on.execUrl(id, ['wc', '-c']));
    for (let count = 0; count < 1000; count += 1) {
      if (!input.client.data(input.stdin, Buffer.alloc(100_000))) await once(input.client.duplex, 'drain');
    }
    input.client.data(input.stdin, '', true);
    await input.client.until('the status', () => input.client.of(input.error).isFin);
    expect(input.client.of(input.stdout).text.trim()).toBe('100000000');
    input.client.duplex.destroy();
  });

  test('speaks the older protocols: text on failure, nothing on success', async () => {
    await begin();
    for (const protocol of ['v3.channel.k8s.io', 'v2.channel.k8s.io', 'channel.k8s.io']) {
      const failed = await on.openStreams(
        await on.execUrl(id, ['sh', '-c', 'echo out; exit 9'], outputs),
        outputs,
        protocol,
      );
      await failed.client.until('the end', () => failed.client.of(failed.error).isFin);
      expect(failed.client.of(failed.stdout).text).toBe('out\n');
      expect(failed.client.of(failed.error).text).toMatch(/^command terminated with non-zero exit code.*9$/);
      failed.client.duplex.destroy();
      const done = await on.openStreams(await on.execUrl(id, ['true'], outputs), outputs, protocol);
      await done.client.until('the end', () => done.client.of(done.error).isFin);
      expect(done.client.of(done.error).text).toBe('');
      done.client.duplex.destroy();
    }
  });

  test('is had once, by a token, with a protocol that we speak', async () => {
    await begin();
    const status = async (url: URL, headers: readonly string[], method = 'POST'): Promise<string> => {
      const { socket, head } = await on.upgrade(url, headers, method);
      socket.destroy();
      return head.split(' ')[1] ?? '';
    };
    const v4 = 'X-Stream-Protocol-Version: v4.channel.k8s.io';
    const url = await on.execUrl(id, ['true'], outputs);
    expect(url.href).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/exec\/[\w-]+$/);
    expect(await status(url, [...spdy, v4])).toBe('101');
    expect(await status(url, [...spdy, v4])).toBe('404');
    expect(await status(new URL('/exec/abcdefgh', url), [...spdy, v4])).toBe('404');
    expect(await status(new URL('/metrics', url), [])).toBe('404');
    expect(await status(await on.execUrl(id, ['true']), [])).toBe('400');
    expect(await status(await on.execUrl(id, ['true']), spdy)).toBe('400');
    expect(await status(await on.execUrl(id, ['true']), ['Connection: Upgrade', 'Upgrade: h2c'])).toBe('400');
    expect(await status(url, [...spdy, v4], 'DELETE')).toBe('405');
    const other = await on.upgrade(await on.execUrl(id, ['true']), [
      ...spdy,
      'X-Stream-Protocol-Version: v9.channel.k8s.io',
    ]);
    other.socket.destroy();
    expect(other.head).toMatch(/^HTTP\/1.1 403 /);
    expect(other.head).toContain('X-Accepted-Stream-Protocol-Versions: v4.channel.k8s.io\r\n');
  });

  test('is refused for bad requests', async () => {
    await begin();
    const cmd = ['true'];
    const code = async (wanted: Wanted, containerId = id, words = cmd): Promise<string> =>
      await codeOf(rig().call('Exec', { containerId, cmd: words, ...wanted }));
    expect(await code({})).toBe('INVALID_ARGUMENT');
    expect(await code({ tty: true, stderr: true })).toBe('INVALID_ARGUMENT');
    expect(await code(outputs, '')).toBe('INVALID_ARGUMENT');
    expect(await code(outputs, id, [])).toBe('INVALID_ARGUMENT');
    expect(await code(outputs, 'f'.repeat(64))).toBe('NOT_FOUND');
    const created = await rig().create(pod, sleeper());
    expect(await code(outputs, created)).toBe('FAILED_PRECONDITION');
  });
});

describe('An exec over a WebSocket', () => {
  test('of v5 has its input ended by the close signal', async () => {
    const id = await rig().run(await rig().runPod(), sleeper());
    const channels = await on.webSocket(
      await on.execUrl(id, ['sh', '-c', 'cat; echo err >&2; exit 3']),
      'v5.channel.k8s.io',
    );
    channels.socket.send(Buffer.from('\0some input'));
    channels.socket.send(Buffer.of(255, 0));
    expect(await channels.closed).toBe(1000);
    expect([channels.of(1), channels.of(2)]).toEqual(['some input', 'err\n']);
    expect(JSON.parse(channels.of(3))).toMatchObject({ reason: 'NonZeroExitCode' });
  });

  test('of older protocols works, as text too', async () => {
    const id = await rig().run(await rig().runPod(), sleeper());
    for (const protocol of [
      'v4.channel.k8s.io',
      'v4.base64.channel.k8s.io',
      'channel.k8s.io',
      'base64.channel.k8s.io',
      '',
    ]) {
      const url = await on.execUrl(id, ['sh', '-c', 'read line; echo "got $line"']);
      const channels = await on.webSocket(url, protocol);
      if (protocol.includes('base64')) channels.socket.send(`0${Buffer.from('this\n').toString('base64')}`);
      else channels.socket.send(Buffer.from('\0this\n'));
      expect(await channels.closed).toBe(1000);
      expect([protocol, channels.of(1)]).toEqual([protocol, 'got this\n']);
      expect(channels.of(3)).toBe(protocol.startsWith('v4') ? '{"metadata":{},"status":"Success"}' : '');
    }
  });

  test('whose client leaves while it floods an input that nobody reads takes its process with it', async () => {
    const id = await rig().run(await rig().runPod(), sleeper());
    const channels = await on.webSocket(await on.execUrl(id, ['sleep', '4714']), 'v5.channel.k8s.io');
    const message = Buffer.alloc(64 * 1024);
    for (let count = 0; count < 200; count += 1) channels.socket.send(message);
    await eventually('it runs', async () => (await on.alive('sleep 4714')) === 1);
    channels.socket.terminate();
    await eventually('it is gone', async () => (await on.alive('sleep 4714')) === 0);
  });
});

describe('Attach', () => {
  test('shows both outputs, feeds the input, and keeps the container when it leaves', async () => {
    const id = await rig().run(
      await rig().runPod(),
      shell('while read line; do echo "out $line"; echo "err $line" >&2; done', { stdin: true }),
    );
    const url = await on.attachUrl(id, all);
    const { client, stdin, stdout, stderr } = await on.openStreams(url);
    client.data(stdin, 'one\n');
    await client.until(
      'both outputs',
      () => client.of(stdout).text === 'out one\n' && client.of(stderr).text === 'err one\n',
    );
    client.duplex.destroy();
    const second = await on.attach(id, all);
    second.client.data(second.stdin, 'two\n');
    await second.client.until('the output', () => second.client.of(second.stdout).text === 'out two\n');
    const { logPath } = await rig().status(id);
    await eventually('the log has all', async () => {
      const lines = (await readLog(logPath)).map(({ content }) => content);
      return lines.sort().join(', ') === 'err one, err two, out one, out two';
    });
    await rig().call('StopContainer', { containerId: id, timeout: 0n });
    await second.client.until('the status', () => second.client.of(second.error).isFin);
    second.client.duplex.destroy();
  });

  test('ends the input for good when the first client ends its own and the container wants it once', async () => {
    const script = 'while read line; do echo "got $line"; done; echo no more';
    const id = await rig().run(await rig().runPod(), shell(script, { stdin: true, stdinOnce: true }));
    const attached = async (wanted: Wanted): Promise<Streams> => await on.attach(id, wanted);
    const watcher = await attached(outputs);
    const { client, stdin, stdout, error } = await attached(all);
    client.data(stdin, 'this\n', true);
    for (const each of [{ client, stdout, error }, watcher]) {
      await each.client.until('the status', () => each.client.of(each.error).isFin);
      await each.client.until('the output ends', () => each.client.of(each.stdout).isFin);
      expect(each.client.of(each.stdout).text).toBe('got this\nno more\n');
      expect(each.client.of(each.error).text).toBe('{"metadata":{},"status":"Success"}');
      each.client.duplex.destroy();
    }
    expect((await rig().exited(id)).exitCode).toBe(0);
  });

  test('resizes the terminal of the container', async () => {
    const id = await rig().run(await rig().runPod(), shell('exec sh', { stdin: true, tty: true }));
    const url = await on.attachUrl(id, terminal);
    const { client, stdin, stdout, resize } = await on.openStreams(url, terminal);
    client.data(resize, '{"Width":77,"Height":22}');
    await eventually('the size', () => {
      client.data(stdin, 'stty size\n');
      return Promise.resolve(client.of(stdout).text.includes('22 77'));
    });
    client.duplex.destroy();
    await stopNow(id);
  });
});

describe('PortForward', () => {
  const server = 'while :; do nc -l -p 8080 -e sh -c "read line; echo got \\$line"; done';

  test('carries many connections over one session, and tells which failed', async () => {
    const pod = await rig().runPod();
    const id = await rig().run(
      pod,
      shell('httpd -p 8080 -h /tmp; echo page > /tmp/index.html; sleep 100000'),
    );
    const client = await on.spdy(await on.forwardUrl(pod.id), forwardProtocol);
    const get = 'GET / HTTP/1.0\r\n\r\n';
    const bad = await openPair(client, '81', 'bad');
    const pairs = [];
    for (let count = 0; count < 20; count += 1) pairs.push(await openPair(client, '8080', `${count}`));
    for (const { data } of pairs) client.data(data, get);
    for (const { data, error } of pairs) {
      await client.until('the page', () => client.of(data).isFin);
      // As clients do when the pod has said all: only then is the pod's end told, too.
      client.control(frameType.rstStream, data, resetStatus.cancel);
      await client.until('the end', () => client.of(error).isFin);
      expect([client.of(data).text.endsWith('page\n'), client.of(error).text]).toEqual([true, '']);
    }
    await client.until('the failure', () => client.of(bad.data).resetStatus !== null);
    expect(client.of(bad.error).text).toMatch(/^error forwarding port 81 to pod \w+, uid : .*ECONNREFUSED/);
    const running = await openPair(client, '8080', 'twice');
    const second = await client.open({ streamtype: 'data', port: '8080', requestid: 'twice' });
    await client.until('a refusal', () => client.of(second).resetStatus !== null);
    expect(client.of(running.error).text).toMatch(/a data stream was opened twice/);
    const nonsense = await client.open({ streamtype: 'data', port: '0', requestid: 'x' });
    await client.until('a refusal', () => client.of(nonsense).resetStatus !== null);
    client.duplex.destroy();
    await stopNow(id);
  });

  test('keeps half-closes, and pairs streams that name no request', async () => {
    const pod = await rig().runPod();
    await rig().run(pod, shell('nc -l -p 8080 -e sh -c "cat; echo and the end"'));
    const client = await on.spdy(await on.forwardUrl(pod.id), forwardProtocol);
    await eventually('it listens', async () => {
      const error = await client.open({ streamtype: 'error', port: '8080' });
      const data = await client.open({ streamtype: 'data', port: '8080' });
      client.data(data, 'something\n', true);
      await client.until('an end', () => client.of(data).isFin || client.of(data).resetStatus !== null);
      return client.of(error).text === '' && client.of(data).text === 'something\nand the end\n';
    });
    client.duplex.destroy();
  });

  test('reaches servers on localhost of IPv4 and of IPv6', async () => {
    const pod = await rig().runPod();
    const httpd = (address: string): string => `httpd -p ${address} -h /tmp`;
    const script = `echo page >/tmp/index.html; ${httpd('127.0.0.1:8084')}; ${httpd('[::1]:8086')}`;
    const id = await rig().run(pod, shell(`${script}; trap "exit 0" TERM; sleep 100000 & wait`));
    await eventually('they listen', async () => (await rig().sh(id, 'netstat -ltn | grep -c :808')) === '2');
    const client = await on.spdy(await on.forwardUrl(pod.id), forwardProtocol);
    for (const port of [8084, 8086]) {
      const { data } = await openPair(client, port, `${port}`);
      client.data(data, 'GET / HTTP/1.0\r\n\r\n');
      await client.until('the page', () => client.of(data).text.endsWith('page\n'));
    }
    client.duplex.destroy();
  });

  test('ends with its pod', async () => {
    const pod = await rig().runPod();
    const client = await on.spdy(await on.forwardUrl(pod.id), forwardProtocol);
    await rig().call('StopPodSandbox', { podSandboxId: pod.id });
    await client.until('the end', () => client.isClosed);
    expect(await codeOf(rig().call('PortForward', { podSandboxId: pod.id }))).toBe('FAILED_PRECONDITION');
  });

  test('reaches ports of the host for a pod in its network', async () => {
    const pod = await rig().runPod({ config: hostNetworkPod() });
    const client = await on.spdy(await on.forwardUrl(pod.id), forwardProtocol);
    const { data } = await openPair(client, rig().registry.address.split(':')[1] ?? '', '1');
    client.data(data, 'GET /v2/ HTTP/1.0\r\n\r\n');
    await client.until('an answer', () => client.of(data).text.startsWith('HTTP/1.'));
    client.duplex.destroy();
  });

  test('works over the channels of a WebSocket', async () => {
    const pod = await rig().runPod();
    const id = await rig().run(pod, shell(server));
    await eventually(
      'it listens',
      async () => (await rig().exec(id, ['sh', '-c', 'netstat -ltn | grep -q :8080'])).exitCode === 0,
    );
    const channels = await on.webSocket(await on.forwardUrl(pod.id, [8080, 81]), 'v4.channel.k8s.io');
    channels.socket.send(Buffer.from('\0this\n'));
    expect(await channels.closed).toBe(1000);
    const port = Buffer.of(0x90, 0x1f).toString();
    expect(channels.of(0)).toBe(`${port}got this\n`);
    expect(channels.of(1)).toBe(port);
    expect(channels.of(3)).toMatch(/error forwarding port 81/);
    await stopNow(id);
  });
});

describe('Sessions', () => {
  test('leave nothing behind, many at a time and one after the other', async () => {
    const id = await rig().run(await rig().runPod(), sleeper());
    await on.run(id, 'true');
    const before = await on.daemonFds();
    const scripts = Array.from({ length: 30 }, (_, index) => `cat; echo ${index}`);
    const answers = await Promise.all(scripts.map(async (script) => await on.run(id, script, 'x')));
    expect(answers.map(({ stdout }) => stdout)).toEqual(scripts.map((_, index) => `x${index}\n`));
    for (let count = 0; count < 20; count += 1) await on.run(id, 'true');
    await eventually('the descriptors are as before', async () => (await on.daemonFds()) <= before);
  });

  test('are refused when a thousand are outstanding', async () => {
    const id = await rig().run(await rig().runPod(), sleeper());
    let last = 'OK';
    for (let count = 0; count < 1001 && last === 'OK'; count += 1)
      last = await codeOf(rig().call('Exec', { containerId: id, cmd: ['true'], ...outputs }));
    expect(last).toBe('RESOURCE_EXHAUSTED');
    // Those tickets would stay for a minute.
    await rig().daemon.restart();
  });

  test('end with the daemon', async () => {
    const id = await rig().run(await rig().runPod(), sleeper());
    const { client } = await on.openStreams(await on.execUrl(id, ['sleep', '4715']));
    await eventually('it runs', async () => (await on.alive('sleep 4715')) === 1);
    await rig().daemon.restart();
    await client.until('the end', () => client.isClosed);
    expect(await on.alive('sleep 4715')).toBe(0);
  });
});
