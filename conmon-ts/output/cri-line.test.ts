import { array, assert, constant, nat, oneof, property, string } from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import {
  createHeads,
  formatRecords,
  headBytes,
  maxContentBytes,
  maxRecordBytes,
  outputBytesOf,
  stampHeads,
} from './cri-line.ts';

const heads = createHeads('stdout');
stampHeads(heads, 1_475_712_729_669_794_202n);
const time = '2016-10-06T00:12:09.669794202Z';

function format(text: Buffer | string, isEnd = true): { text: string; consumed: number } {
  const source = Buffer.from(text);
  const out = Buffer.alloc(source.length * (headBytes + 2) + maxRecordBytes);
  const { consumed, written } = formatRecords({ source, from: 0, to: source.length, isEnd }, heads, out);
  return { text: out.toString('latin1', 0, written), consumed };
}

describe('formatRecords', () => {
  test('writes a record for each line, with nine digits and in UTC', () => {
    expect(format('a\n\nb\n')).toEqual({
      text: `${time} stdout F a\n${time} stdout F \n${time} stdout F b\n`,
      consumed: 5,
    });
  });

  test('keeps a last line without newline as a partial record at the end, and waits for the rest before', () => {
    expect(format('a\nrest')).toEqual({ text: `${time} stdout F a\n${time} stdout P rest\n`, consumed: 6 });
    expect(format('a\nrest', false)).toEqual({ text: `${time} stdout F a\n`, consumed: 2 });
  });

  test('splits a line only where its content passes 16 KiB', () => {
    const exact = 'x'.repeat(maxContentBytes);
    expect(format(`${exact}\n`).text).toBe(`${time} stdout F ${exact}\n`);
    expect(format(`${exact}y\n`).text).toBe(`${time} stdout P ${exact}\n${time} stdout F y\n`);
    expect(format(exact, false).consumed).toBe(0);
    expect(format(`${exact}y`, false)).toEqual({
      text: `${time} stdout P ${exact}\n`,
      consumed: maxContentBytes,
    });
  });

  test('stops when its room is used up and can be called again for the rest', () => {
    const source = Buffer.from('a\n'.repeat(1000));
    const out = Buffer.alloc(maxRecordBytes + 100);
    const { consumed, written } = formatRecords(
      { source, from: 0, to: source.length, isEnd: false },
      heads,
      out,
    );
    expect({ consumed, written }).toEqual({ consumed: 6, written: 3 * (headBytes + 2) });
  });

  test('loses and adds no byte, whatever comes and however it is cut', () => {
    const pieces = array(oneof(constant('\n'), string(), constant('z'.repeat(maxContentBytes - 1))));
    assert(
      property(pieces, nat(), (parts, cut) => {
        const source = Buffer.from(parts.join(''));
        const at = source.length === 0 ? 0 : cut % source.length;
        const out = Buffer.alloc(source.length * (headBytes + 2) + maxRecordBytes);
        const first = formatRecords({ source, from: 0, to: at, isEnd: false }, heads, out);
        const whole = { source, from: first.consumed, to: source.length, isEnd: true };
        const second = formatRecords(whole, heads, out.subarray(first.written));
        const text = out.subarray(0, first.written + second.written);
        expect(outputBytesOf(text)).toBe(source.length);
        const expected = format(source).text;
        expect(text.toString('latin1')).toBe(expected);
      }),
    );
  });
});
