import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { absolutePath, newContainerId, parseDigest } from '../../base/ids.ts';
import type { OverlayRequest } from '../../kernel/contract/mounts.ts';
import { silentLog } from '../../store/test-records.ts';
import { ThreadedKernel } from '../../kernel/threaded-kernel.ts';
import { Layout } from '../disk/layout.ts';
import { imageRecord } from '../testing/image-record.ts';
import { ImageVolumes } from './image-volumes.ts';

let directory: string;

const image = imageRecord('1', { layers: [parseDigest(`sha256:${'1'.repeat(64)}`)] });

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'volumes-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

test('what a daemon left that died while it wrote which images there are is removed', async () => {
  await using kernel = new ThreadedKernel();
  const path = absolutePath(join(directory, 'volumes'));
  const layout = new Layout(join(directory, 'images'));
  const volumes = new ImageVolumes({ path, layout, kernel, log: silentLog });
  const id = newContainerId();
  await volumes.reserve(id, [image]);
  await mkdir(join(path, id, '0'));
  await rename(join(path, id, 'volumes.json'), join(path, id, '.volumes.json.7.1.tmp'));
  expect(await volumes.remove(id)).toEqual([image.id]);
  expect(await readdir(path)).toEqual([]);
});

test('image volumes are read-only, executable, without devices, and have the label of the container', async () => {
  await using kernel = new ThreadedKernel();
  const requests: OverlayRequest[] = [];
  const volumes = new ImageVolumes({
    path: absolutePath(join(directory, 'volumes')),
    layout: new Layout(join(directory, 'images')),
    log: silentLog,
    kernel: {
      facts: async () => ({ ...(await kernel.facts()), hasOverlayMountApi: true }),
      mountOverlay: async (request) => {
        requests.push(request);
        return await Promise.reject(new Error('not here'));
      },
      unmountAll: async () => await Promise.resolve(),
      mounts: async () => await Promise.resolve([]),
      openInRoot: async () => await Promise.reject(new Error('not here')),
    },
  });
  const selinuxLabel = 'system_u:object_r:container_file_t:s0:c1,c2';
  const [place] = await volumes.reserve(newContainerId(), [image]);
  if (place === undefined) throw new Error('no place');
  await expect(volumes.mount(place, { selinuxLabel })).rejects.toThrow('not here');
  expect(requests).toMatchObject([{ flags: ['ro', 'nodev'], selinuxLabel }]);
  expect(requests[0]?.writable).toBeUndefined();
});
