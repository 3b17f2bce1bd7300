import { afterEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createConnection, createServer, type Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import { maxStreams, SpdyConnection } from './connection.ts';
import { frameType, goAwayStatus, resetStatus } from './frames.ts';
import type { SpdyStream } from './stream.ts';
import { TestSpdyClient } from './test-client.ts';

const open: TestSpdyClient[] = [];

function connect(onStream: (stream: SpdyStream) => void = (stream) => stream.accept()): {
  readonly client: TestSpdyClient;
  readonly connection: SpdyConnection;
} {
  const [near, far] = duplexPair();
  const connection = new SpdyConnection(near, { onStream, onActivity: () => undefined });
  void connection.serve();
  const client = new TestSpdyClient(far);
  open.push(client);
  return { client, connection };
}

async function connectByTcp(
  onStream: (stream: SpdyStream) => void,
): Promise<{ readonly client: TestSpdyClient; readonly connection: SpdyConnection }> {
  const server = createServer();
  const accepted = new Promise<Socket>((resolve) => server.on('connection', resolve));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const client = new TestSpdyClient(createConnection(port, '127.0.0.1'));
  open.push(client);
  const connection = new SpdyConnection(await accepted, { onStream, onActivity: () => undefined });
  server.close();
  void connection.serve();
  return { client, connection };
}

afterEach(() => {
  for (const client of open.splice(0)) client.duplex.destroy();
});

function wordsOf(client: TestSpdyClient, type: number): readonly (readonly number[])[] {
  return client.controls
    .filter((each) => each.type === type)
    .map(({ payload }) =>
      Array.from({ length: payload.length / 4 }, (_, index) => payload.readUInt32BE(index * 4)),
    );
}

describe('a SPDY connection', () => {
  test('carries bytes both ways and keeps half-closes', async () => {
    const { client } = connect((stream) => {
      stream.accept();
      stream.pipe(stream);
    });
    const [one, two] = [await client.open({ streamtype: 'data' }), await client.open({ streamtype: 'data' })];
    client.data(one, 'first');
    client.data(two, 'second', true);
    await client.until('the second ends', () => client.of(two).isFin);
    expect([client.of(one).text, client.of(two).text, client.of(one).isFin]).toEqual([
      'first',
      'second',
      false,
    ]);
    client.data(one, ' and last', true);
    await client.until('the first ends', () => client.of(one).isFin);
    expect([client.of(one).text, client.of(one).reply]).toEqual(['first and last', new Map()]);
    expect(wordsOf(client, frameType.rstStream)).toEqual([]);
  });

  test('answers pings of the peer, and none of the other side’s numbers', async () => {
    const { client } = connect();
    client.control(frameType.ping, 2);
    client.control(frameType.ping, 7);
    await client.until('a ping comes back', () => wordsOf(client, frameType.ping).length > 0);
    expect(wordsOf(client, frameType.ping)).toEqual([[7]]);
  });

  test('ends for a peer that breaks the protocol, and says so', async () => {
    const breaks: readonly ((client: TestSpdyClient) => Promise<unknown> | void)[] = [
      async (client) => await client.open({ streamtype: 'x' }, 0, 2),
      async (client) => {
        await client.open({ streamtype: 'x' }, 0, 5);
        await client.open({ streamtype: 'x' }, 0, 3);
      },
      (client) => void client.data(9, 'never opened'),
      (client) => client.control(frameType.synStream, 1),
      (client) => client.control(frameType.settings, 9),
      (client) => client.control(frameType.ping),
      (client) => void client.duplex.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(10_000)),
    ];
    for (const act of breaks) {
      const { client, connection } = connect();
      await act(client);
      await connection.closed;
      await client.until('the end', () => client.isClosed);
      const said = wordsOf(client, frameType.goAway).at(0)?.[1] ?? goAwayStatus.protocolError;
      expect(said).toBe(goAwayStatus.protocolError);
    }
  });

  test('survives whatever is sent', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 10 }), async (chunks) => {
        const { client, connection } = connect();
        await client.open({ streamtype: 'stdin' });
        for (const chunk of chunks) client.duplex.write(chunk);
        client.duplex.end();
        await connection.closed;
      }),
      { numRuns: 50 },
    );
  });

  test('refuses streams beyond its bound and goes on with the others', async () => {
    const { client } = connect();
    let [first, last] = [0, 0];
    for (let count = 0; count < maxStreams; count += 1) {
      last = await client.open({ streamtype: 'data' });
      if (count === 0) first = last;
    }
    const tooMany = await client.open({ streamtype: 'data' });
    await client.until('a refusal', () => client.of(tooMany).resetStatus !== null);
    expect([client.of(tooMany).resetStatus, client.of(last).resetStatus]).toEqual([
      resetStatus.refusedStream,
      null,
    ]);
    client.control(frameType.rstStream, first, resetStatus.cancel);
    const next = await client.open({ streamtype: 'data' });
    await client.until('a reply', () => client.of(next).reply !== null);
  });

  test('does not read on when nobody reads a stream, and goes on when somebody does', async () => {
    const opened = Promise.withResolvers<SpdyStream>();
    const { client } = await connectByTcp((stream) => {
      stream.accept();
      opened.resolve(stream);
    });
    const id = await client.open({ streamtype: 'stdin' });
    const stream = await opened.promise;
    const pieces = 512;
    for (let count = 0; count < pieces; count += 1) client.data(id, Buffer.alloc(64 * 1024));
    client.data(id, 'end', true);
    await client.until('a probe', () => wordsOf(client, frameType.settings).length > 0);
    // Our bound of 1 MiB; the rest waits in sockets and with the client.
    expect(client.duplex.writableLength).toBeGreaterThan(16 * 1024 * 1024);
    let read = 0;
    stream.on('data', (chunk: Buffer) => (read += chunk.length));
    await new Promise<void>((resolve) => stream.on('end', resolve));
    expect(read).toBe(pieces * 64 * 1024 + 3);
  });

  test('finds out that the peer has left although it does not read', async () => {
    const { client, connection } = await connectByTcp((stream) => stream.accept());
    const id = await client.open({ streamtype: 'stdin' });
    for (let count = 0; count < 40; count += 1) client.data(id, Buffer.alloc(64 * 1024));
    await client.until('a probe', () => wordsOf(client, frameType.settings).length > 0);
    client.duplex.destroy();
    await connection.closed;
  });

  test('sends without bound to a peer that does not count, and by its windows to one that does', async () => {
    let stream: SpdyStream | null = null;
    const begin = async (): Promise<TestSpdyClient> => {
      const { client } = connect((opened) => {
        opened.accept();
        stream = opened;
      });
      return client;
    };
    const careless = await begin();
    const first = await careless.open({ streamtype: 'stdout' });
    await careless.until('a reply', () => careless.of(first).reply !== null);
    (stream as SpdyStream | null)?.end(Buffer.alloc(300_000));
    await careless.until('all', () => careless.of(first).isFin);
    expect(careless.of(first).lengthBytes).toBe(300_000);

    const counting = await begin();
    counting.control(frameType.settings, 1, 7, 1000);
    const second = await counting.open({ streamtype: 'stdout' });
    await counting.until('a reply', () => counting.of(second).reply !== null);
    (stream as SpdyStream | null)?.end(Buffer.alloc(3000));
    counting.control(frameType.ping, 1);
    await counting.until('the ping', () => wordsOf(counting, frameType.ping).length === 1);
    expect(counting.of(second).lengthBytes).toBe(1000);
    counting.control(frameType.windowUpdate, second, 1500);
    await counting.until('more', () => counting.of(second).lengthBytes === 2500);
    counting.control(frameType.settings, 1, 7, 2000);
    await counting.until('all', () => counting.of(second).isFin);
    expect(counting.of(second).lengthBytes).toBe(3000);
  });

  test('tells a peer that counts what it has read, and nothing to one that does not count', async () => {
    const { client } = connect((stream) => {
      stream.accept();
      stream.resume();
    });
    const id = await client.open({ streamtype: 'stdin' });
    client.data(id, Buffer.alloc(40_000));
    await client.until('updates', () => wordsOf(client, frameType.windowUpdate).length === 2);
    expect(wordsOf(client, frameType.windowUpdate)).toEqual(
      expect.arrayContaining([
        [0, 40_000],
        [id, 40_000],
      ]),
    );
  });

  test('resets a stream whose window overflows', async () => {
    const { client } = connect();
    const id = await client.open({ streamtype: 'stdout' });
    client.control(frameType.windowUpdate, id, 0x7fffffff);
    await client.until('a reset', () => client.of(id).resetStatus !== null);
    expect(client.of(id).resetStatus).toBe(resetStatus.flowControlError);
  });

  test('cuts off a peer that has pings answered and does not take the answers', async () => {
    const [near, far] = duplexPair();
    const connection = new SpdyConnection(near, { onStream: () => undefined, onActivity: () => undefined });
    void connection.serve();
    const pings = Buffer.alloc(12 * 4096);
    for (let at = 0; at < pings.length; at += 12) pings.set([0x80, 3, 0, 6, 0, 0, 0, 4, 0, 0, 0, 1], at);
    for (let count = 0; count < 200 && !near.destroyed; count += 1) {
      far.write(pings);
      await new Promise(setImmediate);
    }
    await connection.closed;
    far.destroy();
  });

  test('when it is closed ends all its streams', async () => {
    const streams: SpdyStream[] = [];
    const { client, connection } = connect((stream) => {
      stream.accept();
      streams.push(stream);
    });
    const id = await client.open({ streamtype: 'stdout' });
    await client.until('a reply', () => client.of(id).reply !== null);
    connection.close();
    await connection.closed;
    expect([streams.map(({ destroyed }) => destroyed), wordsOf(client, frameType.goAway)]).toEqual([
      [true],
      [[1, goAwayStatus.ok]],
    ]);
  });
});
