/**
 * How a registry is convinced: what its challenges say, and what the server of its tokens answers.
 */
import '../testing/realm.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { networkLimits } from '../limits.ts';
import { type FakeRegistry, startFakeRegistry } from '../testing/fake-registry.ts';
import { makeImage, makeTar, type TestImage } from '../testing/images.ts';
import { openTestStore, pull, type TestStore } from '../testing/store.ts';

const me = { username: 'me', password: 'secret' };
let store: TestStore;
let registry: FakeRegistry;
let tokens: FakeRegistry;
let image: TestImage;
let name: string;

beforeEach(async () => {
  store = await openTestStore({ networkLimits: { ...networkLimits, pauseMs: 1, attempts: 3 } });
  registry = await startFakeRegistry();
  tokens = await startFakeRegistry();
  image = makeImage([{ tar: await makeTar([{ path: 'a' }]) }]);
  registry.serve(image, 'team/app:1');
  name = `${registry.host}/team/app:1`;
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  for (const each of [registry, tokens]) await each[Symbol.asyncDispose]();
});

function challenge(): string {
  return `Bearer realm="http://${tokens.host}/token",service="here"`;
}

/** Asks for the token that `wanted` gives for a path. */
function guard(wanted: (url: string) => string, body = ''): void {
  registry.intercept = (request, response) => {
    if (request.headers.authorization === `Bearer ${wanted(request.url ?? '')}`) return false;
    response.writeHead(401, { 'www-authenticate': challenge() }).end(body);
    return true;
  };
}

/** Answers in turn; with the last one for ever. */
function sell(...answers: readonly ((response: ServerResponse) => void)[]): void {
  let at = 0;
  tokens.intercept = (_request, response) => {
    answers[Math.min(at, answers.length - 1)]?.(response);
    at += 1;
    return true;
  };
}

function token(text: string): (response: ServerResponse) => void {
  return (response) => response.end(JSON.stringify({ token: text }));
}

async function failure(auth = {}): Promise<unknown> {
  return await pull(store, name, { auth }).catch((error: unknown) => error);
}

describe('a registry that asks for credentials', () => {
  test('in several lines is understood, and by a token rather than by the password itself', async () => {
    registry.intercept = (request, response) => {
      if (request.headers.authorization === 'Bearer bought') return false;
      const lines = ['Negotiate', 'Basic realm="x"', challenge()];
      response.writeHead(401, { 'www-authenticate': lines }).end();
      return true;
    };
    sell(token('bought'));
    expect(await pull(store, name, { auth: me })).toBe(image.configDigest);
    expect(new Set(registry.asked.map((each) => each.authorization))).toEqual(
      new Set([null, 'Bearer bought']),
    );
  });

  test('is told of with its own words when it does not take them', async () => {
    const words = '{"errors":[{"code":"UNAUTHORIZED","message":"the licence has expired"}]}';
    registry.intercept = (_request, response) => {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end(words);
      return true;
    };
    for (const auth of [me, {}])
      expect(await failure(auth)).toMatchObject({
        reason: 'ImageAccessDenied',
        message: expect.stringContaining('(UNAUTHORIZED: the licence has expired)'),
      });
  });

  test('again while an image comes gets a new token', async () => {
    guard((url) => (url.includes('/manifests/') ? 'one' : 'two'));
    sell(token('one'), token('two'));
    expect(await pull(store, name)).toBe(image.configDigest);
    expect(tokens.asked.length).toBe(2);
  });
});

describe('a token server', () => {
  test('may call the token an access token', async () => {
    guard(() => 'bought');
    sell((response) => response.end('{"token":"","access_token":"bought","expires_in":300}'));
    expect(await pull(store, name)).toBe(image.configDigest);
  });

  test('that is busy is waited for as the registry is', async () => {
    guard(() => 'bought');
    sell(
      (response) => response.writeHead(429, { 'retry-after': '0' }).end(),
      (response) => response.writeHead(503).end(),
      token('bought'),
    );
    expect(await pull(store, name)).toBe(image.configDigest);
    expect(tokens.asked.length).toBe(3);
  });

  test('that asks for more patience than there is is not asked again', async () => {
    guard(() => 'bought');
    sell((response) => response.writeHead(429, { 'retry-after': '3600' }).end());
    expect(await failure()).toMatchObject({ reason: 'RegistryUnavailable' });
    expect(tokens.asked.length).toBe(1);
  });

  test.each([
    [401, '{"details":"incorrect username or password"}', 'incorrect username or password'],
    [400, '{"error":"invalid_grant","error_description":"too old"}', 'invalid_grant: too old'],
    [403, '{"errors":[{"code":"DENIED","message":"not yours"}]}', 'DENIED: not yours'],
  ])('that refuses with %i is told of with its own words', async (status, body, words) => {
    guard(() => 'bought');
    sell((response) => response.writeHead(status).end(body));
    const auth = status === 400 ? { identityToken: 'secret' } : me;
    expect(await failure(auth)).toMatchObject({
      reason: 'ImageAccessDenied',
      message: expect.stringContaining(`token server http://${tokens.host}/token (${words})`),
    });
  });

  test.each(['<html>', '[]', '{"token":5}', '{}'])('that sends %j is named', async (body) => {
    guard(() => 'bought');
    sell((response) => response.end(body));
    expect(await failure()).toMatchObject({
      reason: 'WrongContent',
      message: expect.stringContaining(
        `registry "${registry.host}": its token server http://${tokens.host}/token`,
      ),
    });
  });
});

test('pulls of one name with different credentials are not joined', async () => {
  const gate = Promise.withResolvers<void>();
  registry.intercept = (request, response) => {
    const { authorization } = request.headers;
    if (authorization === undefined) response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    else if (authorization === `Basic ${Buffer.from('me:secret').toString('base64')}`) return false;
    else void gate.promise.then(() => response.writeHead(403).end());
    return true;
  };
  const denied = pull(store, name, { auth: { ...me, password: 'other' } }).catch((error: unknown) => error);
  expect(await pull(store, name, { auth: me })).toBe(image.configDigest);
  gate.resolve();
  expect(await denied).toMatchObject({ reason: 'ImageAccessDenied' });
});
