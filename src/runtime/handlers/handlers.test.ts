import { afterAll, describe, expect, test } from '@jest/globals';
import { CommandError, deadlineExceeded } from '../../base/errors.ts';
import { absolutePath } from '../../base/ids.ts';
import { createLog } from '../../base/log.ts';
import { Handlers, type HandlerFeatures } from './handlers.ts';
import { OciRuntime } from './oci-runtime.ts';
import { Programs } from '../programs/programs.ts';
import { ThreadedKernel } from '../../kernel/threaded-kernel.ts';
import { testReaper } from '../programs/test-reaper.ts';

const kernel = new ThreadedKernel();
const reaper = testReaper(kernel);
afterAll(async () => {
  reaper[Symbol.dispose]();
  await kernel.close();
});

const features: HandlerFeatures = {
  hasRecursiveReadonlyMounts: false,
  userNamespaceFault: null,
  hasRecursiveUserBinds: false,
  cdi: { hasNetDevices: false, hasRdtSchemata: false },
};
const good = { version: 'crun version 9', features };

/** Handlers of one runtime whose trials end one after the other in these ways. */
function handlersWith(trials: readonly (() => Promise<typeof good>)[]): {
  readonly handlers: Handlers;
  readonly tried: () => number;
} {
  let tried = 0;
  const runtime = new OciRuntime({
    name: 'crun',
    path: '/usr/bin/crun',
    root: absolutePath('/nonexistent'),
    args: [],
    isSystemdCgroup: false,
    programs: new Programs({ kernel, reaper }),
    sealed: null,
  });
  const probe = async (): Promise<typeof good> => {
    const trial = trials[tried];
    tried += 1;
    return trial === undefined ? await Promise.reject(new Error('tried too often')) : await trial();
  };
  const handlers = new Handlers({
    runtimes: [runtime],
    defaultName: 'crun',
    log: createLog('silent'),
    probe,
  });
  return { handlers, tried: () => tried };
}

const never = async (): Promise<never> => await new Promise(() => undefined);
const late = async (): Promise<never> =>
  await Promise.reject(deadlineExceeded('StepTimedOut', 'try runtime "crun": not done after 1 ms'));
const slowProgram = async (): Promise<never> =>
  await Promise.reject(
    new CommandError({
      argv: ['/usr/bin/crun', '--version'],
      exitCode: null,
      signal: 'SIGKILL',
      stderr: '',
      durationMs: 1,
      isTimedOut: true,
    }),
  );
const broken = async (): Promise<never> => await Promise.reject(new Error('hybrid cgroups'));
const works = async (): Promise<typeof good> => await Promise.resolve(good);

describe('a handler', () => {
  test.each([
    ['trial', late],
    ['program', slowProgram],
  ])('whose %s came to no end is tried again, once for all that wait', async (_, slow) => {
    const { handlers, tried } = handlersWith([slow, works]);
    await handlers.settled();
    expect((await handlers.reports())[0]?.fault).toMatch(/not done|timed out/);
    const found = await Promise.all([handlers.require(''), handlers.require('crun')]);
    expect(found.map(({ report }) => report.fault)).toEqual([null, null]);
    expect(tried()).toBe(2);
    expect((await handlers.reports())[0]?.fault).toBeNull();
  });

  test('that cannot work is refused with the reason and not tried again', async () => {
    const { handlers, tried } = handlersWith([broken]);
    for (let time = 0; time < 3; time += 1)
      await expect(handlers.require('crun')).rejects.toMatchObject({ reason: 'HandlerUnusable' });
    expect(tried()).toBe(1);
  });

  test('that is still being tried out is reported as such', async () => {
    const { handlers } = handlersWith([never]);
    expect(await handlers.reports()).toMatchObject([{ name: 'crun', fault: 'it is being tried out' }]);
  });

  test('that nobody knows is refused with the names of those that there are', async () => {
    const { handlers } = handlersWith([works]);
    await expect(handlers.require('kata')).rejects.toMatchObject({ reason: 'UnknownHandler' });
    await expect(handlers.get('kata')).rejects.toThrow(/"crun"/);
  });
});
