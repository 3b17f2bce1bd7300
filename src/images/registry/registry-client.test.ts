/**
 * One repository at one endpoint: what is asked, what is asked again, and what is taken for an answer.
 */
import '../testing/realm.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { networkLimits } from '../limits.ts';
import { type FakeRegistry, startFakeRegistry } from '../testing/fake-registry.ts';
import { makeImage, makeTar, type TestImage } from '../testing/images.ts';
import { openTestStore, pull, type TestStore } from '../testing/store.ts';
import { registryBusy, registryUnavailable } from './failures.ts';
import { TlsContexts } from './hosts/tls-contexts.ts';
import { commonTrust } from './hosts/trust.ts';
import { pauseMsAfter, retryAfterMs } from './patience.ts';
import { Transport } from './transport.ts';

let store: TestStore;
let registry: FakeRegistry;
let image: TestImage;
let name: string;

beforeEach(async () => {
  store = await openTestStore({ networkLimits: { ...networkLimits, pauseMs: 1, attempts: 2 } });
  registry = await startFakeRegistry();
  image = makeImage([{ tar: await makeTar([{ path: 'a' }]) }]);
  registry.serve(image, 'team/app:1');
  name = `${registry.host}/team/app:1`;
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

/** What was asked since: `HEAD manifests`, `GET blobs`. */
function askedSince(count: number): readonly string[] {
  return registry.asked.slice(count).map(({ method, url }) => `${method} ${url.split('/')[4] ?? ''}`);
}

describe('an image that is there already', () => {
  test('and is the same costs one HEAD', async () => {
    registry.intercept = (request, response) => {
      if (request.method !== 'HEAD') return false;
      response.writeHead(200, { 'docker-content-digest': image.manifestDigest }).end();
      return true;
    };
    await pull(store, name);
    const before = registry.asked.length;
    expect(await pull(store, name)).toBe(image.configDigest);
    expect(askedSince(before)).toEqual(['HEAD manifests']);
  });

  test.each([
    ['does not tell the digest', 200],
    ['serves no HEAD', 405],
    ['denies HEAD', 403],
    ['takes HEAD for a mistake', 400],
  ])('is looked at by GET where the registry %s', async (_, status) => {
    registry.intercept = (request, response) => {
      if (request.method !== 'HEAD') return false;
      response.writeHead(status).end();
      return true;
    };
    await pull(store, name);
    const before = registry.asked.length;
    expect(await pull(store, name)).toBe(image.configDigest);
    expect(askedSince(before)).toEqual(['HEAD manifests', 'GET manifests']);
  });

  test('is told missing where the registry has it no more', async () => {
    await pull(store, name);
    registry.intercept = (_request, response) => {
      response.writeHead(404).end();
      return true;
    };
    await expect(pull(store, name)).rejects.toMatchObject({ reason: 'ImageNotInRegistry' });
  });
});

describe('a registry', () => {
  test('is asked for everything as it is, not compressed on the way', async () => {
    await using tokens = await startFakeRegistry();
    tokens.intercept = (_request, response) => {
      response.end('{"token":"bought"}');
      return true;
    };
    registry.intercept = (request, response) => {
      if (request.headers.authorization !== undefined) return false;
      response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${tokens.host}/token"` }).end();
      return true;
    };
    await pull(store, name);
    await pull(store, name);
    const seen = [...registry.asked, ...tokens.asked].map((each) => each.headers['accept-encoding']);
    expect(new Set(seen)).toEqual(new Set(['identity']));
  });

  test.each(['/manifests/', '/blobs/'])('that cuts a small answer of %s is asked once more', async (path) => {
    const cut = new Set<string>();
    registry.intercept = (request, response) => {
      const { url = '' } = request;
      if (!url.includes(path) || cut.has(url) || url.endsWith(image.layerDigests[0] ?? '')) return false;
      cut.add(url);
      response.writeHead(200, { 'content-length': 500 });
      response.write('{', () => setTimeout(() => response.destroy(), 10));
      return true;
    };
    expect(await pull(store, name)).toBe(image.configDigest);
    expect(cut.size).toBe(1);
  });

  test('that sends a page for people in place of a manifest is named', async () => {
    registry.intercept = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome to our Wi-Fi');
      return true;
    };
    await expect(pull(store, name)).rejects.toMatchObject({
      reason: 'WrongContent',
      message: `registry "${registry.host}": manifest "1" comes as "text/html": expected JSON with "schemaVersion"`,
    });
  });

  test('is asked at the port that was named, also where another scheme has it', async () => {
    await using transport = new Transport({
      limits: networkLimits,
      contexts: new TlsContexts(),
      environment: { HTTP_PROXY: registry.host },
    });
    const route = { schemes: ['http' as const], trust: commonTrust, dialTimeoutMs: null };
    const { signal } = new AbortController();
    const ask = { method: 'GET' as const, path: '/v2/?ns=x', route, headers: {}, secrets: {}, signal };
    for (const host of ['a.test:443', 'a.test:80', 'a.test'])
      await (await transport.ask({ ...ask, host })).body.dump();
    expect(registry.asked.map((each) => each.url)).toEqual([
      'http://a.test:443/v2/?ns=x',
      'http://a.test/v2/?ns=x',
      'http://a.test/v2/?ns=x',
    ]);
  });
});

describe('patience', () => {
  const limits = { pauseMs: 500, maxPauseMs: 60_000 };

  test('is what the registry asks for, else a pause that doubles', () => {
    const busy = registryBusy('a.test', 'answers 429', 7000);
    const silent = registryBusy('a.test', 'answers 429', null);
    expect([1, 2, 3].map((times) => pauseMsAfter(busy, times, limits))).toEqual([7000, 7000, 7000]);
    expect([1, 2, 3, 20].map((times) => pauseMsAfter(silent, times, limits))).toEqual([
      500, 1000, 2000, 60_000,
    ]);
  });

  test('ends where more is asked for, and where waiting is of no use', () => {
    expect(pauseMsAfter(registryBusy('a.test', 'answers 429', 60_001), 1, limits)).toBeNull();
    expect(pauseMsAfter(registryUnavailable('a.test', 'is not a host'), 1, limits)).toBeNull();
    expect(pauseMsAfter(new Error('of ours'), 1, limits)).toBeNull();
  });

  test.each([
    ['7', 7000],
    ['0', null],
    ['Thu, 01 Jan 1970 00:00:00 GMT', null],
    ['soon', null],
    [null, null],
  ])('of %j is %j milliseconds', (text, expected) => {
    expect(retryAfterMs({ header: () => text })).toBe(expected);
  });

  test('is really had: the pause of our own would outlast the test', async () => {
    await using patient = await openTestStore({ networkLimits: { ...networkLimits, pauseMs: 59_000 } });
    const statuses = [429, 503];
    registry.intercept = (_request, response) => {
      const status = statuses.shift();
      if (status === undefined) return false;
      response.writeHead(status, { 'retry-after': '1' }).end();
      return true;
    };
    expect(await pull(patient, name)).toBe(image.configDigest);
    expect(statuses).toEqual([]);
  });
});
