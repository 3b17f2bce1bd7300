import '../../testing/realm.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { noAuth } from '../../testing/store.ts';
import { type CredentialOptions, CredentialSources } from './credential-sources.ts';

const signal = new AbortController().signal;
const savedPath = process.env['PATH'] ?? '';
let directory: string;
let authFile: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'credentials-'));
  authFile = join(directory, 'auth.json');
  process.env['PATH'] = `${directory}${delimiter}${savedPath}`;
});
afterEach(async () => {
  process.env['PATH'] = savedPath;
  await rm(directory, { recursive: true, force: true });
});

async function program(name: string, script: string): Promise<void> {
  const path = join(directory, `docker-credential-${name}`);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

async function find(credentialName: string, options: Partial<CredentialOptions> = {}): Promise<unknown> {
  const sources = new CredentialSources({
    auth: null,
    domain: 'a.test',
    authFile,
    helpers: ['containers-auth.json'],
    helperTimeoutMs: 5000,
    ...options,
  });
  return await sources.of({ isNamed: true, credentialName }, signal);
}

function pair(user: string): { auth: string } {
  return { auth: Buffer.from(`${user}:pw`).toString('base64') };
}

function basic(username: string): unknown {
  return { kind: 'basic', username, password: 'pw' };
}

describe('the file of credentials', () => {
  test('gives the longest match, then the older ways to write a registry, and nobody else’s', async () => {
    const auths = {
      'a.test': pair('host'),
      'a.test/team': pair('team'),
      'a.test/team/app': pair('app'),
      'https://old.test/v1/': pair('old'),
      'https://index.docker.io/v1/': pair('hub'),
      'b.test:5000': pair('port'),
    };
    await writeFile(authFile, JSON.stringify({ auths }));
    for (const [name, user] of [
      ['a.test/team/app', 'app'],
      ['a.test/team/other', 'team'],
      ['a.test/teamwork/app', 'host'],
      ['old.test/x', 'old'],
      ['docker.io/library/busybox', 'hub'],
      ['b.test:5000/x', 'port'],
    ] as const)
      expect([name, await find(name)]).toEqual([name, basic(user)]);
    expect(await find('b.test/x')).toEqual({ kind: 'anonymous' });
  });

  test('gives identity and registry tokens', async () => {
    const auths = { 'a.test': { identitytoken: 'id' }, 'b.test': { registrytoken: 'reg' } };
    await writeFile(authFile, JSON.stringify({ auths }));
    expect(await find('a.test/x')).toEqual({ kind: 'identity', username: '', token: 'id' });
    expect(await find('b.test/x')).toEqual({ kind: 'bearer', token: 'reg' });
  });

  test.each([
    ['{"auths":5}', 'file.auths: expected an object'],
    ['{"auths":{"a.test":{"auth":"%%"}}}', 'auths."a.test".auth: expected base64'],
    ['{"credHelpers":{"a.test":5}}', 'file.credHelpers.a.test: expected a string'],
    ['not json', 'file: expected UTF-8 JSON'],
  ])('%j is refused with file and key', async (text, words) => {
    await writeFile(authFile, text);
    await expect(find('a.test/x')).rejects.toMatchObject({ reason: 'AuthFileInvalid' });
    await expect(find('a.test/x')).rejects.toThrow(words);
  });
});

describe('a credential helper', () => {
  test('of its registry counts before the file, the store of all after it', async () => {
    await program('own', `printf '{"Username":"own","Secret":"pw"}'`);
    await program('store', `read at; printf '{"Username":"%s","Secret":"pw"}' "$at"`);
    const config = { credHelpers: { 'a.test': 'own' }, credsStore: 'store' };
    await writeFile(authFile, JSON.stringify({ ...config, auths: { 'a.test': pair('file'), 'b.test': {} } }));
    expect(await find('a.test/x')).toEqual(basic('own'));
    expect(await find('b.test/x')).toEqual(basic('b.test'));
    expect(await find('docker.io/library/x')).toEqual(basic('https://index.docker.io/v1/'));
  });

  test('that has nothing is passed over, in the order of registries.conf', async () => {
    await program('none', `echo "credentials not found in native keychain"; exit 1`);
    await program('token', `printf '{"Username":"<token>","Secret":"id"}'`);
    const helpers = ['none', 'containers-auth.json', 'token'];
    expect(await find('a.test/x', { helpers })).toEqual({ kind: 'identity', username: '', token: 'id' });
    await writeFile(authFile, JSON.stringify({ auths: { 'a.test': pair('file') } }));
    expect(await find('a.test/x', { helpers })).toEqual(basic('file'));
  });

  test.each([
    ['hangs', 'sleep 60', /no answer within 300 ms/],
    ['fails', 'echo hush; exit 3', /exit code 3/],
    ['says nonsense', 'echo hush', /expected JSON/],
    ['never stops talking', 'yes hush', /no answer within|expected JSON/],
  ])('that %s is named, and nothing of what it says is shown', async (_, script, words) => {
    await program('bad', script);
    const failure = await find('a.test/x', { helpers: ['bad'], helperTimeoutMs: 300 }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({
      reason: 'CredentialHelperFailed',
      message: expect.stringMatching(words),
    });
    expect(String(failure)).not.toMatch(/hush/);
  });

  test('is a plain word and found on PATH', async () => {
    await writeFile(authFile, JSON.stringify({ credHelpers: { 'a.test': '../../bin/sh' } }));
    await expect(find('a.test/x')).rejects.toMatchObject({ reason: 'CredentialHelperFailed' });
    await expect(find('a.test/x', { helpers: ['missing'] })).rejects.toThrow(/docker-credential-missing/);
  });
});

describe('the credentials of a request', () => {
  const auth = { ...noAuth, username: 'me', password: 'pw' };

  test('are used for the named host, those of the node for others', async () => {
    await writeFile(
      authFile,
      JSON.stringify({ auths: { 'a.test': pair('node'), 'm.test': pair('mirror') } }),
    );
    expect(await find('a.test/x', { auth })).toEqual(basic('me'));
    const sources = new CredentialSources({
      auth,
      domain: 'a.test',
      authFile,
      helpers: ['containers-auth.json'],
      helperTimeoutMs: 5000,
    });
    expect(await sources.of({ isNamed: false, credentialName: 'm.test/x' }, signal)).toEqual(basic('mirror'));
  });

  test('that name another server leave it to those of the node', async () => {
    await writeFile(authFile, JSON.stringify({ auths: { 'a.test': pair('node') } }));
    const other = { ...auth, serverAddress: 'https://b.test/v1/' };
    expect(await find('a.test/x', { auth: other })).toEqual(basic('node'));
    const same = { ...auth, serverAddress: 'https://a.test/v1/' };
    expect(await find('a.test/x', { auth: same })).toEqual(basic('me'));
  });

  test.each([
    [{ auth: '%%%' }, 'auth: expected base64'],
    [{ registryToken: 'a b' }, 'registry_token: expected printable'],
  ])('%j are refused by field', async (fields, words) => {
    await expect(find('a.test/x', { auth: { ...noAuth, ...fields } })).rejects.toThrow(words);
  });
});
