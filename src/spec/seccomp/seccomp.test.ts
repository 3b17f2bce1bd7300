import { describe, expect, test } from '@jest/globals';
import { anything, assert, property } from 'fast-check';
import { CriError } from '../../base/errors.ts';
import { capabilityNames, defaultCapabilities } from '../capability-names.ts';
import type { OciSeccomp } from '../oci-spec.ts';
import { architectures } from './architectures.ts';
import { defaultSeccomp } from './seccomp-default.ts';
import { notifyRefusals } from './seccomp-notify.ts';
import { parseSeccompProfile } from './seccomp-profile.ts';
import { planSeccomp } from './seccomp.ts';
import { allowedAlways, allowedWithCapability } from './seccomp-syscalls.ts';

function unconditional(profile: OciSeccomp): ReadonlySet<string> {
  return new Set(
    profile.syscalls
      .filter(({ action, args }) => action === 'SCMP_ACT_ALLOW' && args === undefined)
      .flatMap(({ names }) => names),
  );
}

describe('the default profile', () => {
  const plain = defaultSeccomp('x64', defaultCapabilities);
  const allowed = unconditional(plain);

  // What changes the node, reaches other tenants, or was the way out of a container before.
  test.each(
    (
      'acct add_key bpf chroot clock_settime clone clone3 create_module delete_module finit_module fsconfig fsmount fsopen ' +
      'get_mempolicy init_module io_uring_enter io_uring_register io_uring_setup ioperm iopl kcmp kexec_file_load kexec_load ' +
      'keyctl lookup_dcookie mbind mount mount_setattr move_mount move_pages migrate_pages nfsservctl open_by_handle_at ' +
      'open_tree open_tree_attr perf_event_open personality pidfd_getfd pivot_root process_madvise query_module quotactl ' +
      'reboot request_key set_mempolicy setdomainname sethostname setns settimeofday socket stime swapoff swapon syslog ' +
      'umount umount2 unshare uselib userfaultfd ustat vhangup vm86 vm86old _sysctl sysfs lsm_set_self_attr'
    ).split(' '),
  )('%s is not simply allowed', (name) => {
    expect(allowed.has(name)).toBe(false);
  });

  test.each(
    'openat2 epoll_pwait2 futex_waitv mseal statmount cachestat map_shadow_stack faccessat2 close_range rseq'.split(
      ' ',
    ),
  )('%s of newer kernels is allowed', (name) => {
    expect(allowed.has(name)).toBe(true);
  });

  test.each(Object.entries(allowedWithCapability))(
    '%s opens its calls and nothing else',
    (capability, names) => {
      const opened = unconditional(defaultSeccomp('x64', [capability]));
      const without = unconditional(defaultSeccomp('x64', []));
      expect([...opened].filter((name) => !without.has(name)).sort()).toEqual([...names].sort());
      expect(capabilityNames).toContain(capability);
    },
  );

  test('clone is filtered by its flags, clone3 does not exist, unless the container is an administrator', () => {
    expect(plain.syscalls).toContainEqual({
      names: ['clone'],
      action: 'SCMP_ACT_ALLOW',
      args: [{ index: 0, value: 0x7e02_0000n, valueTwo: 0n, op: 'SCMP_CMP_MASKED_EQ' }],
    });
    expect(plain.syscalls).toContainEqual({ names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 });
    const admin = defaultSeccomp('x64', ['CAP_SYS_ADMIN']);
    expect(admin.syscalls.filter(({ names }) => names.includes('clone3'))).toHaveLength(1);
    expect(unconditional(admin).has('clone3')).toBe(true);
  });

  test.each<[number, boolean]>([
    [1, true],
    [2, true],
    [10, true],
    [16, true],
    [17, true],
    [37, true],
    [38, false],
    [39, true],
    [40, false],
    [41, true],
    [45, true],
  ])('socket family %d: %p', (family, expected) => {
    const rules = plain.syscalls
      .filter(({ names }) => names.includes('socket'))
      .flatMap(({ args }) => args ?? []);
    const isAllowed = rules.some(({ op, value }) => {
      if (op === 'SCMP_CMP_LT') return BigInt(family) < value;
      if (op === 'SCMP_CMP_GT') return BigInt(family) > value;
      return BigInt(family) === value;
    });
    expect(isAllowed).toBe(expected);
  });

  test('no call stands in two tables that are always allowed', () => {
    for (const { calls } of Object.values(architectures)) {
      const all = [...allowedAlways, ...calls];
      expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([]);
    }
  });
});

describe('a profile of the node', () => {
  const conditions = { architecture: 'x64', capabilities: ['CAP_CHOWN'] } as const;
  const parse = (profile: unknown): OciSeccomp => parseSeccompProfile(profile, conditions);

  test('without architectures has none, so that the native one is taken', () => {
    const profile = {
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [{ names: ['chmod'], action: 'SCMP_ACT_ERRNO' }],
    };
    expect(parse(profile)).toEqual(profile);
  });

  test('is copied field by field; one with a listener is refused', () => {
    expect(
      parse({
        defaultAction: 'SCMP_ACT_ERRNO',
        defaultErrnoRet: 38,
        architectures: ['SCMP_ARCH_X86_64'],
        flags: ['SECCOMP_FILTER_FLAG_LOG'],
        unknown: 1,
        syscalls: [
          {
            names: ['clone'],
            action: 'SCMP_ACT_ALLOW',
            errnoRet: 5,
            comment: 'c',
            args: [
              { index: 0, value: 2114060288, op: 'SCMP_CMP_MASKED_EQ' },
              { index: 1, value: 1, valueTwo: 0, op: 'SCMP_CMP_NE' },
            ],
          },
        ],
      }),
    ).toEqual({
      defaultAction: 'SCMP_ACT_ERRNO',
      defaultErrnoRet: 38,
      architectures: ['SCMP_ARCH_X86_64'],
      flags: ['SECCOMP_FILTER_FLAG_LOG'],
      syscalls: [
        {
          names: ['clone'],
          action: 'SCMP_ACT_ALLOW',
          errnoRet: 5,
          args: [
            { index: 0, value: 2114060288n, valueTwo: 0n, op: 'SCMP_CMP_MASKED_EQ' },
            { index: 1, value: 1n, op: 'SCMP_CMP_NE' },
          ],
        },
      ],
    });
  });

  test("of Docker's form is decided by its conditions", () => {
    const rule = (name: string, more: object): object => ({ name, action: 'SCMP_ACT_ALLOW', ...more });
    const profile = parse({
      defaultAction: 'SCMP_ACT_ERRNO',
      archMap: [
        { architecture: 'SCMP_ARCH_S390X', subArchitectures: ['SCMP_ARCH_S390'] },
        { architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X86'] },
      ],
      syscalls: [
        rule('a', { includes: { caps: ['CAP_CHOWN'] } }),
        rule('b', { includes: { caps: ['CAP_SYS_ADMIN'] } }),
        rule('c', { excludes: { caps: ['CAP_SYS_ADMIN'] } }),
        rule('d', { excludes: { caps: ['CAP_CHOWN'] } }),
        rule('e', { includes: { arches: ['arm64', 'amd64'] } }),
        rule('f', { includes: { arches: ['s390x', 'x86'] } }),
        rule('g', { excludes: { arches: ['s390x'] } }),
        rule('h', { includes: { minKernel: '4.8' }, args: null }),
      ],
    });
    expect(profile.architectures).toEqual(['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86']);
    expect(profile.syscalls.flatMap(({ names }) => names)).toEqual(['a', 'c', 'e', 'g', 'h']);
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['text', 'x'],
    ['a list', []],
    ['no default', {}],
    ['an action', { defaultAction: 'ALLOW' }],
    ['a notifier', { defaultAction: 'SCMP_ACT_NOTIFY' }],
    ['rules that are no list', { defaultAction: 'SCMP_ACT_ALLOW', syscalls: {} }],
    ['a rule without names', { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ action: 'SCMP_ACT_ALLOW' }] }],
    [
      'a name with a space',
      { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names: ['a b'], action: 'SCMP_ACT_ALLOW' }] },
    ],
    ['a rule without action', { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names: ['a'] }] }],
    [
      'an argument number',
      {
        defaultAction: 'SCMP_ACT_ALLOW',
        syscalls: [{ names: ['a'], action: 'SCMP_ACT_LOG', args: [{ index: 6, op: 'SCMP_CMP_EQ' }] }],
      },
    ],
    [
      'an operator',
      {
        defaultAction: 'SCMP_ACT_ALLOW',
        syscalls: [{ names: ['a'], action: 'SCMP_ACT_LOG', args: [{ index: 0, op: 'EQ' }] }],
      },
    ],
    [
      'a value that has lost its digits',
      {
        defaultAction: 'SCMP_ACT_ALLOW',
        syscalls: [
          { names: ['a'], action: 'SCMP_ACT_LOG', args: [{ index: 0, value: 2 ** 60, op: 'SCMP_CMP_EQ' }] },
        ],
      },
    ],
    ['an archMap', { defaultAction: 'SCMP_ACT_ERRNO', archMap: [1] }],
    ['an errno', { defaultAction: 'SCMP_ACT_ERRNO', defaultErrnoRet: -1 }],
    ['a flag', { defaultAction: 'SCMP_ACT_ERRNO', flags: ['--x'] }],
    [
      'too many rules',
      { defaultAction: 'SCMP_ACT_ERRNO', syscalls: Array.from({ length: 5000 }, () => ({})) },
    ],
  ])('with %s is refused', (_name, profile) => {
    expect(() => parse(profile)).toThrow(
      expect.objectContaining({ code: 'invalid', reason: 'InvalidSeccompProfile' }),
    );
  });

  test('whatever it is, it is parsed or refused', () => {
    assert(
      property(anything(), (profile) => {
        try {
          parse(profile);
        } catch (error) {
          expect(error).toBeInstanceOf(CriError);
        }
      }),
    );
  });
});

describe('a profile of the node with a listener', () => {
  const asking = [{ names: ['unshare'], action: 'SCMP_ACT_NOTIFY' }];
  const parse = (changes: object): OciSeccomp =>
    parseSeccompProfile(
      { defaultAction: 'SCMP_ACT_ALLOW', listenerPath: '/run/agent.sock', syscalls: asking, ...changes },
      { architecture: 'x64', capabilities: [] },
    );

  test('keeps it, with what is to be told to it', () => {
    expect(parse({ listenerMetadata: 'for the agent' })).toEqual({
      defaultAction: 'SCMP_ACT_ALLOW',
      listenerPath: '/run/agent.sock',
      listenerMetadata: 'for the agent',
      syscalls: asking,
    });
  });

  test.each<[string, object]>([
    ['a relative path', { listenerPath: 'run/agent.sock' }],
    ['a path with ".."', { listenerPath: '/run/../agent.sock' }],
    ['a path with "."', { listenerPath: '/run/.' }],
    ['a path with NUL', { listenerPath: '/run/\0' }],
    ['a path that no socket has', { listenerPath: `/${'x'.repeat(107)}` }],
    ['a path that is no text', { listenerPath: 5 }],
    ['questions and no listener', { listenerPath: '' }],
    ['metadata for nobody', { listenerPath: '', listenerMetadata: 'x', syscalls: [] }],
    ['metadata that is no text', { listenerMetadata: {} }],
    ['questions about everything', { defaultAction: 'SCMP_ACT_NOTIFY' }],
    ['questions about write', { syscalls: [{ names: ['write'], action: 'SCMP_ACT_NOTIFY' }] }],
  ])('and %s is refused', (_name, changes) => {
    expect(() => parse(changes)).toThrow(expect.objectContaining({ reason: 'InvalidSeccompProfile' }));
  });

  test('takes no notifier of ours beside it', () => {
    expect(() => notifyRefusals(parse({}), '/run/s', 'x64')).toThrow(
      expect.objectContaining({ reason: 'InvalidAnnotation' }),
    );
  });
});

test('a profile that the node configures takes the place of ours for RuntimeDefault only', () => {
  const content = { defaultAction: 'SCMP_ACT_ALLOW' };
  const common = { isPrivileged: false, architecture: 'x64', capabilities: [] } as const;
  const plan = (kind: 'runtime-default' | 'unconfined'): unknown =>
    planSeccomp({ ...common, profile: { kind }, content })?.defaultAction;
  expect([plan('runtime-default'), plan('unconfined')]).toEqual(['SCMP_ACT_ALLOW', undefined]);
});
