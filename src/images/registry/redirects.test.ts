/**
 * What may follow where a registry redirects to, and what may not: credentials, client certificates, plain text.
 */
import '../testing/realm.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { networkLimits } from '../limits.ts';
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
