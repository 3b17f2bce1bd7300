/**
 * What may follow where a registry redirects to, and what may not: credentials, client certificates, plain text.
 */
import '../testing/realm.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { networkLimits } from '../limits.ts';
import { type Certificates, layOut, makeCertificates } from '../testing/certificates.ts';
import { type FakeRegistry, startFakeRegistry } from '../testing/fake-registry.ts';
import { makeImage, makeTar, type TestImage } from '../testing/images.ts';
import { openTestStore, pull, type TestStore } from '../testing/store.ts';

let store: TestStore;
let registry: FakeRegistry;
let foreign: FakeRegistry;
let image: TestImage;

beforeEach(async () => {
  store = await openTestStore({ networkLimits: { ...networkLimits, pauseMs: 1, attempts: 2 } });
  registry = await startFakeRegistry();
  foreign = await startFakeRegistry();
  image = makeImage([{ tar: await makeTar([{ path: 'a', content: randomBytes(1000) }]) }]);
  for (const each of [registry, foreign]) each.serve(image, 'team/app:1');
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  for (const each of [registry, foreign]) await each[Symbol.asyncDispose]();
});

function redirectTo(path: RegExp, to: string): void {
  registry.intercept = (request, response) => {
    if (!path.test(request.url ?? '')) return false;
    response.writeHead(307, { location: `${to}${request.url}` }).end();
    return true;
  };
}

describe('a host that a registry redirects to', () => {
  test.each([
    ['a user and a password', { username: 'me', password: 'secret' }],
    ['an identity token', { identityToken: 'secret' }],
    ['a registry token', { registryToken: 'secret' }],
  ])('may ask for credentials, and gets none: not %s', async (_, auth) => {
    foreign.intercept = (_request, response) => {
      const challenge = `Bearer realm="http://${foreign.host}/token",service="x", Basic realm="x"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
      return true;
    };
    for (const path of [/\/manifests\//, /\/blobs\//]) {
      redirectTo(path, `http://${foreign.host}`);
      await expect(pull(store, `${registry.host}/team/app:1`, { auth })).rejects.toMatchObject({
        reason: 'ImageAccessDenied',
        message: expect.stringContaining(`sent on to "${foreign.host}"`),
      });
    }
    expect(foreign.asked.length).toBe(2);
    expect(foreign.asked.map((each) => [each.method, each.authorization])).toEqual([
      ['GET', null],
      ['GET', null],
    ]);
  });
});

describe('a registry with TLS', () => {
  let directory: string;
  let certificates: Certificates;
  let servers: Server[];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'redirects-'));
    certificates = await makeCertificates(directory);
  });
  afterAll(async () => await rm(directory, { recursive: true, force: true }));
  beforeEach(() => {
    servers = [];
  });
  afterEach(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  /** Takes clients with and without certificates. @returns its host */
  async function startSecure(listener: RequestListener): Promise<string> {
    const [cert, key, ca] = await Promise.all(
      [certificates.server.certificate, certificates.server.key, certificates.authority].map((file) =>
        readFile(file),
      ),
    );
    const server = createServer({ cert, key, ca, requestCert: true, rejectUnauthorized: false }, listener);
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    return `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  /** Serves the image itself, its blobs by sending on to `elsewhere`. */
  async function startHome(elsewhere: string, clients: (string | null)[]): Promise<string> {
    const host = await startSecure((request, response) => {
      clients.push(clientOf(request.socket));
      const { url = '' } = request;
      if (url.includes('/blobs/')) response.writeHead(307, { location: `${elsewhere}${url}` }).end();
      else response.writeHead(200, { 'content-type': image.manifestType }).end(image.manifest);
    });
    const own = join(store.directory, 'certs.d', host);
    await mkdir(own, { recursive: true });
    const { authority, client } = certificates;
    await layOut(own, { 'ca.crt': authority, 'c.cert': client.certificate, 'c.key': client.key });
    return host;
  }

  function clientOf(socket: unknown): string | null {
    const name = socket instanceof TLSSocket ? socket.getPeerCertificate().subject?.CN : undefined;
    return typeof name === 'string' ? name : null;
  }

  test('is shown a client certificate, and nobody whom it redirects to is', async () => {
    const seen: { home: (string | null)[]; foreign: (string | null)[] } = { home: [], foreign: [] };
    const elsewhere = await startSecure((request, response) => {
      seen.foreign.push(clientOf(request.socket));
      response.end(image.blobs.get(request.url?.split('/').at(-1) ?? ''));
    });
    const home = await startHome(`https://${elsewhere}`, seen.home);
    expect(await pull(store, `${home}/team/app:1`)).toBe(image.configDigest);
    expect(new Set(seen.home)).toEqual(new Set(['client']));
    expect(seen.foreign).toEqual([null, null]);
  });

  test('that redirects to a host without TLS is not followed', async () => {
    const home = await startHome(`http://${foreign.host}`, []);
    await expect(pull(store, `${home}/team/app:1`)).rejects.toMatchObject({
      reason: 'WrongContent',
      message: expect.stringMatching(/redirects from https to http/),
    });
    expect(foreign.asked).toEqual([]);
  });
});
