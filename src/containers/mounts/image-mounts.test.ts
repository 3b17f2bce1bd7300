import { expect, test } from '@jest/globals';
import { absolutePath, newContainerId } from '../../base/ids.ts';
import { container } from '../../spec/testing/samples.ts';
import { mountImages } from './image-mounts.ts';

type Services = Parameters<typeof mountImages>[0];

test("an image volume is mounted once for all its places, as the container's user namespace and label have it", async () => {
  const asked: unknown[] = [];
  const volumes = {
    mount: async (...args: readonly unknown[]) => {
      asked.push(args);
      return [absolutePath('/volumes/0')];
    },
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
  expect(asked).toEqual([[id, [model], view]]);
  expect([...sources.values()]).toEqual(['/volumes/0/one', '/volumes/0/two']);
  expect([...imageIds.values()]).toEqual(['sha256:model', 'sha256:model']);
});
