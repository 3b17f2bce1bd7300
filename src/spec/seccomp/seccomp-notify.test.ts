import { describe, expect, test } from '@jest/globals';
import { CriError } from '../../base/errors.ts';
import type { OciSeccomp } from '../oci-spec.ts';
import { defaultSeccomp } from './seccomp-default.ts';
import { notifierAnnotation, notifyRefusals, parseNotifierAction } from './seccomp-notify.ts';
import { knownSyscalls, syscallName } from './syscall-numbers.ts';
import { textMap } from '../text-map.ts';

describe('the annotation', () => {
  const parse = (value: string, allowed: readonly string[] = [notifierAnnotation]): unknown => {
    try {
      return parseNotifierAction(textMap([[notifierAnnotation, value]]), allowed);
    } catch (error) {
      return error instanceof CriError ? error.reason : error;
    }
  };

  test('counts only where the handler allows it by its whole name', () => {
    expect([parse('stop'), parse('log'), parse('nonsense')]).toEqual(['stop', 'log', 'InvalidAnnotation']);
    expect([parse('stop', []), parse('stop', ['*']), parse('nonsense', ['seccomp*'])]).toEqual([
      null,
      null,
      null,
    ]);
    expect(parseNotifierAction(textMap([]), [notifierAnnotation])).toBeNull();
  });
});

describe('a profile that asks', () => {
  const rulesOf = (profile: OciSeccomp, name: string): readonly string[] =>
    profile.syscalls.filter(({ names }) => names.includes(name)).map(({ action }) => action);

  test('asks about what it refused, and about nothing else', () => {
    const { seccomp, errno } = notifyRefusals(defaultSeccomp('x64', []), '/run/s', 'x64');
    expect([seccomp.listenerPath, errno, seccomp.defaultAction]).toEqual(['/run/s', 1, 'SCMP_ACT_ERRNO']);
    expect(rulesOf(seccomp, 'unshare')).toEqual(['SCMP_ACT_NOTIFY']);
    expect(rulesOf(seccomp, 'keyctl')).toEqual(['SCMP_ACT_NOTIFY']);
    expect(rulesOf(seccomp, 'read')).toEqual(['SCMP_ACT_ALLOW']);
    // What tells a program to do without, and what is decided by arguments, stays as it is.
    expect(rulesOf(seccomp, 'clone3')).toEqual(['SCMP_ACT_ERRNO']);
    expect(rulesOf(seccomp, 'clone')).toEqual(['SCMP_ACT_ALLOW']);
  });

  test('of the node asks with its own errno, and never about write', () => {
    const profile: OciSeccomp = {
      defaultAction: 'SCMP_ACT_ALLOW',
      defaultErrnoRet: 13,
      syscalls: [
        { names: ['chmod'], action: 'SCMP_ACT_ERRNO', errnoRet: 13 },
        { names: ['mkdir'], action: 'SCMP_ACT_ERRNO' },
        { names: ['write'], action: 'SCMP_ACT_ERRNO', errnoRet: 13 },
        { names: ['reboot'], action: 'SCMP_ACT_KILL_PROCESS' },
      ],
    };
    const { seccomp, errno } = notifyRefusals(profile, '/run/s', 'x64');
    expect(errno).toBe(13);
    expect(seccomp.syscalls.map(({ action }) => action)).toEqual([
      'SCMP_ACT_NOTIFY',
      'SCMP_ACT_ERRNO',
      'SCMP_ACT_ERRNO',
      'SCMP_ACT_KILL_PROCESS',
    ]);
    const strict = notifyRefusals({ defaultAction: 'SCMP_ACT_ERRNO', syscalls: [] }, '/run/s', 'x64');
    expect(strict.seccomp.syscalls[0]?.names).not.toContain('write');
  });
});

test('system calls have the names that the kernel gives their numbers', () => {
  const x64: readonly (readonly [number, string])[] = [
    [0, 'read'],
    [83, 'mkdir'],
    [165, 'mount'],
    [272, 'unshare'],
    [334, 'rseq'],
    [425, 'io_uring_setup'],
    [452, 'fchmodat2'],
    [462, 'mseal'],
  ];
  for (const [number, name] of x64) expect(syscallName('x64', number)).toBe(name);
  const arm64: readonly (readonly [number, string])[] = [
    [34, 'mkdirat'],
    [40, 'mount'],
    [97, 'unshare'],
    [221, 'execve'],
    [260, 'wait4'],
    [437, 'openat2'],
  ];
  for (const [number, name] of arm64) expect(syscallName('arm64', number)).toBe(name);
  expect([syscallName('x64', 400), syscallName('arm64', 250), syscallName('x64', -1)]).toEqual([
    'syscall 400',
    'syscall 250',
    'syscall -1',
  ]);
  for (const architecture of ['x64', 'arm64'] as const)
    expect(new Set(knownSyscalls(architecture)).size).toBe(knownSyscalls(architecture).length);
});
