import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { defaultContexts } from '../../spec/selinux.ts';
import { findSelinux } from './selinux.ts';

test("SELinux labels containers when it is wanted and there, with the policy's own contexts", async () => {
  const dir = await mkdtemp('/tmp/ct-selinux-');
  const sources = { statusFile: `${dir}/status`, policyDir: `${dir}/selinux` };
  expect(await findSelinux(false, sources)).toEqual({ contexts: null, restriction: null });
  expect(await findSelinux(true, sources)).toEqual({
    contexts: null,
    restriction: expect.stringMatching(/no SELinux/),
  });
  await writeFile(sources.statusFile, '');
  expect(await findSelinux(true, sources)).toEqual({ contexts: defaultContexts, restriction: null });
  await mkdir(`${sources.policyDir}/mls/contexts`, { recursive: true });
  await writeFile(`${sources.policyDir}/config`, 'SELINUX=enforcing\nSELINUXTYPE=mls\n');
  await writeFile(`${sources.policyDir}/mls/contexts/lxc_contexts`, 'process = "u:r:t:s0"\n');
  expect((await findSelinux(true, sources)).contexts?.process.type).toBe('t');
  await rm(dir, { recursive: true });
});
