/**
 * policy.json against images signed as cosign does it, with real keys.
 */
import '../testing/realm.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseReference } from '../names/reference.ts';
import { type FakeRegistry, startFakeRegistry } from '../testing/fake-registry.ts';
import { makeImage, makeIndex, makeTar, sha256, type TestImage } from '../testing/images.ts';
import { openTestStore, pull, type TestStore } from '../testing/store.ts';
import { isSignedFor } from './identity.ts';

let store: TestStore;
let registry: FakeRegistry;
let image: TestImage;
let name: string;
let keyFile: string;
let key: KeyObject;

beforeEach(async () => {
  store = await openTestStore();
  registry = await startFakeRegistry();
  image = makeImage([{ tar: await makeTar([{ path: 'a' }]) }]);
  registry.serve(image, 'team/app:1');
  name = `${registry.host}/team/app:1`;
  keyFile = join(store.directory, 'cosign.pub');
  key = await newKey(keyFile);
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

async function newKey(file: string): Promise<KeyObject> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await writeFile(file, publicKey.export({ type: 'spki', format: 'pem' }));
  return privateKey;
}

type Signature = {
  readonly digest?: string;
  readonly identity?: string;
  readonly by?: KeyObject;
  readonly type?: string;
};

/** Attaches signatures to a manifest. */
function attach(digest: string, signatures: readonly Signature[]): void {
  const layers = signatures.map((each) => {
    const payload = Buffer.from(
      JSON.stringify({
        critical: {
          identity: { 'docker-reference': each.identity ?? `${registry.host}/team/app` },
          image: { 'docker-manifest-digest': each.digest ?? digest },
          type: each.type ?? 'cosign container image signature',
        },
        optional: null,
      }),
    );
    serveBlob(payload);
    return {
      mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json',
      digest: sha256(payload),
      size: payload.length,
      annotations: {
        'dev.cosignproject.cosign/signature': sign('sha256', payload, each.by ?? key).toString('base64'),
      },
    };
  });
  const type = 'application/vnd.oci.image.manifest.v1+json';
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: type, config: {}, layers }));
  registry.serveManifest(`team/app:${digest.replace(':', '-')}.sig`, bytes, type);
}

function serveBlob(bytes: Buffer): void {
  const before = registry.intercept;
  registry.intercept = (request, response) => {
    if (request.url !== `/v2/team/app/blobs/${sha256(bytes)}`) return before(request, response);
    response.end(bytes);
    return true;
  };
}

async function demand(...requirements: readonly object[]): Promise<void> {
  const docker = { [registry.host]: requirements };
  const policy = { default: [{ type: 'reject' }], transports: { docker } };
  await writeFile(store.settings.signaturePolicy, JSON.stringify(policy));
}

const repository = { type: 'matchRepository' };

async function refusal(): Promise<string> {
  const failure: unknown = await pull(store, name).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'unknown', reason: 'SignatureValidationFailed' });
  return String(failure);
}

describe('an image that has to be signed', () => {
  test('is taken with the right signature, also after another one, and each time again', async () => {
    await demand({ type: 'sigstoreSigned', keyPath: keyFile, signedIdentity: repository });
    const other = await newKey(join(store.directory, 'other.pub'));
    attach(image.manifestDigest, [{ by: other }, {}]);
    expect(await pull(store, name)).toBe(image.configDigest);
    attach(image.manifestDigest, [{ by: other }]);
    expect(await refusal()).toMatch(
      /SignatureValidationFailed: image ".*team\/app:1": signed with another key$/,
    );
  });

  test('is taken when the index that it was chosen from is signed', async () => {
    await demand({ type: 'sigstoreSigned', keyPath: keyFile, signedIdentity: repository });
    const index = makeIndex([{ image, architecture: 'amd64' }]);
    registry.serveManifest('team/app:1', index.bytes, index.type);
    attach(index.digest, [{}]);
    expect(await pull(store, name)).toBe(image.configDigest);
  });

  test.each<[string, Signature, RegExp]>([
    ['of another image', { digest: sha256(Buffer.from('x')) }, /the signature is of another image/],
    ['for another name', { identity: 'evil.test/team/app' }, /signed as "evil\.test\/team\/app"/],
  ])('is refused with a signature %s', async (...[, signature, words]) => {
    await demand({ type: 'sigstoreSigned', keyPath: keyFile, signedIdentity: repository });
    attach(image.manifestDigest, [signature]);
    expect(await refusal()).toMatch(words);
    expect(store.images.find(name)).toBeNull();
  });

  test('is refused without a signature, and with words that are not there', async () => {
    await demand({ type: 'sigstoreSigned', keyPath: keyFile, signedIdentity: repository });
    expect(await refusal()).toMatch(/has no signature/);
    attach(image.manifestDigest, [{}]);
    const before = registry.intercept;
    registry.intercept = (request, response) => {
      if (request.url?.includes('/manifests/') === true) return before(request, response);
      response.writeHead(404).end();
      return true;
    };
    expect(await refusal()).toMatch(/the signed words are not there/);
  });

  test('has to meet every demand', async () => {
    const second = join(store.directory, 'second.pub');
    await newKey(second);
    const demands = [keyFile, second].map((keyPath) => ({
      type: 'sigstoreSigned',
      keyPath,
      signedIdentity: repository,
    }));
    await demand(...demands);
    attach(image.manifestDigest, [{}]);
    expect(await refusal()).toMatch(/signed with another key/);
  });
});

describe('policy.json', () => {
  test('without a word about signatures takes everything, and rejects what it rejects', async () => {
    await demand({ type: 'insecureAcceptAnything' });
    expect(await pull(store, name)).toBe(image.configDigest);
    await demand({ type: 'reject' });
    expect(await refusal()).toMatch(/the signature policy rejects it/);
  });

  test.each([
    [
      'signedBy',
      { type: 'signedBy', keyType: 'GPGKeys', keyPath: '/x' },
      /demands "signedBy", which cri-ts cannot check/,
    ],
    [
      'a certificate authority',
      { type: 'sigstoreSigned', fulcio: {}, rekorPublicKeyPath: '/x' },
      /demands "sigstoreSigned with fulcio"/,
    ],
    [
      'a transparency log beside a key',
      { type: 'sigstoreSigned', keyPath: '/x', rekorPublicKeyPath: '/y' },
      /demands "sigstoreSigned with rekorPublicKeyPath"/,
    ],
  ])('that demands %s is never met', async (...[, requirement, words]) => {
    await demand(requirement);
    expect(await refusal()).toMatch(words);
  });

  test('counts by the most exact scope', async () => {
    const accept = [{ type: 'insecureAcceptAnything' }];
    const reject = [{ type: 'reject' }];
    const { host } = registry;
    for (const [docker, isTaken] of [
      [{ [host]: reject, [`${host}/team`]: accept }, true],
      [{ [`${host}/team`]: accept, [`${host}/team/app`]: reject }, false],
      [{ [`${host}/team/app`]: reject, [`${host}/team/app:1`]: accept }, true],
      [{ '': accept }, true],
      [{}, false],
    ] as const) {
      await writeFile(
        store.settings.signaturePolicy,
        JSON.stringify({ default: reject, transports: { docker } }),
      );
      if (isTaken) expect(await pull(store, name)).toBe(image.configDigest);
      else await refusal();
    }
  });

  test.each([
    ['{}', 'policy.default: expected at least one requirement'],
    ['{"default":[]}', 'policy.default: expected at least one requirement'],
    ['{"default":[{"type":"sigstoreSigned"}]}', 'keyPath: expected a key'],
    ['{"default":[{"type":"sigstoreSigned","keyPath":"a.pub"}]}', 'keyPath: expected absolute paths'],
    ['{"default":[{"type":"sigstoreSigned","keyPath":"/none"}]}', '"/none": expected a public key'],
    ['{"default":[{"type":"sigstoreSigned","keyData":"eA=="}]}', 'keyData: expected a public key'],
    [
      '{"default":[{"type":"sigstoreSigned","keyPath":"/x","signedIdentity":{"type":"x"}}]}',
      'signedIdentity.type: expected a known kind',
    ],
    ['nonsense', 'expected UTF-8 JSON'],
  ])('%j is refused with file and key', async (text, words) => {
    await writeFile(store.settings.signaturePolicy, text);
    await expect(pull(store, name)).rejects.toMatchObject({ reason: 'SignaturePolicyInvalid' });
    await expect(pull(store, name)).rejects.toThrow(words);
  });
});

const digest = `sha256:${'a'.repeat(64)}`;

test.each([
  ['a.test/x', 'a.test/x:1', { type: 'matchRepository' }, true],
  ['a.test/x:9', 'a.test/x:1', { type: 'matchRepository' }, true],
  ['a.test/xy', 'a.test/x:1', { type: 'matchRepository' }, false],
  ['a.test/x:1', 'a.test/x:1', { type: 'matchExact' }, true],
  ['a.test/x', 'a.test/x:latest', { type: 'matchExact' }, false],
  ['a.test/x:1', `a.test/x@${digest}`, { type: 'matchExact' }, false],
  ['a.test/x:1', 'a.test/x:1', { type: 'matchRepoDigestOrExact' }, true],
  ['a.test/x:1', 'a.test/x:2', { type: 'matchRepoDigestOrExact' }, false],
  ['a.test/x:1', `a.test/x@${digest}`, { type: 'matchRepoDigestOrExact' }, true],
  ['b.test/y:1', 'a.test/x:1', { type: 'exactReference', name: 'b.test/y:1' }, true],
  ['b.test/y:2', 'a.test/x:1', { type: 'exactReference', name: 'b.test/y:1' }, false],
  ['b.test/y', 'a.test/x:1', { type: 'exactRepository', name: 'b.test/y' }, true],
  [
    'b.test/t/x:1',
    'm.test/c/t/x:1',
    { type: 'remapIdentity', prefix: 'm.test/c', signedPrefix: 'b.test' },
    true,
  ],
  [
    'm.test/cc/x:1',
    'm.test/cc/x:1',
    { type: 'remapIdentity', prefix: 'm.test/c', signedPrefix: 'b.test' },
    true,
  ],
  ['', 'a.test/x:1', { type: 'matchRepository' }, false],
] as const)('signed as %j is right for %j with %j: %p', (...[signed, wanted, identity, isRight]) => {
  expect(isSignedFor(signed, parseReference(wanted), identity)).toBe(isRight);
});
