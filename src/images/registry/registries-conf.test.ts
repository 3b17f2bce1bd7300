import '../test-realm.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReference } from '../reference.ts';
import { ConfiguredHosts } from './configured-hosts.ts';
import { readRegistriesConf } from './registries-conf.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'conf-'));
  await mkdir(join(directory, 'conf.d'));
});
afterEach(async () => await rm(directory, { recursive: true, force: true }));

async function hosts(text: string, dropIns: Readonly<Record<string, string>> = {}): Promise<ConfiguredHosts> {
  await writeFile(join(directory, 'registries.conf'), text);
  for (const [name, part] of Object.entries(dropIns)) await writeFile(join(directory, 'conf.d', name), part);
  const conf = await readRegistriesConf(join(directory, 'registries.conf'), join(directory, 'conf.d'));
  return new ConfiguredHosts(conf, ['plain.test', '*.lab.test']);
}

function places(configured: ConfiguredHosts, name: string): readonly string[] {
  return configured
    .endpointsOf(parseReference(name))
    .map(({ host, repository, isInsecure, isMirror }) =>
      [`${host}/${repository}`, ...(isInsecure ? ['insecure'] : []), ...(isMirror ? ['mirror'] : [])].join(
        ' ',
      ),
    );
}

describe('registries.conf', () => {
  test('may be absent: each registry is itself, and docker.io is searched', async () => {
    const conf = await readRegistriesConf(join(directory, 'none'), join(directory, 'none.d'));
    const configured = new ConfiguredHosts(conf, []);
    expect(configured.searchDomains).toEqual(['docker.io']);
    expect(places(configured, 'busybox')).toEqual(['registry-1.docker.io/library/busybox']);
    expect(places(configured, 'localhost:5000/x')).toEqual(['localhost:5000/x insecure']);
  });

  test('puts mirrors first and rewrites by the longest prefix', async () => {
    const configured = await hosts(`
      unqualified-search-registries = ["one.test"]
      [[registry]]
      location = "docker.io"
      [[registry.mirror]]
      location = "mirror.test/hub"
      insecure = true
      [[registry.mirror]]
      location = "digests.test"
      pull-from-mirror = "digest-only"
      [[registry]]
      prefix = "docker.io/special"
      location = "special.test/deep"
      [[registry]]
      prefix = "*.wild.test"
      insecure = true
      [[registry]]
      prefix = "docker.io/bad"
      blocked = true`);
    expect(configured.searchDomains).toEqual(['one.test']);
    expect(places(configured, 'docker.io/busybox')).toEqual([
      'mirror.test/hub/library/busybox insecure mirror',
      'registry-1.docker.io/library/busybox',
    ]);
    expect(places(configured, `docker.io/busybox@sha256:${'0'.repeat(64)}`)[1]).toBe(
      'digests.test/library/busybox mirror',
    );
    expect(places(configured, 'docker.io/special/x/y')).toEqual(['special.test/deep/x/y']);
    expect(places(configured, 'docker.io/specialist/x').at(-1)).toBe('registry-1.docker.io/specialist/x');
    expect(places(configured, 'a.wild.test/x')).toEqual(['a.wild.test/x insecure']);
    expect(places(configured, 'wild.test/x')).toEqual(['wild.test/x']);
    expect(places(configured, 'plain.test/x')).toEqual(['plain.test/x insecure']);
    expect(places(configured, 'b.lab.test/x')).toEqual(['b.lab.test/x insecure']);
    expect(() => places(configured, 'docker.io/bad/x')).toThrow('blocked');
  });

  test('is overlaid by its directory, in order of names', async () => {
    const configured = await hosts(
      `unqualified-search-registries = ["a.test"]\n[[registry]]\nlocation = "x.test"\n`,
      {
        '10.conf': `[[registry]]\nprefix = "x.test"\nlocation = "ten.test"\n`,
        '20.conf': `unqualified-search-registries = []\n[[registry]]\nprefix = "x.test"\nlocation = "twenty.test"\n`,
        'ignored.txt': 'not toml at all [',
      },
    );
    expect(places(configured, 'x.test/y')).toEqual(['twenty.test/y']);
    expect(configured.searchDomains).toEqual([]);
    expect(() => parseReference('short', configured.searchDomains)).toThrow('with its registry');
  });

  test.each([
    ['[[registry]]\n', 'registry[0].location: expected a registry'],
    ['[[registry]]\nlocation = "a"\ninsecure = "yes"\n', 'registry[0].insecure: expected true or false'],
    [
      '[[registry]]\nlocation = "a"\n[[registry.mirror]]\n',
      'registry[0].mirror[0].location: expected a registry',
    ],
    ['unqualified-search-registries = [1]', 'unqualified-search-registries: expected strings'],
    ['[registries.search]\nregistries = []\n', 'version 1'],
    ['[[registry', 'registries.conf'],
  ])('%j is refused with file and key', async (text, words) => {
    await expect(hosts(text)).rejects.toMatchObject({ reason: 'RegistriesConfInvalid' });
    await expect(hosts(text)).rejects.toThrow(words);
  });
});
