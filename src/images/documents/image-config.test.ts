import { describe, expect, test } from '@jest/globals';
import { imageUser, parseImageConfig } from './image-config.ts';
import { parseManifest } from './manifest.ts';
import { choosePlatform } from './platform.ts';
import { parseChallenges } from '../registry/challenge.ts';

function parse(config: unknown): ReturnType<typeof parseImageConfig> {
  return parseImageConfig(Buffer.from(JSON.stringify({ config, rootfs: { type: 'layers', diff_ids: [] } })));
}

describe('the config of an image', () => {
  test('gives what a container needs', () => {
    const config = parse({
      User: '5:6',
      Env: ['A=b', 'EMPTY='],
      Entrypoint: ['/e'],
      Cmd: null,
      WorkingDir: '/w',
      Volumes: { '/v': {} },
      StopSignal: 'SIGQUIT',
      Labels: { a: 'b', __proto__x: 'c' },
    });
    expect(config).toMatchObject({
      user: '5:6',
      env: ['A=b', 'EMPTY='],
      entrypoint: ['/e'],
      cmd: [],
      volumes: ['/v'],
    });
    expect(config.stopSignal).toBe('SIGQUIT');
  });

  test('has labels that cannot touch our objects', () => {
    const bytes = Buffer.from(
      '{"rootfs":{"diff_ids":[]},"config":{"Labels":{"__proto__":"x","constructor":"y"}}}',
    );
    const { labels } = parseImageConfig(bytes);
    expect(Object.getPrototypeOf(labels)).toBeNull();
    expect(Object.entries(labels)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  test.each([
    [{ Env: ['A=\0'] }, 'Env'],
    [{ Env: 'A=b' }, 'Env'],
    [{ Cmd: [1] }, 'Cmd'],
    [{ WorkingDir: '/\0' }, 'WorkingDir'],
    [{ Labels: { a: 1 } }, 'a'],
  ])('%j is refused', (config, word) => {
    expect(() => parse(config)).toThrow(word);
  });

  test.each([
    ['', null, ''],
    ['1002', 1002n, ''],
    ['www-data', null, 'www-data'],
    ['1003:1004', 1003n, ''],
    ['www-data:1004', null, 'www-data'],
    ['4294967295', null, '4294967295'],
    ['4294967296', null, '4294967296'],
    ['0x10', null, '0x10'],
  ])('with USER %j has the right user', (user, uid, username) => {
    expect(imageUser(user)).toEqual({ uid, username });
  });
});

describe('an index', () => {
  const digest = `sha256:${'0'.repeat(64)}`;
  const entry = (architecture: string, variant?: string): object => ({
    mediaType: 'x',
    digest,
    size: variant?.length ?? 0,
    platform: { os: 'linux', architecture, variant },
  });

  function choose(entries: readonly object[], architecture: string): string | null {
    const index = parseManifest(Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: entries })), null);
    if (index.kind !== 'index') return null;
    return (
      choosePlatform(index.entries, { os: 'linux', architecture, variant: null }, 'image').platform
        ?.variant ?? '-'
    );
  }

  test('gives the exact variant before the baseline, and never a higher one', () => {
    expect(choose([entry('arm64', 'v9'), entry('arm64', 'v8')], 'arm64')).toBe('v8');
    expect(choose([entry('arm64')], 'arm64')).toBe('-');
    expect(choose([entry('amd64', 'v3'), entry('amd64')], 'amd64')).toBe('-');
    expect(() => choose([entry('amd64', 'v3'), entry('s390x')], 'amd64')).toThrow(
      '(it offers linux/amd64/v3, linux/s390x)',
    );
    expect(() => choose([], 'amd64')).toThrow('(it offers none)');
  });

  test('gives the first entry without a platform where none is for the machine', () => {
    const plain = { mediaType: 'x', digest, size: 0 };
    expect(choose([entry('s390x', 'z'), plain], 'amd64')).toBe('-');
    expect(choose([plain], 'amd64')).toBe('-');
    expect(choose([plain, entry('arm64', 'v8')], 'arm64')).toBe('v8');
  });
});

describe('a challenge', () => {
  test('is read with quoted commas, escapes and several schemes', () => {
    const found = parseChallenges(
      'Negotiate, Bearer realm="https://a/\\"b",service=s,scope="repository:x:pull,push", Basic realm="r"',
    );
    expect(found.map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)])).toEqual([
      ['negotiate', {}],
      ['bearer', { realm: 'https://a/"b', service: 's', scope: 'repository:x:pull,push' }],
      ['basic', { realm: 'r' }],
    ]);
  });

  test.each(['', '"', '=', 'Bearer realm="', 'a'.repeat(100_000), ',,,,', 'Bearer ='])(
    'of nonsense ends',
    (header) => {
      expect(parseChallenges(header.slice(0, 50)).length).toBeLessThan(3);
      expect(() => parseChallenges(header)).not.toThrow();
    },
  );
});
