import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { mustRun } from '../src/base/process.ts';
import { printTemplate } from '../src/config/print.ts';

const script = join(import.meta.dirname, 'bundle.js');

test('bundles run anywhere without their sources and dependencies', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'cri-ts-bundle-'));
  try {
    const env = { PATH: process.env['PATH'] ?? '' };
    const code = `const { bundleAll } = await import(${JSON.stringify(script)}); await bundleAll(${JSON.stringify(dir)}, () => {})`;
    await mustRun({ argv: [process.execPath, '--input-type=module', '-e', code], env, timeoutMs: 60_000 });
    expect((await readdir(dir)).filter((name) => name.endsWith('.js')).toSorted()).toEqual([
      'conmon-ts.js',
      'cri-ts.js',
      'kernel-thread.js',
      'unpack-worker.js',
      'usage-worker.js',
    ]);
    const run = async (...args: readonly string[]): Promise<string> => {
      const argv = [process.execPath, join(dir, 'cri-ts.js'), ...args] as const;
      return (await mustRun({ argv, env, cwd: '/', timeoutMs: 60_000 })).stdout.toString();
    };
    expect(JSON.parse(await run('version', '--json'))).toMatchObject({ cri: 'runtime.v1' });
    expect(await run('config', '--default')).toBe(printTemplate());
  } finally {
    await rm(dir, { recursive: true });
  }
});
