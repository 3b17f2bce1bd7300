/**
 * Debian's docker-registry in each way in which it can be locked: TLS with client certificates, a token server. What it
 * serves is pushed once, without any lock.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { networkLimits } from '../limits.ts';
import { type Certificates, layOut, makeCertificates } from '../testing/certificates.ts';
import { makeImage, makeTar, type TestImage } from '../testing/images.ts';
import { startRegistry, type TestRegistry } from '../testing/registry.ts';
import { openTestStore, pull, type TestStore } from '../testing/store.ts';
import { startTokenServer, type TokenServer } from '../testing/token-server.ts';

let directory: string;
let certificates: Certificates;
let plain: TestRegistry;
let image: TestImage;
let store: TestStore;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'locked-'));
  certificates = await makeCertificates(directory);
  plain = await startRegistry();
  image = makeImage([{ tar: await makeTar([{ path: 'a', content: 'a' }]) }]);
  for (const repository of ['team/open', 'team/app']) await plain.push(image, repository, '1');
});
afterAll(async () => {
  await plain[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});
beforeEach(async () => {
  store = await openTestStore({ networkLimits: { ...networkLimits, pauseMs: 1 } });
});
afterEach(async () => await store[Symbol.asyncDispose]());

describe('a registry with TLS that asks for a certificate', () => {
  let secure: TestRegistry;
  let own: string;

  beforeAll(async () => {
    const tls = { server: certificates.server, clientAuthority: certificates.authority };
    secure = await startRegistry({ storage: plain.storage, tls });
  });
  afterAll(async () => await secure[Symbol.asyncDispose]());
  beforeEach(async () => {
    own = join(store.directory, 'certs.d', secure.host);
    await mkdir(own, { recursive: true });
  });

  async function failureOf(): Promise<string> {
    return await pull(store, `${secure.host}/team/app:1`).then(
      () => 'it was pulled',
      (error: unknown) => String(error),
    );
  }

  test('is pulled from with the files of Docker, from the moment that they lie there', async () => {
    const { client, authority } = certificates;
    await layOut(own, { 'ca.crt': authority });
    // In TLS 1.3 the server's word on a missing certificate may come after ours on the handshake: the wording varies.
    expect(await failureOf()).toMatch(/RegistryUnavailable/);
    await layOut(own, { 'client.cert': client.certificate, 'client.key': client.key });
    expect(await pull(store, `${secure.host}/team/app:1`)).toBe(image.configDigest);
  });

  test('is pulled from with hosts.toml, also as the mirror of another name', async () => {
    const { client, authority } = certificates;
    const mirrored = join(store.directory, 'certs.d/quay.test');
    await mkdir(mirrored);
    await writeFile(
      join(mirrored, 'hosts.toml'),
      `[host."https://${secure.host}"]\nca = "${authority}"\nclient = [["${client.certificate}", "${client.key}"]]\n`,
    );
    expect(await pull(store, 'quay.test/team/app:1')).toBe(image.configDigest);
    expect(store.images.find('quay.test/team/app:1')?.id).toBe(image.configDigest);
  });

  test('is reached through the proxy of the environment', async () => {
    const { client, authority } = certificates;
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket: Socket) => {
      asked.push(request.url ?? '');
      const upstream = connect(Number(secure.host.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      for (const each of [socket, upstream]) each.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = proxy.address();
    const named = join(store.directory, 'certs.d/quay.test');
    await mkdir(named);
    await layOut(named, { 'ca.crt': authority, 'c.cert': client.certificate, 'c.key': client.key });
    process.env['HTTPS_PROXY'] =
      `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    try {
      expect(await pull(store, 'quay.test/team/app:1')).toBe(image.configDigest);
    } finally {
      delete process.env['HTTPS_PROXY'];
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    }
    expect(new Set(asked)).toEqual(new Set(['quay.test:443']));
  });

  test('is not believed when its authority is not known', async () => {
    const { client } = certificates;
    await layOut(own, {
      'ca.crt': client.certificate,
      'client.cert': client.certificate,
      'client.key': client.key,
    });
    expect(await failureOf()).toMatch(/RegistryUnavailable.*certificate/i);
  });

  test.each([
    [
      'a key that is not there',
      { 'client.cert': 'client' },
      /client\.cert": expected "client\.key" beside it/,
    ],
    ['an authority that is none', { 'ca.crt': 'key' }, /ca\.crt": expected a certificate in PEM form/],
    [
      'the key of another certificate',
      { 'client.cert': 'client', 'client.key': 'serverKey' },
      /client\.key": expected the private key of the certificate ".*client\.cert"/,
    ],
  ])('with %s is refused by name of the file', async (...[, names, words]) => {
    const files: Readonly<Record<string, string>> = {
      client: certificates.client.certificate,
      key: certificates.client.key,
      serverKey: certificates.server.key,
    };
    const paths = Object.entries(names).map(([name, from]) => [name, files[from ?? ''] ?? ''] as const);
    await layOut(own, Object.fromEntries(paths));
    await expect(pull(store, `${secure.host}/team/app:1`)).rejects.toMatchObject({
      reason: 'CertificatesInvalid',
    });
    expect(await failureOf()).toMatch(words);
  });
});

describe('a registry with TLS', () => {
  test('that names a token server without TLS gets no credentials there', async () => {
    const asked: string[] = [];
    const tokens = createServer((request, response) => {
      asked.push(request.headers.authorization ?? 'nothing');
      response.end('{"token":"t"}');
    });
    const cert = await readFile(certificates.server.certificate);
    const key = await readFile(certificates.server.key);
    const server = createSecureServer({ cert, key }, (_, response) => {
      response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${hostOf(tokens)}/token"` }).end();
    });
    for (const each of [tokens, server]) await once(each.listen(0, '127.0.0.1'), 'listening');
    const own = join(store.directory, 'certs.d', hostOf(server));
    await mkdir(own, { recursive: true });
    await layOut(own, { 'ca.crt': certificates.authority });
    try {
      const auth = { username: 'me', password: 'secret' };
      await expect(pull(store, `${hostOf(server)}/team/app:1`, { auth })).rejects.toThrow(
        /names a token server without TLS/,
      );
      expect(asked).toEqual([]);
    } finally {
      for (const each of [tokens, server]) each.close();
    }
  });

  test('that takes connections and says nothing is given up after the time to connect', async () => {
    await using hasty = await openTestStore({ networkLimits: { ...networkLimits, attempts: 1 } });
    hasty.settings = { ...hasty.settings, connectTimeoutMs: 100, responseTimeoutMs: 100 };
    const sockets = new Set<Socket>();
    const silent = createTcpServer((socket) => sockets.add(socket.on('error', () => undefined)));
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    try {
      await expect(pull(hasty, `${hostOf(silent)}/team/app:1`)).rejects.toThrow(
        /RegistryUnavailable: .*timeout: 100ms/,
      );
      expect(sockets.size).toBeGreaterThan(0);
    } finally {
      for (const socket of sockets) socket.destroy();
      silent.close();
    }
  });
});

/** `127.0.0.1:PORT`. */
function hostOf(server: { address(): AddressInfo | string | null }): string {
  const address = server.address();
  return typeof address === 'object' && address !== null ? `127.0.0.1:${address.port}` : '';
}

describe('a registry with a token server', () => {
  const account = { user: 'me', password: 'secret', refreshToken: 'refresh-me' };
  let tokens: TokenServer;
  let guarded: TestRegistry;

  beforeAll(async () => {
    const { server: signer } = certificates;
    tokens = await startTokenServer({ signer, ...account, publicRepositories: ['team/open'] });
    const token = { realm: tokens.realm, certificate: signer.certificate };
    guarded = await startRegistry({ storage: plain.storage, token });
  });
  afterAll(async () => {
    await guarded[Symbol.asyncDispose]();
    await tokens[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    tokens.sales.length = 0;
  });

  test('gives a public image to nobody in particular, for one token', async () => {
    expect(await pull(store, `${guarded.host}/team/open:1`)).toBe(image.configDigest);
    expect(tokens.sales).toEqual([{ method: 'GET', scopes: ['repository:team/open:pull'], buyer: 'nobody' }]);
  });

  test.each([
    ['a user and a password', { username: 'me', password: 'secret' }, 'GET', 'user'],
    ['an identity token', { identityToken: 'refresh-me' }, 'POST', 'refresh'],
    ['<token> as the user', { username: '<token>', password: 'refresh-me' }, 'POST', 'refresh'],
  ])('gives a private image for %s', async (...[, auth, method, buyer]) => {
    expect(await pull(store, `${guarded.host}/team/app:1`, { auth })).toBe(image.configDigest);
    expect(tokens.sales).toEqual([{ method, scopes: ['repository:team/app:pull'], buyer }]);
  });

  test('refuses a private image to nobody and for a wrong password', async () => {
    for (const auth of [{}, { username: 'me', password: 'wrong' }, { identityToken: 'wrong' }])
      await expect(pull(store, `${guarded.host}/team/app:1`, { auth })).rejects.toMatchObject({
        reason: 'ImageAccessDenied',
        message: expect.not.stringMatching(/wrong/),
      });
  });

  test('believes the credentials that a helper keeps', async () => {
    const helper = join(store.directory, 'docker-credential-test');
    const answer = JSON.stringify({ ServerURL: guarded.host, Username: 'me', Secret: 'secret' });
    await writeFile(helper, `#!/bin/sh\n[ "$(cat)" = "${guarded.host}" ] && printf '%s' '${answer}'\n`);
    await chmod(helper, 0o755);
    const authFile = join(store.directory, 'auth.json');
    await writeFile(authFile, JSON.stringify({ credHelpers: { [guarded.host]: 'test' } }));
    store.settings = { ...store.settings, authFile };
    const path = process.env['PATH'];
    process.env['PATH'] = `${store.directory}:${path}`;
    try {
      expect(await pull(store, `${guarded.host}/team/app:1`)).toBe(image.configDigest);
    } finally {
      process.env['PATH'] = path;
    }
    expect(tokens.sales.map((sale) => sale.buyer)).toEqual(['user']);
  });
});
