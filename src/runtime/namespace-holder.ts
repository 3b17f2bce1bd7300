/**
 * A user namespace and, on wish, the namespaces that it owns: made by a process of their own, since a process with several
 * threads can make no user namespace. The process does nothing and ends when its input is closed, so also when the daemon
 * dies; what shall last longer is pinned meanwhile.
 *
 *   daemon ──start──▶ unshare ──exec──▶ cat            the namespaces exist when cat gives the first byte back
 *          ──uid_map, gid_map──▶                       from here on it is of use
 *          ──close──▶ cat ends
 */
import { writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { failedPrecondition } from '../base/errors.ts';
import { absolutePath, type AbsolutePath } from '../base/ids.ts';
import { withDeadline } from '../base/time.ts';
import type { NamespaceKind } from '../kernel/contract/namespaces.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { mapText, type IdMap } from '../spec/requests/id-mapping.ts';
import type { Programs } from './programs/programs.ts';

export type NamespaceHolder = AsyncDisposable & {
  /** Its process: what pins the namespaces names it. */
  readonly pid: number;
  /** Valid until it is disposed of. */
  readonly userNamespace: AbsolutePath;
};

export type HolderServices = { readonly programs: Programs; readonly kernel: Pick<Kernel, 'pipe'> };

const startTimeoutMs = 10_000;
const options: Readonly<Record<Exclude<NamespaceKind, 'user'>, string>> = {
  net: '--net',
  ipc: '--ipc',
  uts: '--uts',
};

/** @throws UserNamespaceFailed */
export async function holdNamespaces(
  services: HolderServices,
  wanted: { readonly idMap: IdMap; readonly kinds: readonly Exclude<NamespaceKind, 'user'>[] },
): Promise<NamespaceHolder> {
  try {
    return await hold(services, wanted);
  } catch (cause) {
    throw failedPrecondition('UserNamespaceFailed', 'make a user namespace', { cause });
  }
}

async function hold(
  services: HolderServices,
  { idMap, kinds }: Parameters<typeof holdNamespaces>[1],
): Promise<NamespaceHolder> {
  const { read, write } = services.kernel.pipe();
  using input = read;
  const stdin = new Socket({ fd: write.release(), readable: false, writable: true });
  // It may have ended: what it said tells why.
  stdin.on('error', () => undefined);
  await using undo = new AsyncDisposableStack();
  undo.defer(() => void stdin.destroy());
  const argv = ['unshare', '--user', ...kinds.map((kind) => options[kind]), '--', 'cat'] as const;
  const program = services.programs.startPiped({ argv: [...argv] }, input.number);
  undo.defer(async () => {
    stdin.destroy();
    program.kill();
    await program.ended;
    program[Symbol.dispose]();
  });
  await withDeadline({ step: 'start unshare', timeoutMs: startTimeoutMs }, async (signal) => {
    stdin.write('.');
    const failed = program.ended.then(async () => await refuse(program.stderr));
    await Promise.race([once(program.stdout, 'data', { signal }), failed]);
  });
  const proc = `/proc/${program.pid}`;
  await writeFile(`${proc}/uid_map`, mapText(idMap.uids));
  await writeFile(`${proc}/gid_map`, mapText(idMap.gids));
  const held = undo.move();
  return {
    pid: program.pid,
    userNamespace: absolutePath(`${proc}/ns/user`),
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}

/** @throws an Error with what the program has said */
async function refuse(stderr: NodeJS.ReadableStream): Promise<never> {
  const chunks: string[] = [];
  for await (const chunk of stderr) chunks.push(String(chunk));
  throw new Error(chunks.join('').trim().slice(0, 1000) || 'unshare ended');
}
