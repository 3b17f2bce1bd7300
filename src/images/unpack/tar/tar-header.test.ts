import { describe, expect, test } from '@jest/globals';
import { parsePaxRecords } from './tar-header.ts';

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
