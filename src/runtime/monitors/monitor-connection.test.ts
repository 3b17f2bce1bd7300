import { afterEach, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { MonitorConnection } from './monitor-connection.ts';

let dir: string | null = null;
let server: Server | null = null;

afterEach(async () => {
  server?.close();
  if (dir !== null) await rm(dir, { recursive: true, force: true });
});

/** A monitor that answers the n-th request with the n-th of these, to the byte. */
async function listen(answers: readonly Buffer[]): Promise<string> {
  dir = await mkdtemp('/tmp/cri-ts-connection-');
  const path = join(dir, 'control');
  server = createServer((socket) => {
    let count = 0;
    createInterface({ input: socket }).on('line', () => socket.write(answers[count++] ?? ''));
  });
  const listening = Promise.withResolvers<void>();
  server.listen(path, () => listening.resolve());
  await listening.promise;
  return path;
}

test('a message that arrives in two pieces, cut inside a character, is read as it was written', async () => {
  const hello = { id: 1, result: { version: 1, pid: 7, build: 'test', containers: [] } };
  const refusal = { id: 2, error: { reason: 'Internal', message: 'open "/log/größe": ENOSPC' } };
  const bytes = Buffer.from(`${JSON.stringify(hello)}\n${JSON.stringify(refusal)}\n`);
  const cut = bytes.indexOf('ö') + 1;
  const path = await listen([bytes.subarray(0, cut), bytes.subarray(cut)]);
  const { connection } = await MonitorConnection.open(path, { onEvent: () => {}, onClosed: () => {} });
  const answer = connection.request('forget', { containerId: 'c' }, 10_000);
  await expect(answer).rejects.toMatchObject({ reason: 'Internal', message: refusal.error.message });
  connection.close();
});
