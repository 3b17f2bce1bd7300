/**
 * What becomes of an image's VOLUME instructions under each value of `image_volumes`. The image that tries it names a
 * path outside of the root and one through a link. Reference: features.md 7, CVE-2022-23648.
 */
import { describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sleeper } from '../harness/requests.ts';
import { handlers } from '../harness/rig.ts';
import { image } from '../harness/test-images.ts';
import { useRig } from '../harness/use-rig.ts';

const container = (changes: object = {}): ReturnType<typeof sleeper> =>
  sleeper({ image: { image: image.volumes }, ...changes });
const look = 'ls -d /data/* /outside /target/made 2>&1; true';

describe('image_volumes = "bind"', () => {
  const rig = useRig({ images: [image.busybox, image.volumes], extraConfig: 'image_volumes = "bind"' });

  test.each(handlers)(
    'mounts an empty directory on each with %s, gone with the container',
    async (handler) => {
      const pod = await rig().runPod({ handler });
      const id = await rig().run(pod, container());
      expect(await rig().sh(id, 'ls /data /outside /target/made; stat -c "%a %u" /data')).toBe(
        '/data:\n\n/outside:\n\n/target/made:\n1777 0',
      );
      expect(await rig().sh(id, 'echo x >/data/x; grep -c " /data " /proc/self/mounts')).toBe('1');
      expect((await rig().status(id)).mounts).toEqual([]);
      const other = await rig().run(pod, container());
      expect(await rig().sh(other, 'ls /data')).toBe('');
      const volumes = rig().machine.outside(join(rig().daemon.dirs.rootDir, 'volumes'));
      expect(await readdir(volumes)).toHaveLength(2);
      await rig().removePod(pod);
      expect(await readdir(volumes)).toEqual([]);
      expect(existsSync('/outside')).toBe(false);
    },
  );

  test('leaves a path alone that the pod mounts itself', async () => {
    const pod = await rig().runPod();
    const hostPath = rig().machine.path('own');
    const mounts = [{ containerPath: '/data', hostPath }];
    const id = await rig().run(pod, container({ mounts }));
    await rig().sh(id, 'echo kept >/data/file');
    expect(await readdir(rig().machine.outside(hostPath))).toEqual(['file']);
  });
});

describe.each([
  ['mkdir', '/data/from-image\n/outside\n/target/made'],
  [
    'ignore',
    '/data/from-image\nls: /outside: No such file or directory\nls: /target/made: No such file or directory',
  ],
])('image_volumes = "%s"', (mode, seen) => {
  const rig = useRig({ images: [image.busybox, image.volumes], extraConfig: `image_volumes = "${mode}"` });

  test('shows the container what that says', async () => {
    const pod = await rig().runPod();
    const id = await rig().run(pod, container());
    const words = (await rig().sh(id, look)).split('\n').toSorted().join('\n');
    expect(words).toBe(seen.split('\n').toSorted().join('\n'));
    expect(existsSync('/outside')).toBe(false);
  });
});
