import { describe, expect, test } from '@jest/globals';
import { StatusResponse } from '../../cri-api/runtime-v1.ts';
import { readHandlers, readMonitors } from './daemon-report.ts';
import { chooseHandler } from './selftest.ts';

function statusOf(
  handlers: unknown,
  conditions: readonly (readonly [string, boolean])[] = [],
): StatusResponse {
  const init = {
    status: {
      conditions: conditions.map(([type, status]) => ({ type, status, reason: 'Why', message: 'so' })),
    },
    info: { handlers: JSON.stringify(handlers) },
  };
  return StatusResponse.decode(Buffer.from(StatusResponse.encode(init)));
}

const crun = { name: 'crun', isDefault: true, version: 'crun version 1.8.1', fault: null };
const runc = { name: 'runc', isDefault: false, version: 'runc version 1.1.5', fault: null };

describe('what the daemon reports of itself', () => {
  test('is read from JSON in the info map', () => {
    const monitor = { name: 'm1', pid: 7, state: 'connected', pods: 2, containers: 3 };
    expect(readMonitors({ monitors: JSON.stringify([monitor]) })).toEqual([monitor]);
    expect(readHandlers({ handlers: JSON.stringify([{ ...crun, fault: 'no' }]) })).toEqual([
      { name: 'crun', isDefault: true, version: '1.8.1', fault: 'no' },
    ]);
  });

  test.each(['', 'nonsense', '{}', '[3, null]', '[{"name":{}}]'])(
    'is unknown when the text is %j',
    (text) => {
      expect(readHandlers({ handlers: text }).every(({ name }) => name === '')).toBe(true);
      expect(readMonitors({})).toEqual([]);
    },
  );
});

describe('the handler of the self-test', () => {
  test('is the default one where that works', () => {
    expect(chooseHandler(statusOf([crun, runc]))).toEqual({ handler: '', words: 'ready, crun 1.8.1' });
  });

  test('is the first that works otherwise, and the reason is said', () => {
    expect(chooseHandler(statusOf([{ ...crun, fault: 'hybrid' }, runc]))).toEqual({
      handler: 'runc',
      words: 'ready, runc 1.1.5: crun cannot work here (hybrid)',
    });
  });

  test('does not exist when none works, or when the node is not ready', () => {
    expect(() =>
      chooseHandler(
        statusOf([
          { ...crun, fault: 'a' },
          { ...runc, fault: 'b' },
        ]),
      ),
    ).toThrow('crun: a; runc: b');
    expect(() => chooseHandler(statusOf([crun], [['NetworkReady', false]]))).toThrow(
      'NetworkReady does not hold: Why: so',
    );
  });
});
