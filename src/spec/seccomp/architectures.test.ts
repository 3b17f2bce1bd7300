import { describe, expect, test } from '@jest/globals';
import { type Architecture, architectureOf, architectures } from './architectures.ts';
import { defaultSeccomp } from './seccomp-default.ts';
import { parseSeccompProfile } from './seccomp-profile.ts';
import { knownSyscalls, syscallName } from './syscall-numbers.ts';

const kinds = Object.keys(architectures) as readonly Architecture[];

test.each<[machine: string, byteOrder: 'LE' | 'BE', expected: Architecture | null]>([
  ['x86_64', 'LE', 'x64'],
  ['i686', 'LE', 'ia32'],
  ['aarch64', 'LE', 'arm64'],
  ['armv7l', 'LE', 'arm'],
  ['armv8l', 'LE', 'arm'],
  ['s390x', 'BE', 's390x'],
  ['ppc64le', 'LE', 'ppc64le'],
  ['ppc64', 'BE', 'ppc64'],
  ['riscv64', 'LE', 'riscv64'],
  ['loongarch64', 'LE', 'loong64'],
  ['mips', 'BE', 'mips'],
  ['mips', 'LE', 'mipsel'],
  ['mips64', 'BE', 'mips64'],
  ['mips64', 'LE', 'mips64el'],
  ['aarch64_be', 'BE', null],
  ['x86_64', 'BE', null],
  ['vax', 'LE', null],
  ['', 'LE', null],
])('a machine that says %j (%s) is %s', (machine, byteOrder, expected) => {
  expect(architectureOf(machine, byteOrder)).toBe(expected);
});

describe('the default profile', () => {
  test.each<[Architecture, readonly string[] | undefined]>([
    ['x64', ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32']],
    ['ia32', undefined],
    ['arm64', ['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM']],
    ['arm', undefined],
    ['s390x', ['SCMP_ARCH_S390X', 'SCMP_ARCH_S390']],
    ['ppc64le', undefined],
    ['ppc64', ['SCMP_ARCH_PPC64', 'SCMP_ARCH_PPC']],
    ['riscv64', undefined],
    ['loong64', undefined],
    ['mips', undefined],
    ['mipsel', undefined],
    ['mips64', ['SCMP_ARCH_MIPS64', 'SCMP_ARCH_MIPS', 'SCMP_ARCH_MIPS64N32']],
    ['mips64el', ['SCMP_ARCH_MIPSEL64', 'SCMP_ARCH_MIPSEL', 'SCMP_ARCH_MIPSEL64N32']],
  ])('of %s filters every ABI of its kernel', (architecture, expected) => {
    expect(defaultSeccomp(architecture, []).architectures).toEqual(expected);
  });

  test.each(kinds)('of %s looks at the flags of clone where this architecture has them', (architecture) => {
    const [rule] = defaultSeccomp(architecture, []).syscalls.filter(({ names }) => names.includes('clone'));
    expect(rule?.args?.map(({ index }) => index)).toEqual([architecture === 's390x' ? 1 : 0]);
  });

  test.each<[string, readonly Architecture[]]>([
    ['arch_prctl', ['x64', 'ia32']],
    ['modify_ldt', ['x64', 'ia32']],
    ['arm_fadvise64_64', ['arm64', 'arm']],
    ['set_tls', ['arm64', 'arm']],
    ['sync_file_range2', ['arm64', 'arm', 'ppc64le', 'ppc64']],
    ['swapcontext', ['ppc64le', 'ppc64']],
    ['s390_runtime_instr', ['s390x']],
    ['riscv_flush_icache', ['riscv64']],
    ['riscv_hwprobe', ['riscv64']],
    ['cacheflush', ['arm64', 'arm', 'mips', 'mipsel', 'mips64', 'mips64el']],
    ['openat2', kinds],
    ['unshare', []],
    ['vm86', []],
    ['pciconfig_write', []],
  ])('allows %s where it belongs', (name, expected) => {
    const allowing = kinds.filter((architecture) =>
      defaultSeccomp(architecture, []).syscalls.some(
        ({ names, action, args }) =>
          action === 'SCMP_ACT_ALLOW' && args === undefined && names.includes(name),
      ),
    );
    expect(allowing).toEqual(expected);
  });
});

test.each(kinds)('on %s a profile of the node in the form of Docker is read for it', (architecture) => {
  const { native, dockerName } = architectures[architecture];
  const rule = (name: string, arches: readonly string[]): object => ({
    name,
    action: 'SCMP_ACT_ALLOW',
    includes: { arches },
  });
  const others = kinds.filter((each) => each !== architecture).map((each) => architectures[each]);
  const profile = {
    defaultAction: 'SCMP_ACT_ERRNO',
    archMap: kinds.map((each) => ({
      architecture: architectures[each].native,
      subArchitectures: ['SCMP_ARCH_X'],
    })),
    syscalls: [
      rule('own', [dockerName]),
      rule(
        'other',
        others.map((each) => each.dockerName),
      ),
    ],
  };
  const parsed = parseSeccompProfile(profile, { architecture, capabilities: [] });
  expect(parsed.architectures).toEqual([native, 'SCMP_ARCH_X']);
  expect(parsed.syscalls.flatMap(({ names }) => names)).toEqual(['own']);
});

describe('names of system calls', () => {
  test.each<[Architecture, number, string]>([
    ['x64', 272, 'unshare'],
    ['arm64', 97, 'unshare'],
    ['riscv64', 97, 'unshare'],
    ['loong64', 97, 'unshare'],
    ['s390x', 303, 'syscall 303'],
    ['ppc64le', 437, 'openat2'],
    ['mips64', 5272, 'syscall 5272'],
  ])('on %s %d is %s', (architecture, number, expected) => {
    expect(syscallName(architecture, number)).toBe(expected);
  });

  test.each(kinds)('on %s those that a notifier is to be asked about are known', (architecture) => {
    expect(knownSyscalls(architecture)).toEqual(expect.arrayContaining(['unshare', 'mount', 'setns', 'bpf']));
  });
});
