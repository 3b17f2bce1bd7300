/**
 * The conversation with the measuring thread: one order at a time, one answer to each.
 *
 *   daemon ── { path } ──▶ thread
 *   daemon ◀── { usage, disk } | { error } ── thread
 */
import type { TreeUsage } from './tree-usage.ts';

export type MeasureOrder = { readonly path: string };

/** The file system that a tree is on. Source: statfs(2). */
export type DiskFigures = {
  readonly limitBytes: bigint;
  readonly inodes: bigint;
  readonly inodesFree: bigint;
};

export type Measured = { readonly usage: TreeUsage; readonly disk: DiskFigures } | { readonly error: string };
