/**
 * How often a layer is asked for when it does not come: cut before a byte, in a trickle, by a registry that is busy or
 * knows no ranges.
 */
import '../../testing/realm.ts';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { open, writeFile } from 'node:fs/promises';
import { networkLimits } from '../../limits.ts';
import { type FakeRegistry, startFakeRegistry } from '../../testing/fake-registry.ts';
import { makeImage, makeTar, type TestImage } from '../../testing/images.ts';
import { serveSlowly, spanOf } from '../../testing/slow-blobs.ts';
import { openTestStore, pull, type TestStore } from '../../testing/store.ts';
import { BlobFile } from './blob-file.ts';

const kib = 1024;
const limits = { ...networkLimits, pauseMs: 1, attempts: 3, parallelAfterMs: 30, partBytes: 64 * kib };
let store: TestStore;
let registry: FakeRegistry;
let image: TestImage;
let digest: string;
let bytes: Buffer;

beforeEach(async () => {
  store = await openTestStore({ networkLimits: limits });
  registry = await startFakeRegistry();
  const tar = await makeTar([{ path: 'file', content: randomBytes(800 * kib) }]);
  image = makeImage([{ tar, compression: 'none' }]);
  digest = image.layerDigests[0] ?? '';
  bytes = image.blobs.get(digest) ?? Buffer.alloc(0);
  registry.serve(image, 'team/app:1');
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

/** The ranges in which the layer was asked for; null: as a whole. */
function rangesAsked(of: FakeRegistry): readonly (string | null)[] {
  return of.asked.filter((each) => each.url.endsWith(digest)).map((each) => each.range);
}

async function pulled(): Promise<string> {
  return await pull(store, `${registry.host}/team/app:1`);
}

async function withMirror(use: (mirror: FakeRegistry) => Promise<void>): Promise<void> {
  await using mirror = await startFakeRegistry();
  mirror.serve(image, 'team/app:1');
  await writeFile(
    store.settings.registriesConf,
    `[[registry]]\nlocation = "${registry.host}"\n[[registry.mirror]]\nlocation = "${mirror.host}"\n`,
  );
  await use(mirror);
}

/** Announces the layer, and is gone before the first byte, so often. */
function cutAtOnce(of: FakeRegistry, times: number): void {
  let left = times;
  of.intercept = (request, response) => {
    if (request.url?.endsWith(digest) !== true || left === 0) return false;
    left -= 1;
    response.writeHead(200, { 'content-length': bytes.length });
    response.flushHeaders();
    setTimeout(() => response.destroy(), 10);
    return true;
  };
}

describe('a layer that is cut before its first byte', () => {
  beforeEach(() => {
    store.settings = { ...store.settings, maxLayerDownloads: 1 };
  });

  test('is asked for again, as often as any request', async () => {
    cutAtOnce(registry, 2);
    expect(await pulled()).toBe(image.configDigest);
    expect(rangesAsked(registry)).toEqual([null, null, null]);
  });

  test('each time is given up', async () => {
    cutAtOnce(registry, 99);
    await expect(pulled()).rejects.toMatchObject({ reason: 'RegistryUnavailable' });
    expect(rangesAsked(registry).length).toBe(3);
  });

  test('by a mirror is asked of the registry at once', async () => {
    await withMirror(async (mirror) => {
      cutAtOnce(mirror, 99);
      expect(await pulled()).toBe(image.configDigest);
      expect([rangesAsked(mirror), rangesAsked(registry)]).toEqual([[null], [null]]);
    });
  });
});

describe('a layer that trickles', () => {
  /** Sends so much at once, then next to nothing for ever. */
  function trickle(of: FakeRegistry, atOnceBytes: number): void {
    of.intercept = (request, response) => {
      if (request.url?.endsWith(digest) !== true) return false;
      const { from } = spanOf(request.headers.range, bytes.length);
      const range = { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
      response.writeHead(request.headers.range === undefined ? 200 : 206, range);
      response.write(bytes.subarray(from, from + atOnceBytes));
      let at = from + atOnceBytes;
      const timer = setInterval(() => response.write(bytes.subarray(at, (at += 1))), 10);
      response.on('close', () => clearInterval(timer));
      if (at >= bytes.length) response.end();
      return true;
    };
  }

  beforeEach(() => {
    store.settings = {
      ...store.settings,
      stallTimeoutMs: 100,
      minRateBytes: 100_000n,
      maxConcurrentDownloads: 1,
    };
  });

  test('from a mirror is asked of the registry at once', async () => {
    await withMirror(async (mirror) => {
      trickle(mirror, 0);
      expect(await pulled()).toBe(image.configDigest);
      expect(rangesAsked(mirror)).toEqual([null]);
      expect(rangesAsked(registry)).toEqual([expect.stringMatching(/^bytes=[1-9]/)]);
    });
  });

  test('from the registry is asked for once more', async () => {
    trickle(registry, 0);
    await expect(pulled()).rejects.toMatchObject({
      reason: 'RegistryUnavailable',
      message: expect.stringMatching(/brought less than 100000 bytes a second for 100 ms/),
    });
    expect(rangesAsked(registry).length).toBe(2);
  });

  test('after it brought enough is resumed as often as a cut', async () => {
    trickle(registry, 200 * kib);
    expect(await pulled()).toBe(image.configDigest);
    expect(rangesAsked(registry).length).toBeGreaterThan(4);
  });
});

describe('further connections', () => {
  beforeEach(() => {
    store.settings = { ...store.settings, maxLayerDownloads: 2 };
  });

  test('do not wait for a registry that has not so many', async () => {
    serveSlowly(registry, { digest, bytes });
    const slow = registry.intercept;
    let refused = 0;
    registry.intercept = (request, response) => {
      if (request.headers.range === undefined || refused === 1) return slow(request, response);
      refused += 1;
      response.writeHead(429, { 'retry-after': '60' }).end();
      return true;
    };
    expect(await pulled()).toBe(image.configDigest);
    expect(refused).toBe(1);
    // Far less than a wait would take.
  }, 20_000);

  test('that a registry without ranges refuses leave the layer to the one that brings it', async () => {
    store.settings = { ...store.settings, maxLayerDownloads: 4 };
    serveSlowly(registry, { digest, bytes, hasRanges: false });
    expect(await pulled()).toBe(image.configDigest);
    const ranges = rangesAsked(registry);
    expect(ranges.filter((range) => range === null)).toEqual([null]);
    expect(ranges.length).toBeLessThan(5);
  });

  test('that are refused late leave it to the one answer that has all of it', async () => {
    serveSlowly(registry, { digest, bytes, hasRanges: false });
    const slow = registry.intercept;
    const gate = Promise.withResolvers<void>();
    let asked = 0;
    registry.intercept = (request, response) => {
      if (request.headers.range === undefined) return slow(request, response);
      asked += 1;
      // The helper's, until the lead has brought its own part and asks for the next one.
      if (asked === 1) void gate.promise.then(() => slow(request, response));
      else {
        slow(request, response);
        setTimeout(gate.resolve, 50);
      }
      return true;
    };
    expect(await pulled()).toBe(image.configDigest);
    expect(rangesAsked(registry).length).toBe(3);
  });
});

describe('a further connection whose bytes cannot be written', () => {
  beforeEach(() => {
    store.settings = { ...store.settings, maxLayerDownloads: 2 };
    serveSlowly(registry, { digest, bytes });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  type Written = readonly [chunk: Buffer, at: number, length: number, position: number];
  type Handle = { write: (...written: Written) => Promise<{ readonly bytesWritten: number }> };

  /** From the first write on that leaves a gap before it, which is never the lead's. */
  async function failWrites(times: number): Promise<void> {
    await using probe = await open(store.directory);
    const handles: Handle = Object.getPrototypeOf(probe);
    const { write } = handles;
    let [failures, writtenTo] = [0, 0];
    const failing = async function (this: Handle, ...written: Written) {
      const [, , length, position] = written;
      if (failures < times && (failures > 0 || position > writtenTo)) {
        failures += 1;
        throw Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC' });
      }
      writtenTo = Math.max(writtenTo, position + length);
      return await write.apply(this, [...written]);
    };
    jest.spyOn(handles, 'write').mockImplementation(failing);
  }

  test('leaves them to the first one', async () => {
    await failWrites(1);
    expect(await pulled()).toBe(image.configDigest);
  });

  test('ends the pull where those of the first one cannot either', async () => {
    await failWrites(Infinity);
    await expect(pulled()).rejects.toMatchObject({ reason: 'NoSpace' });
  });
});

test('a download that does not get on ends instead of turning in circles', async () => {
  jest.spyOn(BlobFile.prototype, 'write').mockResolvedValue();
  try {
    await expect(pulled()).rejects.toMatchObject({ reason: 'DownloadStuck' });
  } finally {
    jest.restoreAllMocks();
  }
});

test('layers of one pull come within its bound', async () => {
  const tars = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((path) => makeTar([{ path, content: path }])));
  const many = makeImage(tars.map((tar) => ({ tar })));
  registry.serve(many, 'team/many:1');
  const gate = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  let [held, most] = [0, 0];
  registry.intercept = (request, response) => {
    const layer = many.layerDigests.find((each) => request.url?.endsWith(each) === true);
    if (layer === undefined) return false;
    held += 1;
    most = Math.max(most, held);
    if (held === 2) reached.resolve();
    void gate.promise.then(() => {
      held -= 1;
      response.end(many.blobs.get(layer));
    });
    return true;
  };
  let downloading = 0;
  await using bounded = await openTestStore({
    networkLimits: limits,
    observePull: () => (event) => {
      if (event.kind === 'state' && event.state === 'downloading') downloading += 1;
    },
  });
  bounded.settings = { ...bounded.settings, maxConcurrentDownloads: 2 };
  const pulling = pull(bounded, `${registry.host}/team/many:1`);
  await reached.promise;
  expect(downloading).toBe(2);
  gate.resolve();
  expect(await pulling).toBe(many.configDigest);
  expect([downloading, most]).toEqual([5, 2]);
});
