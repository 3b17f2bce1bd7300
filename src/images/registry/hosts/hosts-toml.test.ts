import '../../testing/realm.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReference } from '../../names/reference.ts';
import { readHosts } from './configured-hosts.ts';
import type { Endpoint } from '../endpoint.ts';

let directory: string;
const digest = `sha256:${'0'.repeat(64)}`;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hosts-'));
});
afterEach(async () => await rm(directory, { recursive: true, force: true }));

async function put(path: string, text: string): Promise<void> {
  const file = join(directory, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, text);
}

async function endpoints(name: string, onUnknownKey?: (key: string) => void): Promise<readonly Endpoint[]> {
  const settings = {
    registriesConf: join(directory, 'registries.conf'),
    registriesConfDir: join(directory, 'registries.conf.d'),
    certsDirs: [join(directory, 'first'), join(directory, 'second')],
    insecureRegistries: ['lab.test'],
  };
  const hosts = await readHosts(settings, onUnknownKey);
  return await hosts.endpointsOf(parseReference(name));
}

/** `scheme://host/base/repository?ns`, and how it is trusted. */
async function places(name: string): Promise<readonly string[]> {
  return (await endpoints(name)).map((each) => {
    const { schemes, host, basePath, repository, namespace, trust } = each;
    const url = `${schemes.join('|')}://${host}${basePath}/${repository}`;
    return `${url}${namespace === null ? '' : `?${namespace}`}${trust.isVerified ? '' : ' unverified'}`;
  });
}

describe('hosts.toml', () => {
  test('puts its hosts in the order of the file before the registry itself', async () => {
    await put(
      'first/docker.io/hosts.toml',
      `[host."https://one.test"]\n[host."http://two.test:5000/cache"]\n[host."https://three.test/own/v2/"]\n`,
    );
    expect(await places('busybox')).toEqual([
      'https://one.test/v2/library/busybox?docker.io',
      'http://two.test:5000/cache/v2/library/busybox?docker.io',
      'https://three.test/own/v2/library/busybox?docker.io',
      'https://registry-1.docker.io/v2/library/busybox',
    ]);
  });

  test('replaces the registry itself by its server, with a path that is the whole', async () => {
    await put(
      'first/quay.test/hosts.toml',
      `server = "https://harbor.test/proxy"\noverride_path = true\nskip_verify = true\n`,
    );
    expect(await places('quay.test/a/b')).toEqual(['https://harbor.test/proxy/a/b?quay.test unverified']);
  });

  test('may have any files beside it, which are no pairs of Docker and no authorities then', async () => {
    await put('first/quay.test/hosts.toml', `[host."http://one.test:443"]\n`);
    for (const file of ['client.crt', 'client.key', 'tls.key', 'half.cert'])
      await put(`first/quay.test/${file}`, 'any text');
    expect(await places('quay.test/a')).toEqual([
      'http://one.test:443/v2/a?quay.test',
      'https://quay.test/v2/a',
    ]);
  });

  test('and registries.conf tell once of each key that nobody knows, with its file', async () => {
    await put('registries.conf', `colour = "red"\n`);
    await put('first/quay.test/hosts.toml', `shape = 1\n[host."https://quay.test"]\nsize = 2\n`);
    const keys: string[] = [];
    await endpoints('quay.test/a', (key) => keys.push(key));
    expect(keys).toEqual([
      `${directory}/registries.conf: colour`,
      `${directory}/first/quay.test/hosts.toml: shape`,
      `${directory}/first/quay.test/hosts.toml: host."https://quay.test".size`,
    ]);
  });

  test('leaves hosts out for which a host has no capability', async () => {
    await put(
      'first/quay.test/hosts.toml',
      `[host."https://blobs.test"]\ncapabilities = ["pull"]\n[host."https://push.test"]\ncapabilities = ["push"]\n`,
    );
    expect((await endpoints('quay.test/a')).map((each) => [each.host, each.resolvesTags])).toEqual([
      ['blobs.test', false],
      ['quay.test', true],
    ]);
    await put('first/quay.test/hosts.toml', `capabilities = ["pull"]\n`);
    await expect(endpoints('quay.test/a:1')).rejects.toMatchObject({ reason: 'RegistryBlocked' });
    expect((await endpoints(`quay.test/a@${digest}`)).length).toBe(1);
  });

  test('gives each host its headers and its time to connect', async () => {
    await put(
      'first/quay.test/hosts.toml',
      `[host."https://one.test"]\ndial_timeout = "1m0.5s"\n[host."https://one.test".header]\nX-Team = ["a", "b"]\nAuthorization = "Basic x"\n`,
    );
    expect((await endpoints('quay.test/a')).map((each) => [each.headers, each.dialTimeoutMs])).toEqual([
      [{ 'x-team': 'a, b', authorization: 'Basic x' }, 60_500],
      [{}, null],
    ]);
  });

  test('counts by the first directory of the name, with a port in either form, and _default for the rest', async () => {
    await put('second/_default/hosts.toml', `[host."https://default.test"]\n`);
    await put('second/quay.test:5000/hosts.toml', `[host."https://second.test"]\n`);
    expect(await places('quay.test:5000/a')).toContain('https://second.test/v2/a?quay.test:5000');
    await put('first/quay.test_5000_/hosts.toml', `[host."https://first.test"]\n`);
    expect(await places('quay.test:5000/a')).toEqual([
      'https://first.test/v2/a?quay.test:5000',
      'https://quay.test:5000/v2/a',
    ]);
    expect(await places('other.test/a')).toEqual([
      'https://default.test/v2/a?other.test',
      'https://other.test/v2/a',
    ]);
  });

  test('stands behind registries.conf: each place of the one is reached by the other', async () => {
    await put(
      'registries.conf',
      `[[registry]]\nlocation = "quay.test"\n[[registry.mirror]]\nlocation = "mirror.test/quay"\n[[registry.mirror]]\nlocation = "lab.test"\n`,
    );
    await put('first/mirror.test/hosts.toml', `server = "http://mirror.test:8080"\n`);
    await put('first/quay.test/hosts.toml', `[host."https://cache.test"]\n`);
    await put('first/_default/hosts.toml', `[host."https://default.test"]\n`);
    expect(await places('quay.test/a')).toEqual([
      'http://mirror.test:8080/v2/quay/a?mirror.test',
      'https|http://lab.test/v2/a unverified',
      'https://cache.test/v2/a?quay.test',
      'https://quay.test/v2/a',
    ]);
  });

  test("shows a request's credentials to the host of the name only, and files the others' by host", async () => {
    await put('registries.conf', `[[registry]]\nprefix = "a.test"\nlocation = "b.test"\n`);
    await put('first/quay.test/hosts.toml', `server = "https://x.test"\n[host."https://one.test"]\n`);
    const seen = async (name: string): Promise<unknown> =>
      (await endpoints(name)).map(({ isNamed, credentialName }) => [isNamed, credentialName]);
    expect(await seen('quay.test/t/a')).toEqual([
      [false, 'one.test/t/a'],
      [true, 'quay.test/t/a'],
    ]);
    expect(await seen('a.test/t/a')).toEqual([[false, 'b.test/t/a']]);
    expect(await seen('busybox')).toEqual([[true, 'docker.io/library/busybox']]);
  });

  test.each([
    [`server = 5`, 'server: expected a string'],
    [`server = "ftp://x"`, 'server: expected a URL'],
    [`[host."https://u:p@x.test"]`, 'host."https://u:p@x.test": expected a URL without credentials'],
    [`[host."https://x.test"]\ncapabilities = ["fly"]`, 'capabilities: expected "pull", "resolve" or "push"'],
    [`[host."https://x.test"]\nca = [1]`, 'host."https://x.test".ca: expected strings'],
    [`ca = "none.pem"`, 'none.pem": expected a certificate in PEM form, and there is no such file'],
    [`client = [["a", "b", "c"]]`, 'client: expected a file, or a list'],
    [`skip_verify = "yes"`, 'skip_verify: expected true or false'],
    [`dial_timeout = "soon"`, 'dial_timeout: expected a time'],
    [`[header]\n"a b" = "c"`, 'header."a b": expected the name of a header'],
    [`[header]\na = "b\\nc"`, 'header.a: expected a value of printable characters'],
    [`[host`, 'hosts.toml'],
  ])('%j is refused with file and key', async (text, words) => {
    await put('first/quay.test/hosts.toml', text);
    await expect(endpoints('quay.test/a')).rejects.toMatchObject({
      reason: expect.stringMatching(/^(?:HostsTomlInvalid|CertificatesInvalid)$/),
    });
    await expect(endpoints('quay.test/a')).rejects.toThrow(words);
  });
});
