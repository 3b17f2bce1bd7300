import { describe, expect, test } from '@jest/globals';
import { assert, nat, property } from 'fast-check';
import { capabilityKind, sysctlKind, ulimitKind } from './security-kinds.ts';
import { byteSize, duration, printDuration, printSize } from './units.ts';
import { booleanKind, integer, listOf, oneOf, optional, pathKind } from './value.ts';

const kinds = {
  duration: duration('1s', '5m'),
  size: byteSize('1KiB', '16MiB'),
  integer: integer({ min: 0, max: 10 }),
  boolean: booleanKind,
  path: optional(pathKind, 'none'),
  list: listOf(oneOf(['a', 'b'])),
  capability: capabilityKind,
  ulimit: ulimitKind,
  sysctl: sysctlKind,
};

describe('values of options', () => {
  test.each([
    [kinds.duration, '90s', 90_000],
    [kinds.size, '2MiB', 2_097_152n],
    [kinds.integer, '7', 7],
    [kinds.boolean, 'true', true],
    [kinds.path, '', null],
    [kinds.list, 'a, b', ['a', 'b']],
    [kinds.list, '', []],
    [kinds.capability, 'cap_net_raw', 'CAP_NET_RAW'],
    [kinds.ulimit, 'nofile=1:-1', { type: 'RLIMIT_NOFILE', soft: 1n, hard: 18_446_744_073_709_551_615n }],
    [kinds.sysctl, 'net.ipv4.ip_forward=1', { name: 'net.ipv4.ip_forward', value: '1' }],
  ])('read %j from the text of a variable or flag %j', (kind, text, value) => {
    expect(kind.parse(kind.fromText(text))).toEqual({ isValid: true, value });
  });

  test.each([
    [kinds.duration, ['5', '1.5s', '6m', '0s', '-1s', 5, '1 s', '', '99999999999h']],
    [kinds.size, ['5', '1KB', '17MiB', 5, '-1KiB', '1023B']],
    [kinds.integer, [-1, 11, 1.5, '7', Number.NaN, Infinity, true]],
    [kinds.boolean, ['true', 1, null]],
    [kinds.path, ['a', '/a/../b', '/a/./b', '//a', '/a\0b', 3, `/${'a'.repeat(5000)}`]],
    [kinds.list, ['a', ['c'], ['a', 3], {}, Array.from({ length: 1001 }, () => 'a')]],
    [kinds.capability, ['NET_ROW', 'CAP_CAP_KILL', '']],
    [kinds.ulimit, ['nofile=2:1', 'files=1:1', 'nofile=1', 'nofile=-1:1', 'nofile= 1:1']],
    [
      kinds.sysctl,
      [
        'kernel.core_pattern=|x',
        'net.ipv4.x=1\nkernel.core_pattern=x',
        'kernel.semx/../y=1',
        'net..x=1',
        'net.a=1+b',
        'vm.x=1',
      ],
    ],
  ])('refuse what is not one: %j %j', (kind, wrong) => {
    for (const raw of wrong)
      expect({ raw, isValid: kind.parse(raw).isValid }).toEqual({ raw, isValid: false });
  });

  test('print durations and sizes so that they read back as the same', () => {
    const anyDuration = duration('0ms', '9999h');
    const anySize = byteSize('0B', '9999TiB');
    assert(
      property(nat(1_000_000_000), (value) => {
        expect(anyDuration.parse(printDuration(value))).toEqual({ isValid: true, value });
        expect(anySize.parse(printSize(BigInt(value)))).toEqual({ isValid: true, value: BigInt(value) });
      }),
    );
  });
});
