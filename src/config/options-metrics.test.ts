import { describe, expect, test } from '@jest/globals';
import { readMetricsAddress } from './options-metrics.ts';

describe('the address of metrics', () => {
  test.each(['127.0.0.1:9090', 'localhost:0', '[::1]:65535', '/run/cri-ts/metrics.sock'])('is %s', (text) => {
    expect(readMetricsAddress(text)).toBe(text);
  });

  test.each([
    '9090',
    'localhost',
    ':9090',
    '127.0.0.1:65536',
    '::1:9090',
    'run/metrics.sock',
    '/a/../b',
    '/',
    `/${'x'.repeat(107)}`,
    '/a b',
  ])('is not %j', (text) => {
    expect(readMetricsAddress(text)).toBeUndefined();
  });
});
