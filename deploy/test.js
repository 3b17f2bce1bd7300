/**
 * `npm test` and its parts: sets up, type-checks, lints, checks the format, runs the tests; every part runs, whatever the
 * others did. The last line counts everything. Runs on Node 20, without dependencies.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { green, main, printSeconds, red, say, title } from './console.js';
import { runPackages, testPackages } from './packages.js';
import { runHere } from './programs.js';
import { lockedNode, project, requireRoot, setUp } from './setup.js';

const bin = join(project, 'node_modules');

/** name → how it is run; `jest` parts count their own tests. */
const parts = {
  types: { argv: [lockedNode, join(bin, 'typescript/bin/tsc'), '-p', '.'] },
  lint: { argv: [lockedNode, join(bin, 'oxlint/bin/oxlint'), '--type-aware', '.'] },
  format: { argv: [lockedNode, join(bin, 'prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.'] },
  unit: { jest: ['--selectProjects', 'unit', '--maxWorkers', '2'] },
  // Each file has a machine of its own, and mostly waits: two share the time of one.
  feature: { jest: ['--selectProjects', 'feature', '--maxWorkers', '2'] },
  critest: {
    argv: [lockedNode, '--disable-warning=ExperimentalWarning', join(project, 'test/critest/main.ts')],
  },
  kubelet: { jest: ['--selectProjects', 'kubelet', '--runInBand'] },
};
/** `npm test`: all but what has to build a kubelet first. */
const groups = {
  all: Object.keys(parts).filter((name) => name !== 'kubelet'),
  check: ['types', 'lint', 'format', 'unit'],
  unit: ['unit'],
  feature: ['feature'],
  critest: ['critest'],
};

await main(async () => {
  const [group = 'all', ...more] = process.argv.slice(2);
  requireRoot('npm test');
  title('Setting up');
  await setUp({ ...runPackages, ...testPackages });
  const results = [];
  for (const name of groups[group] ?? [group]) results.push(await runPart(name, more));
  return summarize(results);
});

async function runPart(name, more) {
  const part = parts[name];
  title(name);
  const startedAtMs = performance.now();
  const counts =
    part.jest === undefined ? await runOnce([...part.argv, ...more]) : await runJest(part.jest, more);
  const durationMs = performance.now() - startedAtMs;
  return { name, durationMs, ...counts };
}

async function runOnce(argv) {
  const code = await runHere(argv, { cwd: project, env: nodeEnv() });
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function runJest(args, more) {
  const dir = mkdtempSync(join(tmpdir(), 'cri-ts-test-'));
  const report = join(dir, 'report.json');
  try {
    const argv = [lockedNode, join(bin, 'jest/bin/jest.js'), ...args, '--json', `--outputFile=${report}`];
    const code = await runHere([...argv, '--', ...more], {
      cwd: project,
      env: nodeEnv('--experimental-vm-modules --no-warnings'),
      // With --json the report goes to standard output as well: only what is for people is shown.
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return countTests(report, code);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A suite that does not even load counts as one failure. */
function countTests(report, code) {
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const found = JSON.parse(readFileSync(report, 'utf8'));
  const failed = found.numFailedTests + found.numRuntimeErrorTestSuites;
  return { passed: found.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
}

/** The locked Node comes first for programs that tests start. */
function nodeEnv(options) {
  const env = { ...process.env, PATH: `${join(bin, '.bin')}:${process.env['PATH']}` };
  delete env['NODE_OPTIONS'];
  return options === undefined ? env : { ...env, NODE_OPTIONS: options };
}

function summarize(results) {
  title('Summary');
  for (const { name, durationMs, passed, failed } of results) {
    const mark = failed === 0 ? green('✓') : red('✗');
    say(
      `  ${mark} ${name.padEnd(10)}${printSeconds(durationMs).padStart(9)}  ${passed} passed, ${failed} failed`,
    );
  }
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  say(`\n${sum('passed')} passed, ${sum('failed')} failed`);
  return sum('failed') === 0 ? 0 : 1;
}
