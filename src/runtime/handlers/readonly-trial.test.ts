import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { absolutePath } from '../../base/ids.ts';
import { ThreadedKernel } from '../../kernel/threaded-kernel.ts';
import { OciRuntime } from './oci-runtime.ts';
import { Programs } from '../programs/programs.ts';
import { isReadonlyRecursive } from './readonly-trial.ts';
import { testReaper } from '../programs/test-reaper.ts';

let dir: string;
const kernel = new ThreadedKernel();
const reaper = testReaper(kernel);
const programs = new Programs({ kernel, reaper });

beforeAll(async () => {
  dir = await mkdtemp('/tmp/cri-ts-trial-');
  await mkdir(join(dir, 'bundle/rootfs/proc'), { recursive: true });
  await mkdir(join(dir, 'bundle/rootfs/dev'));
  // runc looks whether the program is there, before anybody starts it.
  await writeFile(join(dir, 'bundle/rootfs/never'), '', { mode: 0o755 });
});
beforeEach(async () => await rm(join(dir, 'bundle/pid'), { force: true }));
afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
  reaper[Symbol.dispose]();
  await kernel.close();
});

/** A runtime as its command line, in front of the real runc. */
async function runtimeOf(script: string): Promise<OciRuntime> {
  const path = join(dir, 'runtime');
  await writeFile(path, `#!/bin/sh\n${script}\nexec runc "$@"\n`, { mode: 0o755 });
  const runtime = new OciRuntime({
    name: 'trial',
    path,
    root: join(dir, 'root'),
    args: [],
    isSystemdCgroup: false,
    programs,
    sealed: null,
  });
  await runtime.prepare();
  return runtime;
}

async function attempt(runtime: OciRuntime): Promise<boolean> {
  return await isReadonlyRecursive(runtime, {
    id: `readonly-trial-${process.pid}`,
    bundle: absolutePath(join(dir, 'bundle')),
    spec: {
      ociVersion: '1.0.2',
      process: { user: { uid: 0, gid: 0 }, args: ['/never'], env: [], cwd: '/', noNewPrivileges: true },
      root: { path: 'rootfs' },
      mounts: [{ destination: '/proc', type: 'proc', source: 'proc' }],
      linux: {
        cgroupsPath: `/cri-ts-readonly-trial-${process.pid}`,
        namespaces: [{ type: 'mount' }, { type: 'pid' }],
      },
    },
    signal: AbortSignal.timeout(30_000),
  });
}

describe('the trial of recursive read-only mounts', () => {
  test('says yes of a runtime that makes them', async () => {
    expect(await attempt(await runtimeOf(''))).toBe(true);
  });

  test('says no of a runtime that makes only the top mount read-only', async () => {
    const forgetful = `[ "$7" != create ] || sed -i 's/,"rro"//' ${join(dir, 'bundle/config.json')}`;
    expect(await attempt(await runtimeOf(forgetful))).toBe(false);
    expect(existsSync(join(dir, 'bundle/pid'))).toBe(true);
  });

  test('says no of a runtime that cannot create the container, and leaves nothing', async () => {
    const runtime = await runtimeOf('[ "$7" != create ] || exit 1');
    expect(await attempt(runtime)).toBe(false);
    expect(await runtime.state(`readonly-trial-${process.pid}`)).toBeNull();
  });
});
