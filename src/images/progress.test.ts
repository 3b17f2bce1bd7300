import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import type { ProgressEvent } from './progress.ts';
import { type FakeRegistry, startFakeRegistry } from './testing/fake-registry.ts';
import { makeImage, makeTar } from './testing/images.ts';
import { openTestStore, pull, type TestStore } from './testing/store.ts';

let registry: FakeRegistry;
let store: TestStore;
let events: ProgressEvent[];

beforeEach(async () => {
  events = [];
  registry = await startFakeRegistry();
  store = await openTestStore({ observePull: () => (event) => events.push(event) });
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

test('a pull tells which layers there are, how far each is, and that it ended', async () => {
  const tar = await makeTar([{ path: 'random', content: randomBytes(200_000) }]);
  const image = makeImage([{ tar, compression: 'none' }]);
  registry.serve(image, 'team/app:1');
  const name = `${registry.host}/team/app:1`;
  await pull(store, name);
  const [digest] = image.layerDigests;
  const sizeBytes = tar.length;
  expect(events[0]).toEqual({
    kind: 'layers',
    reference: name,
    layers: [{ digest, sizeBytes, state: 'waiting' }],
  });
  expect(events.filter((event) => event.kind === 'state')).toEqual(
    ['downloading', 'downloaded', 'unpacked'].map((state) => ({ kind: 'state', digest, state })),
  );
  const received = events.flatMap((event) => (event.kind === 'bytes' ? [event.receivedBytes] : []));
  expect(received.at(-1)).toBe(sizeBytes);
  expect(received).toEqual(received.toSorted((one, other) => one - other));
  expect(events.at(-1)).toEqual({ kind: 'ended', failure: null });
});

test('a pull that fails tells why at its end', async () => {
  await expect(pull(store, `${registry.host}/team/none`)).rejects.toThrow();
  expect(events).toMatchObject([{ kind: 'ended', failure: { reason: 'ImageNotInRegistry' } }]);
});
