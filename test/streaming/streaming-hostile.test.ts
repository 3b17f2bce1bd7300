/**
 * Clients that send anything, slowly or without end, to a real daemon: recorded sessions of each transport with their bytes
 * changed. Nothing of them stays, and whoever comes behind them is served.
 */
import { beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { once } from 'node:events';
import { duplexPair } from 'node:stream';
import { frameType } from '../../src/server/streaming/spdy/frames.ts';
import { TestSpdyClient } from '../../src/server/streaming/spdy/test-client.ts';
import { clientFrame } from '../harness/raw-web-socket.ts';
import { shell, sleeper } from '../harness/requests.ts';
import { metricsConfig, sessionsOf } from '../harness/scrape.ts';
import { useStreamClients, type StreamClients } from '../harness/stream-clients.ts';
import { forwardProtocol, spdyUpgrade } from '../harness/stream-dial.ts';
import { openPair } from '../harness/stream-pair.ts';
import { useRig } from '../harness/use-rig.ts';
import { eventually } from '../harness/wait.ts';

const rig = useRig({ logLevel: 'info', extraConfig: metricsConfig });
const clients = useStreamClients(rig);
let on: StreamClients;

beforeEach(() => {
  on = clients();
});

/** What an orderly client sends: the lines of its request, and the bytes behind it. */
type Recording = { readonly lines: readonly string[]; readonly bytes: Buffer };

const webSocketLines = (protocol: string): readonly string[] => [
  'GET',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==',
  `Sec-WebSocket-Protocol: ${protocol}`,
];
const spdyLines = (protocol: string): readonly string[] => [
  'POST',
  ...spdyUpgrade,
  `X-Stream-Protocol-Version: ${protocol}`,
];

async function spdyBytes(act: (client: TestSpdyClient) => Promise<void>): Promise<Buffer> {
  const [near, far] = duplexPair();
  const chunks: Buffer[] = [];
  far.on('data', (chunk: Buffer) => chunks.push(chunk));
  await act(new TestSpdyClient(near));
  near.end();
  await once(far, 'end');
  far.destroy();
  near.destroy();
  return Buffer.concat(chunks);
}

async function recordExec(): Promise<Recording> {
  const bytes = await spdyBytes(async (client) => {
    for (const streamtype of ['error', 'stdout', 'stderr', 'resize']) await client.open({ streamtype });
    const stdin = await client.open({ streamtype: 'stdin' });
    client.control(frameType.ping, 1);
    client.data(stdin, 'some input');
    client.data(stdin, ' and its end\n', true);
  });
  return { lines: spdyLines('v4.channel.k8s.io'), bytes };
}

function recordWebSocketExec(): Recording {
  const size = Buffer.from('\x04{"Width":80,"Height":24}');
  const messages = [size, Buffer.from('\0some input'), Buffer.of(255, 0)];
  const bytes = Buffer.concat(messages.map((message) => clientFrame(2, message)));
  return { lines: webSocketLines('v5.channel.k8s.io'), bytes };
}

async function recordForward(isTunnelled: boolean): Promise<Recording> {
  const bytes = await spdyBytes(async (client) => {
    for (const name of ['1', '2']) {
      const { data } = await openPair(client, 8080, name);
      client.data(data, 'something', name === '2');
    }
  });
  if (!isTunnelled) return { lines: spdyLines(forwardProtocol), bytes };
  const half = bytes.length >> 1;
  const messages = [bytes.subarray(0, half), bytes.subarray(half)].map((part) => clientFrame(2, part));
  return { lines: webSocketLines(`SPDY/3.1+${forwardProtocol}`), bytes: Buffer.concat(messages) };
}

/** Bytes of a recording that become others, at a place between 0 and 1. */
type Change = { readonly at: number; readonly remove: number; readonly insert: Uint8Array };

const changes = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.integer({ min: 0, max: 12 }),
    insert: fc.uint8Array({ maxLength: 12 }),
  }),
  { minLength: 1, maxLength: 4 },
);

function changed(bytes: Buffer, list: readonly Change[]): Buffer {
  return list.reduce((before, { at, remove, insert }) => {
    const place = Math.floor(at * before.length);
    return Buffer.concat([before.subarray(0, place), insert, before.subarray(place + remove)]);
  }, bytes);
}

/** Sends and ends; resolves when the daemon has ended the connection, too. */
async function play(url: URL, bytes: Buffer): Promise<void> {
  const socket = await on.dial(url);
  const closed = once(socket, 'close');
  socket.resume();
  socket.end(bytes);
  await closed;
}

async function playChanged(recording: Recording, urlOf: () => Promise<URL>): Promise<void> {
  const [method, ...lines] = recording.lines;
  await fc.assert(
    fc.asyncProperty(changes, fc.boolean(), async (list, isHeadWhole) => {
      const url = await urlOf();
      const request = [`${method} ${url.pathname} HTTP/1.1`, `Host: ${url.host}`, ...lines, '', ''];
      const head = Buffer.from(request.join('\r\n'));
      const bytes = isHeadWhole
        ? Buffer.concat([head, changed(recording.bytes, list)])
        : changed(Buffer.concat([head, recording.bytes]), list);
      await play(url, bytes);
    }),
    { numRuns: 25 },
  );
}

/** Requests of which every fifth of a second one byte comes, or nothing at all; the result waits until they were cut off. */
async function requestSlowly(url: URL): Promise<() => Promise<void>> {
  const [slow, silent] = [await on.dial(url), await on.dial(url)];
  const sockets = [slow, silent];
  for (const socket of sockets) socket.resume();
  const timer = setInterval(() => slow.write('G'), 200);
  return async () => {
    const areOver = (): boolean =>
      sockets.every(({ readableEnded, destroyed }) => readableEnded || destroyed);
    await eventually('slow requests are cut off', areOver, { timeoutMs: 30_000 });
    clearInterval(timer);
    for (const socket of sockets) socket.destroy();
  };
}

describe('Clients that send anything', () => {
  test('in place of an orderly session leave nothing, and the daemon serves on', async () => {
    const pod = await rig().runPod();
    const id = await rig().run(pod, shell('nc -ll -p 8080 -e cat & trap "exit 0" TERM; wait'));
    const cmd = ['tail', '-f', '-n', '+1', '-'];
    const execUrl = async (): Promise<URL> => await on.execUrl(id, cmd);
    const forwardUrl = async (): Promise<URL> => await on.forwardUrl(pod.id);
    await on.run(id, 'true');
    const before = await on.daemonFds();
    const slowlyCutOff = await requestSlowly(await execUrl());
    await playChanged(await recordExec(), execUrl);
    await playChanged(recordWebSocketExec(), execUrl);
    for (const isTunnelled of [false, true]) await playChanged(await recordForward(isTunnelled), forwardUrl);
    await slowlyCutOff();
    await eventually('no session is left', async () => (await sessionsOf(rig().machine)) === 0);
    await eventually('no process is left', async () => (await on.alive(cmd.join(' '))) === 0);
    await eventually('no descriptor is left', async () => (await on.daemonFds()) <= before);
    expect(await on.run(id, 'cat; echo err >&2; exit 3', 'in order')).toMatchObject({
      stdout: 'in order',
      stderr: 'err\n',
      status: { reason: 'NonZeroExitCode' },
    });
  });
});

describe('A client that only wants to be answered', () => {
  test('and does not read the answers is cut off', async () => {
    const id = await rig().run(await rig().runPod(), sleeper());
    await on.forgetPeak();
    const memory = await on.daemonMemoryMb('VmRSS');
    const url = await on.execUrl(id, ['sleep', '4760']);
    const { socket } = await on.upgrade(url, webSocketLines('v5.channel.k8s.io').slice(1), 'GET');
    socket.pause();
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    const ping = clientFrame(9, Buffer.alloc(125));
    const many = Buffer.concat(Array.from({ length: 1000 }, () => ping));
    for (let sent = 0; sent < 256 * 1024 * 1024 && !socket.destroyed; sent += many.length)
      if (!socket.write(many))
        await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed]);
    expect(socket.destroyed).toBe(true);
    expect((await on.daemonMemoryMb('VmHWM')) - memory).toBeLessThan(100);
    await eventually('no session is left', async () => (await sessionsOf(rig().machine)) === 0);
    await eventually('no process is left', async () => (await on.alive('sleep 4760')) === 0);
  });
});
