import { describe, expect, test } from '@jest/globals';
import { repositoryOf } from './reference.ts';
import {
  candidatesOf,
  isAliasName,
  isAliasValue,
  meaningsOf,
  type ShortNameMode,
  type ShortNames,
} from './short-names.ts';

function names(shortNameMode: ShortNameMode, searchDomains = ['one.test', 'two.test:5000']): ShortNames {
  return { shortNameMode, searchDomains, aliases: new Map([['app', 'alias.test/team/app']]) };
}

function candidates(text: string, of: ShortNames): readonly string[] {
  return candidatesOf(text, of).map((each) => `${repositoryOf(each)} ${each.tag ?? each.digest}`);
}

describe('a name without its registry', () => {
  test('means its alias alone, with its own tag or digest', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    for (const mode of ['enforcing', 'permissive', 'disabled'] as const) {
      expect(candidates('app', names(mode))).toEqual(['alias.test/team/app latest']);
      expect(candidates('app:2', names(mode))).toEqual(['alias.test/team/app 2']);
      expect(candidates(`app@${digest}`, names(mode))).toEqual([`alias.test/team/app ${digest}`]);
    }
  });

  test.each(['permissive', 'disabled'] as const)('is searched in order when the mode is %s', (mode) => {
    expect(candidates('other:1', names(mode))).toEqual(['one.test/other 1', 'two.test:5000/other 1']);
  });

  test('is refused when the mode is enforcing and several registries could have it', () => {
    expect(() => candidatesOf('other', names('enforcing'))).toThrow(
      expect.objectContaining({ reason: 'ShortNameAmbiguous' }),
    );
    expect(candidates('other', names('enforcing', ['one.test']))).toEqual(['one.test/other latest']);
  });

  test('is still found in the store by any of its meanings when the mode is enforcing', () => {
    expect(meaningsOf('other', names('enforcing')).map(repositoryOf)).toEqual([
      'one.test/other',
      'two.test:5000/other',
    ]);
  });

  test('with its registry is nothing but itself', () => {
    expect(candidates('x.test/app', names('enforcing'))).toEqual(['x.test/app latest']);
    expect(candidates('localhost/app', names('enforcing'))).toEqual(['localhost/app latest']);
  });
});

test.each([
  ['app', true, false],
  ['team/app', true, false],
  ['x.test/app', false, true],
  ['localhost:5000/a/b', false, true],
  ['app:latest', false, false],
  ['x.test/app:1', false, false],
  [`x.test/app@sha256:${'a'.repeat(64)}`, false, false],
  ['App', false, false],
  ['', false, false],
])('%j can be the name of an alias: %p, its value: %p', (text, isName, isValue) => {
  expect([isAliasName(text), isAliasValue(text)]).toEqual([isName, isValue]);
});
