/** Attach, stdin and terminals, with real containers. */
import { closeSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { acceptUnix, listenUnix, receiveDescriptor, sendDescriptor } from '../calls/socket-calls.ts';
import { attachChannel, maxAttachClients, type CreateParams } from '../protocol.ts';
import { watchReadable, type Watch } from '../watch/readiness.ts';
import { TestAttach } from '../testing/test-attach.ts';
import { TestClient, type TestMonitor } from '../testing/test-client.ts';
import { adoptParams, readOutput, readRecords, TestPlace } from '../testing/test-place.ts';

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

function attachPath(params: CreateParams): string {
  return join(params.files.runDir, 'attach');
}

describe('attach', () => {
  test('shows both streams to several clients and ends with the output', async () => {
    const params = place.wish({ runtime: 'runc', script: 'echo out; echo err >&2' });
    await client.call('create', params);
    using one = await TestAttach.connect(attachPath(params));
    using two = await TestAttach.connect(attachPath(params));
    place.start(params);
    await Promise.all([one.ended, two.ended]);
    expect([one, two].map(({ stdout, stderr }) => [stdout, stderr])).toEqual([
      ['out\n', 'err\n'],
      ['out\n', 'err\n'],
    ]);
  });

  test('with stdin_once the first client that ends its input, or leaves, ends the container’s', async () => {
    for (const leaves of [false, true]) {
      const wish = { runtime: 'runc', hasStdin: true, isStdinOnce: true, script: 'cat; echo end' } as const;
      const { params } = await place.createAndStart(client, wish);
      using onlooker = await TestAttach.connect(attachPath(params));
      using user = await TestAttach.connect(attachPath(params));
      user.send(attachChannel.stdin, 'hello\n');
      await user.until(() => user.stdout === 'hello\n');
      using passer = await TestAttach.connect(attachPath(params));
      passer.close();
      if (leaves) user.close();
      else user.send(attachChannel.stdin, '');
      await onlooker.ended;
      expect(onlooker.stdout).toBe('hello\nend\n');
      await client.event('stdin-closed', params.containerId);
      expect(existsSync(join(params.files.runDir, 'stdin'))).toBe(false);
    }
  });

  test('without stdin_once the input stays open until it is closed by request', async () => {
    const wish = { runtime: 'crun', hasStdin: true, script: 'cat; echo end' } as const;
    const { params } = await place.createAndStart(client, wish);
    const first = await TestAttach.connect(attachPath(params));
    first.send(attachChannel.stdin, 'one\n');
    await first.until(() => first.stdout === 'one\n');
    first.close();
    using second = await TestAttach.connect(attachPath(params));
    second.send(attachChannel.stdin, 'two\n');
    await second.until(() => second.stdout === 'two\n');
    await client.call('close-stdin', { containerId: params.containerId });
    await client.event('exit', params.containerId);
    expect(readOutput(params.files.logPath).toString()).toBe('one\ntwo\nend\n');
  });

  test('passes more input than any buffer holds, at the pace of a container that reads slowly', async () => {
    const megabytes = 24;
    const wish = {
      runtime: 'runc',
      hasStdin: true,
      isStdinOnce: true,
      script: 'usleep 300000; cat | wc -c',
    } as const;
    const { params } = await place.createAndStart(client, wish);
    using user = await TestAttach.connect(attachPath(params));
    for (let index = 0; index < megabytes * 16; index += 1) {
      user.send(attachChannel.stdin, Buffer.alloc(65536, 'i'));
    }
    user.send(attachChannel.stdin, '');
    await user.ended;
    expect(user.stdout).toBe(`${megabytes * 1024 * 1024}\n`);
  });

  test('drops a client that does not read; the log has everything', async () => {
    const params = place.wish({ runtime: 'runc', script: 'yes 0123456789abcdef | head -c 8000000' });
    await client.call('create', params);
    using slow = await TestAttach.connect(attachPath(params));
    slow.socket.pause();
    place.start(params);
    await client.event('exit', params.containerId);
    await client.call('drain-log', { containerId: params.containerId });
    expect(readOutput(params.files.logPath).length).toBe(8_000_000);
    slow.socket.resume();
    await slow.ended;
    expect(slow.stdout.length).toBeLessThan(8_000_000);
  });

  test('refuses garbage and a client too many, and goes on', async () => {
    const { params } = await place.createAndStart(client, { runtime: 'runc', hasStdin: true, script: 'cat' });
    using garbage = await TestAttach.connect(attachPath(params));
    garbage.socket.write('GET / HTTP/1.1\r\n\r\n');
    using huge = await TestAttach.connect(attachPath(params));
    huge.send(attachChannel.stdin, Buffer.alloc(70_000));
    await Promise.all([garbage.ended, huge.ended]);
    const clients: TestAttach[] = [];
    for (let index = 0; index < maxAttachClients; index += 1)
      clients.push(await TestAttach.connect(attachPath(params)));
    using surplus = await TestAttach.connect(attachPath(params));
    await surplus.ended;
    clients[0]?.send(attachChannel.stdin, 'still here\n');
    await clients[1]?.until(() => clients[1]?.stdout === 'still here\n');
    for (const one of clients) one.close();
  });
});

/** A daemon's mailbox, for one descriptor in one direction. */
async function mailbox(path: string, act: (connection: number) => number | null): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const watches: Watch[] = [];
  const listener = watchReadable(listenUnix(path), () => {
    const connection = acceptUnix(listener.fd);
    if (connection === null) return;
    const now = act(connection);
    if (now !== null) {
      closeSync(connection);
      return resolve(now);
    }
    watches.push(
      watchReadable(connection, () => {
        const fd = act(connection);
        if (fd !== null) resolve(fd);
      }),
    );
  });
  watches.push(listener);
  const fd = await promise;
  for (const watch of watches) watch.close();
  return fd;
}

describe.each(['crun', 'runc'] as const)('a terminal of %s', (runtime) => {
  test('is logged as stdout with its carriage returns, takes input and sizes, and survives its monitor', async () => {
    const masterMailbox = join(place.directory, 'mailbox');
    const kept = mailbox(masterMailbox, receiveDescriptor);
    const script =
      'echo hi; while read -r word; do [ "$word" = size ] && stty size || echo "got $word"; done; exit 9';
    const started = await place.createAndStart(client, {
      runtime,
      isTerminal: true,
      hasStdin: true,
      masterMailbox,
      script,
    });
    const { params } = started;
    const master = await kept;
    using user = await TestAttach.connect(attachPath(params));
    await client.call('resize', { containerId: params.containerId, width: 101, height: 33 });
    user.send(attachChannel.stdin, 'size\n');
    await user.until(() => user.stdout.includes('33 101\r\n'));

    await monitor.kill();
    const successor = await place.monitor({ name: 'successor' });
    using next = await TestClient.connect(successor.socketPath);
    const given = mailbox(join(place.directory, 'mailbox2'), (connection) => {
      sendDescriptor(connection, master);
      return 0;
    });
    const params2 = { ...params, masterMailbox: join(place.directory, 'mailbox2') };
    await next.call('adopt', adoptParams(params2, started));
    await given;
    closeSync(master);
    using again = await TestAttach.connect(attachPath(params));
    again.send(attachChannel.stdin, 'word\n');
    await again.until(() => again.stdout.includes('got word\r\n'));
    await next.call('resize', { containerId: params.containerId, width: 80, height: 25 });
    again.send(attachChannel.stdin, 'size\n');
    await again.until(() => again.stdout.includes('25 80\r\n'));
    // End of input at a terminal is a character.
    again.send(attachChannel.stdin, '\u0004');
    expect((await next.event('exit', params.containerId)).exit.exitCode).toBe(9);
    await again.ended;
    const text = readRecords(params.files.logPath)
      .map(({ stream, tag, content }) => `${stream} ${tag} ${content.toString()}`)
      .join('\n');
    expect(text).toContain('stdout F hi\r');
    expect(text).toContain('stdout F got word\r');
    await expect(
      next.call('resize', { containerId: params.containerId, width: 1, height: 1 }),
    ).rejects.toMatchObject({
      failure: { reason: 'NotRunning' },
    });
    await sleep(0);
  });
});
