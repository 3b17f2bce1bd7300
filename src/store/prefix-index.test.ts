import { describe, expect, test } from '@jest/globals';
import { PrefixIndex } from './prefix-index.ts';

function indexOf(...ids: readonly string[]): PrefixIndex<string> {
  const index = new PrefixIndex<string>();
  for (const id of ids) index.add(id);
  return index;
}

describe('PrefixIndex', () => {
  test.each([
    ['abc', { kind: 'one', id: 'abcd' }],
    ['abcd', { kind: 'one', id: 'abcd' }],
    ['ab', { kind: 'many' }],
    ['', { kind: 'none' }],
    ['x', { kind: 'none' }],
    ['abcde', { kind: 'none' }],
  ])('finds %j', (prefix, match) => {
    expect(indexOf('abcd', 'abxy', 'b').find(prefix)).toEqual(match);
  });

  test('prefers the id that is the prefix itself', () => {
    expect(indexOf('ab', 'abc').find('ab')).toEqual({ kind: 'one', id: 'ab' });
  });

  test('forgets removed ids and takes an id twice as once', () => {
    const index = indexOf('abc', 'abc', 'abd');
    index.remove('abd');
    expect(index.find('ab')).toEqual({ kind: 'one', id: 'abc' });
  });
});
