import { expect, test } from '@jest/globals';
import { absolutePath } from '../../base/ids.ts';
import { FakeKernel } from '../../kernel/fake/fake-kernel.ts';
import type { MountConfig } from '../../spec/requests/container-config.ts';
import { container } from '../../spec/testing/samples.ts';
import { Paths } from '../../store/paths.ts';
import { relabelMounts } from './relabel.ts';

const paths = new Paths(absolutePath('/var/lib/cri-ts'), absolutePath('/run/cri-ts'));

function mountsOf(
  ...mounts: readonly (readonly [hostPath: string, selinuxRelabel: boolean])[]
): readonly MountConfig[] {
  return container({
    mounts: mounts.map(([hostPath, selinuxRelabel], index) => ({
      hostPath,
      containerPath: `/mnt/${index}`,
      selinuxRelabel,
    })),
  }).mounts;
}

async function relabelled(
  mounts: readonly MountConfig[],
  sources: readonly string[],
  label: string | null,
): Promise<number> {
  const kernel = new FakeKernel();
  try {
    await relabelMounts({ kernel, paths }, { mounts, sources, label });
  } finally {
    expect(kernel.calls.every((call) => call === 'labelTree')).toBe(true);
  }
  return kernel.calls.length;
}

test('what the request marks is relabelled, once, by its real path', async () => {
  const mounts = mountsOf(['/a', true], ['/b', false], ['/link-to-a', true]);
  expect(await relabelled(mounts, ['/data/a', '/data/b', '/data/a'], 'u:r:t:s0')).toBe(1);
});

test('nothing is relabelled where containers are not labelled', async () => {
  expect(await relabelled(mountsOf(['/etc', true]), ['/etc'], null)).toBe(0);
});

test('a link to a directory of the system is refused before anything is relabelled (CVE-2021-43816)', async () => {
  const mounts = mountsOf(['/data/a', true], ['/data/link', true]);
  const kernel = new FakeKernel();
  await expect(
    relabelMounts({ kernel, paths }, { mounts, sources: ['/data/a', '/etc'], label: 'u:r:t:s0' }),
  ).rejects.toMatchObject({ reason: 'RelabelRefused' });
  expect(kernel.calls).toEqual([]);
});
