import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { absolutePath } from '../../base/ids.ts';
import { runCommand } from '../../base/process.ts';
import { isProfileLoaded, prepareApparmor, type ApparmorSources, type ApparmorState } from './apparmor.ts';

let dir = '';
let sources: ApparmorSources;

beforeEach(async () => {
  dir = await mkdtemp('/tmp/ct-apparmor-');
  sources = { enabledFile: `${dir}/enabled`, profilesFile: `${dir}/profiles`, parsers: [`${dir}/parser`] };
  await writeFile(sources.enabledFile, 'Y\n');
  await writeFile(sources.profilesFile, 'other (complain)\nwith space (x) (enforce)\n');
});
afterEach(async () => await rm(dir, { recursive: true }));

/** A parser that keeps what it was given, and adds the profile to the list as the kernel would. */
async function installParser(exitCode = 0): Promise<void> {
  const script = `#!/bin/sh
for last; do :; done
grep -q "^profile cri-ts-default .*attach_disconnected" "$last" || exit 9
echo "wrong policy" >&2
exit ${exitCode}
`;
  await writeFile(`${dir}/parser`, script);
  await chmod(`${dir}/parser`, 0o755);
}

async function prepare(profileName = 'cri-ts-default'): Promise<ApparmorState> {
  return await prepareApparmor({
    programs: { run: runCommand },
    dir: absolutePath(dir),
    profileName,
    sources,
  });
}

describe('the default profile', () => {
  test('is loaded by the parser, and its text is not left behind', async () => {
    await installParser();
    expect(await prepare()).toEqual({
      hasApparmor: true,
      defaultProfile: 'cri-ts-default',
      restriction: null,
    });
    expect((await readdir(dir)).sort()).toEqual(['enabled', 'parser', 'profiles']);
  });

  test('is none where the kernel has no AppArmor', async () => {
    await installParser();
    await writeFile(sources.enabledFile, 'N\n');
    const none = { hasApparmor: false, defaultProfile: null, restriction: null };
    expect(await prepare()).toEqual(none);
    await rm(sources.enabledFile);
    expect(await prepare()).toEqual(none);
  });

  test('that cannot be loaded is told of, unless one of its name is there', async () => {
    const missing = { hasApparmor: true, defaultProfile: null };
    expect(await prepare()).toMatchObject({
      ...missing,
      restriction: expect.stringMatching(/not installed/),
    });
    await installParser(1);
    expect(await prepare()).toMatchObject({ ...missing, restriction: expect.stringMatching(/wrong policy/) });
    await writeFile(sources.profilesFile, 'cri-ts-default (enforce)\n');
    expect((await prepare()).defaultProfile).toBe('cri-ts-default');
  });

  test('of another name is the administrator’s to load', async () => {
    await installParser();
    expect((await prepare('site')).restriction).toMatch(/not loaded/);
    expect((await prepare('other')).defaultProfile).toBe('other');
  });
});

test('a profile is loaded when its whole name is in the list', async () => {
  expect(await isProfileLoaded('other', sources)).toBe(true);
  expect(await isProfileLoaded('with space (x)', sources)).toBe(true);
  expect(await isProfileLoaded('oth', sources)).toBe(false);
  expect(await isProfileLoaded('', sources)).toBe(false);
});
