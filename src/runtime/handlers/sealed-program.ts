/**
 * A sealed copy in memory of a runtime's program, for all its calls. crun and runc see to it that no container can write to the
 * program on disk (CVE-2019-5736): they copy themselves to memory and execute the copy, at every call. One that runs from a sealed
 * copy finds that done.
 *
 *   first use ──▶ copied, sealed, tried ──▶ used until the file changes ──▶ copied anew
 *                          └── cannot be had ──▶ the program itself is run, until the file changes
 */
import { statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { SealedCopy } from '../../../conmon-ts/protocol.ts';
import { failedPrecondition, messageOf } from '../../base/errors.ts';
import type { AbsolutePath } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import type { Fd } from '../../kernel/contract/files.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Programs } from '../programs/programs.ts';

export type SealedProgramMeans = {
  readonly kernel: Pick<Kernel, 'sealedCopy'>;
  readonly programs: Pick<Programs, 'mustRun'>;
  readonly log: Log;
};

/** Those that are known to copy themselves; the copy of any other would gain nothing. */
const copiesItself = /^(?:crun|runc) version /;
const versionTimeoutMs = 10_000;

type Copy = { readonly of: string; readonly fd: Fd; readonly told: SealedCopy };

export class SealedProgram implements Disposable {
  readonly #path: AbsolutePath;
  readonly #means: SealedProgramMeans;
  #copy: Copy | null = null;
  /** The file that was copied last, or could not be. */
  #tried = '';
  #isClosed = false;

  constructor(path: AbsolutePath, means: SealedProgramMeans) {
    this.#path = path;
    this.#means = means;
  }

  /** The copy of what the file is now; null: there is none (yet). Waits for nothing. */
  current(): SealedCopy | null {
    const now = identityOf(this.#path);
    if (now === this.#copy?.of) return this.#copy.told;
    if (now !== this.#tried && !this.#isClosed) {
      this.#tried = now;
      void this.#renew(now);
    }
    return null;
  }

  async #renew(identity: string): Promise<void> {
    const { log } = this.#means;
    this.#drop();
    try {
      const copy = await this.#make(identity);
      if (this.#isClosed || this.#tried !== identity) copy.fd.close();
      else this.#copy = copy;
      log.debug({ program: this.#path }, 'runtime runs from a sealed copy');
    } catch (error) {
      log.info({ program: this.#path, why: messageOf(error) }, 'no sealed copy of the runtime');
    }
  }

  async #make(identity: string): Promise<Copy> {
    const version = await this.#version();
    if (!copiesItself.test(version))
      throw failedPrecondition('NotSealed', 'it is not known to copy itself at every call');
    await mustBeBinary(this.#path);
    using stack = new DisposableStack();
    const fd = stack.use(await this.#means.kernel.sealedCopy(this.#path));
    const path = `/proc/${process.pid}/fd/${fd.number}`;
    // It may be kept from running, or miss what lay beside the program.
    if ((await this.#version(path)) !== version || identityOf(this.#path) !== identity)
      throw failedPrecondition('NotSealed', 'its copy is not the same');
    const { ino } = statSync(path, { bigint: true });
    stack.move();
    return { of: identity, fd, told: { path, inode: String(ino) } };
  }

  async #version(file?: string): Promise<string> {
    const { stdout } = await this.#means.programs.mustRun({
      argv: [this.#path, '--version'],
      ...(file === undefined ? {} : { file }),
      timeoutMs: versionTimeoutMs,
    });
    return stdout.toString('utf8');
  }

  #drop(): void {
    this.#copy?.fd.close();
    this.#copy = null;
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#drop();
  }
}

/** Says whether a program has been replaced. */
function identityOf(path: string): string {
  const info = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (info === undefined) return '';
  return [info.dev, info.ino, info.size, info.mtimeNs, info.ctimeNs].join(':');
}

const elfMagic = Buffer.from('\x7fELF', 'latin1');

/** A script would be read by its interpreter when the descriptor may have been closed. */
async function mustBeBinary(path: string): Promise<void> {
  await using file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(elfMagic.length), 0, elfMagic.length, 0);
  if (!buffer.equals(elfMagic)) throw failedPrecondition('NotSealed', 'it is a script');
}
