/**
 * Measures cgroups by reading their files, which stay open between readings: no process is started, nobody is asked. Cgroups
 * vanish at any time: one that is gone gives null.
 */
import { type AbsolutePath, joinPath } from '../../base/ids.ts';
import { type CgroupDetails, readDetails, type ReadFile } from './cgroup-details.ts';
import { type MemoryFigures, memoryV1, memoryV2, parsePsi, type Psi, valueIn } from './cgroup-figures.ts';
import { parseNumber } from '../cgroups/cgroup-files.ts';
import { type CgroupLayout, type Hierarchy, hierarchyOf } from '../cgroups/cgroup-layout.ts';
import { HeldFiles } from './held-files.ts';
import { readKernelFile } from './kernel-files.ts';

const pressureFiles = ['cpu.pressure', 'memory.pressure', 'io.pressure'] as const;

export type CgroupStats = {
  readonly cpuUsageNs: bigint;
  readonly memory: MemoryFigures | null;
  /** Processes and threads. */
  readonly tasks: bigint;
  /** Null: cgroup v1, or a kernel without it. */
  readonly psi: { readonly cpu: Psi | null; readonly memory: Psi | null; readonly io: Psi | null } | null;
};

export class CgroupMeter implements Disposable {
  readonly #layout: CgroupLayout;
  readonly #unified: Hierarchy | null;
  readonly #held: HeldFiles;
  readonly #hierarchies = new Map<string, Hierarchy | null>();

  constructor(layout: CgroupLayout, held = new HeldFiles()) {
    this.#layout = layout;
    this.#unified = layout.hierarchies.find(({ version }) => version === 'v2') ?? null;
    this.#held = held;
  }

  /** What every sample has. @returns null: the cgroup is not there (any more). @throws SyscallError read */
  read(path: AbsolutePath): CgroupStats | null {
    const read = this.#reader(path);
    const cpuUsageNs = this.#isV1('cpuacct') ? cpuV1(read) : cpuV2(read);
    const memory = this.#isV1('memory') ? readMemoryV1(read) : readMemoryV2(read);
    const tasks = parseNumber(read('pids', 'pids.current'));
    if (cpuUsageNs === null && memory === null && tasks === null) {
      this.release(path);
      return null;
    }
    return { cpuUsageNs: cpuUsageNs ?? 0n, memory, tasks: tasks ?? 0n, psi: this.#readPsi(path) };
  }

  /** What only metrics have: many more files. @throws SyscallError read */
  details(path: AbsolutePath): CgroupDetails {
    return readDetails(this.#reader(path), (controller) => this.#isV1(controller));
  }

  /** Processes in a cgroup, not below it. Opened anew: v1 keeps the list of an open file for as long as it is read often. */
  processes(path: AbsolutePath): readonly number[] {
    const hierarchy = this.#hierarchy('pids');
    const text = hierarchy === null ? null : readKernelFile(fileIn(hierarchy, path, 'cgroup.procs'));
    return (text ?? '').split('\n').flatMap((line) => (line === '' ? [] : [Number(line)]));
  }

  /** Closes the files of a cgroup. */
  release(path: AbsolutePath): void {
    this.#held.release(path);
  }

  [Symbol.dispose](): void {
    this.#held[Symbol.dispose]();
  }

  #isV1(controller: string): boolean {
    return this.#hierarchy(controller)?.version === 'v1';
  }

  /** io and cpu figures of v2 are there without their controller. */
  #hierarchy(controller: string): Hierarchy | null {
    const known = this.#hierarchies.get(controller);
    if (known !== undefined) return known;
    const unified = this.#layout.version === 'v2' ? this.#unified : null;
    const found = hierarchyOf(this.#layout, controller) ?? unified;
    this.#hierarchies.set(controller, found);
    return found;
  }

  #reader(path: AbsolutePath): ReadFile {
    return (controller, file) => {
      const hierarchy = this.#hierarchy(controller);
      return hierarchy === null ? null : this.#held.read(path, file, () => fileIn(hierarchy, path, file));
    };
  }

  /** The files of v2 only; where v1 stands beside it, a runtime may have put the processes into both. */
  #readPsi(path: AbsolutePath): CgroupStats['psi'] {
    const unified = this.#unified;
    if (unified === null) return null;
    const [cpu = null, memory = null, io = null] = pressureFiles.map((file) =>
      parsePsi(this.#held.read(path, file, () => fileIn(unified, path, file))),
    );
    return cpu === null && memory === null && io === null ? null : { cpu, memory, io };
  }
}

function fileIn(hierarchy: Hierarchy, path: AbsolutePath, file: string): AbsolutePath {
  return joinPath(hierarchy.mountPoint, path.slice(1), file);
}

function cpuV1(read: ReadFile): bigint | null {
  return parseNumber(read('cpuacct', 'cpuacct.usage'));
}

function cpuV2(read: ReadFile): bigint | null {
  const text = read('cpu', 'cpu.stat');
  return text === null ? null : (valueIn(text, 'usage_usec') ?? 0n) * 1000n;
}

function readMemoryV1(read: ReadFile): MemoryFigures | null {
  return memoryV1({
    usage: read('memory', 'memory.usage_in_bytes'),
    stat: read('memory', 'memory.stat'),
    limit: read('memory', 'memory.limit_in_bytes'),
  });
}

function readMemoryV2(read: ReadFile): MemoryFigures | null {
  return memoryV2({
    current: read('memory', 'memory.current'),
    stat: read('memory', 'memory.stat'),
    max: read('memory', 'memory.max'),
    swapCurrent: read('memory', 'memory.swap.current'),
    swapMax: read('memory', 'memory.swap.max'),
  });
}
