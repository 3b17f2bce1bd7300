/**
 * What ginkgo's JSON report says of each specification. It must bear any text in names and messages.
 */

export type SpecState = 'passed' | 'failed' | 'skipped';

export type Spec = {
  /** Containers and leaf joined by blanks, without the labels in brackets. */
  readonly name: string;
  readonly state: SpecState;
  /** Why it was skipped or failed; empty when it passed. */
  readonly message: string;
  readonly durationMs: number;
};

export type SuiteReport = {
  readonly specs: readonly Spec[];
  /** The order's: `--ginkgo.seed=N` repeats it. */
  readonly seed: number;
};

type Json = Readonly<Record<string, unknown>>;

/** Specifications that were not selected (benchmarks, those outside a focus) are left out. */
export function parseReport(text: string): SuiteReport {
  const suites: unknown = JSON.parse(text);
  if (!Array.isArray(suites) || suites.length !== 1) throw new Error('parse the report: expected one suite');
  const suite = object(suites[0]);
  const seed = object(suite['SuiteConfig'])['RandomSeed'];
  return {
    specs: listOf(suite['SpecReports']).flatMap(toSpec),
    seed: typeof seed === 'number' ? seed : 0,
  };
}

/** Source: ginkgo v2, types.SpecReport. */
function toSpec(value: unknown): readonly Spec[] {
  const spec = object(value);
  const leaf = text(spec['LeafNodeText']);
  const message = text(object(spec['Failure'])['Message']);
  const kind = text(spec['LeafNodeType']);
  const state = stateOf(text(spec['State']));
  if (kind !== 'It') {
    // BeforeSuite and the like: told of only when they fail.
    return state === 'failed' ? [{ name: kind, state, message, durationMs: 0 }] : [];
  }
  if (state === 'skipped' && message === '') return [];
  const words = [...listOf(spec['ContainerHierarchyTexts']).map(text), leaf].join(' ');
  const name = words
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const runTimeNs = spec['RunTime'];
  const durationMs = typeof runTimeNs === 'number' ? Math.round(runTimeNs / 1e6) : 0;
  return [{ name, state, message: state === 'passed' ? '' : message, durationMs }];
}

function stateOf(state: string): SpecState {
  if (state === 'passed') return 'passed';
  return state === 'skipped' || state === 'pending' ? 'skipped' : 'failed';
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
