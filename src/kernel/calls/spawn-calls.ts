/**
 * posix_spawn: starts a program without copying this process's page tables (glibc shares the memory with the child until it
 * executes the program). The calling thread stands still for that time. Knows the structures, and no policy.
 */
import { SyscallError } from '../../base/errors.ts';
import type { SpawnRequest, SpawnStdio } from '../contract/processes.ts';
import { addressOf, checkErrno, lateLibc, libc } from '../linux.ts';
import { openFlag } from '../linux-constants.ts';

/** More than posix_spawnattr_t (336) and posix_spawn_file_actions_t (80) take in glibc on 64-bit machines. */
const structureBytes = 512;
/** Source: spawn.h. */
const spawnFlag = { setSignalDefault: 0x04, setSignalMask: 0x08, setSession: 0x80 } as const;
const firstOther = 3;

let sharedAttributes: Buffer | null = null;

/** Source: posix_spawn(3). @throws SyscallError posix_spawn with the program's path */
export function posixSpawn(request: SpawnRequest): number {
  const [program] = request.argv;
  const argv = stringVector(request.argv);
  const env = stringVector(Object.entries(request.env).map(([name, value]) => `${name}=${value}`));
  sharedAttributes ??= attributes();
  const actions = Buffer.alloc(structureBytes);
  checkErrno(libc.posix_spawn_file_actions_init(actions), 'posix_spawn', program);
  try {
    addActions(actions, request);
    const pid = Buffer.alloc(4);
    const errno = libc.posix_spawnp(pid, request.file ?? program, actions, sharedAttributes, argv, env);
    checkErrno(errno, 'posix_spawn', program);
    return pid.readInt32LE(0);
  } finally {
    libc.posix_spawn_file_actions_destroy(actions);
  }
}

/** A new session, no signal blocked, none ignored: Node ignores SIGPIPE, and an ignored signal stays so in the program. */
function attributes(): Buffer {
  const structure = Buffer.alloc(structureBytes);
  checkErrno(libc.posix_spawnattr_init(structure), 'posix_spawnattr_init');
  const { setSignalDefault, setSignalMask, setSession } = spawnFlag;
  // The mask is empty from the start.
  checkErrno(
    libc.posix_spawnattr_setflags(structure, setSignalDefault | setSignalMask | setSession),
    'posix_spawnattr_setflags',
  );
  const allSignals = Buffer.alloc(128, 0xff);
  checkErrno(libc.posix_spawnattr_setsigdefault(structure, allSignals), 'posix_spawnattr_setsigdefault');
  return structure;
}

function addActions(actions: Buffer, request: SpawnRequest): void {
  const [program] = request.argv;
  if (request.cwd !== undefined) {
    if (lateLibc.addChdir === null) throw refusal('ENOSYS', request.cwd);
    checkErrno(lateLibc.addChdir(actions, withoutNul(request.cwd)), 'posix_spawn', program);
  }
  request.stdio.forEach((source, target) => addStream(actions, source, target));
  // All of ours are close-on-exec; this is for what a library may have opened otherwise.
  if (lateLibc.addCloseFrom !== null)
    checkErrno(lateLibc.addCloseFrom(actions, firstOther), 'posix_spawn', program);
}

function addStream(actions: Buffer, source: SpawnStdio, target: number): void {
  if (source === 'ignore') {
    const flags = target === 0 ? openFlag.readOnly : openFlag.writeOnly;
    checkErrno(
      libc.posix_spawn_file_actions_addopen(actions, target, '/dev/null', flags, 0),
      'posix_spawn',
      '/dev/null',
    );
    return;
  }
  // It could have been replaced by a stream before this one.
  if (source < firstOther && source !== target) throw refusal('EINVAL', `fd ${source}`);
  checkErrno(libc.posix_spawn_file_actions_adddup2(actions, source, target), 'posix_spawn', `fd ${source}`);
}

/** A vector of C strings in one piece: addresses, NULL, and the texts that they point at. */
function stringVector(texts: readonly string[]): Buffer {
  const bytes = texts.map((text) => Buffer.from(`${withoutNul(text)}\0`));
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

function withoutNul(text: string): string {
  if (text.includes('\0')) throw refusal('EINVAL', JSON.stringify(text));
  return text;
}

function refusal(errno: string, what: string): SyscallError {
  return new SyscallError({ call: 'posix_spawn', errno, paths: [what] });
}
