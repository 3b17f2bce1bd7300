import { describe, expect, test } from '@jest/globals';
import { numberAt, parsePaxNumber, parsePaxRecords } from './tar-header.ts';

describe('PAX records', () => {
  test('give keys and values, blanks and equals signs in values included', () => {
    const body = Buffer.from('14 path=a b=c\n12 size=123\n');
    expect([...parsePaxRecords(body)]).toEqual([
      ['path', 'a b=c'],
      ['size', '123'],
    ]);
  });

  // The second was an endless loop: found by the fuzz test of the reader.
  test.each([
    'no length',
    '9 path=a\nwithoutblank',
    '0 path=a\n',
    '3 path=a\n',
    '99 path=a\n',
    '9 path=ab',
    '9 =pathx\n',
    ' 9 path=a\n',
    '9 path=a\n\n',
  ])('that are damaged are refused: %j', (text) => {
    expect(() => parsePaxRecords(Buffer.from(text))).toThrow(
      expect.objectContaining({ reason: 'InvalidImage' }),
    );
  });
});

describe('numbers', () => {
  const refused = expect.objectContaining({ reason: 'InvalidImage' });

  test.each(['', '-1', '+1', ' 1', '1e3', '0x1', '9007199254740992', '99999999999999999'])(
    'of PAX are whole and below 2^53, and not %j',
    (text) => {
      expect(() => parsePaxNumber(text)).toThrow(refused);
    },
  );

  test('of PAX reach to 2^53', () => {
    expect(parsePaxNumber('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
  });

  test.each([
    ['over 2^53', '80000000002000000000000000', null],
    ['below -2^53', 'ffffffdfffffffffffffff00', null],
    ['of 2^53 - 1', '80000000001fffffffffffff', Number.MAX_SAFE_INTEGER],
    ['below zero', 'fffffffffffffffffffffffe', -2],
  ])('in base 256 %s are read or refused', (_, hex, expected) => {
    const field = Buffer.from(hex, 'hex');
    const read = (): number => numberAt(field, 0, field.length);
    if (expected === null) expect(read).toThrow(refused);
    else expect(read()).toBe(expected);
  });
});
