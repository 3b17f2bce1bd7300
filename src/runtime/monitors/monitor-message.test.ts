import { describe, expect, test } from '@jest/globals';
import type { MonitorEvent } from '../../../conmon-ts/protocol.ts';
import { parseMonitorMessage } from './monitor-message.ts';

/** One of each: the compiler demands a new one here. */
const events: Readonly<Record<MonitorEvent['event'], MonitorEvent>> = {
  exit: {
    event: 'exit',
    exit: { containerId: 'c', exitCode: 137, finishedAtNs: '12', isOomKilled: true },
  },
  oom: { event: 'oom', containerId: 'c' },
  'log-dropped': { event: 'log-dropped', containerId: 'c', bytes: '7', message: 'ENOSPC' },
  'stdin-closed': { event: 'stdin-closed', containerId: 'c' },
};

describe('a line from a monitor', () => {
  test.each(Object.values(events))('gives the event $event as it was sent', (event) => {
    expect(parseMonitorMessage(JSON.stringify(event))).toEqual({ kind: 'event', event });
  });

  test('with an event of a later build is skipped', () => {
    expect(parseMonitorMessage('{"event":"slept","containerId":"c"}')).toEqual({ kind: 'skipped' });
  });

  test.each(['{"event":"oom"}', '{"event":"exit","exit":{}}', 'no JSON', '{"result":1}'])(
    'that is %s is no message',
    (line) => {
      expect(parseMonitorMessage(line)).toBeNull();
    },
  );
});
