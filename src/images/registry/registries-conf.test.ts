import '../test-realm.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReference } from '../reference.ts';
import { ConfiguredHosts } from './configured-hosts.ts';
import { CertsDirs } from './certs-dirs.ts';
import { readRegistriesConf, type RegistriesConf } from './registries-conf.ts';

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
  return hostsOf(conf);
}

function hostsOf(conf: RegistriesConf): ConfiguredHosts {
  return new ConfiguredHosts({ conf, certs: new CertsDirs([]), insecure: ['plain.test', '*.lab.test'] });
}

async function places(configured: ConfiguredHosts, name: string): Promise<readonly string[]> {
  const endpoints = await configured.endpointsOf(parseReference(name));
  return endpoints.map(({ host, repository, tag, trust, isMirror }) =>
    [
      `${host}/${repository}${tag === null ? '' : `:${tag}`}`,
      ...(trust.isVerified ? [] : ['insecure']),
      ...(isMirror ? ['mirror'] : []),
    ].join(' '),
  );
}

describe('registries.conf', () => {
  test('may be absent: each registry is itself, and docker.io is searched', async () => {
    const conf = await readRegistriesConf(join(directory, 'none'), join(directory, 'none.d'));
    const configured = hostsOf(conf);
    expect(configured.conf.searchDomains).toEqual(['docker.io']);
    expect(await places(configured, 'busybox')).toEqual(['registry-1.docker.io/library/busybox']);
    expect(await places(configured, 'localhost:5000/x')).toEqual(['localhost:5000/x insecure']);
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
    expect(configured.conf.searchDomains).toEqual(['one.test']);
    expect(await places(configured, 'docker.io/busybox')).toEqual([
      'mirror.test/hub/library/busybox insecure mirror',
      'registry-1.docker.io/library/busybox',
    ]);
    expect((await places(configured, `docker.io/busybox@sha256:${'0'.repeat(64)}`))[1]).toBe(
      'digests.test/library/busybox mirror',
    );
    expect(await places(configured, 'docker.io/special/x/y')).toEqual(['special.test/deep/x/y']);
    expect((await places(configured, 'docker.io/specialist/x')).at(-1)).toBe(
      'registry-1.docker.io/specialist/x',
    );
    expect(await places(configured, 'a.wild.test/x')).toEqual(['a.wild.test/x insecure']);
    expect(await places(configured, 'wild.test/x')).toEqual(['wild.test/x']);
    expect(await places(configured, 'plain.test/x')).toEqual(['plain.test/x insecure']);
    expect(await places(configured, 'b.lab.test/x')).toEqual(['b.lab.test/x insecure']);
    await expect(places(configured, 'docker.io/bad/x')).rejects.toThrow('blocked');
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
    expect(await places(configured, 'x.test/y')).toEqual(['twenty.test/y']);
    expect(configured.conf.searchDomains).toEqual([]);
    expect(() => parseReference('short', configured.conf.searchDomains)).toThrow('with its registry');
  });

  test.each([
    ['[[registry]]\n', 'registry[0].location: expected a registry'],
    ['[[registry]]\nlocation = "a"\ninsecure = "yes"\n', 'registry[0].insecure: expected true or false'],
    [
      '[[registry]]\nlocation = "a"\n[[registry.mirror]]\n',
      'registry[0].mirror[0].location: expected a registry',
    ],
    ['unqualified-search-registries = [1]', 'unqualified-search-registries: expected strings'],
    ['[registries.search]\nregistries = []\n', 'registries: expected version 2'],
    ['[[registry', 'registries.conf'],
  ])('%j is refused with file and key', async (text, words) => {
    await expect(hosts(text)).rejects.toMatchObject({ reason: 'RegistriesConfInvalid' });
    await expect(hosts(text)).rejects.toThrow(words);
  });
});
