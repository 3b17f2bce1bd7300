/**
 * What seccomp has to know of a processor architecture: which ABIs the kernel serves, how profiles name them, where clone
 * has its flags. Pure: the machine's name comes from outside.
 * Source: OCI config-linux.md, seccomp architectures; clone(2), C library/kernel differences; linux/audit.h.
 */

/** Named as Node names processors, with the byte order where that is another ABI. */
export type Architecture =
  | 'x64'
  | 'ia32'
  | 'arm64'
  | 'arm'
  | 's390x'
  | 'ppc64le'
  | 'ppc64'
  | 'riscv64'
  | 'loong64'
  | 'mips'
  | 'mipsel'
  | 'mips64'
  | 'mips64el';

export type ArchitectureFacts = {
  /** Of the 64-bit kernel's own ABI. */
  readonly native: string;
  /** Of the other ABIs whose programs it runs as well. */
  readonly compatible: readonly string[];
  /** In the conditions of Docker's profiles. */
  readonly dockerName: string;
  /** AUDIT_ARCH_*: how the kernel tells of its own ABI in the questions of a filter. */
  readonly audit: number;
  /** Which argument of clone(2) has the flags. */
  readonly cloneFlagsIndex: 0 | 1;
  /** Calls that exist here, or on few others, and that the default profile allows. */
  readonly calls: readonly string[];
};

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

const common = { compatible: [], cloneFlagsIndex: 0, calls: [] } as const;
const armCalls = words('arm_fadvise64_64 arm_sync_file_range breakpoint cacheflush set_tls sync_file_range2');
const mipsCalls = words('cachectl cacheflush sysmips');

export const architectures: Readonly<Record<Architecture, ArchitectureFacts>> = {
  x64: {
    ...common,
    native: 'SCMP_ARCH_X86_64',
    compatible: ['SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
    dockerName: 'amd64',
    audit: 0xc000_003e,
    calls: words('arch_prctl modify_ldt'),
  },
  ia32: {
    ...common,
    native: 'SCMP_ARCH_X86',
    dockerName: 'x86',
    audit: 0x4000_0003,
    calls: words('arch_prctl modify_ldt'),
  },
  arm64: {
    ...common,
    native: 'SCMP_ARCH_AARCH64',
    compatible: ['SCMP_ARCH_ARM'],
    dockerName: 'arm64',
    audit: 0xc000_00b7,
    calls: armCalls,
  },
  arm: { ...common, native: 'SCMP_ARCH_ARM', dockerName: 'arm', audit: 0x4000_0028, calls: armCalls },
  s390x: {
    native: 'SCMP_ARCH_S390X',
    compatible: ['SCMP_ARCH_S390'],
    dockerName: 's390x',
    audit: 0x8000_0016,
    cloneFlagsIndex: 1,
    calls: words('s390_pci_mmio_read s390_pci_mmio_write s390_runtime_instr'),
  },
  ppc64le: {
    ...common,
    native: 'SCMP_ARCH_PPC64LE',
    dockerName: 'ppc64le',
    audit: 0xc000_0015,
    calls: words('swapcontext sync_file_range2'),
  },
  ppc64: {
    ...common,
    native: 'SCMP_ARCH_PPC64',
    compatible: ['SCMP_ARCH_PPC'],
    dockerName: 'ppc64',
    audit: 0x8000_0015,
    calls: words('swapcontext sync_file_range2'),
  },
  riscv64: {
    ...common,
    native: 'SCMP_ARCH_RISCV64',
    dockerName: 'riscv64',
    audit: 0xc000_00f3,
    calls: words('riscv_flush_icache riscv_hwprobe'),
  },
  loong64: { ...common, native: 'SCMP_ARCH_LOONGARCH64', dockerName: 'loong64', audit: 0xc000_0102 },
  mips: { ...common, native: 'SCMP_ARCH_MIPS', dockerName: 'mips', audit: 0x8, calls: mipsCalls },
  mipsel: {
    ...common,
    native: 'SCMP_ARCH_MIPSEL',
    dockerName: 'mipsel',
    audit: 0x4000_0008,
    calls: mipsCalls,
  },
  mips64: {
    ...common,
    native: 'SCMP_ARCH_MIPS64',
    compatible: ['SCMP_ARCH_MIPS', 'SCMP_ARCH_MIPS64N32'],
    dockerName: 'mips64',
    audit: 0x8000_0008,
    calls: mipsCalls,
  },
  mips64el: {
    ...common,
    native: 'SCMP_ARCH_MIPSEL64',
    compatible: ['SCMP_ARCH_MIPSEL', 'SCMP_ARCH_MIPSEL64N32'],
    dockerName: 'mipsel64',
    audit: 0xc000_0008,
    calls: mipsCalls,
  },
};

/**
 * What a filter of ours names. An ABI that stands alone is not named: it is what a runtime takes by itself, also one of
 * before the name was invented.
 */
export function filteredArchitectures(architecture: Architecture): readonly string[] {
  const { native, compatible } = architectures[architecture];
  return compatible.length === 0 ? [] : [native, ...compatible];
}

const machines: readonly (readonly [form: RegExp, little: Architecture | null, big: Architecture | null])[] =
  [
    [/^x86_64$/, 'x64', null],
    [/^i[3-6]86$/, 'ia32', null],
    [/^(aarch64|arm64)$/, 'arm64', null],
    [/^armv[0-9]+l$/, 'arm', null],
    [/^s390x$/, null, 's390x'],
    [/^ppc64(le)?$/, 'ppc64le', 'ppc64'],
    [/^riscv64$/, 'riscv64', null],
    [/^loongarch64$/, 'loong64', null],
    [/^mips$/, 'mipsel', 'mips'],
    [/^mips64$/, 'mips64el', 'mips64'],
  ];

/**
 * The kernel's architecture: that of a program tells less, since a 64-bit kernel runs 32-bit ones.
 * @param machine of uname(2). @returns null for one that no seccomp profile is known for
 */
export function architectureOf(machine: string, byteOrder: 'LE' | 'BE'): Architecture | null {
  const found = machines.find(([form]) => form.test(machine));
  return (byteOrder === 'LE' ? found?.[1] : found?.[2]) ?? null;
}
