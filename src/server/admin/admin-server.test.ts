import '../../images/testing/realm.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { chmod, mkdir, readdir, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { absolutePath } from '../../base/ids.ts';
import { createLog } from '../../base/log.ts';
import { PullBroadcast } from '../../images/pull/pull-broadcast.ts';
import { archiveOf, blob, configOf, indexOf, manifestOf } from '../../images/testing/archives.ts';
import { makeImage, makeTar, sha256, writeLayout } from '../../images/testing/images.ts';
import { openTestStore, type TestStore } from '../../images/testing/store.ts';
import { AdminServer } from './admin-server.ts';
import { adminSocket, type AdminSocket } from './admin-socket.ts';

let store: TestStore;
let socket: AdminSocket;
let pulls: PullBroadcast;
let server: AdminServer;

beforeEach(async () => {
  store = await openTestStore();
  const runDir = join(store.directory, 'run');
  await mkdir(runDir);
  await chmod(runDir, 0o711);
  socket = adminSocket(absolutePath(runDir));
  pulls = new PullBroadcast();
  server = await AdminServer.listen({ socket, images: store.images, pulls, log: createLog('silent') });
});
afterEach(async () => {
  await server.close();
  await store[Symbol.asyncDispose]();
});

type Answer = { readonly status: number; readonly body: string };

async function ask(method: string, path: string, body: Buffer | null = null): Promise<Answer> {
  const answered = Promise.withResolvers<Answer>();
  const call = request({ socketPath: socket.path, method, path }, (response) => {
    text(response).then(
      (words) => answered.resolve({ status: response.statusCode ?? 0, body: words }),
      answered.reject,
    );
  });
  call.once('error', answered.reject).end(body ?? undefined);
  return await answered.promise;
}

describe('the admin socket', () => {
  test('is for root alone, although its run directory may be passed through', async () => {
    expect((await stat(socket.directory)).mode & 0o777).toBe(0o700);
    expect((await stat(socket.path)).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['GET', '/', 404, 'NoSuchRequest'],
    ['GET', '/images/import', 404, 'NoSuchRequest'],
    ['POST', '/images/export', 400, 'ImageNameMissing'],
    ['POST', '/images/export', 400, 'ImageNameMissing', '{"names":[]}'],
    ['POST', '/images/export', 400, 'ImageNameMissing', '{"names":["app",1]}'],
    ['POST', '/images/export', 400, 'ImageNameMissing', `{"names":["${'x'.repeat(1_100_000)}"]}`],
    ['POST', '/images/export', 404, 'ImageNotFound', '{"names":["test.local/absent"]}'],
    ['POST', '/images/export', 400, 'InvalidImageName', '{"names":["NOT A NAME"]}'],
  ])('answers %s %s with %d %s', async (...[method, path, status, reason, body]) => {
    const answer = await ask(method, path, body === undefined ? null : Buffer.from(body));
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ kind: 'failed', reason });
  });

  test('takes an archive with lines of progress and a last one, and gives it back', async () => {
    const directory = join(store.directory, 'layout');
    await writeLayout(makeImage([{ tar: await makeTar([{ path: 'f', content: 'x' }]) }]), directory);
    const { id } = await store.images.importOciLayout(directory, 'test.local/app');
    // More names than fit into a request's first line.
    const names = Array.from({ length: 900 }, () => 'test.local/app:latest');
    const archived = Promise.withResolvers<Buffer>();
    const method = 'POST';
    request({ socketPath: socket.path, path: '/images/export', method }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => archived.resolve(Buffer.concat(chunks)));
    }).end(JSON.stringify({ names }));
    const { body } = await ask('POST', '/images/import?name=test.local/again', await archived.promise);
    const lines = body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ kind }) => kind)).toEqual(['layers', 'image', 'imported']);
    expect(lines[1]).toMatchObject({
      image: { id, repoTags: expect.arrayContaining(['test.local/again:latest']) },
    });
    expect(store.images.find('test.local/again')?.id).toBe(id);
  });

  test('says why an archive is refused, and keeps nothing of it', async () => {
    const { status, body } = await ask('POST', '/images/import', Buffer.from('no archive'.repeat(1000)));
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ kind: 'failed', reason: 'InvalidImage' });
    expect(await readdir(store.images.parts.layout.temporary)).toEqual([]);
  });

  test('says so when a layer turns out to be damaged while it is read', async () => {
    const layer = await makeTar([{ path: 'f', content: 'x' }]);
    const config = configOf([layer]);
    const manifest = manifestOf(config, [layer]);
    const damaged = Buffer.from(layer);
    damaged[512] = 'y'.charCodeAt(0);
    const annotations = { 'org.opencontainers.image.ref.name': 'test.local/app:1' };
    const archive = await archiveOf([
      { name: 'index.json', content: indexOf({ content: manifest, annotations }) },
      blob(manifest),
      blob(config),
      { name: `blobs/${sha256(layer).replace(':', '/')}`, content: damaged },
    ]);
    const { body } = await ask('POST', '/images/import', archive);
    expect(JSON.parse(body.trim().split('\n').at(-1) ?? '')).toMatchObject({
      kind: 'failed',
      reason: 'InvalidImage',
    });
    // The daemon lives.
    expect((await ask('GET', '/')).status).toBe(404);
  });

  test('keeps nothing of an archive whose sender leaves', async () => {
    const call = request({ socketPath: socket.path, method: 'POST', path: '/images/import' });
    const begun = new Promise((resolve) => call.once('response', resolve));
    const ended = new Promise((resolve) => call.once('close', resolve));
    call.once('error', () => undefined);
    call.write(Buffer.alloc(512));
    await begun;
    call.destroy();
    await ended;
    await server.close();
    const { temporary } = store.images.parts.layout;
    while ((await readdir(temporary)).length > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  test('tells the progress of the pull that is asked for, until the client leaves', async () => {
    const heard = Promise.withResolvers<string>();
    const call = request({ socketPath: socket.path, path: '/images/progress?name=app' }, (response) => {
      pulls.observe({ name: 'other' })({ kind: 'ended', failure: null });
      pulls.observe({ name: 'app' })({ kind: 'ended', failure: new Error('cut') });
      response.once('data', (chunk: Buffer) => heard.resolve(chunk.toString('utf8')));
    });
    call.end();
    expect(JSON.parse(await heard.promise)).toEqual({ kind: 'ended', failure: 'cut' });
    call.destroy();
  });
});
