import { describe, expect, test } from '@jest/globals';
import { constants } from 'node:os';
import { Signal } from '../../cri-api/runtime-v1.ts';
import { effectiveStopSignal, parseStopSignal, signalFromCri, signalName, signalToCri } from './signals.ts';

const named = Object.entries(Signal).filter(([name]) => !/RUNTIME_DEFAULT|RT/.test(name));

describe('the CRI enumeration', () => {
  test.each(named)('%s is the signal of that name on this kernel', (name, cri) => {
    const expected = Object.entries(constants.signals).find(([known]) => `SIGNAL_${known}` === name)?.[1];
    // Node has no name for the two oldest aliases.
    const kernel = expected ?? { SIGNAL_SIGCLD: 17, SIGNAL_SIGIOT: 6 }[name];
    expect(signalFromCri(cri)).toBe(kernel);
  });

  test('real-time signals count up from SIGRTMIN 34 to SIGRTMAX 64', () => {
    expect(signalFromCri(Signal.SIGNAL_SIGRTMIN)).toBe(34);
    expect(signalFromCri(Signal.SIGNAL_SIGRTMINPLUS15)).toBe(49);
    expect(signalFromCri(Signal.SIGNAL_SIGRTMAXMINUS14)).toBe(50);
    expect(signalFromCri(Signal.SIGNAL_SIGRTMAX)).toBe(64);
  });

  test('SIGNAL_RUNTIME_DEFAULT names none', () => {
    expect(signalFromCri(0)).toBeNull();
  });

  test.each([-1, 66, 1.5, Number.NaN, 2 ** 31])('refuses %p', (number) => {
    expect(() => signalFromCri(number)).toThrow(expect.objectContaining({ reason: 'InvalidSignal' }));
  });

  test('every kernel number comes back as a value that means the same signal', () => {
    for (let cri = 1; cri <= 65; cri += 1) {
      const kernel = signalFromCri(cri) ?? 0;
      expect(signalFromCri(signalToCri(kernel))).toBe(kernel);
    }
    expect([signalToCri(6), signalToCri(17), signalToCri(29), signalToCri(32)]).toEqual([
      Signal.SIGNAL_SIGABRT,
      Signal.SIGNAL_SIGCHLD,
      Signal.SIGNAL_SIGIO,
      0,
    ]);
  });
});

test.each<[string, number | null]>([
  ['SIGTERM', 15],
  ['TERM', 15],
  ['term', 15],
  ['15', 15],
  ['9', 9],
  ['SIGRTMIN', 34],
  ['RTMIN+3', 37],
  ['SIGRTMIN+3', 37],
  ['sigrtmax-1', 63],
  ['SIGRTMAX', 64],
  ['SIGRTMIN+30', 64],
  ['SIGRTMIN+31', null],
  ['SIGRTMAX+1', null],
  ['SIGRTMIN-1', null],
  ['0', null],
  ['32', null],
  ['65', null],
  ['999', null],
  ['-9', null],
  ['1e1', null],
  ['0x9', null],
  [' 9', null],
  ['', null],
  ['SIGSIGTERM', null],
  ['__proto__', null],
])('STOPSIGNAL %p is %p', (text, expected) => {
  expect(parseStopSignal(text)).toBe(expected);
});

test('the request beats the image, the image beats SIGTERM, nonsense of an image is SIGTERM', () => {
  expect(effectiveStopSignal(3, 'SIGINT')).toBe(3);
  expect(effectiveStopSignal(null, 'SIGINT')).toBe(2);
  expect(effectiveStopSignal(null, '')).toBe(15);
  expect(effectiveStopSignal(null, 'nonsense')).toBe(15);
});

test.each([
  [15, 'SIGTERM'],
  [6, 'SIGABRT'],
  [34, 'SIGRTMIN'],
  [37, 'SIGRTMIN+3'],
  [99, 'signal 99'],
])('%d is called %s', (number, name) => {
  expect(signalName(number)).toBe(name);
});
