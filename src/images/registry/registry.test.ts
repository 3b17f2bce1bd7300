import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CriError } from '../../base/errors.ts';
import { networkLimits, type NetworkLimits } from '../limits.ts';
import { type FakeRegistry, startFakeRegistry } from '../testing/fake-registry.ts';
import { makeImage, makeIndex, makeTar, sha256, type TestImage } from '../testing/images.ts';
import { startRegistry } from '../testing/registry.ts';
import { openTestStore, pull, type TestStore } from '../testing/store.ts';

const limits: NetworkLimits = { ...networkLimits, pauseMs: 1, attempts: 3, resumptions: 20 };
let store: TestStore;
let registry: FakeRegistry;
let image: TestImage;
let name: string;

beforeEach(async () => {
  store = await openTestStore({ networkLimits: limits });
  registry = await startFakeRegistry();
  const tar = await makeTar([{ path: 'random', content: randomBytes(400_000) }]);
  image = makeImage([{ tar, compression: 'none' }]);
  registry.serve(image, 'team/app:1');
  name = `${registry.host}/team/app:1`;
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

async function failure(work: Promise<unknown>): Promise<{ code: string; reason: string; message: string }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof CriError) return { code: error.code, reason: error.reason, message: error.message };
    throw error;
  }
  throw new Error('did not fail');
}

async function expectNothingLeft(): Promise<void> {
  const state = join(store.directory, 'state/images');
  expect(store.images.find(name)).toBeNull();
  for (const folder of ['tmp', 'layers', 'records']) expect(await readdir(join(state, folder))).toEqual([]);
}

function isLayer(url: string | undefined): boolean {
  return url?.endsWith(image.layerDigests[0] ?? '-') ?? false;
}

describe('a registry that fails', () => {
  test('by cutting the connection is asked for the rest', async () => {
    const bytes = image.blobs.get(image.layerDigests[0] ?? '') ?? Buffer.alloc(0);
    let cuts = 0;
    registry.intercept = (request, response) => {
      if (!isLayer(request.url) || cuts === 3) return false;
      cuts += 1;
      const from = Number(/[0-9]+/.exec(request.headers.range ?? '0')?.[0]);
      const headers = {
        'content-length': bytes.length - from,
        'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
      };
      response.writeHead(from === 0 ? 200 : 206, headers);
      response.write(bytes.subarray(from, from + 100_000), () => setTimeout(() => response.destroy(), 20));
      return true;
    };
    expect(await pull(store, name)).toBe(image.configDigest);
    const ranges = registry.asked.filter((each) => isLayer(each.url)).map((each) => each.range !== null);
    expect(ranges).toEqual([false, true, true, true]);
  });

  test('by cutting, and knows no ranges, is read again from the start', async () => {
    const bytes = image.blobs.get(image.layerDigests[0] ?? '') ?? Buffer.alloc(0);
    let count = 0;
    registry.intercept = (request, response) => {
      if (!isLayer(request.url)) return false;
      count += 1;
      response.writeHead(200, { 'content-length': bytes.length });
      if (count === 1)
        response.write(bytes.subarray(0, 50_000), () => setTimeout(() => response.destroy(), 20));
      else response.end(bytes);
      return true;
    };
    expect(await pull(store, name)).toBe(image.configDigest);
    expect(count).toBe(2);
  });

  test('with 429 and 503 is waited for as long as it asks', async () => {
    const statuses = [429, 503];
    registry.intercept = (request, response) => {
      const status = request.url?.includes('/manifests/') === true ? statuses.shift() : undefined;
      if (status === undefined) return false;
      response.writeHead(status, { 'retry-after': '0' }).end();
      return true;
    };
    await pull(store, name);
    expect(statuses).toEqual([]);
  });

  test('with 500 for ever is reported as unavailable', async () => {
    registry.intercept = (_request, response) => {
      response.writeHead(500).end();
      return true;
    };
    const error = await failure(pull(store, name));
    expect([error.code, error.reason]).toEqual(['unknown', 'RegistryUnavailable']);
    expect(error.message).toMatch(/^RegistryUnavailable: /);
    await expectNothingLeft();
  });

  test('by not being there is reported as unavailable', async () => {
    expect((await failure(pull(store, '127.0.0.1:1/team/app'))).message).toMatch(
      /^RegistryUnavailable: .*127\.0\.0\.1:1/,
    );
  });

  test('with a layer of another content is refused, and nothing stays', async () => {
    registry.intercept = (request, response) => {
      if (!isLayer(request.url)) return false;
      const bytes = Buffer.from(image.blobs.get(image.layerDigests[0] ?? '') ?? '');
      bytes[600] = (bytes[600] ?? 0) ^ 1;
      response.end(bytes);
      return true;
    };
    expect((await failure(pull(store, name))).reason).toBe('WrongContent');
    await expectNothingLeft();
  });

  test('with a layer that does not end is stopped at its announced size', async () => {
    registry.intercept = (request, response) => {
      if (!isLayer(request.url)) return false;
      response.writeHead(200);
      const more = (): void => {
        if (!response.destroyed) response.write(Buffer.alloc(65_536), () => setImmediate(more));
      };
      more();
      return true;
    };
    expect((await failure(pull(store, name))).message).toMatch(/longer than/);
    await expectNothingLeft();
  });

  test('with a trickle is given up', async () => {
    store.settings = { ...store.settings, stallTimeoutMs: 100, minRateBytes: 1_000_000n };
    registry.intercept = (request, response) => {
      if (!isLayer(request.url)) return false;
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 10);
      response.on('close', () => clearInterval(timer));
      return true;
    };
    const error = await failure(pull(store, name));
    expect(error.message).toMatch(
      /^RegistryUnavailable: .*brought less than 1000000 bytes a second for 100 ms/,
    );
    await expectNothingLeft();
  });

  test('with headers that never come is given up', async () => {
    store.settings = { ...store.settings, responseTimeoutMs: 100 };
    registry.intercept = () => true;
    expect((await failure(pull(store, name))).message).toMatch(/^RegistryUnavailable: /);
  });

  test.each([
    [
      'of 5 MiB',
      Buffer.alloc(5 * 1024 * 1024, ' '),
      'application/vnd.oci.image.manifest.v1+json',
      /more than 4194304 bytes/,
    ],
    [
      'with layers and manifests',
      Buffer.from('{"schemaVersion":2,"layers":[],"manifests":[],"config":{}}'),
      'application/vnd.oci.image.index.v1+json',
      /both/,
    ],
    [
      'of a type that is not its own',
      Buffer.from('{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}'),
      'application/vnd.oci.image.manifest.v1+json',
      /was sent as/,
    ],
    [
      'of schema 1',
      Buffer.from('{"schemaVersion":1,"fsLayers":[]}'),
      'application/vnd.docker.distribution.manifest.v1+json',
      /schema 1/,
    ],
    ['that is no JSON', Buffer.from('<html>'), 'text/html', /JSON/],
  ])('with a manifest %s is refused', async (...[, bytes, type, words]) => {
    registry.serveManifest('team/app:1', bytes, type);
    expect((await failure(pull(store, name))).message).toMatch(words);
    await expectNothingLeft();
  });

  test('with a manifest of another digest than asked for is refused', async () => {
    const other = makeImage([], { Cmd: ['other'] });
    registry.serveManifest(`team/app:${image.manifestDigest}`, other.manifest, other.manifestType);
    registry.intercept = (request, response) => {
      if (request.url !== `/v2/team/app/manifests/${image.manifestDigest}`) return false;
      response.writeHead(200, { 'content-type': other.manifestType }).end(other.manifest);
      return true;
    };
    const error = await failure(pull(store, `${registry.host}/team/app@${image.manifestDigest}`));
    expect(error.reason).toBe('WrongContent');
  });

  test('with a layer whose diffID is not that of the config is refused', async () => {
    const tar = await makeTar([{ path: 'a' }]);
    const lying = makeImage([{ tar }]);
    const config = Buffer.from(
      (lying.blobs.get(lying.configDigest) ?? '')
        .toString()
        .replace(sha256(tar), sha256(Buffer.from('other'))),
    );
    const manifest = Buffer.from(
      lying.manifest
        .toString()
        .replace(lying.configDigest, sha256(config))
        .replace(/("size":)[0-9]+(\},"layers)/, `$1${config.length}$2`),
    );
    registry.serve(
      { ...lying, manifest, blobs: new Map([...lying.blobs, [sha256(config), config]]) },
      'team/app:1',
    );
    expect((await failure(pull(store, name))).message).toMatch(/the image's config says/);
    await expectNothingLeft();
  });

  test('without an image for this machine says what it has', async () => {
    const index = makeIndex([{ image, architecture: 's390x' }]);
    registry.serveManifest('team/app:1', index.bytes, index.type);
    expect((await failure(pull(store, name))).message).toMatch(/no image for linux\/amd64.*linux\/s390x/);
  });

  test('without the image says so', async () => {
    expect((await failure(pull(store, `${registry.host}/team/none`))).reason).toBe('ImageNotInRegistry');
  });

  test('is passed over for the next mirror, and the registry is asked last', async () => {
    await using mirror = await startFakeRegistry();
    mirror.intercept = (_request, response) => {
      response.writeHead(503).end();
      return true;
    };
    await writeFile(
      store.settings.registriesConf,
      `[[registry]]\nlocation = "${registry.host}"\n[[registry.mirror]]\nlocation = "${mirror.host}"\n`,
    );
    expect(await pull(store, name)).toBe(image.configDigest);
    expect(mirror.asked.length).toBeGreaterThan(0);
    expect(mirror.asked.every((each) => each.authorization === null)).toBe(true);
  });

  test('and its configuration, when wrong, is named with file and key', async () => {
    await writeFile(store.settings.registriesConf, `[[registry]]\nlocation = 5\n`);
    const error = await failure(pull(store, name));
    expect([error.reason, error.message]).toEqual([
      'RegistriesConfInvalid',
      `read "${store.settings.registriesConf}": registry[0].location: expected a string`,
    ]);
  });

  test('because it is blocked is not asked', async () => {
    await writeFile(
      store.settings.registriesConf,
      `[[registry]]\nprefix = "${registry.host}/team"\nblocked = true\n`,
    );
    expect((await failure(pull(store, name))).reason).toBe('RegistryBlocked');
    expect(registry.asked).toEqual([]);
  });
});

describe('credentials', () => {
  const user = { username: 'me', password: 'secret' };
  const basic = `Basic ${Buffer.from('me:secret').toString('base64')}`;

  test('never follow a redirect to another host', async () => {
    await using elsewhere = await startFakeRegistry();
    elsewhere.serve(image, 'team/app:1');
    registry.intercept = (request, response) => {
      if (request.headers.authorization !== basic)
        response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
      else if (request.url?.includes('/blobs/') === true)
        response.writeHead(307, { location: `http://${elsewhere.host}${request.url}` }).end();
      else return false;
      return true;
    };
    expect(await pull(store, name, { auth: user })).toBe(image.configDigest);
    expect(elsewhere.asked.length).toBe(2);
    expect(elsewhere.asked.map((each) => each.authorization)).toEqual([null, null]);
  });

  test('given for a registry are not given to its mirror, whatever it asks for', async () => {
    await using mirror = await startFakeRegistry();
    mirror.intercept = (_request, response) => {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="give"' }).end();
      return true;
    };
    await writeFile(
      store.settings.registriesConf,
      `[[registry]]\nlocation = "${registry.host}"\n[[registry.mirror]]\nlocation = "${mirror.host}"\n`,
    );
    expect(await pull(store, name, { auth: user })).toBe(image.configDigest);
    expect(mirror.asked.map((each) => each.authorization)).toEqual(mirror.asked.map(() => null));
  });

  test('are not sent before they are asked for, nor to a mirror, nor for another server', async () => {
    await pull(store, name, { auth: user });
    await pull(store, name, { auth: { ...user, serverAddress: 'https://other.test' } });
    expect(registry.asked.map((each) => each.authorization)).toEqual(registry.asked.map(() => null));
  });

  test.each([
    ['user and password', user, 'GET', basic],
    ['an encoded pair', { auth: Buffer.from('me:secret').toString('base64') }, 'GET', basic],
    ['a refresh token', { identityToken: 'refresh' }, 'POST', null],
    ['nothing', {}, 'GET', null],
  ])('of %s buy a token at the server that the registry names', async (...[, auth, method, header]) => {
    await using server = await startFakeRegistry();
    let form = '';
    server.intercept = (request, response) => {
      request.on('data', (chunk: Buffer) => (form += chunk.toString()));
      request.on('end', () => response.end(JSON.stringify({ token: 'bought' })));
      return true;
    };
    registry.intercept = (request, response) => {
      if (request.headers.authorization === 'Bearer bought') return false;
      const challenge = `Bearer realm="http://${server.host}/token",service="here",scope="repository:team/app:pull"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
      return true;
    };
    expect(await pull(store, name, { auth })).toBe(image.configDigest);
    expect(server.asked.map((each) => [each.method, each.authorization])).toEqual([[method, header]]);
    if (method === 'GET')
      expect(server.asked[0]?.url).toMatch(/service=here&scope=repository%3Ateam%2Fapp%3Apull/);
    else expect(new URLSearchParams(form).get('refresh_token')).toBe('refresh');
  });

  test('as a registry token are sent as they are', async () => {
    registry.intercept = (request, response) => {
      if (request.headers.authorization === 'Bearer mine') return false;
      response.writeHead(401, { 'www-authenticate': 'Bearer realm="http://127.0.0.1:1/"' }).end();
      return true;
    };
    expect(await pull(store, name, { auth: { registryToken: 'mine' } })).toBe(image.configDigest);
  });

  test('of the node are used when the kubelet gives none, the longest match first', async () => {
    const authFile = join(store.directory, 'auth.json');
    const wrong = { auth: Buffer.from('wrong:wrong').toString('base64') };
    await writeFile(
      authFile,
      JSON.stringify({ auths: { [registry.host]: wrong, [`${registry.host}/team`]: user } }),
    );
    store.settings = { ...store.settings, authFile };
    registry.intercept = (request, response) => {
      if (request.headers.authorization === basic) return false;
      response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
      return true;
    };
    expect(await pull(store, name)).toBe(image.configDigest);
    await writeFile(authFile, '{"auths":5}');
    expect((await failure(pull(store, name))).reason).toBe('AuthFileInvalid');
  });

  test('that are wrong are reported without being shown', async () => {
    registry.intercept = (_request, response) => {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
      return true;
    };
    const error = await failure(pull(store, name, { auth: user }));
    expect(error.reason).toBe('ImageAccessDenied');
    expect(error.message).not.toMatch(/secret/);
  });

  test('of an htpasswd file open a real registry', async () => {
    const hash = '$2y$04$d5vbRvy5ksTnZZFPPjDkbuUiaqt4SBGm.sAMlqKuYsN4A6qz5zGAa';
    const login = { htpasswd: `me:${hash}`, ...user, user: 'me' };
    await using real = await startRegistry({ login });
    await real.push(image, 'team/app', '1');
    expect(await pull(store, `${real.host}/team/app:1`, { auth: user })).toBe(image.configDigest);
    await expect(
      pull(store, `${real.host}/team/app:1`, { auth: { ...user, password: 'no' } }),
    ).rejects.toThrow('credentials');
  });
});

describe('pulls at the same time', () => {
  function holdLayers(): { release: () => void; count: () => number } {
    const gate = Promise.withResolvers<void>();
    let count = 0;
    registry.intercept = (request, response) => {
      if (!isLayer(request.url)) return false;
      count += 1;
      void gate.promise.then(() => response.end(image.blobs.get(image.layerDigests[0] ?? '')));
      return true;
    };
    return { release: gate.resolve, count: () => count };
  }

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  test('of the same name with the same credentials fetch once', async () => {
    const gate = holdLayers();
    const pulls = [pull(store, name), pull(store, name), pull(store, name)];
    await until(() => gate.count() > 0);
    gate.release();
    expect(new Set(await Promise.all(pulls))).toEqual(new Set([image.configDigest]));
    expect(gate.count()).toBe(1);
  });

  test('go on as long as one caller waits, and stop with the last one', async () => {
    const gate = holdLayers();
    const [first, second] = [new AbortController(), new AbortController()];
    const pulls = [pull(store, name, { signal: first.signal }), pull(store, name, { signal: second.signal })];
    const ends = Promise.allSettled(pulls);
    await until(() => gate.count() > 0);
    first.abort(new Error('gone'));
    await expect(pulls[0]).rejects.toThrow('gone');
    expect(store.images.parts.pulls.keys().length).toBe(1);
    second.abort(new Error('gone too'));
    await ends;
    expect(store.images.parts.pulls.keys()).toEqual([]);
    await until(() => readdirSync(join(store.directory, 'state/images/tmp')).length === 0);
    await expectNothingLeft();
    gate.release();
  });

  test('of images that share a layer leave one copy of it', async () => {
    const shared = { tar: await makeTar([{ path: 'shared', content: 'x' }]) };
    const images = [makeImage([shared], { Cmd: ['a'] }), makeImage([shared], { Cmd: ['b'] })];
    images.forEach((each, at) => registry.serve(each, `team/shared:${at}`));
    await Promise.all(images.map((_, at) => pull(store, `${registry.host}/team/shared:${at}`)));
    expect((await readdir(join(store.directory, 'state/images/layers'))).length).toBe(1);
    expect(createHash('sha256').update(shared.tar).digest('hex')).toBe(
      (await readdir(join(store.directory, 'state/images/layers')))[0],
    );
  });

  test('a present layer is not fetched again', async () => {
    await pull(store, name);
    const again = makeImage(
      [{ tar: image.blobs.get(image.layerDigests[0] ?? '') ?? Buffer.alloc(0), compression: 'none' }],
      { Cmd: ['x'] },
    );
    registry.serve(again, 'team/app:2');
    const before = registry.asked.filter((each) => isLayer(each.url)).length;
    await pull(store, `${registry.host}/team/app:2`);
    expect(registry.asked.filter((each) => isLayer(each.url)).length).toBe(before);
  });
});
