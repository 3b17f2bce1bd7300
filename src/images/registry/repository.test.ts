/**
 * Who is asked, in which order, and who is asked again: mirrors, registries, the registries that a short name may mean.
 */
import '../testing/realm.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { networkLimits } from '../limits.ts';
import { type FakeRegistry, startFakeRegistry } from '../testing/fake-registry.ts';
import { withRepository } from '../pull/open-repository.ts';
import { makeImage, makeTar, type TestImage } from '../testing/images.ts';
import { openTestStore, pull, type TestStore } from '../testing/store.ts';

const kib = 1024;
let store: TestStore;
let mirror: FakeRegistry;
let registry: FakeRegistry;
let image: TestImage;

beforeEach(async () => {
  store = await openTestStore({ networkLimits: { ...networkLimits, pauseMs: 1, attempts: 2 } });
  mirror = await startFakeRegistry();
  registry = await startFakeRegistry();
  const contents = [randomBytes(200 * kib), randomBytes(10 * kib)];
  const tars = await Promise.all(contents.map((content, at) => makeTar([{ path: `file-${at}`, content }])));
  image = makeImage(tars.map((tar) => ({ tar, compression: 'none' })));
  for (const each of [mirror, registry]) each.serve(image, 'team/app:1');
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  for (const each of [mirror, registry]) await each[Symbol.asyncDispose]();
});

type Intercept = FakeRegistry['intercept'];

function answerWith(status: number, headers = {}): Intercept {
  return (_request, response) => {
    response.writeHead(status, headers).end();
    return true;
  };
}

/** What was asked for: `manifests`, `blobs`. */
function kinds(of: FakeRegistry): ReadonlySet<string> {
  return new Set(of.asked.map((each) => each.url.split('/')[4] ?? ''));
}

describe('a mirror of hosts.toml', () => {
  async function mirrorFor(lines: string): Promise<void> {
    const directory = join(store.directory, 'certs.d/quay.test');
    await mkdir(directory, { recursive: true });
    const server = `server = "http://${registry.host}"\n[host."http://${mirror.host}"]\n${lines}\n`;
    await writeFile(join(directory, 'hosts.toml'), server);
  }

  test('that may not say what a tag means gives the content of a tag', async () => {
    await mirrorFor('capabilities = ["pull"]');
    expect(await pull(store, 'quay.test/team/app:1')).toBe(image.configDigest);
    expect([kinds(mirror), kinds(registry)]).toEqual([new Set(['blobs']), new Set(['manifests'])]);
  });

  test('that sends a page for people is passed over, and asked last from then on', async () => {
    await mirrorFor('');
    mirror.intercept = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome to our Wi-Fi');
      return true;
    };
    expect(await pull(store, 'quay.test/team/app:1')).toBe(image.configDigest);
    expect(mirror.asked.length).toBe(1);
  });

  test('that lacks only the signature is asked for the rest', async () => {
    await mirrorFor('');
    const signature = `${image.manifestDigest.replace(':', '-')}.sig`;
    registry.serve(makeImage([]), `team/app:${signature}`);
    const want = { name: 'quay.test/team/app:1', auth: null, observe: () => undefined };
    await withRepository(store.images.parts, want, async ({ repository }) => {
      const { signal } = new AbortController();
      await repository.manifest('1', signal);
      await repository.manifest(signature, signal);
      await repository.manifest(image.manifestDigest, signal);
    });
    expect(registry.asked.map((each) => each.url)).toEqual([
      `/v2/team/app/manifests/${signature}?ns=quay.test`,
    ]);
  });
});

describe('a mirror of registries.conf', () => {
  const mirrors = (...hosts: readonly string[]): string =>
    `[[registry]]\nlocation = "${registry.host}"\n${hosts.map((each) => `[[registry.mirror]]\nlocation = "${each}"\n`).join('')}`;

  beforeEach(async () => await writeFile(store.settings.registriesConf, mirrors(mirror.host)));

  test.each([429, 503])('that answers %i is asked once more when nobody else is left', async (status) => {
    registry.intercept = answerWith(403);
    const statuses = [status];
    mirror.intercept = (request, response) => {
      const next = statuses.shift();
      return next !== undefined && answerWith(next, { 'retry-after': '0' })(request, response);
    };
    expect(await pull(store, `${registry.host}/team/app:1`)).toBe(image.configDigest);
    expect(registry.asked.map((each) => each.method)).toEqual(['GET']);
  });

  test('that is busy is not waited for when the registry itself does not have the image', async () => {
    mirror.intercept = answerWith(503);
    registry.intercept = answerWith(404);
    const pulled = pull(store, `${registry.host}/team/app:1`);
    await expect(pulled).rejects.toMatchObject({ reason: 'ImageNotInRegistry' });
    expect([mirror.asked.length, registry.asked.length]).toEqual([1, 1]);
  });

  test.each([
    ['for good', 404, {}, 1],
    ['for longer than we have patience', 429, { 'retry-after': '3600' }, 1],
    ['for now, again and again', 503, {}, 2],
  ])('that fails %s is asked no more often than that', async (...[, status, headers, times]) => {
    for (const each of [mirror, registry]) each.intercept = answerWith(status, headers);
    await expect(pull(store, `${registry.host}/team/app:1`)).rejects.toThrow(
      new RegExp(`${mirror.host}.*; registry "${registry.host}`),
    );
    expect(mirror.asked.length).toBe(times);
  });

  /** Sends the first half of a layer, made wrong if `isWrong`, and is gone. */
  function halfOf(digest: string, isWrong: boolean): Intercept {
    const bytes = image.blobs.get(digest) ?? Buffer.alloc(0);
    let isGone = false;
    return (request, response) => {
      if (request.url?.endsWith(digest) !== true) return false;
      if (isGone) return answerWith(404)(request, response);
      isGone = true;
      response.writeHead(200, { 'content-length': bytes.length });
      const half = isWrong ? Buffer.alloc(bytes.length / 2, 'x') : bytes.subarray(0, bytes.length / 2);
      response.write(half, () => setTimeout(() => response.destroy(), 20));
      return true;
    };
  }

  test('whose half of a layer was wrong is not asked again, whoever sent the other half', async () => {
    const [digest = ''] = image.layerDigests;
    mirror.intercept = halfOf(digest, true);
    expect(await pull(store, `${registry.host}/team/app:1`)).toBe(image.configDigest);
    const asked = registry.asked.filter((each) => each.url.endsWith(digest)).map((each) => each.range);
    expect(asked).toEqual([expect.stringMatching(/^bytes=[1-9]/), null]);
  });

  test('that was right loses nothing to one that is wrong before it has sent a byte', async () => {
    const [digest = ''] = image.layerDigests;
    await using liar = await startFakeRegistry();
    await writeFile(store.settings.registriesConf, mirrors(mirror.host, liar.host));
    liar.serve(image, 'team/app:1');
    mirror.intercept = halfOf(digest, false);
    liar.intercept = (request, response) => {
      if (request.url?.endsWith(digest) !== true) return false;
      response.writeHead(206, { 'content-range': 'bytes 0-6/7' }).end('1234567');
      return true;
    };
    expect(await pull(store, `${registry.host}/team/app:1`)).toBe(image.configDigest);
    const asked = registry.asked.filter((each) => each.url.endsWith(digest)).map((each) => each.range);
    expect(asked).toEqual([expect.stringMatching(/^bytes=[1-9]/)]);
  });
});

describe('a short name', () => {
  const me = { username: 'me', password: 'secret' };

  beforeEach(async () => {
    const hosts = [mirror, registry].map((each) => `"${each.host}"`).join(', ');
    await writeFile(store.settings.registriesConf, `unqualified-search-registries = [${hosts}]\n`);
  });

  test.each([404, 403])('means the next registry where the first one answers %i', async (status) => {
    mirror.intercept = answerWith(status);
    expect(await pull(store, 'team/app:1')).toBe(image.configDigest);
  });

  test('means the registry that has its manifest, also when its layers are missing or denied', async () => {
    for (const status of [404, 403]) {
      mirror.intercept = (request, response) =>
        request.url?.includes('/blobs/') === true && answerWith(status)(request, response);
      await expect(pull(store, 'team/app:1')).rejects.toThrow(`registry "${mirror.host}"`);
    }
    expect(registry.asked).toEqual([]);
  });

  test('that nobody has is told with the answer of each', async () => {
    mirror.intercept = answerWith(403);
    registry.intercept = answerWith(404);
    await expect(pull(store, 'team/app:1')).rejects.toMatchObject({
      reason: 'ImageAccessDenied',
      message: expect.stringMatching(new RegExp(`${mirror.host}.*\\(403\\); .*${registry.host}.*not found`)),
    });
  });

  test.each([
    [401, 'not mean', me],
    [400, 'not mean', { identityToken: 'secret' }],
    [400, 'mean', me],
    [403, 'mean', me],
  ])(
    'whose token server answers %i to its own credentials does %s the next registry',
    async (...[status, meaning, credentials]) => {
      mirror.intercept = (request, response) => {
        const challenge = { 'www-authenticate': `Bearer realm="http://${mirror.host}/token"` };
        const isToken = request.url?.startsWith('/token') === true;
        return answerWith(isToken ? status : 401, isToken ? {} : challenge)(request, response);
      };
      const pulled = pull(store, 'team/app:1', { auth: { ...credentials, serverAddress: mirror.host } });
      if (meaning === 'mean') expect(await pulled).toBe(image.configDigest);
      else await expect(pulled).rejects.toMatchObject({ reason: 'ImageAccessDenied' });
    },
  );

  const basicFails: Intercept = (request, response) =>
    answerWith(401, { 'www-authenticate': 'Basic realm="x"' })(request, response);

  test('does not mean the next registry where the first one refuses the credentials that are its own', async () => {
    mirror.intercept = basicFails;
    const auth = { ...me, serverAddress: mirror.host };
    await expect(pull(store, 'team/app:1', { auth })).rejects.toMatchObject({ reason: 'ImageAccessDenied' });
    const authFile = join(store.directory, 'auth.json');
    const own = { auth: Buffer.from('me:secret').toString('base64') };
    await writeFile(authFile, JSON.stringify({ auths: { [mirror.host]: own } }));
    store.settings = { ...store.settings, authFile };
    await expect(pull(store, 'team/app:1')).rejects.toMatchObject({ reason: 'ImageAccessDenied' });
    expect(registry.asked).toEqual([]);
  });

  test('means it where the credentials may have been meant for another, and where they only do not reach', async () => {
    mirror.intercept = basicFails;
    expect(await pull(store, 'team/app:1', { auth: me })).toBe(image.configDigest);
    mirror.intercept = (request, response) => {
      if (request.url?.startsWith('/token') === true) response.end('{"token":"bought"}');
      else
        response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${mirror.host}/token"` }).end();
      return true;
    };
    const auth = { ...me, serverAddress: mirror.host };
    expect(await pull(store, 'team/app:1', { auth })).toBe(image.configDigest);
  });
});
