/**
 * Makes the moves between cgroups of the next milliseconds fast. The first move after a pause waits for an RCU grace period (8 ms
 * and more), those close behind it do not. A move of ours to where we are takes that wait upon itself, beside other work.
 * Nothing depends on it. Source: Linux, cgroup_threadgroup_rwsem; percpu_rw_semaphore.
 */
import { write } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { failedPrecondition } from '../../base/errors.ts';
import { absolutePath, joinPath, type AbsolutePath } from '../../base/ids.ts';
import { readText } from './cgroup-files.ts';
import { hierarchyOf, type CgroupLayout } from './cgroup-layout.ts';
import { inHierarchy } from './cgroup-tree.ts';

/** Whoever writes it. Source: cgroups(7), cgroup.procs. */
const ourselves = Buffer.from('0');

export class MoveHastener implements AsyncDisposable {
  readonly #layout: CgroupLayout;
  /** `cgroup.procs` of the cgroup that we are in. */
  #procs: Promise<FileHandle> | null = null;
  #moving: Promise<void> | null = null;

  constructor(layout: CgroupLayout) {
    this.#layout = layout;
  }

  /** Waits for nothing; one at a time is enough. */
  hasten(): void {
    this.#moving ??= this.#move().finally(() => (this.#moving = null));
  }

  async #move(): Promise<void> {
    this.#procs ??= findOwnProcs(this.#layout).then(async (path) => await open(path, 'r+'));
    const procs = await this.#procs.catch(() => null);
    if (procs === null) return;
    const moved = Promise.withResolvers<void>();
    // Not by the handle: that would take as long as half of an exec's work.
    write(procs.fd, ourselves, 0, ourselves.length, 0, () => moved.resolve());
    await moved.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#moving;
    const procs = await this.#procs?.catch(() => null);
    await procs?.close();
  }
}

async function findOwnProcs(layout: CgroupLayout): Promise<AbsolutePath> {
  const hierarchy = hierarchyOf(layout, 'memory') ?? layout.hierarchies[0];
  if (hierarchy === undefined) throw failedPrecondition('NoCgroups', 'no cgroup hierarchy is mounted');
  const lines = ((await readText('/proc/self/cgroup')) ?? '').split('\n').map((line) => line.split(':'));
  const own = lines.find(([, names = '']) =>
    hierarchy.version === 'v2' ? names === '' : names.split(',').includes('memory'),
  );
  return joinPath(inHierarchy(hierarchy, absolutePath(own?.slice(2).join(':') ?? '/')), 'cgroup.procs');
}
