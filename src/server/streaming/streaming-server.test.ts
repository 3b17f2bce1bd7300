// Hostile bytes against the whole server: whatever comes, each session ends, and the server goes on.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { deflateSync, constants } from 'node:zlib';
import { clientFrame, RawWebSocket } from '../../../test/harness/raw-web-socket.ts';
import { sessionKinds, type RemoteCommand, type RemoteIo } from '../../runtime/sessions/sessions.ts';
import { headerDictionary } from './spdy/dictionary.ts';
import { control, dataHeader, frameType, goAwayStatus, maxDataBytes } from './spdy/frames.ts';
import { TestSpdyClient } from './spdy/test-client.ts';
import { StreamingServer } from './streaming-server.ts';

const log = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };

let server: StreamingServer;
const sockets: Socket[] = [];

const silent = { ...log, child: () => silent };
const options = { address: '127.0.0.1', port: 0, idleTimeoutMs: 60_000, tls: null, log: silent };

beforeEach(async () => {
  server = await StreamingServer.listen(options);
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
});

/** Echoes until its input ends, or the client has left. */
async function echo({ stdin, stdout, signal }: RemoteIo): Promise<number> {
  const over = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => over.resolve(), { once: true });
  stdin?.on('data', (chunk: Buffer) => {
    if (stdout?.destroyed === false) stdout.write(chunk);
  });
  stdin?.on('end', () => over.resolve());
  await over.promise;
  return 0;
}

const command: RemoteCommand = {
  kind: 'exec',
  subject: { id: 'test', watchEnd: () => ({ [Symbol.dispose]: () => undefined }) },
  wants: { stdin: true, stdout: true, stderr: false, tty: false },
  run: echo,
};

async function dial(): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** A connection on which the answer 101 has come. */
async function upgraded(lines: readonly string[]): Promise<Socket> {
  const url = new URL(await server.admitCommand(command));
  const socket = await dial();
  socket.write(
    [`GET ${url.pathname} HTTP/1.1`, 'Host: x', 'Connection: Upgrade', ...lines, '', ''].join('\r\n'),
  );
  const [head]: unknown[] = await once(socket, 'data');
  expect(String(head)).toMatch(/^HTTP\/1.1 101 /);
  return socket;
}

async function webSocket(protocol = 'v4.channel.k8s.io'): Promise<Socket> {
  const key = ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg=='];
  return await upgraded(['Upgrade: websocket', ...key, `Sec-WebSocket-Protocol: ${protocol}`]);
}

async function spdy(): Promise<TestSpdyClient> {
  return new TestSpdyClient(
    await upgraded(['Upgrade: SPDY/3.1', 'X-Stream-Protocol-Version: v4.channel.k8s.io']),
  );
}

async function openEcho(): Promise<{
  readonly client: TestSpdyClient;
  readonly stdin: number;
  readonly stdout: number;
}> {
  const client = await spdy();
  await client.open({ streamtype: 'error' });
  const [stdin, stdout] = [
    await client.open({ streamtype: 'stdin' }),
    await client.open({ streamtype: 'stdout' }),
  ];
  return { client, stdin, stdout };
}

async function ended(socket: Socket): Promise<void> {
  socket.resume();
  // Closed or reset, that is all the same.
  await new Promise<void>((resolve) => (socket.closed ? resolve() : socket.once('close', () => resolve())));
}

async function noSession(): Promise<void> {
  while (sessionKinds.some((kind) => server.countSessions(kind) > 0))
    await new Promise((resolve) => setTimeout(resolve, 5));
}

/** The server serves on. */
async function works(): Promise<void> {
  const { client, stdin, stdout } = await openEcho();
  client.data(stdin, 'hello', true);
  await client.until('an echo', () => client.of(stdout).text === 'hello');
  client.duplex.destroy();
  await noSession();
}

const noise = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 });

describe('The address of the streaming server', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['0.0.0.0', '127.0.0.1'],
    ['::', '[::1]'],
    ['::1', '[::1]'],
  ])('%s stands in URLs as %s, where it answers', async (address, host) => {
    await using other = await StreamingServer.listen({ ...options, address });
    const url = new URL(await other.admitCommand(command));
    expect(url.href).toMatch(/^http:\/\/[^/]+:\d+\/exec\/[\w-]+$/);
    expect(url.hostname).toBe(host);
    expect((await fetch(url)).status).toBe(400);
    expect((await fetch(url)).status).toBe(404);
  });
});

describe('The streaming server', () => {
  test('survives whatever comes instead of a request', async () => {
    await fc.assert(
      fc.asyncProperty(noise, async (chunks) => {
        const socket = await dial();
        for (const chunk of chunks) socket.write(chunk);
        socket.end();
        await ended(socket);
      }),
      { numRuns: 40 },
    );
    await works();
  });

  test('survives noise behind an upgrade to SPDY', async () => {
    await fc.assert(
      fc.asyncProperty(noise, fc.boolean(), async (chunks, isEnded) => {
        const { client } = await openEcho();
        for (const chunk of chunks) client.duplex.write(chunk);
        if (isEnded) client.duplex.end();
        else client.duplex.destroy();
        await client.until('the end', () => client.isClosed);
      }),
      { numRuns: 40 },
    );
    await noSession();
    await works();
  });

  test('survives frames of any kind, flags, length and stream', async () => {
    const frame = fc.oneof(
      fc
        .tuple(
          fc.integer({ min: 0, max: 12 }),
          fc.integer({ min: 0, max: 255 }),
          fc.uint8Array({ maxLength: 60 }),
        )
        .map(([type, flags, payload]) => control(type, flags, Buffer.from(payload))),
      fc
        .tuple(fc.integer({ min: 0, max: 9 }), fc.boolean(), fc.uint8Array({ maxLength: 60 }))
        .map(([id, isFin, bytes]) => Buffer.concat([dataHeader(id, bytes.length, isFin), bytes])),
      // About streams that are there.
      fc
        .tuple(
          fc.constantFrom(frameType.rstStream, frameType.windowUpdate, frameType.headers),
          fc.constantFrom(0, 1, 3, 5),
          fc.nat(2 ** 32 - 1),
        )
        .map(([type, id, word]) => {
          const payload = Buffer.alloc(8);
          payload.writeUInt32BE(id, 0);
          payload.writeUInt32BE(word, 4);
          return control(type, 0, payload);
        }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 20 }), async (frames) => {
        const { client } = await openEcho();
        for (const each of frames) client.duplex.write(each);
        client.duplex.end();
        await client.until('the end', () => client.isClosed);
      }),
      { numRuns: 60 },
    );
    await noSession();
    await works();
  });

  test('ends a session whose headers expand without bound', async () => {
    const client = await spdy();
    const bomb = deflateSync(Buffer.alloc(40 * 1024 * 1024), {
      dictionary: headerDictionary,
      finishFlush: constants.Z_SYNC_FLUSH,
    });
    expect(bomb.length).toBeLessThan(64 * 1024);
    const fixed = Buffer.alloc(10);
    fixed.writeUInt32BE(1);
    client.duplex.write(control(frameType.synStream, 0, Buffer.concat([fixed, bomb])));
    await client.until('the end', () => client.isClosed);
    const goAway = client.controls.find(({ type }) => type === frameType.goAway);
    expect(goAway?.payload.readUInt32BE(4)).toBe(goAwayStatus.protocolError);
    await noSession();
    await works();
  });

  test('ends a session whose frame is larger than any that is read whole', async () => {
    const client = await spdy();
    const header = control(frameType.synStream, 0, Buffer.alloc(0));
    header.writeUIntBE(0xffffff, 5, 3);
    client.duplex.write(header);
    await client.until('the end', () => client.isClosed);
    await noSession();
  });

  test('passes a data frame of 16 MiB on as it comes', async () => {
    const { client, stdin, stdout } = await openEcho();
    const bytes = 0xffffff;
    client.of(stdout).keepsBytes = false;
    client.duplex.write(dataHeader(stdin, bytes, true));
    for (let left = bytes; left > 0; left -= maxDataBytes) {
      if (!client.duplex.write(Buffer.alloc(Math.min(left, maxDataBytes))))
        await once(client.duplex, 'drain');
    }
    await client.untilSlowly('all', () => client.of(stdout).lengthBytes === bytes);
    client.duplex.destroy();
    await noSession();
  });

  test('ends a session that overflows the window of the connection', async () => {
    const { client } = await openEcho();
    client.control(frameType.windowUpdate, 0, 0x7fffffff);
    await client.until('the end', () => client.isClosed);
    await noSession();
  });

  test('survives noise behind an upgrade to WebSocket, and in messages of any channel', async () => {
    const message = fc
      .tuple(fc.constantFrom(0, 1, 2, 3, 8, 9, 10, 15), fc.uint8Array({ maxLength: 300 }))
      .map(([code, bytes]) => clientFrame(code, Buffer.from(bytes)));
    const pieces = fc.oneof(noise, fc.array(message, { maxLength: 10 }));
    const protocol = fc.constantFrom('v5.channel.k8s.io', 'v4.channel.k8s.io', 'base64.channel.k8s.io');
    await fc.assert(
      fc.asyncProperty(protocol, pieces, async (name, chunks) => {
        const socket = await webSocket(name);
        for (const chunk of chunks) socket.write(chunk);
        socket.end();
        await ended(socket);
      }),
      { numRuns: 80 },
    );
    await noSession();
    await works();
  });

  test('takes frames that come with the request, and survives bad ones among them', async () => {
    const lines = [
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==',
      'Sec-WebSocket-Protocol: v5.channel.k8s.io',
    ];
    const bad = Buffer.of(0xf2, 0x80, 0, 0, 0, 0);
    for (const end of [clientFrame(2, Buffer.of(255, 0)), bad]) {
      const url = new URL(await server.admitCommand(command));
      const socket = await dial();
      const head = [`GET ${url.pathname} HTTP/1.1`, 'Host: x', 'Connection: Upgrade', ...lines, '', ''];
      const input = clientFrame(2, Buffer.from('\0hello'));
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
      socket.write(Buffer.concat([Buffer.from(head.join('\r\n')), input, end]));
      const isEnd = end === bad ? '\x88' : '\x01hello';
      await new Promise<void>((resolve) => {
        socket.on('data', () => text.includes(isEnd) && resolve());
        socket.on('close', () => resolve());
      });
      expect(text).toContain(isEnd);
      socket.destroy();
    }
    await noSession();
    await works();
  });

  test('ends a session whose message is too large, in one frame or in many', async () => {
    const whole = await webSocket();
    const header = Buffer.alloc(14);
    header.set([0x82, 0x80 | 127]);
    header.writeBigUInt64BE(1n << 40n, 2);
    whole.write(header);
    await ended(whole);
    const pieces = await webSocket();
    const first = clientFrame(2, Buffer.alloc(64 * 1024));
    const next = clientFrame(0, Buffer.alloc(64 * 1024));
    // Not the last one of its message.
    for (const frame of [first, next]) frame.writeUInt8(frame.readUInt8(0) & 0x7f);
    pieces.write(first);
    for (let count = 0; count < 100 && pieces.writable; count += 1) pieces.write(next);
    await ended(pieces);
    await noSession();
    await works();
  });

  test('ends a session whose frames are not masked', async () => {
    const socket = await webSocket();
    socket.write(Buffer.from([0x82, 2, 0, 65]));
    await ended(socket);
    await noSession();
  });

  test('speaks SPDY through a tunnel whose messages cut frames anywhere', async () => {
    const forward = {
      subject: command.subject,
      ports: [],
      connect: async () => await Promise.reject(new Error('nobody listens')),
    };
    const url = new URL(await server.admitPortForward(forward));
    const below = await dial();
    below.write(
      [
        `GET ${url.pathname} HTTP/1.1`,
        'Host: x',
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==',
        'Sec-WebSocket-Protocol: SPDY/3.1+portforward.k8s.io',
        '',
        '',
      ].join('\r\n'),
    );
    await once(below, 'data');
    const tunnel = new RawWebSocket(below);
    const write = tunnel.write.bind(tunnel);
    // Each byte is a message of its own.
    tunnel.write = (bytes: Buffer) => [...bytes].map((byte) => write(Buffer.of(byte))).every(Boolean);
    const client = new TestSpdyClient(tunnel);
    const error = await client.open({ streamtype: 'error', port: '80', requestid: '1' });
    const data = await client.open({ streamtype: 'data', port: '80', requestid: '1' });
    await client.until('a failure', () => client.of(data).resetStatus !== null);
    expect(client.of(error).text).toContain('error forwarding port 80');
    below.destroy();
    await noSession();
  });
});
