/**
 * docs/conformance.md: what was verified, with which versions, and what was not and why. The same results give the same
 * page: no times, no order of execution.
 */
import { readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../src/base/process.ts';
import { project } from './cache.ts';
import { criToolsVersion } from './cri-tools.ts';
import type { Verdict } from './judge.ts';

export type JudgedRun = {
  readonly title: string;
  readonly verdict: Verdict;
  /** Empty: nothing was left behind. */
  readonly leftovers: string;
};

type PageFacts = { readonly runs: readonly JudgedRun[]; readonly packages: readonly string[] };

export async function conformancePage(facts: PageFacts): Promise<string> {
  const { runs } = facts;
  const totals = runs.map(({ title, verdict, leftovers }) => {
    const failed = verdict.failed.length + verdict.knownFailed.length;
    const skipped = verdict.skipped.length + verdict.wronglySkipped.length;
    return [
      title,
      `${verdict.passed.length}`,
      `${failed}`,
      `${skipped}`,
      leftovers === '' ? 'nothing' : 'see log',
    ];
  });
  return [
    '# Conformance',
    '',
    '<!-- Made by `npm run test:critest` from what the runs did; do not edit. -->',
    '',
    `What critest ${criToolsVersion}, the validation suite of the Kubernetes project for CRI servers, says of cri-ts. Each`,
    'run has a daemon of its own, and its specifications in random order, several at a time. A census of mounts, cgroups,',
    'processes, files, addresses, links and packet filter rules may show nothing afterwards that was not there before.',
    '',
    ...table(['Run', 'Passed', 'Failed', 'Skipped', 'Left behind'], totals),
    '',
    ...failures(runs),
    '## Skipped',
    '',
    ...skips(runs),
    '',
    '## Versions',
    '',
    ...table(['What', 'Version'], await versions(facts.packages)),
    '',
    '## How',
    '',
    'The images that the specifications name are made of Debian packages (`test/critest/images.ts`) and served under their',
    'original names by a registry on loopback, which cri-ts reaches through its mirror configuration. They stand for the',
    "upstream ones and are not these: httpd is busybox's, and pgrep and ipcs are small scripts. critest's source has one",
    'change: the digest of `test-image-digest`, which is of an upstream image, is replaced by that of ours. SELinux',
    'specifications are counted by critest only where the kernel has SELinux.',
    '',
  ].join('\n');
}

function failures(runs: readonly JudgedRun[]): readonly string[] {
  const rows = runs.flatMap(({ title, verdict }) => [
    ...verdict.failed.map((spec) => [title, spec.name, firstLine(spec.message)]),
    ...verdict.knownFailed.map(({ spec, reason }) => [title, spec.name, reason]),
  ]);
  if (rows.length === 0) return [];
  return ['## Failed', '', ...table(['Run', 'Specification', 'Why'], sorted(rows)), ''];
}

function skips(runs: readonly JudgedRun[]): readonly string[] {
  const byName = new Map<string, { reason: string; titles: string[] }>();
  for (const { title, verdict } of runs) {
    const unexcused = verdict.wronglySkipped.map((spec) => ({ spec, reason: firstLine(spec.message) }));
    for (const { spec, reason } of [...verdict.skipped, ...unexcused]) {
      const known = byName.get(`${spec.name}\n${reason}`) ?? { reason, titles: [] };
      known.titles.push(title);
      byName.set(`${spec.name}\n${reason}`, known);
    }
  }
  if (byName.size === 0) return ['None.'];
  const rows = [...byName].map(([key, { reason, titles }]) => [
    key.slice(0, key.indexOf('\n')),
    reason,
    titles.join(', '),
  ]);
  return table(['Specification', 'Reason', 'Runs'], sorted(rows));
}

async function versions(packages: readonly string[]): Promise<readonly (readonly string[])[]> {
  const { version } = JSON.parse(await readFile(join(project, 'package.json'), 'utf8')) as {
    version: string;
  };
  const [kernel = ''] = /^\d+\.\d+/.exec(release()) ?? [];
  return [
    ['cri-ts', version],
    ['Node', process.versions.node],
    ['critest', criToolsVersion],
    ['crun', await firstVersion('crun', '--version')],
    ['runc', await firstVersion('runc', '--version')],
    ['CNI plugins', await packageVersion('containernetworking-plugins')],
    ['Linux', kernel],
    ['Packages of the images', packages.join(', ')],
  ];
}

async function firstVersion(...argv: readonly [string, string]): Promise<string> {
  const { stdout } = await runCommand({ argv, timeoutMs: 10_000 });
  return /\d+\.\d+[.\d]*/.exec(stdout.toString('utf8'))?.[0] ?? 'unknown';
}

async function packageVersion(name: string): Promise<string> {
  const { stdout } = await runCommand({
    argv: ['dpkg-query', '-W', '-f', '${Version}', name],
    timeoutMs: 10_000,
  });
  return stdout.toString('utf8').trim() || 'unknown';
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function sorted(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return rows.toSorted((one, other) => (one.join('\n') < other.join('\n') ? -1 : 1));
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
