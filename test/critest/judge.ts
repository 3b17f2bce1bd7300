/**
 * Compares what a run did with what is expected of it. Pure.
 */
import { allowedSkips, excuse, knownFailures, type Expectation, type RunFacts } from './expectations.ts';
import type { Spec } from './report.ts';

export type Excused = { readonly spec: Spec; readonly reason: string };

export type Verdict = {
  readonly passed: readonly Spec[];
  /** Failed, and nobody expects it. */
  readonly failed: readonly Spec[];
  readonly knownFailed: readonly Excused[];
  readonly skipped: readonly Excused[];
  /** Skipped without a reason that holds here. */
  readonly wronglySkipped: readonly Spec[];
  /** Passed though it is in the list of known failures, which has to be shortened. */
  readonly wronglyPassed: readonly Spec[];
};

export function judge(specs: readonly Spec[], facts: RunFacts): Verdict {
  const failed = sort(of(specs, 'failed'), knownFailures, facts);
  const skipped = sort(of(specs, 'skipped'), allowedSkips, facts);
  const passed = of(specs, 'passed');
  return {
    passed,
    failed: failed.others,
    knownFailed: failed.excused,
    skipped: skipped.excused,
    wronglySkipped: skipped.others,
    wronglyPassed: sort(passed, knownFailures, facts).excused.map((one) => one.spec),
  };
}

/** Also false when nothing passed: a run that did nothing proves nothing. */
export function isAsExpected(verdict: Verdict): boolean {
  const surprises = [verdict.failed, verdict.wronglySkipped, verdict.wronglyPassed];
  return verdict.passed.length > 0 && surprises.every((list) => list.length === 0);
}

function of(specs: readonly Spec[], state: Spec['state']): readonly Spec[] {
  return specs.filter((spec) => spec.state === state);
}

function sort(
  specs: readonly Spec[],
  list: readonly Expectation[],
  facts: RunFacts,
): { readonly excused: readonly Excused[]; readonly others: readonly Spec[] } {
  const excused: Excused[] = [];
  const others: Spec[] = [];
  for (const spec of specs) {
    const reason = excuse(list, spec.name, facts);
    if (reason === null) others.push(spec);
    else excused.push({ spec, reason });
  }
  return { excused, others };
}
