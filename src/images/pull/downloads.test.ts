/**
 * How layers come: in ranges, over cuts, from one place after another, once for several pulls, within bounds.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { networkLimits, type NetworkLimits } from '../limits.ts';
import type { ProgressEvent } from '../progress.ts';
import { type FakeRegistry, startFakeRegistry } from '../testing/fake-registry.ts';
import { makeImage, makeTar, type TestImage } from '../testing/images.ts';
import { serveSlowly, spanOf } from '../testing/slow-blobs.ts';
import { openTestStore, pull, type TestStore } from '../testing/store.ts';

const kib = 1024;
const limits: NetworkLimits = {
  ...networkLimits,
  pauseMs: 1,
  attempts: 2,
  parallelAfterMs: 30,
  partBytes: 64 * kib,
};
let store: TestStore;
let registry: FakeRegistry;
let events: ProgressEvent[];

beforeEach(async () => {
  events = [];
  store = await openTestStore({ networkLimits: limits, observePull: () => (event) => events.push(event) });
  registry = await startFakeRegistry();
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

async function imageOf(...contents: readonly Buffer[]): Promise<TestImage> {
  const layers = contents.map(async (content, at) => ({
    tar: await makeTar([{ path: `file-${at}`, content }]),
    compression: 'none' as const,
  }));
  return makeImage(await Promise.all(layers));
}

function layerOf(image: TestImage, at = 0): { digest: string; bytes: Buffer } {
  const digest = image.layerDigests[at] ?? '';
  return { digest, bytes: image.blobs.get(digest) ?? Buffer.alloc(0) };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a layer that takes long', () => {
  test('is fetched in several ranges at once, within the bound of the node', async () => {
    const image = await imageOf(randomBytes(1500 * kib));
    const { digest, bytes } = layerOf(image);
    registry.serve(image, 'team/app:1');
    serveSlowly(registry, { digest, bytes });
    const slow = registry.intercept;
    const gate = Promise.withResolvers<void>();
    let held = 0;
    registry.intercept = (request, response) => {
      if (request.headers.range === undefined) return slow(request, response);
      held += 1;
      void gate.promise.then(() => slow(request, response));
      return true;
    };
    store.settings = { ...store.settings, maxNodeDownloads: 3 };
    const pulled = pull(store, `${registry.host}/team/app:1`);
    // The lead's next part, and two helpers: that is all that the node has.
    await until(() => held === 3);
    expect(store.images.parts.downloads.takeSpare()).toBeNull();
    gate.resolve();
    expect(await pulled).toBe(image.configDigest);
    const ranges = registry.asked.filter((each) => each.url.endsWith(digest)).map((each) => each.range);
    expect(ranges.filter((range) => range === null)).toEqual([null]);
    expect(ranges.length).toBeGreaterThan(5);
  });

  test('is fetched by one connection when nothing is to spare', async () => {
    const image = await imageOf(randomBytes(400 * kib));
    const { digest, bytes } = layerOf(image);
    registry.serve(image, 'team/app:1');
    serveSlowly(registry, { digest, bytes });
    store.settings = { ...store.settings, maxConcurrentDownloads: 1 };
    expect(await pull(store, `${registry.host}/team/app:1`)).toBe(image.configDigest);
    expect(registry.asked.filter((each) => each.url.endsWith(digest)).length).toBe(1);
  });

  test('comes whole from a registry that knows no ranges', async () => {
    const image = await imageOf(randomBytes(600 * kib));
    const { digest, bytes } = layerOf(image);
    registry.serve(image, 'team/app:1');
    serveSlowly(registry, { digest, bytes, hasRanges: false });
    expect(await pull(store, `${registry.host}/team/app:1`)).toBe(image.configDigest);
  });

  test('comes whole although each range is cut', async () => {
    const image = await imageOf(randomBytes(800 * kib));
    const { digest, bytes } = layerOf(image);
    registry.serve(image, 'team/app:1');
    serveSlowly(registry, { digest, bytes });
    const slow = registry.intercept;
    registry.intercept = (request, response) => {
      if (request.headers.range !== undefined) setTimeout(() => response.destroy(), 35).unref();
      return slow(request, response);
    };
    expect(await pull(store, `${registry.host}/team/app:1`)).toBe(image.configDigest);
  });

  test('is refused when one of its ranges is wrong', async () => {
    const image = await imageOf(randomBytes(800 * kib));
    const { digest, bytes } = layerOf(image);
    registry.serve(image, 'team/app:1');
    serveSlowly(registry, { digest, bytes });
    const slow = registry.intercept;
    registry.intercept = (request, response) => {
      if (request.headers.range === undefined) return slow(request, response);
      const { from, to } = spanOf(request.headers.range, bytes.length);
      const range = { 'content-range': `bytes ${from}-${to - 1}/${bytes.length}` };
      response.writeHead(206, range).end(Buffer.alloc(to - from, 'x'));
      return true;
    };
    await expect(pull(store, `${registry.host}/team/app:1`)).rejects.toMatchObject({
      reason: expect.stringMatching(/^(?:WrongContent|InvalidImage)$/),
    });
    expect(await readdir(join(store.directory, 'state/images/layers'))).toEqual([]);
  });
});

describe('a registry', () => {
  test.each([
    ['another length', { 'content-length': '7' }, /announced with 7 bytes/],
    ['an encoding that nobody asked for', { 'content-encoding': 'gzip' }, /encoding "gzip"/],
  ])('that sends a layer with %s is refused', async (...[, headers, words]) => {
    const image = await imageOf(randomBytes(kib));
    registry.serve(image, 'team/app:1');
    registry.intercept = (request, response) => {
      if (request.url?.endsWith(layerOf(image).digest) !== true) return false;
      response.writeHead(200, headers).end('1234567');
      return true;
    };
    await expect(pull(store, `${registry.host}/team/app:1`)).rejects.toMatchObject({
      reason: 'WrongContent',
      message: expect.stringMatching(words),
    });
  });

  test('that announces another manifest than it sends is refused', async () => {
    const image = await imageOf(randomBytes(kib));
    registry.intercept = (_request, response) => {
      const headers = { 'docker-content-digest': image.configDigest, 'content-type': image.manifestType };
      response.writeHead(200, headers).end(image.manifest);
      return true;
    };
    await expect(pull(store, `${registry.host}/team/app:1`)).rejects.toMatchObject({
      reason: 'WrongContent',
      message: expect.stringMatching(/is announced as/),
    });
  });

  test('that redirects without end is given up', async () => {
    registry.intercept = (request, response) => {
      response.writeHead(307, { location: `${request.url}?signature=secret` }).end();
      return true;
    };
    const failure = String(await pull(store, `${registry.host}/team/app:1`).catch((error: unknown) => error));
    expect(failure).toMatch(/more than 5 redirects/);
    expect(failure).not.toMatch(/secret/);
  });

  test('that says elsewhere, and never ends saying it, is followed elsewhere', async () => {
    const image = await imageOf(randomBytes(10 * kib));
    registry.serve(image, 'team/app:1');
    registry.intercept = (request, response) => {
      const { digest } = layerOf(image);
      if (request.url?.endsWith(digest) !== true || request.url.includes('?')) return false;
      response.writeHead(302, { location: `${request.url}?there` }).write('x');
      return true;
    };
    store.settings = { ...store.settings, responseTimeoutMs: 50 };
    expect(await pull(store, `${registry.host}/team/app:1`)).toBe(image.configDigest);
  });

  test('that says for ever that it is at work is given up', async () => {
    registry.intercept = (_request, response) => {
      const timer = setInterval(() => response.writeProcessing(), 10);
      response.once('close', () => clearInterval(timer));
      return true;
    };
    store.settings = { ...store.settings, connectTimeoutMs: 50, responseTimeoutMs: 50 };
    await expect(pull(store, `${registry.host}/team/app:1`)).rejects.toMatchObject({
      reason: 'RegistryUnavailable',
    });
  });

  test('that redirects to nowhere is refused, and no signature is shown', async () => {
    for (const location of ['file:///etc/passwd', 'gopher://x', '']) {
      registry.intercept = (_request, response) => {
        response.writeHead(302, location === '' ? {} : { location }).end();
        return true;
      };
      await expect(pull(store, `${registry.host}/team/app:1`)).rejects.toThrow('redirects to nowhere');
    }
    const gone = 'http://127.0.0.1:1/x?signature=secret';
    registry.intercept = (_request, response) => {
      response.writeHead(302, { location: gone }).end();
      return true;
    };
    await expect(pull(store, `${registry.host}/team/app:1`)).rejects.toMatchObject({
      reason: 'RegistryUnavailable',
      message: expect.not.stringMatching(/secret/),
    });
  });

  test.each([
    ['in seconds', '3600'],
    ['by a date', new Date(Date.now() + 3_600_000).toUTCString()],
  ])(
    'that asks for more patience than there is, %s, is told of with its own words',
    async (_, retryAfter) => {
      let count = 0;
      registry.intercept = (_request, response) => {
        count += 1;
        const errors = [
          { code: 'TOOMANYREQUESTS', message: 'limit\nreached, see https://x.test/?token=secret' },
        ];
        response.writeHead(429, { 'retry-after': retryAfter }).end(JSON.stringify({ errors }));
        return true;
      };
      const failure = String(
        await pull(store, `${registry.host}/team/app:1`).catch((error: unknown) => error),
      );
      expect(failure).toMatch(
        /RegistryUnavailable: registry ".*TOOMANYREQUESTS: limit reached, see .*answers 429/,
      );
      expect(failure).not.toMatch(/secret/);
      expect(count).toBe(1);
    },
  );
});

describe('a mirror', () => {
  let mirror: FakeRegistry;

  beforeEach(async () => {
    mirror = await startFakeRegistry();
    await writeFile(
      store.settings.registriesConf,
      `[[registry]]\nlocation = "${registry.host}"\n[[registry.mirror]]\nlocation = "${mirror.host}"\n`,
    );
  });
  afterEach(async () => await mirror[Symbol.asyncDispose]());

  test('that breaks off leaves what it brought to the registry, which sends the rest', async () => {
    const image = await imageOf(randomBytes(300 * kib));
    const { digest, bytes } = layerOf(image);
    for (const each of [mirror, registry]) each.serve(image, 'team/app:1');
    mirror.intercept = (request, response) => {
      if (request.url?.endsWith(digest) !== true) return false;
      if (request.headers.range !== undefined) response.writeHead(503).end();
      else {
        response.writeHead(200, { 'content-length': bytes.length });
        response.write(bytes.subarray(0, 100 * kib), () => setTimeout(() => response.destroy(), 20));
      }
      return true;
    };
    expect(await pull(store, `${registry.host}/team/app:1`)).toBe(image.configDigest);
    const [rest] = registry.asked.filter((each) => each.url.endsWith(digest));
    expect(spanOf(rest?.range ?? '', bytes.length).from).toBeGreaterThan(0);
    expect(events.filter((event) => event.kind === 'passed-over')).toEqual([
      { kind: 'passed-over', host: mirror.host, why: expect.stringMatching(/answers 503/) },
    ]);
  });

  test('that sends wrong bytes is not asked again, and the registry sends all', async () => {
    const image = await imageOf(randomBytes(50 * kib), randomBytes(50 * kib));
    for (const each of [mirror, registry]) each.serve(image, 'team/app:1');
    const [first, second] = [layerOf(image), layerOf(image, 1)];
    mirror.intercept = (request, response) => {
      if (!/\/blobs\//.test(request.url ?? '') || request.url?.endsWith(image.configDigest) === true)
        return false;
      const { bytes } = request.url?.endsWith(first.digest) === true ? first : second;
      response.end(Buffer.alloc(bytes.length, 'x'));
      return true;
    };
    expect(await pull(store, `${registry.host}/team/app:1`)).toBe(image.configDigest);
    expect(registry.asked.filter((each) => each.range === null && each.url.includes('/blobs/')).length).toBe(
      2,
    );
    expect(mirror.asked.filter((each) => each.url.endsWith(first.digest)).length).toBe(1);
  });

  test('and the registry, when both fail, are both told of in one sentence', async () => {
    mirror.intercept = (_request, response) => {
      response.writeHead(500).end();
      return true;
    };
    registry.intercept = (_request, response) => {
      response.writeHead(503).end();
      return true;
    };
    await expect(pull(store, `${registry.host}/team/app:1`)).rejects.toMatchObject({
      code: 'unknown',
      reason: 'RegistryUnavailable',
      message: `RegistryUnavailable: registry "${mirror.host}": "team/app" manifests/1: answers 500; registry "${registry.host}": "team/app" manifests/1: answers 503`,
    });
  });

  test('of hosts.toml hears for whom it stands, and its headers reach nobody else', async () => {
    await using elsewhere = await startFakeRegistry();
    const image = await imageOf(randomBytes(kib));
    for (const each of [mirror, elsewhere]) each.serve(image, 'team/app:1');
    mirror.intercept = (request, response) => {
      if (request.url?.includes('/blobs/') !== true) return false;
      response.writeHead(307, { location: `http://${elsewhere.host}${request.url}` }).end();
      return true;
    };
    const directory = join(store.directory, 'certs.d/quay.test');
    await mkdir(directory, { recursive: true });
    await writeFile(
      join(directory, 'hosts.toml'),
      `[host."http://${mirror.host}"]\n[host."http://${mirror.host}".header]\nX-Key = "secret"\n`,
    );
    expect(await pull(store, 'quay.test/team/app:1')).toBe(image.configDigest);
    expect(mirror.asked.every((each) => each.url.endsWith('?ns=quay.test'))).toBe(true);
    expect(mirror.asked.every((each) => each.headers['x-key'] === 'secret')).toBe(true);
    expect(elsewhere.asked.map((each) => each.headers['x-key'])).toEqual([undefined, undefined]);
  });
});

describe('a layer that two pulls need', () => {
  let images: readonly TestImage[];
  let gate: PromiseWithResolvers<boolean>;

  /** Two images of the same two layers, one upside down; their layers wait for the gate (false: they fail). */
  beforeEach(async () => {
    gate = Promise.withResolvers<boolean>();
    const layers = [];
    for (const path of ['one', 'two'])
      layers.push({ tar: await makeTar([{ path, content: path }]), compression: 'none' as const });
    images = [makeImage(layers, { Cmd: ['a'] }), makeImage(layers.toReversed(), { Cmd: ['b'] })];
    images.forEach((image, at) => registry.serve(image, `team/app:${at}`));
    registry.intercept = (request, response) => {
      const bytes = layerBytes(request.url);
      if (bytes === undefined) return false;
      void gate.promise.then((isGood) => (isGood ? response.end(bytes) : response.destroy()));
      return true;
    };
  });

  function layerBytes(url: string | undefined): Buffer | undefined {
    const [image] = images;
    const digest = image?.layerDigests.find((each) => url?.endsWith(each) === true);
    return digest === undefined ? undefined : image?.blobs.get(digest);
  }

  function fetches(): number {
    return registry.asked.filter((each) => layerBytes(each.url) !== undefined).length;
  }

  function isShared(): boolean {
    return events.filter((event) => event.kind === 'state' && event.state === 'shared').length === 2;
  }

  test('is fetched once', async () => {
    const pulls = Promise.all([0, 1].map((at) => pull(store, `${registry.host}/team/app:${at}`)));
    await until(isShared);
    gate.resolve(true);
    expect(await pulls).toEqual(images.map((image) => image.configDigest));
    expect(fetches()).toBe(2);
  });

  test('is fetched by the other one when the first one goes away', async () => {
    const leaving = new AbortController();
    const first = pull(store, `${registry.host}/team/app:0`, { signal: leaving.signal });
    const left = first.catch((error: unknown) => error);
    await until(() => fetches() === 2);
    const second = pull(store, `${registry.host}/team/app:1`);
    await until(isShared);
    leaving.abort(new Error('gone'));
    await left;
    gate.resolve(true);
    expect(await second).toBe(images[1]?.configDigest);
    expect(fetches()).toBe(4);
  });

  test('never counts against the bound of the node more than it allows', async () => {
    store.settings = { ...store.settings, maxNodeDownloads: 1 };
    const pulls = Promise.all([0, 1].map((at) => pull(store, `${registry.host}/team/app:${at}`)));
    await until(() => isShared() && fetches() === 1);
    expect(store.images.parts.downloads.takeSpare()).toBeNull();
    gate.resolve(true);
    expect(await pulls).toEqual(images.map((image) => image.configDigest));
    expect(fetches()).toBe(2);
  });
});
