/**
 * A static x86-64 program of one system call, made of bytes, so that a test can try in a container what no tool of busybox
 * does. It exits with 0 when the call succeeded and else with the errno. Not part of the daemon.
 * Source: elf(5); x86-64 psABI; syscall(2).
 */

const loadAddress = 0x40_0000n;
const headerBytes = 64;
const programHeaderBytes = 56;

/** Register loads `mov r, imm64` in the order number, first to sixth argument. Source: syscall(2), x86-64. */
const loads64: readonly (readonly [number, number])[] = [
  [0x48, 0xb8], // rax
  [0x48, 0xbf], // rdi
  [0x48, 0xbe], // rsi
  [0x48, 0xba], // rdx
  [0x49, 0xba], // r10
  [0x49, 0xb8], // r8
  [0x49, 0xb9], // r9
];
/** `mov r, imm32` of the 32-bit interface: eax, ebx, ecx, edx. */
const loads32: readonly number[] = [0xb8, 0xbb, 0xb9, 0xba];

/** rdi = rax < 0 ? -rax : 0; exit(rdi) */
const exitWithErrno = [
  0x48, 0x63, 0xc0, 0x48, 0x89, 0xc7, 0x48, 0xf7, 0xdf, 0x48, 0x85, 0xc0, 0x78, 0x02, 0x31, 0xff, 0xb8, 60, 0,
  0, 0, 0x0f, 0x05,
];

/** A call through `syscall`. */
export function syscallProgram(number: number, ...args: readonly bigint[]): Uint8Array {
  const code = [BigInt(number), ...args].flatMap((value, index) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
    return [...(loads64[index] ?? []), ...bytes];
  });
  return elf([...code, 0x0f, 0x05, ...exitWithErrno]);
}

/** A call through `int 0x80`, as a 32-bit program makes it. */
export function syscall32Program(number: number, ...args: readonly number[]): Uint8Array {
  const code = [number, ...args].flatMap((value, index) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value >>> 0);
    return [loads32[index] ?? 0, ...bytes];
  });
  return elf([...code, 0xcd, 0x80, ...exitWithErrno]);
}

function elf(code: readonly number[]): Uint8Array {
  const size = headerBytes + programHeaderBytes + code.length;
  const file = Buffer.alloc(size);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]);
  file.writeUInt16LE(2, 16); // ET_EXEC
  file.writeUInt16LE(62, 18); // EM_X86_64
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(loadAddress + BigInt(headerBytes + programHeaderBytes), 24); // entry
  file.writeBigUInt64LE(BigInt(headerBytes), 32); // program headers
  file.writeUInt16LE(headerBytes, 52);
  file.writeUInt16LE(programHeaderBytes, 54);
  file.writeUInt16LE(1, 56);
  file.writeUInt32LE(1, headerBytes); // PT_LOAD
  file.writeUInt32LE(5, headerBytes + 4); // readable, executable
  file.writeBigUInt64LE(loadAddress, headerBytes + 16);
  file.writeBigUInt64LE(loadAddress, headerBytes + 24);
  file.writeBigUInt64LE(BigInt(size), headerBytes + 32);
  file.writeBigUInt64LE(BigInt(size), headerBytes + 40);
  file.writeBigUInt64LE(0x1000n, headerBytes + 48);
  file.set(code, headerBytes + programHeaderBytes);
  return file;
}
