import { describe, expect, test } from '@jest/globals';
import { isAsExpected, judge } from './judge.ts';
import { parseReport, type Spec } from './report.ts';

function reportOf(...specs: readonly object[]): string {
  return JSON.stringify([{ SuiteConfig: { RandomSeed: 7 }, SpecReports: specs }]);
}

describe('the report of critest', () => {
  test('gives names without labels, states, messages and the seed', () => {
    const common = { LeafNodeType: 'It', ContainerHierarchyTexts: ['[k8s.io] Container', 'runtime should'] };
    const failure = { Failure: { Message: 'it did not' } };
    const text = reportOf(
      { ...common, LeafNodeText: 'start [Conformance]', State: 'passed', RunTime: 2_500_000 },
      { ...common, LeafNodeText: 'stop', State: 'panicked', ...failure },
      { ...common, LeafNodeText: 'mount', State: 'skipped', ...failure },
      { LeafNodeType: 'BeforeSuite', State: 'passed' },
    );
    expect(parseReport(text)).toEqual({
      seed: 7,
      specs: [
        { name: 'Container runtime should start', state: 'passed', message: '', durationMs: 3 },
        { name: 'Container runtime should stop', state: 'failed', message: 'it did not', durationMs: 0 },
        { name: 'Container runtime should mount', state: 'skipped', message: 'it did not', durationMs: 0 },
      ],
    });
  });

  test('leaves out what was not selected and tells of a suite that could not begin', () => {
    const text = reportOf(
      { LeafNodeType: 'It', LeafNodeText: 'benchmark', State: 'skipped' },
      { LeafNodeType: 'BeforeSuite', State: 'failed', Failure: { Message: 'no server' } },
    );
    expect(parseReport(text).specs).toEqual([
      { name: 'BeforeSuite', state: 'failed', message: 'no server', durationMs: 0 },
    ]);
  });

  test('is refused when it is not one', () => {
    expect(() => parseReport('{}')).toThrow('expected one suite');
  });
});

describe('the verdict on a run', () => {
  const facts = { handler: 'crun', hasAppArmor: false };
  const spec = (name: string, state: Spec['state']): Spec => ({ name, state, message: 'why', durationMs: 1 });

  test('is as expected when only what has a reason is skipped', () => {
    const verdict = judge([spec('Container starts', 'passed'), spec('AppArmor works', 'skipped')], facts);
    expect(verdict.skipped).toEqual([
      { spec: spec('AppArmor works', 'skipped'), reason: 'the kernel has no AppArmor' },
    ]);
    expect(isAsExpected(verdict)).toBe(true);
  });

  test('is not when a reason does not hold here', () => {
    const verdict = judge([spec('AppArmor works', 'skipped')], { ...facts, hasAppArmor: true });
    expect(verdict.wronglySkipped).toHaveLength(1);
    expect(isAsExpected(verdict)).toBe(false);
  });

  test('is not when something fails', () => {
    expect(isAsExpected(judge([spec('Container starts', 'failed')], facts))).toBe(false);
  });

  test('is not when nothing ran', () => {
    expect(isAsExpected(judge([], facts))).toBe(false);
  });
});
