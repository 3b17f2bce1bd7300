/**
 * Limits of a process that the daemon may not be permitted to set: without CAP_SYS_RESOURCE a runtime that is told to lower
 * an OOM score or to raise a hard limit fails with EPERM, so what cannot be had is not asked for.
 * Source: proc_pid_oom_score_adj(5); setrlimit(2).
 */
import type { OciRlimit } from './oci-spec.ts';

export type OomScoreFacts = {
  /** The daemon's own. */
  readonly oomScoreAdj: number;
  readonly boundingCapabilities: readonly string[];
};

/** An OOM score below the daemon's own needs CAP_SYS_RESOURCE. */
export function reachableOomScoreAdj(wanted: number, facts: OomScoreFacts): number {
  return mayRaise(facts) ? wanted : Math.max(wanted, facts.oomScoreAdj);
}

export type RlimitFacts = Pick<OomScoreFacts, 'boundingCapabilities'> & {
  /** The daemon's own hard limits, by their OCI names. */
  readonly hardLimits: ReadonlyMap<string, bigint>;
};

/** A hard limit above the daemon's own needs CAP_SYS_RESOURCE; the soft limit comes down with it. */
export function reachableRlimits(wanted: readonly OciRlimit[], facts: RlimitFacts): readonly OciRlimit[] {
  if (mayRaise(facts)) return wanted;
  return wanted.map(({ type, soft, hard }) => {
    const most = facts.hardLimits.get(type);
    if (most === undefined || hard <= most) return { type, soft, hard };
    return { type, soft: soft < most ? soft : most, hard: most };
  });
}

function mayRaise({ boundingCapabilities }: Pick<OomScoreFacts, 'boundingCapabilities'>): boolean {
  return boundingCapabilities.includes('CAP_SYS_RESOURCE');
}
