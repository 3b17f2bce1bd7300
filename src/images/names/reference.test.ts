import { describe, expect, test } from '@jest/globals';
import { assert, property, string } from 'fast-check';
import { CriError } from '../../base/errors.ts';
import { canonicalName, idPrefixOf, parseReferences, tagNameOf } from './reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;

function names(text: string, search?: readonly string[]): readonly string[] {
  return parseReferences(text, search).map(canonicalName);
}

describe('the name of an image', () => {
  test.each([
    ['busybox', 'docker.io/library/busybox:latest'],
    ['busybox:1', 'docker.io/library/busybox:1'],
    ['team/app', 'docker.io/team/app:latest'],
    ['docker.io/busybox', 'docker.io/library/busybox:latest'],
    ['index.docker.io/library/busybox:1', 'docker.io/library/busybox:1'],
    ['localhost/app', 'localhost/app:latest'],
    ['localhost:5000/app', 'localhost:5000/app:latest'],
    ['[::1]:5000/app:2', '[::1]:5000/app:2'],
    ['registry.test/a/b/c_d__e-f.g:T-1.x', 'registry.test/a/b/c_d__e-f.g:T-1.x'],
    ['HOST/app', 'HOST/app:latest'],
    ['deadbeef', 'docker.io/library/deadbeef:latest'],
    [`busybox@${digest}`, `docker.io/library/busybox@${digest}`],
    [`busybox:1@${digest}`, `docker.io/library/busybox@${digest}`],
  ])('%s means %s', (text, name) => {
    expect(names(text)).toEqual([name]);
  });

  test('without a registry is looked for in all search registries', () => {
    expect(names('app', ['one.test', 'docker.io'])).toEqual([
      'one.test/app:latest',
      'docker.io/library/app:latest',
    ]);
    expect(names('one.test/app', ['two.test'])).toEqual(['one.test/app:latest']);
  });

  test.each([
    '',
    'A',
    'a//b',
    '/a',
    'a/',
    'a:',
    'a:b:c',
    'a@',
    `a@${digest}@${digest}`,
    'a@sha256:zz',
    'a@md5:abc',
    '.a',
    'a..b',
    'a___b',
    'a b',
    'a\nb',
    'a\0b',
    '../etc',
    'registry.test/../x',
    `a:${'t'.repeat(129)}`,
    'x'.repeat(300),
    'a'.repeat(64),
    'registry.test:99999999/x',
    '-a',
  ])('cannot be %j', (text) => {
    expect(() => names(text)).toThrow(CriError);
  });

  test('of any text is a name that means itself, or is refused', () => {
    assert(
      property(string({ unit: 'binary-ascii', maxLength: 60 }), (text) => {
        try {
          for (const name of names(text)) expect(names(name)).toEqual([name]);
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid', reason: 'InvalidImageName' });
        }
      }),
    );
  });

  test('by digest has no tag', () => {
    expect(parseReferences(`busybox:1@${digest}`).map(tagNameOf)).toEqual([null]);
  });
});

describe('an id prefix', () => {
  test.each([
    ['a'.repeat(64), 'a'.repeat(64)],
    [digest, 'a'.repeat(64)],
    ['deadbeef0123', 'deadbeef0123'],
    ['sha256:ab', 'ab'],
    ['cafe', null],
    ['DEADBEEF', null],
    ['a'.repeat(65), null],
    ['busybox', null],
  ])('in %s is %s', (text, prefix) => {
    expect(idPrefixOf(text)).toBe(prefix);
  });
});
