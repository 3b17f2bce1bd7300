/**
 * A scan looks at one kind of place and changes nothing.
 */
import type { AbsolutePath } from '../../base/ids.ts';
import type { Finding } from './finding.ts';
import type { Known } from './known.ts';

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
