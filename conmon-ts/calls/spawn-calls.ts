/**
 * Starts programs without a fork.
 */
import { constants } from 'node:os';
import { addressOf, findLate, libc, LinuxError } from '../linux.ts';

/** A program to start with three standard streams of ours (3 and up). */
export type SpawnRequest = {
  readonly argv: readonly [string, ...string[]];
  /** What is executed in the place of argv[0]. */
  readonly file: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly stdio: readonly [number, number, number];
};

/** More than posix_spawnattr_t (336) and posix_spawn_file_actions_t (80) take in glibc on 64-bit machines. */
const spawnStructureBytes = 512;
/** Of glibc 2.29 and 2.34. */
const addChdir = findLate('posix_spawn_file_actions_addchdir_np', 'pointer');
const addCloseFrom = findLate('posix_spawn_file_actions_addclosefrom_np', 'i32');

/**
 * Starts a program, a child of ours in a session of its own with no signal blocked or ignored, and returns its pid. Unlike a
 * fork it copies no page tables: the memory is shared until the program is executed. Source: posix_spawn(3).
 * @throws LinuxError with the program's path
 */
export function spawnProgram({ argv, file: program, env, cwd, stdio }: SpawnRequest): number {
  const must = (errno: unknown): void => {
    if (errno !== 0) throw new LinuxError('posix_spawn', Number(errno), program);
  };
  const [attributes, actions] = [Buffer.alloc(spawnStructureBytes), Buffer.alloc(spawnStructureBytes)];
  must(libc.posix_spawnattr_init(attributes));
  // SETSIGDEF, SETSIGMASK (empty from the start), SETSID.
  must(libc.posix_spawnattr_setflags(attributes, 0x04 | 0x08 | 0x80));
  must(libc.posix_spawnattr_setsigdefault(attributes, Buffer.alloc(128, 0xff)));
  must(libc.posix_spawn_file_actions_init(actions));
  try {
    must(addChdir === null ? constants.errno.ENOSYS : addChdir(actions, Buffer.from(`${cwd}\0`)));
    stdio.forEach((fd, target) => must(libc.posix_spawn_file_actions_adddup2(actions, fd, target)));
    // All of ours are close-on-exec; this is for what a library may have opened otherwise.
    if (addCloseFrom !== null) must(addCloseFrom(actions, 3));
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const pid = new Int32Array(1);
    must(libc.posix_spawnp(pid, program, actions, attributes, stringVector(argv), stringVector(variables)));
    return pid[0] ?? -1;
  } finally {
    libc.posix_spawn_file_actions_destroy(actions);
  }
}

/** A vector of C strings in one piece: addresses, NULL, and the texts that they point at. */
function stringVector(texts: readonly string[]): Buffer {
  const bytes = texts.map((text) => Buffer.from(`${text}\0`));
  const pointerBytes = (texts.length + 1) * 8;
  const vector = Buffer.alloc(pointerBytes + bytes.reduce((sum, each) => sum + each.length, 0));
  const base = addressOf(vector);
  let at = pointerBytes;
  bytes.forEach((each, index) => {
    vector.writeBigUInt64LE(base + BigInt(at), index * 8);
    at += each.copy(vector, at);
  });
  return vector;
}
