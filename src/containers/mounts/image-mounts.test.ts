import { expect, test } from '@jest/globals';
import { absolutePath, newContainerId } from '../../base/ids.ts';
import { container } from '../../spec/testing/samples.ts';
import { mountImages } from './image-mounts.ts';

type Services = Parameters<typeof mountImages>[0];

test("an image volume is mounted once for all its places, as the container's user namespace and label have it", async () => {
  const asked: unknown[] = [];
  const volumes = {
    reserve: async (...args: readonly unknown[]) => {
      asked.push(args);
      return [{ target: absolutePath('/volumes/0') }];
    },
    mount: async ({ target }: { readonly target: string }, how: unknown) => void asked.push([target, how]),
    resolve: async (root: string, subPath: string) => absolutePath(`${root}/${subPath}`),
  };
  const model = { id: 'sha256:model' };
  const services = { images: { find: () => model, parts: { volumes } } } as unknown as Services;
  const image = { image: 'model' };
  const mounts = [
    { containerPath: '/a', image, imageSubPath: 'one', readonly: true },
    { containerPath: '/b', image, imageSubPath: 'two', readonly: true },
  ];
  const id = newContainerId();
  const view = {
    idMap: absolutePath('/ns/user'),
    selinuxLabel: 'system_u:object_r:container_file_t:s0:c1,c2',
  };
  const { sources, imageIds } = await mountImages(services, { id, config: container({ mounts }), ...view });
  expect(asked).toEqual([
    [id, [model]],
    ['/volumes/0', view],
  ]);
  expect([...sources.values()]).toEqual(['/volumes/0/one', '/volumes/0/two']);
  expect([...imageIds.values()]).toEqual(['sha256:model', 'sha256:model']);
});

test('an image that cannot be mounted is the one that the failure names', async () => {
  const volumes = {
    reserve: async (_id: unknown, images: readonly unknown[]) =>
      images.map((_, at) => ({ target: absolutePath(`/volumes/${at}`) })),
    mount: async ({ target }: { readonly target: string }) => {
      if (target === '/volumes/1') throw new Error('not this one');
    },
    resolve: async (root: string) => absolutePath(root),
  };
  const find = (name: string): unknown => ({ id: `sha256:${name}` });
  const services = { images: { find, parts: { volumes } } } as unknown as Services;
  const mounts = ['first', 'second'].map((name) => ({
    containerPath: `/${name}`,
    image: { image: name },
    readonly: true,
  }));
  const request = { id: newContainerId(), config: container({ mounts }), idMap: null, selinuxLabel: null };
  await expect(mountImages(services, request)).rejects.toMatchObject({
    reason: 'ImageVolumeMountFailed',
    message: expect.stringContaining('"second" on "/second"'),
  });
});

test('a disk without room for the places of image volumes is told as a failed image volume', async () => {
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  const volumes = { reserve: async () => await Promise.reject(full) };
  const services = {
    images: { find: () => ({ id: 'sha256:model' }), parts: { volumes } },
  } as unknown as Services;
  const mounts = [{ containerPath: '/model', image: { image: 'model' }, readonly: true }];
  const request = { id: newContainerId(), config: container({ mounts }), idMap: null, selinuxLabel: null };
  await expect(mountImages(services, request)).rejects.toMatchObject({
    reason: 'ImageVolumeMountFailed',
    cause: full,
  });
});
