import { expect, test } from '@jest/globals';
import { Interruption } from './interruption.ts';

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s stops a command while it works, and is nobody’s afterwards',
  (name) => {
    const before = process.listenerCount(name);
    {
      using interruption = new Interruption();
      expect(interruption.signal.aborted).toBe(false);
      process.emit(name);
      expect(interruption.signal.reason).toMatchObject({ code: 'canceled', reason: 'Interrupted' });
    }
    expect(process.listenerCount(name)).toBe(before);
  },
);
