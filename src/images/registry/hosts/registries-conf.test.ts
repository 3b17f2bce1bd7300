import '../../testing/realm.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReference } from '../../names/reference.ts';
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
  return endpoints.map(({ host, repository, renamedTag, trust, isMirror }) =>
    [
      `${host}/${repository}${renamedTag === null ? '' : `:${renamedTag.to}`}`,
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

  test('means hosts at any port by a wildcard without one', async () => {
    const configured = await hosts(`
      [[registry]]
      prefix = "*.bad.test"
      blocked = true
      [[registry]]
      prefix = "*.wild.test"
      location = "other.test"
      [[registry]]
      prefix = "*.port.test:5000/team"
      insecure = true`);
    await expect(places(configured, 'a.bad.test:5000/x')).rejects.toMatchObject({
      reason: 'RegistryBlocked',
    });
    for (const [name, place] of [
      ['a.wild.test:5000/x/y', 'other.test/x/y'],
      ['a.port.test:5000/team/x', 'a.port.test:5000/team/x insecure'],
      ['a.port.test:5001/team/x', 'a.port.test:5001/team/x'],
      ['a.port.test/team/x', 'a.port.test/team/x'],
      ['b.lab.test:5000/x', 'b.lab.test:5000/x insecure'],
      ['plain.test:5000/x', 'plain.test:5000/x'],
      ['xlab.test:5000/x', 'xlab.test:5000/x'],
    ])
      expect(await places(configured, name ?? '')).toEqual([place]);
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

  test('adds aliases and takes them back, and replaces other keys as a whole, file by file', async () => {
    const { conf } = await hosts(
      `short-name-mode = "enforcing"\ncredential-helpers = ["one"]\n[aliases]\n"app" = "a.test/app"\n"team/x" = "a.test/x"\n`,
      {
        '000-shortnames.conf': `[aliases]\n"busybox" = "docker.io/library/busybox"\n"app" = ""\n`,
        '10.conf': `short-name-mode = "Disabled"\ncredential-helpers = ["containers-auth.json", "two"]\n`,
      },
    );
    expect(conf).toMatchObject({
      aliases: new Map([
        ['team/x', 'a.test/x'],
        ['busybox', 'docker.io/library/busybox'],
      ]),
      shortNameMode: 'disabled',
      credentialHelpers: ['containers-auth.json', 'two'],
      searchDomains: ['docker.io'],
    });
  });

  test('chooses mirrors by how the image is named', async () => {
    const configured = await hosts(`
      [[registry]]
      location = "a.test"
      [[registry.mirror]]
      location = "tags.test"
      pull-from-mirror = "tag-only"
      [[registry.mirror]]
      location = "all.test"
      [[registry]]
      location = "b.test"
      mirror-by-digest-only = true
      [[registry.mirror]]
      location = "digests.test"`);
    const byDigest = `x@sha256:${'0'.repeat(64)}`;
    expect(await places(configured, 'a.test/x')).toEqual([
      'tags.test/x mirror',
      'all.test/x mirror',
      'a.test/x',
    ]);
    expect(await places(configured, `a.test/${byDigest}`)).toEqual(['all.test/x mirror', 'a.test/x']);
    expect(await places(configured, 'b.test/x')).toEqual(['b.test/x']);
    expect(await places(configured, `b.test/${byDigest}`)).toEqual(['digests.test/x mirror', 'b.test/x']);
  });

  test('may speak of one tag, and never takes a port for one', async () => {
    const configured = await hosts(`
      [[registry]]
      prefix = "a.test/x:bad"
      location = "a.test/x"
      blocked = true
      [[registry]]
      prefix = "b.test/x:1"
      location = "c.test/y:2"
      [[registry]]
      location = "d.test"
      insecure = true
      [[registry]]
      prefix = "*.wild.test/team"
      location = "e.test/all"`);
    await expect(places(configured, 'a.test/x:bad')).rejects.toMatchObject({ reason: 'RegistryBlocked' });
    expect(await places(configured, 'a.test/x:good')).toEqual(['a.test/x']);
    expect(await places(configured, 'b.test/x:1')).toEqual(['c.test/y:2']);
    expect(await places(configured, 'b.test/x:11')).toEqual(['b.test/x']);
    expect(await places(configured, 'd.test:5000/x')).toEqual(['d.test:5000/x']);
    expect(await places(configured, 'a.b.wild.test/team/x')).toEqual(['e.test/all/x']);
    expect(await places(configured, 'a.wild.test/teams/x')).toEqual(['a.wild.test/teams/x']);
  });

  test('names keys that it does not know', async () => {
    const { conf } = await hosts(
      `odd = 1\n[[registry]]\nlocation = "a"\n[[registry.mirror]]\nlocation = "b"\nodd = 1\n`,
    );
    expect(conf.unknownKeys.map((key) => key.replace(directory, ''))).toEqual([
      '/registries.conf: odd',
      '/registries.conf: registry[0].mirror[0].odd',
    ]);
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
    ['short-name-mode = "ask"', 'short-name-mode: expected "enforcing", "permissive" or "disabled"'],
    ['credential-helpers = ["/bin/sh"]', 'credential-helpers: expected the NAMEs'],
    ['[aliases]\n"a.test/x" = "b.test/x"\n', 'aliases."a.test/x": expected a short name'],
    ['[aliases]\nx = "y"\n', 'aliases.x: expected a name with its registry'],
    ['[[registry]]\nlocation = "https://a"\n', 'registry[0].location: expected host[:port][/path] without'],
    ['[[registry]]\nprefix = "a.*.test"\n', 'registry[0].prefix: expected a "*." only at its beginning'],
    [
      '[[registry]]\nlocation = "a"\npull-from-mirror = "all"\n',
      'registry[0].pull-from-mirror: expected it only in a [[registry.mirror]]',
    ],
    [
      '[[registry]]\nlocation = "a"\nmirror-by-digest-only = true\n[[registry.mirror]]\nlocation = "b"\npull-from-mirror = "all"\n',
      'registry[0].mirror[0].pull-from-mirror: expected nothing beside mirror-by-digest-only',
    ],
    [
      '[[registry]]\nlocation = "a"\n[[registry]]\nprefix = "b"\nlocation = "a"\ninsecure = true\n',
      'registry[1].insecure: expected the same as in the other [[registry]] of "a"',
    ],
  ])('%j is refused with file and key', async (text, words) => {
    await expect(hosts(text)).rejects.toMatchObject({ reason: 'RegistriesConfInvalid' });
    await expect(hosts(text)).rejects.toThrow(words);
  });
});
