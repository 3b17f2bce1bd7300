import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createLog } from '../../base/log.ts';
import { MetricsServer } from './metrics-server.ts';

let directory: string;
let collections: number;
let collect: () => Promise<string>;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'metrics-'));
  collections = 0;
  collect = async () => {
    collections += 1;
    return await Promise.resolve('cri_ts_up 1\n');
  };
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function listen(address = '127.0.0.1:0'): Promise<MetricsServer> {
  const log = createLog('silent');
  return await MetricsServer.listen({ address, contentType: 'text/plain', collect: () => collect(), log });
}

describe('the metrics endpoint', () => {
  test('answers GET and HEAD of /metrics', async () => {
    await using server = await listen();
    const url = `http://${server.address}/metrics`;
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([200, 'cri_ts_up 1\n']);
    expect((await fetch(`${url}?collect=all`)).status).toBe(200);
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test.each([
    ['another path', '/', {}, 404],
    ['another method', '/metrics', { method: 'DELETE' }, 405],
    ['a body', '/metrics', { method: 'POST', body: 'x' }, 413],
    ['headers without end', '/metrics', { headers: { x: 'x'.repeat(20_000) } }, 431],
  ])('refuses %s', async (...[, path, init, status]) => {
    await using server = await listen();
    expect((await fetch(`http://${server.address}${path}`, init)).status).toBe(status);
    expect(collections).toBe(0);
  });

  test('says 500, and goes on, when nothing can be collected', async () => {
    await using server = await listen();
    const fine = collect;
    collect = async () => await Promise.reject(new Error('no'));
    expect((await fetch(`http://${server.address}/metrics`)).status).toBe(500);
    collect = fine;
    expect((await fetch(`http://${server.address}/metrics`)).status).toBe(200);
  });

  test('collects once for all who ask at the same time', async () => {
    const gate = Promise.withResolvers<void>();
    collect = async () => {
      collections += 1;
      await gate.promise;
      return 'page';
    };
    const path = join(directory, 'metrics.sock');
    await using server = await listen(path);
    expect(server.address).toBe(path);
    const socket = connect({ path });
    // Sent at once, so that the server has read all of them before it collects.
    const ask = 'GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n';
    socket.end(ask.repeat(4));
    setImmediate(() => setImmediate(gate.resolve));
    expect((await text(socket)).match(/\bpage\b/g)).toHaveLength(4);
    expect(collections).toBe(1);
  });

  test('on a unix socket is for root only, and takes over from a daemon that died', async () => {
    const path = join(directory, 'metrics.sock');
    const scrape = async (): Promise<string> => {
      const socket = connect({ path });
      socket.end('GET /metrics HTTP/1.0\r\n\r\n');
      return await text(socket);
    };
    {
      await using first = await listen(path);
      expect(first.address).toBe(path);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(await scrape()).toContain('cri_ts_up 1');
      await expect(listen(path)).rejects.toMatchObject({ reason: 'AddressInUse' });
      expect(await scrape()).toContain('cri_ts_up 1');
    }
    await using second = await listen(path);
    expect(second.address).toBe(path);
    expect(await scrape()).toContain('cri_ts_up 1');
  });
});
