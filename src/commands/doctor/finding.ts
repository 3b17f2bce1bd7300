/**
 * What the doctor finds: one thing that belongs to nobody, or that is damaged. Scans only look; a finding carries the act
 * that would mend it, and nobody but `--repair` calls that.
 */
import type { Kernel } from '../../kernel/kernel.ts';

export type FindingKind =
  | 'record'
  | 'quarantine'
  | 'mount'
  | 'namespace'
  | 'directory'
  | 'fifo'
  | 'cgroup'
  | 'process'
  | 'monitor'
  | 'image'
  | 'layer'
  | 'blob';

export type Finding = {
  readonly kind: FindingKind;
  /** What tells it from others of its kind: a path, a pid, an id. */
  readonly id: string;
  /** Why it is a finding, in a few words. */
  readonly what: string;
  /** Null: a person has to look. */
  readonly repair: ((kernel: Kernel) => Promise<void>) | null;
};
