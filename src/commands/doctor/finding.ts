/**
 * What the doctor finds: one thing that belongs to nobody, or that is damaged. Scans only look; a finding carries the act
 * that would mend it, and nobody but `--repair` calls that.
 */
import type { AbsolutePath } from '../../base/ids.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Known } from './known.ts';

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

/** What scans may look at: the places of one daemon, and what its records say. */
export type Scene = {
  readonly rootDir: AbsolutePath;
  readonly runDir: AbsolutePath;
  /** Pods that name no parent are in here, below every hierarchy. */
  readonly cgroupParent: AbsolutePath;
  readonly known: Known;
};

export type Scan = (scene: Scene) => Promise<readonly Finding[]>;

const idForm = /^[0-9a-f]{64}$/;

export function isId(name: string): boolean {
  return idForm.test(name);
}
