/**
 * A small file system of its own (ext4 in a file, by a loop device) somewhere in a machine, to be filled up.
 */
import { basename } from 'node:path';
import type { Machine } from './machine.ts';

export type SmallDiskOptions = {
  /** Where it is mounted: a directory of the machine. */
  readonly target: string;
  readonly megabytes: number;
  readonly inodes: number;
};

export class SmallDisk {
  readonly #machine: Machine;
  readonly #target: string;
  /** What the empty file system takes for itself. */
  #own = { bytes: 0, inodes: 0 };

  private constructor(machine: Machine, target: string) {
    this.#machine = machine;
    this.#target = target;
  }

  /** It goes with the machine's mounts. */
  static async mount(machine: Machine, options: SmallDiskOptions): Promise<SmallDisk> {
    const { target, megabytes, inodes } = options;
    const file = machine.path(`${basename(target)}.ext4`);
    await machine.run('mkdir', '-p', target);
    await machine.run('truncate', '-s', `${megabytes}M`, file);
    // No blocks kept for root, who would not notice that it is full.
    await machine.run('mke2fs', '-q', '-F', '-t', 'ext4', '-m', '0', '-b', '4096', '-N', `${inodes}`, file);
    await machine.run('mount', '-o', 'loop', file, target);
    const disk = new SmallDisk(machine, target);
    disk.#own = await disk.used();
    return disk;
  }

  /** Bytes and inodes in use since it was mounted, as the file system itself says. */
  async used(): Promise<{ readonly bytes: number; readonly inodes: number }> {
    await this.#machine.run('sync', '-f', this.#target);
    const { stdout } = await this.#machine.run('stat', '-f', '-c', '%b %f %S %c %d', this.#target);
    const [blocks = 0, free = 0, blockBytes = 0, files = 0, filesFree = 0] = stdout
      .toString('utf8')
      .split(' ')
      .map(Number);
    const { bytes, inodes } = this.#own;
    return { bytes: (blocks - free) * blockBytes - bytes, inodes: files - filesFree - inodes };
  }

  /** Takes all space but so many KiB. */
  async fill(leftKiB: number): Promise<void> {
    const script = `cd "$0"; sync -f .; dd if=/dev/zero of=ballast bs=4k 2>/dev/null || truncate -s "-$1K" ballast; sync -f .`;
    await this.#machine.run('sh', '-ec', script, this.#target, String(leftKiB));
  }

  /** Takes all inodes but so many. */
  async fillInodes(left: number): Promise<void> {
    const script = `cd "$0"; mkdir ballast; count=$(( $(stat -f -c '%d' .) - $1 )); seq -f 'ballast/%.0f' $count | xargs touch`;
    await this.#machine.run('sh', '-ec', script, this.#target, String(left));
  }

  /** Gives back what `fill` took. */
  async free(): Promise<void> {
    await this.#machine.run('rm', '-rf', `${this.#target}/ballast`);
  }
}
