/**
 * What glibc's malloc does with memory that was freed.
 */
import { libc } from '../linux.ts';

const trimThreshold = -1;
const thresholdBytes = 128 * 1024;

/**
 * Free memory goes back to the system as glibc does it at first. Otherwise each large piece that is freed (up to 32 MiB)
 * lets it keep more from then on, in each of its arenas. Source: mallopt(3), M_TRIM_THRESHOLD, M_MMAP_THRESHOLD.
 */
export function keepLittleFreeMemory(): void {
  libc.mallopt(trimThreshold, thresholdBytes);
}
