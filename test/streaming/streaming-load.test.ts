/**
 * Sessions that carry much, sessions that nobody reads, and many of them: memory stays bounded, and nobody waits for a client
 * but its own process.
 */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import type { TestSpdyClient } from '../../src/server/streaming/spdy/test-client.ts';
import { shell, sleeper } from '../harness/requests.ts';
import { joined, readLog } from '../harness/rig.ts';
import { metricsConfig, scrape, sessionsOf } from '../harness/scrape.ts';
import { all, outputs, useStreamClients, type StreamClients } from '../harness/stream-clients.ts';
import { forwardProtocol } from '../harness/stream-dial.ts';
import { openPair } from '../harness/stream-pair.ts';
import { useRig } from '../harness/use-rig.ts';
import { eventually, settle } from '../harness/wait.ts';

const rig = useRig({ logLevel: 'info', extraConfig: metricsConfig });
const clients = useStreamClients(rig);
let on: StreamClients;

beforeEach(() => {
  on = clients();
});

const gigabyte = 1024 ** 3;
/** Far below what goes through: garbage that has not been collected yet, and the buffers of a few sessions. */
const mostMb = 200;

/** Runs something, and demands that the daemon's memory did not grow with what went through. */
async function withinMemory(work: () => Promise<void>): Promise<void> {
  await on.forgetPeak();
  const before = await on.daemonMemoryMb('VmRSS');
  await work();
  expect((await on.daemonMemoryMb('VmHWM')) - before).toBeLessThan(mostMb);
}

const piece = Buffer.alloc(1024 * 1024, 'x');

async function send(client: TestSpdyClient, id: number, bytes: number): Promise<void> {
  for (let sent = 0; sent < bytes; sent += piece.length)
    if (!client.data(id, piece)) await once(client.duplex, 'drain');
  client.data(id, '', true);
}

/** Waits for as long as something comes. */
async function receive(client: TestSpdyClient, id: number, bytes: number): Promise<void> {
  client.of(id).keepsBytes = false;
  await client.untilSlowly('all bytes', () => client.of(id).lengthBytes >= bytes);
  expect(client.of(id).lengthBytes).toBe(bytes);
}

describe('A gigabyte', () => {
  test('through the output of an exec takes little memory', async () => {
    const id = await rig().run(await rig().runPod(), sleeper());
    await withinMemory(async () => {
      const { client, stdout, error } = await on.exec(id, ['dd', 'if=/dev/zero', 'bs=1M', 'count=1024'], {
        stdout: true,
      });
      await receive(client, stdout, gigabyte);
      await client.until('the status', () => client.of(error).isFin);
      client.duplex.destroy();
    });
  });

  test('through the input of an exec takes little memory, over both transports', async () => {
    const id = await rig().run(await rig().runPod(), sleeper());
    await withinMemory(async () => {
      const { client, stdin, stdout, error } = await on.exec(id, ['wc', '-c']);
      await send(client, stdin, gigabyte);
      await client.untilSlowly('the status', () => client.of(error).isFin && client.of(stdout).isFin);
      expect(client.of(stdout).text).toBe(`${gigabyte}\n`);
      client.duplex.destroy();
    });
    await withinMemory(async () => {
      const channels = await on.webSocket(await on.execUrl(id, ['wc', '-c']), 'v5.channel.k8s.io');
      const message = Buffer.alloc(256 * 1024);
      const count = 400;
      for (let index = 0; index < count; index += 1)
        await new Promise<void>((resolve) => channels.socket.send(message, () => resolve()));
      channels.socket.send(Buffer.of(255, 0));
      expect(await channels.closed).toBe(1000);
      expect(channels.of(1)).toBe(`${count * (message.length - 1)}\n`);
    });
  });

  test('through a port-forward takes little memory in both directions', async () => {
    const pod = await rig().runPod();
    const id = await rig().run(
      pod,
      shell(
        'nc -ll -p 8080 -e dd if=/dev/zero bs=1M count=1024 & nc -ll -p 8081 -e wc -c & trap "exit 0" TERM; wait',
      ),
    );
    await eventually('it listens', async () => (await rig().sh(id, 'netstat -ltn | grep -c :808')) === '2');
    await withinMemory(async () => {
      const client = await on.spdy(await on.forwardUrl(pod.id), forwardProtocol);
      await receive(client, (await openPair(client, 8080, '1')).data, gigabyte);
      client.duplex.destroy();
    });
    await withinMemory(async () => {
      const client = await on.spdy(await on.forwardUrl(pod.id), forwardProtocol);
      const { data } = await openPair(client, 8081, '1');
      await send(client, data, gigabyte);
      await client.untilSlowly('the count', () => client.of(data).text === `${gigabyte}\n`);
      client.duplex.destroy();
    });
  });
});

describe('A client that does not read', () => {
  test('holds back its own process and nothing else', async () => {
    const pod = await rig().runPod();
    const id = await rig().run(pod, shell('trap "exit 0" TERM; while sleep 0.1; do echo tick; done'));
    const { logPath } = await rig().status(id);
    await withinMemory(async () => {
      const script = 'while dd if=/dev/zero bs=64k count=16 2>/dev/null; do echo >>/tmp/written; done';
      const lazy = await on.exec(id, ['sh', '-c', script], outputs);
      lazy.client.holdReading();
      const lazySocket = await on.webSocket(await on.execUrl(id, ['sh', '-c', script]), 'v5.channel.k8s.io');
      lazySocket.socket.pause();
      // In megabytes: what is under way fills pipes and sockets, then no more is written.
      const written = async (): Promise<number> =>
        Number(await rig().sh(id, 'cat /tmp/written 2>/dev/null | wc -l'));
      let last = -1;
      const stalled = await settle(
        written,
        (count) => {
          const isStill = count === last && count > 0;
          last = count;
          return isStill;
        },
        { everyMs: 1000, timeoutMs: 30_000 },
      );
      expect(stalled).toBeLessThan(100);
      const lines = (await readLog(logPath)).length;
      expect((await on.run(id, 'echo not held up')).stdout).toBe('not held up\n');
      await eventually('the log goes on', async () => (await readLog(logPath)).length > lines);
      lazySocket.socket.terminate();
      lazy.client.duplex.destroy();
    });
    await eventually('its process is gone', async () => (await rig().sh(id, 'pgrep -x dd | wc -l')) === '0');
  });

  test('of a port-forward holds back its own connection and no other', async () => {
    const pod = await rig().runPod();
    await rig().run(
      pod,
      shell('nc -ll -p 8080 -e cat /dev/zero & nc -ll -p 8082 -e cat & trap "exit 0" TERM; wait'),
    );
    await withinMemory(async () => {
      const lazy = await on.spdy(await on.forwardUrl(pod.id), forwardProtocol);
      await eventually('bytes come', async () => {
        const { data } = await openPair(lazy, 8080, `${Math.random()}`);
        return await settle(
          async () => lazy.of(data).lengthBytes > 0,
          (isThere) => isThere,
          { timeoutMs: 300 },
        );
      });
      lazy.holdReading();
      const other = await on.spdy(await on.forwardUrl(pod.id), forwardProtocol);
      const { data } = await openPair(other, 8082, '1');
      other.data(data, 'hello');
      await other.until('an echo', () => other.of(data).text === 'hello');
      lazy.duplex.destroy();
      other.duplex.destroy();
    });
  });

  test('of an attachment is dropped, and neither the container nor its log nor another client waits', async () => {
    const burst = 'head -c 500000 /dev/zero | tr "\\0" "x" | fold -w 99 >/tmp/burst; echo >>/tmp/burst';
    const script = `${burst}; while read go; do cat /tmp/burst; done`;
    const id = await rig().run(await rig().runPod(), shell(script, { stdin: true, stdinOnce: true }));
    const slow = await on.attach(id, outputs);
    const fast = await on.attach(id, all);
    fast.client.of(fast.stdout).keepsBytes = false;
    slow.client.holdReading();
    // One burst is less than what may wait for a client; the fast one asks for the next when it has it.
    for (let count = 1; count <= 40; count += 1) {
      fast.client.data(fast.stdin, 'go\n');
      await fast.client.untilSlowly(
        'a burst',
        () => fast.client.of(fast.stdout).lengthBytes >= count * 500_000,
      );
    }
    fast.client.data(fast.stdin, '', true);
    await fast.client.untilSlowly('the status', () => fast.client.of(fast.error).isFin);
    expect(fast.client.of(fast.error).text).toContain('"Success"');
    const { exitCode, logPath } = await rig().exited(id);
    const logged = joined(await readLog(logPath)).length;
    expect([exitCode, fast.client.of(fast.stdout).lengthBytes]).toEqual([0, logged]);
    slow.client.readOn();
    await slow.client.until('the status', () => slow.client.of(slow.error).isFin || slow.client.isClosed);
    // Who takes longer than the farewell has no status either.
    expect(slow.client.of(slow.error).text).toMatch(/^$|attach was ended: the client read too slowly/);
    expect(slow.client.of(slow.stdout).lengthBytes).toBeLessThan(logged);
    for (const { client } of [slow, fast]) client.duplex.destroy();
  });
});

describe('Many sessions', () => {
  test('at a time: 200 execs, each with its own answer, and nothing is left', async () => {
    const id = await rig().run(await rig().runPod(), sleeper());
    await on.run(id, 'true');
    const before = await on.daemonFds();
    const streams = await Promise.all(
      Array.from({ length: 200 }, async () => await on.exec(id, ['cat'], all)),
    );
    // All of them are there at the same time.
    for (const [index, { client, stdin }] of streams.entries()) client.data(stdin, `x${index}`);
    for (const [index, { client, stdout }] of streams.entries())
      await client.untilSlowly('an answer', () => client.of(stdout).text === `x${index}`);
    for (const { client, stdin, error } of streams) {
      client.data(stdin, '', true);
      await client.untilSlowly('the status', () => client.of(error).isFin);
      expect(client.of(error).text).toContain('"Success"');
      client.duplex.destroy();
    }
    await eventually('their descriptors are gone', async () => (await on.daemonFds()) <= before);
  });

  test('one after the other: a hundred of each transport leave no descriptor, no timer and no memory', async () => {
    const id = await rig().run(await rig().runPod(), sleeper());
    const once = async (): Promise<void> => {
      expect((await on.run(id, 'echo x')).stdout).toBe('x\n');
      const channels = await on.webSocket(await on.execUrl(id, ['echo', 'x'], outputs), 'v5.channel.k8s.io');
      expect([await channels.closed, channels.of(1)]).toEqual([1000, 'x\n']);
    };
    const resources = async (): Promise<number> =>
      (await scrape(rig().machine)).get('nodejs_active_resources_total') ?? NaN;
    for (let count = 0; count < 30; count += 1) await once();
    await eventually('no session is left', async () => (await sessionsOf(rig().machine)) === 0);
    const [fds, memory, held] = [await on.daemonFds(), await on.daemonMemoryMb('VmRSS'), await resources()];
    for (let count = 0; count < 100; count += 1) await once();
    await eventually('no session is left', async () => (await sessionsOf(rig().machine)) === 0);
    await eventually('the descriptors are as before', async () => (await on.daemonFds()) <= fds);
    // Timers and sockets of other things come and go.
    await eventually('timers and handles are as before', async () => (await resources()) <= held + 2);
    expect((await on.daemonMemoryMb('VmRSS')) - memory).toBeLessThan(50);
  });
});
