import '../../images/testing/realm.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdminClient, type Line } from './admin-client.ts';

let directory: string;
let server: Server;
let client: AdminClient;
let serve: RequestListener;
const never = new AbortController().signal;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'admin-'));
  const path = join(directory, 'socket');
  server = createServer((request, response) => serve(request, response)).listen({ path });
  await once(server, 'listening');
  client = new AdminClient(path);
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(directory, { recursive: true, force: true });
});

async function* endless(): AsyncGenerator<Buffer> {
  for (;;) yield await Promise.resolve(Buffer.alloc(65_536));
}

async function* failing(): AsyncGenerator<Buffer> {
  yield* [Buffer.alloc(10), await Promise.resolve(Buffer.alloc(10))];
  await new Promise((resolve) => setTimeout(resolve, 20));
  throw new Error('the disk is broken');
}

async function upload(body: AsyncIterable<Buffer>, signal = never): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for await (const line of client.upload('/take', body, signal)) lines.push(line);
  return lines;
}

describe('a body that is sent to the daemon', () => {
  test.each([
    ['when the daemon has begun to answer', true],
    ['when it has not', false],
  ])('and fails says why itself, %s', async (...[, answersAtOnce]) => {
    serve = (request, response) => {
      if (answersAtOnce) response.writeHead(200).flushHeaders();
      request.on('error', () => undefined).resume();
    };
    await expect(upload(failing())).rejects.toThrow('the disk is broken');
  });

  test('and is refused has the answer of the daemon, which need not read the rest', async () => {
    serve = (_request, response) => response.writeHead(200).end('{"kind":"failed"}\n');
    expect(await upload(endless())).toEqual([{ kind: 'failed' }]);
    serve = (_request, response) => response.writeHead(404).end('{"reason":"NoSuchRequest","message":"no"}');
    await expect(upload(endless())).rejects.toMatchObject({ reason: 'NoSuchRequest', message: 'no' });
  });

  test('and whose daemon dies is told of as that', async () => {
    serve = (request) => void request.once('data', () => request.socket.destroy());
    await expect(upload(endless())).rejects.toMatchObject({ reason: 'DaemonUnreachable' });
  });

  test.each(['', '{"kind":"image"}\n{"ki'])(
    'and whose daemon dies after it has answered %j is told of as that, too',
    async (words) => {
      serve = (request, response) => {
        request.on('error', () => undefined).resume();
        response.writeHead(200).flushHeaders();
        response.write(words, () => setTimeout(() => response.destroy(), 20));
      };
      await expect(upload(endless())).rejects.toMatchObject({ reason: 'DaemonUnreachable' });
    },
  );

  test('ends with its signal', async () => {
    const stop = new AbortController();
    serve = (request, response) => {
      response.writeHead(200).flushHeaders();
      request.on('error', () => undefined).once('data', () => stop.abort(new Error('Ctrl-C')));
    };
    await expect(upload(endless(), stop.signal)).rejects.toThrow();
  });
});
