/** The default filter against system calls made by hand, in a real container. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chmodSync, writeFileSync } from 'node:fs';
import { planContainer } from '../container-spec.ts';
import { container, containerInput, pod, podMaterial } from '../testing/samples.ts';
import { boundingOfThisProcess, cgroupFacts, RuntimeBench } from '../testing/runtime-bench.ts';
import { syscall32Program, syscallProgram } from '../testing/syscall-program.ts';

let bench: RuntimeBench;
beforeAll(async () => {
  bench = await RuntimeBench.open();
});
afterAll(async () => {
  await bench.close();
});

const eperm = 1;
const enosys = 38;
const newUser = 0x1000_0000n;
const sigchld = 17n;

type Attack = readonly [name: string, program: Uint8Array, inside: number, unfiltered: number | null];

/** What each call answers under the filter, and without it (null: depends on the kernel). */
const attacks: readonly Attack[] = [
  ['socket(AF_ALG)', syscallProgram(41, 38n, 5n, 0n), eperm, null],
  ['socket(AF_VSOCK)', syscallProgram(41, 40n, 1n, 0n), eperm, null],
  ['socket(AF_UNIX) is allowed', syscallProgram(41, 1n, 1n, 0n), 0, 0],
  ['socket(AF_INET) is allowed', syscallProgram(41, 2n, 1n, 0n), 0, 0],
  ['socket(AF_NETLINK) is allowed', syscallProgram(41, 16n, 3n, 0n), 0, 0],
  ['clone(CLONE_NEWUSER)', syscallProgram(56, newUser | sigchld, 0n), eperm, 0],
  ['clone without namespaces is allowed', syscallProgram(56, sigchld, 0n), 0, 0],
  ['clone3', syscallProgram(435, 0n, 0n), enosys, 22],
  ['unshare(CLONE_NEWUSER)', syscallProgram(272, newUser), eperm, 0],
  ['unshare(CLONE_NEWUSER) by the 32-bit interface', syscall32Program(310, 0x1000_0000), eperm, null],
  ['clone(CLONE_NEWUSER) by the 32-bit interface', syscall32Program(120, 0x1000_0011, 0), eperm, null],
  ['io_uring_setup', syscallProgram(425, 1n, 0n), eperm, 14],
  ['keyctl(KEYCTL_GET_KEYRING_ID)', syscallProgram(250, 0n, -3n, 0n), eperm, null],
  ['add_key', syscallProgram(248, 0n, 0n, 0n, 0n, -3n), eperm, null],
  ['userfaultfd', syscallProgram(323, 1n), eperm, 0],
  ['personality(ADDR_NO_RANDOMIZE)', syscallProgram(135, 0x4_0000n), eperm, 0],
  ['personality(PER_LINUX) is allowed', syscallProgram(135, 0n), 0, 0],
  ['bpf', syscallProgram(321, 0n, 0n, 0n), eperm, null],
  ['open_by_handle_at', syscallProgram(304, 0n, 0n, 0n), eperm, null],
  ['mount', syscallProgram(165, 0n, 0n, 0n, 0n, 0n), eperm, null],
  ['kexec_load', syscallProgram(246, 0n, 0n, 0n, 0n), eperm, null],
  ['a number that no kernel has', syscallProgram(4000, 0n), enosys, enosys],
];

async function exitCodeOf(program: Uint8Array, isFiltered: boolean): Promise<number> {
  const path = `${bench.rootfs}/bin/attack`;
  writeFileSync(path, program);
  chmodSync(path, 0o755);
  const podConfig = pod({ linux: { cgroupParent: bench.cgroupParent } });
  const config = container(
    {
      command: ['/bin/attack'],
      linux: {
        securityContext: { seccomp: { profileType: isFiltered ? 0 : 1 }, namespaceOptions: { pid: 1 } },
      },
    },
    podConfig,
  );
  const plain = containerInput(config);
  const { spec } = planContainer({
    ...plain,
    host: {
      ...plain.host,
      boundingCapabilities: boundingOfThisProcess(),
      cgroup: cgroupFacts,
    },
    pod: podMaterial(podConfig, { namespaces: bench.namespaces, files: bench.files }),
    material: { ...plain.material, rootfsPath: bench.rootfs },
  });
  return (await bench.run(spec)).exitCode;
}

describe('the default seccomp filter', () => {
  // The programs are x86-64 machine code.
  if (process.arch !== 'x64')
    process.stderr.write('attacks on the seccomp filter are not tried: they are x86-64 machine code\n');
  const onX64 = process.arch === 'x64' ? test : test.skip;

  onX64.each(attacks)('%s', async (...attack) => {
    const [, program, inside, unfiltered] = attack;
    expect(await exitCodeOf(program, true)).toBe(inside);
    if (unfiltered !== null) expect(await exitCodeOf(program, false)).toBe(unfiltered);
  });
});
