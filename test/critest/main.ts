/**
 * `npm run test:critest [-- flags of critest]`: builds what is missing into the cache, runs the suite with each runtime,
 * compares with the expectations and writes docs/conformance.md. With flags (a focus, say) the page is left as it is.
 *   CRITEST_RUNS=crun,runc   only these of the runs below
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../src/base/errors.ts';
import { mustRun } from '../../src/base/process.ts';
import { cacheDir, project } from './cache.ts';
import { buildCriTools } from './cri-tools.ts';
import { hasAppArmor } from './expectations.ts';
import { findGo } from './go.ts';
import { conformanceImages, digestImage } from './images.ts';
import { isAsExpected, judge, type Verdict } from './judge.ts';
import { conformancePage, type JudgedRun } from './page.ts';
import { prepareStorage } from '../harness/registry-storage.ts';
import { runSuite } from './suite.ts';

type Plan = { readonly name: string; readonly title: string; readonly handler: string } & {
  readonly flags: readonly string[];
};

/** Specifications at a time; those that critest calls serial run alone. */
const sideBySide = ['--parallel=4'];
const webSocketFlags = ['exec', 'attach', 'portforward'].map((kind) => `--websocket-${kind}`);
const plans: readonly Plan[] = [
  { name: 'crun', title: 'crun', handler: 'crun', flags: sideBySide },
  { name: 'runc', title: 'runc', handler: 'runc', flags: sideBySide },
  {
    name: 'websocket',
    title: 'crun, streaming over WebSocket',
    handler: 'crun',
    flags: [...webSocketFlags, '--ginkgo.focus=Streaming'],
  },
];

const logDir = join(cacheDir, 'logs');
const pagePath = join(project, 'docs/conformance.md');

/** Interrupted: critest is killed, and what runs is undone before we end. */
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const why = interruption.signal.aborted ? 'interrupted' : messageOf(error);
  process.stderr.write(`critest could not be run: ${why}\n`);
  process.exitCode = 1;
}

async function main(flags: readonly string[]): Promise<number> {
  if (findGo() === null) {
    say('critest is not run: go is not installed');
    return 0;
  }
  const set = await conformanceImages();
  const storage = await prepareStorage(set.images);
  const digest = storage.built.get(digestImage)?.top.digest ?? '';
  const { critest } = await buildCriTools(digest);
  const wanted = process.env['CRITEST_RUNS']?.split(',');
  const chosen = plans.filter((plan) => wanted?.includes(plan.name) ?? true);
  const runs: JudgedRun[] = [];
  for (const { name, title, handler, flags: own } of chosen) {
    const options = {
      critest,
      storage,
      handler,
      name,
      logDir,
      flags: joinFlags(own, flags),
      signal: interruption.signal,
    };
    const { specs, durationMs, seed, leftovers } = await runSuite(options);
    const verdict = judge(specs, { handler, hasAppArmor: hasAppArmor() });
    runs.push({ title, verdict, leftovers });
    tell(`${title} (${Math.round(durationMs / 1000)} s, --ginkgo.seed=${seed})`, verdict);
    if (leftovers !== '') say(`  LEFT BEHIND\n${leftovers}`);
  }
  if (flags.length === 0 && chosen.length === plans.length) {
    await writeFile(pagePath, await conformancePage({ runs, packages: set.packages }));
    await mustRun({
      argv: [join(project, 'node_modules/.bin/prettier'), '--write', pagePath],
      timeoutMs: 60_000,
    });
  }
  return summarize(runs);
}

/** A number given for `--parallel` replaces ours; of 1 critest wants to hear nothing. */
function joinFlags(own: readonly string[], given: readonly string[]): readonly string[] {
  const isGiven = given.some((flag) => flag.startsWith('--parallel='));
  const kept = isGiven ? own.filter((flag) => !flag.startsWith('--parallel=')) : own;
  return [...kept, ...given].filter((flag) => flag !== '--parallel=1');
}

function tell(title: string, verdict: Verdict): void {
  say(`${title}: ${verdict.passed.length} passed`);
  const reasons = Map.groupBy(verdict.skipped, (one) => one.reason);
  for (const [reason, all] of reasons) say(`  skipped   ${all.length}: ${reason}`);
  for (const { spec, reason } of verdict.knownFailed) say(`  known     ${spec.name}: ${reason}`);
  for (const spec of verdict.wronglySkipped) say(`  SKIPPED   ${spec.name}: ${spec.message}`);
  for (const spec of verdict.wronglyPassed) say(`  PASSED    ${spec.name}: take it from the known failures`);
  for (const spec of verdict.failed) {
    say(
      `  FAILED    ${spec.name}\n            ${spec.message.slice(0, 1000).replaceAll('\n', '\n            ')}`,
    );
  }
}

function summarize(runs: readonly JudgedRun[]): number {
  const sum = (count: (verdict: Verdict) => number): number =>
    runs.reduce((total, { verdict }) => total + count(verdict), 0);
  const isFine = runs.every(({ verdict, leftovers }) => isAsExpected(verdict) && leftovers === '');
  if (!isFine) say(`\nNot as expected; the logs are in ${logDir}`);
  const passed = sum((verdict) => verdict.passed.length);
  const failed = sum((verdict) => verdict.failed.length + verdict.knownFailed.length);
  const skipped = sum((verdict) => verdict.skipped.length + verdict.wronglySkipped.length);
  say(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return isFine ? 0 : 1;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
