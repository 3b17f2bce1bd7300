/**
 * How many processes of a cgroup the kernel has killed for lack of memory, v1 and v2.
 */
import { join } from 'node:path';
import { parseKeyed, readText } from './cgroup-files.ts';

/** The directory of a cgroup in the hierarchy of a controller; null: there is none. */
export type CgroupDirectory = {
  readonly version: 'v1' | 'v2';
  readonly directory: string;
} | null;
export type DirectoryOf = (controller: string) => CgroupDirectory;

/** Processes that the kernel killed for lack of memory in the cgroup or below it; null: not known (any more). */
export async function readOomKills(directoryOf: DirectoryOf): Promise<bigint | null> {
  const place = directoryOf('memory');
  if (place === null) return null;
  const file = place.version === 'v1' ? 'memory.oom_control' : 'memory.events';
  return parseKeyed(await readText(join(place.directory, file))).get('oom_kill') ?? null;
}
