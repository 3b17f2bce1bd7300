import { expect, test } from '@jest/globals';
import { faultsOf } from './runtime-faults.ts';

test('an old runtime has the faults that were mended later', () => {
  expect(faultsOf('runc version 1.1.5+ds1')).toEqual([
    'CVE-2024-21626',
    'CVE-2024-45310',
    'CVE-2025-31133',
    'CVE-2025-52565',
    'CVE-2025-52881',
    'CVE-2026-41579',
  ]);
  expect(faultsOf('runc version 1.0.0-rc9').at(0)).toBe('CVE-2019-19921');
  expect(faultsOf('crun version 1.8.1')).toEqual(['CVE-2025-24965', 'CVE-2026-30892']);
});

test('each line of releases is mended by its own release', () => {
  const has = (version: string, id: string): boolean => faultsOf(`runc version ${version}`).includes(id);
  const id = 'CVE-2025-52881';
  expect(['1.2.7', '1.3.2', '1.4.0-rc2', '1.4.0-rc.2'].map((version) => has(version, id))).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(
    ['1.2.8', '1.3.3', '1.4.0-rc3', '1.4.0', '1.5.0', '2.0.0'].map((version) => has(version, id)),
  ).toEqual(Array.from({ length: 6 }, () => false));
  // A line older than all that were mended is not.
  expect(has('1.1.15', id)).toBe(true);
});

test('the newest runtimes have none, and of others nothing is said', () => {
  expect(faultsOf('runc version 1.4.3')).toEqual([]);
  expect(faultsOf('runc version 1.5.0')).toEqual([]);
  expect(faultsOf('crun version 1.27')).toEqual([]);
  for (const version of [
    '',
    'runsc version release-20260101.0',
    'runc',
    'kata 3',
    '__proto__ version 1.0.0',
    'runc version x',
  ])
    expect(faultsOf(version)).toEqual([]);
});
