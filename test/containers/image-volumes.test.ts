/**
 * Image volumes from inside real containers: what is seen, what is refused and with which words, and that neither a
 * removal of the image nor the death of the daemon harms who uses it. Reference: cri.md 2.7, 3.5 (Image Volume), 4.11.
 */
import { afterEach, describe, expect, test } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerConfigInit, MountInit } from '../../cri-api/runtime-v1.ts';
import { codeOf } from '../harness/client.ts';
import { sleeper } from '../harness/requests.ts';
import { handlers } from '../harness/rig.ts';
import { image } from '../harness/test-images.ts';
import { useRig } from '../harness/use-rig.ts';
import { eventually } from '../harness/wait.ts';

const rig = useRig();

afterEach(async () => {
  const { images } = await rig().call('ListImages', {});
  for (const { id, repoTags } of images) {
    if (!repoTags.includes(image.busybox)) await rig().call('RemoveImage', { image: { image: id } });
  }
});

function volume(name: string, changes: MountInit = {}): MountInit {
  return { containerPath: '/volume', image: { image: name }, readonly: true, ...changes };
}

function using(...mounts: readonly MountInit[]): ContainerConfigInit {
  return sleeper({ mounts });
}

/** What the daemon keeps of volumes on disk. */
async function kept(): Promise<readonly string[]> {
  return await readdir(rig().machine.outside(join(rig().daemon.dirs.rootDir, 'volumes')));
}

describe.each(handlers)('an image volume with %s', (handler) => {
  test('shows the merged layers, executable and read-only, and is told of in the status', async () => {
    const imageId = await rig().pull(image.whiteouts);
    const pod = await rig().runPod({ handler });
    const id = await rig().run(pod, using(volume(image.whiteouts)));
    expect(await rig().sh(id, 'ls /volume/keep /volume/opaque; ls -d /volume/gone || true')).toBe(
      '/volume/keep:\na\n\n/volume/opaque:\nnew',
    );
    expect(await rig().sh(id, '/volume/bin/busybox echo runs')).toBe('runs');
    expect((await rig().exec(id, ['touch', '/volume/new'])).stderr).toContain('Read-only file system');
    const { mounts } = await rig().status(id);
    expect(mounts).toMatchObject([
      {
        containerPath: '/volume',
        readonly: true,
        hostPath: '',
        image: { image: image.whiteouts, imageRef: imageId },
      },
    ]);
  });

  test('shows a directory or a file of the image by sub path', async () => {
    await rig().pull(image.plain);
    const pod = await rig().runPod({ handler });
    const id = await rig().run(
      pod,
      using(
        volume(image.plain, { imageSubPath: 'etc' }),
        volume(image.plain, { containerPath: '/words', imageSubPath: 'etc/group' }),
      ),
    );
    expect(await rig().sh(id, 'ls /volume; grep -c default-user /words')).toBe('group\npasswd\n2');
  });

  test('that cannot be says why in words that the kubelet knows, and leaves nothing', async () => {
    await rig().pull(image.plain);
    const pod = await rig().runPod({ handler });
    const refused = async (mount: MountInit): Promise<void> => {
      const created = rig().create(pod, using(mount));
      await expect(created).rejects.toMatchObject({
        code: 'UNKNOWN',
        // Each cause is told once.
        details: expect.stringMatching(
          /^ImageVolumeMountFailed: image "[^"]*" on "\/volume": (?!.*(: .+)\1)/,
        ),
      });
    };
    await refused(volume('docker.io/cri-ts/absent:1'));
    await refused(volume(image.plain, { imageSubPath: 'no/such' }));
    await refused(volume(image.plain, { imageSubPath: 'etc/passwd/below' }));
    expect(await codeOf(rig().create(pod, using(volume(image.plain, { readonly: false }))))).toBe(
      'INVALID_ARGUMENT',
    );
    for (const imageSubPath of ['../etc', 'etc/../../etc', '/etc', 'etc/..', '.', 'etc\0x'])
      expect(await codeOf(rig().create(pod, using(volume(image.plain, { imageSubPath }))))).toBe(
        'INVALID_ARGUMENT',
      );
    expect(await kept()).toEqual([]);
  });
});

describe('an artifact', () => {
  test('is pulled, listed and mounted by its titles, and cannot be run', async () => {
    const imageId = await rig().pull(image.artifact);
    const { images } = await rig().call('ListImages', { filter: { image: { image: image.artifact } } });
    expect(images).toMatchObject([{ id: imageId, repoTags: [image.artifact], uid: null, username: '' }]);
    const pod = await rig().runPod();
    const card = { containerPath: '/card', imageSubPath: 'meta/card.md' };
    const id = await rig().run(pod, using(volume(image.artifact), volume(image.artifact, card)));
    expect(await rig().sh(id, 'cd /volume; find . -type f | sort; cat weights.bin /card')).toBe(
      './meta/card.md\n./weights.bin\nweightscard',
    );
    expect((await rig().status(id)).mounts[0]?.image?.imageRef).toBe(imageId);
    const run = rig().create(pod, sleeper({ image: { image: image.artifact } }));
    await expect(run).rejects.toMatchObject({ code: 'FAILED_PRECONDITION' });
  });
});

describe('links in an image', () => {
  test('lead a sub path to places of the image and never out of it', async () => {
    await rig().pull(image.volumes);
    const pod = await rig().runPod();
    const seen = async (imageSubPath: string): Promise<string> => {
      const id = await rig().run(pod, using(volume(image.volumes, { imageSubPath })));
      return await rig().sh(id, 'ls /volume');
    };
    expect(await seen('absolute')).toBe('group\npasswd');
    expect(await seen('climbing')).toBe('group\npasswd');
    const outward = rig().create(pod, using(volume(image.volumes, { imageSubPath: 'outward' })));
    await expect(outward).rejects.toThrow(/ImageVolumeMountFailed: .* not in the image/);
  });
});

describe('an image volume', () => {
  test('outlives the removal of its image and the death of the daemon', async () => {
    await rig().pull(image.plain);
    const pod = await rig().runPod();
    const id = await rig().run(pod, using(volume(image.plain)));
    await rig().call('RemoveImage', { image: { image: image.plain } });
    await rig().server.kill9();
    await rig().server.start();
    expect(
      await rig().sh(id, 'cat /volume/etc/passwd | wc -l; cat /volume/compression 2>/dev/null || true'),
    ).toContain('4');
    expect((await rig().status(id)).mounts[0]?.image?.imageRef).toMatch(/^sha256:/);
    await rig().removePod(pod);
    expect(await kept()).toEqual([]);
  });

  test('of one image serves several containers, also at two places of one', async () => {
    await rig().pull(image.plain);
    const pod = await rig().runPod();
    const one = await rig().run(
      pod,
      using(volume(image.plain), volume(image.plain, { containerPath: '/again' })),
    );
    const other = await rig().run(pod, using(volume(image.plain)));
    await rig().call('RemoveContainer', { containerId: one });
    expect(await rig().sh(other, 'ls /volume/etc')).toBe('group\npasswd');
  });

  test.each(['bundle', 'record'])('that a daemon left when it died at "%s" is swept', async (step) => {
    await rig().pull(image.plain);
    const pod = await rig().runPod();
    await rig().server.stop();
    await rig().server.start({ CRI_TS_CRASH_AT: `CreateContainer:${step}` });
    await expect(rig().create(pod, using(volume(image.plain)))).rejects.toThrow();
    await rig().server.stop();
    await rig().server.start();
    await eventually('nothing is mounted any more', async () => (await kept()).length === 0);
    await rig().run(pod, using(volume(image.plain)));
  });
});
