/**
 * What an operator writes about registries, as a running daemon takes it: at the next pull, without a restart, with errors
 * that name file and key. Reference: cri.md 2.7 (error classes), features.md 1.4.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '../../src/base/errors.ts';
import { image } from '../harness/test-images.ts';
import { useRig } from '../harness/use-rig.ts';

const rig = useRig();
const written = ['registries.d/50-test.conf', 'certs.d/quay.test/hosts.toml', 'policy.json'];

beforeEach(clean);
afterEach(async () => {
  await clean();
  const { images } = await rig().call('ListImages', {});
  for (const { id } of images.filter(isPulledHere)) await rig().call('RemoveImage', { image: { image: id } });
});

function isPulledHere({ repoTags }: { readonly repoTags: readonly string[] }): boolean {
  return !repoTags.includes(image.busybox);
}

async function clean(): Promise<void> {
  for (const path of written) await rm(rig().machine.path(path), { force: true });
}

async function write(path: string, text: string): Promise<void> {
  const file = rig().machine.path(path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

async function failure(name: string): Promise<string> {
  return await rig()
    .pull(name)
    .then(() => 'it was pulled', messageOf);
}

const repository = image.plain.replace(/^[^/]+\//, '').replace(/:.*$/, '');

describe('a running daemon', () => {
  test('takes a hosts.toml at the next pull, and tells of a mistake by file and key', async () => {
    const name = `quay.test/${repository}`;
    expect(await failure(name)).toMatch(/RegistryUnavailable: registry "quay\.test"/);
    await write('certs.d/quay.test/hosts.toml', `server = "http://${rig().registry.address}"\nca = 5\n`);
    expect(await failure(name)).toMatch(
      /certs\.d\/quay\.test\/hosts\.toml": ca: expected a string or a list of strings/,
    );
    await write('certs.d/quay.test/hosts.toml', `server = "http://${rig().registry.address}"\n`);
    expect(await rig().pull(name)).toContain(rig().registry.built(image.plain).imageId);
    const { images } = await rig().call('ListImages', {});
    expect(images.filter(isPulledHere).flatMap(({ repoTags }) => repoTags)).toEqual([`${name}:latest`]);
  });

  test('takes a drop-in of registries.conf at the next pull, also for the names in its store', async () => {
    const alias = `[aliases]\n"short" = "${image.plain.replace(/:.*$/, '')}"\n`;
    await write('registries.d/50-test.conf', alias);
    const id = await rig().pull('short');
    const { image: seen } = await rig().call('ImageStatus', { image: { image: 'short' } });
    expect(seen?.id).toBe(id);
    expect(seen?.repoTags).toEqual([image.plain]);
    await write(
      'registries.d/50-test.conf',
      `[[registry]]\nprefix = "${image.plain.split('/')[0]}"\nblocked = true\n`,
    );
    expect(await failure(image.plain)).toMatch(/is blocked by registries\.conf/);
  });

  test('passes over a mirror that is down and tells of both when nobody has the image', async () => {
    const { address } = rig().registry;
    const mirror = (location: string): string =>
      `[[registry.mirror]]\nlocation = "${location}"\ninsecure = true\n`;
    const registry = `[[registry]]\nlocation = "other.test"\n`;
    await write('registries.d/50-test.conf', registry + mirror('127.0.0.1:9') + mirror(address));
    expect(await rig().pull(`other.test/${repository}`)).not.toBe('');
    await write('registries.d/50-test.conf', registry + mirror('127.0.0.1:9'));
    const told = await failure(`other.test/${repository}:none`);
    expect(told.split('registry "other.test"').length).toBe(2);
    expect(told).toMatch(
      /RegistryUnavailable: registry "127\.0\.0\.1:9": .*ECONNREFUSED.*; registry "other\.test": /,
    );
  });

  test('refuses what the signature policy refuses, in the words that the kubelet knows', async () => {
    await write('policy.json', '{"default":[{"type":"reject"}]}');
    expect(await failure(image.plain)).toMatch(
      /SignatureValidationFailed: image ".*": the signature policy rejects it/,
    );
  });
});
