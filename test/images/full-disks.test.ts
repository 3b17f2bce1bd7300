/**
 * Images and containers on small file systems of their own: what is told of them, and what happens when there is no room for
 * another block, or another inode. Reference: issue 3, point 4; features.md 4, pains 7 and 8.
 */
import { afterEach, describe, expect, test } from '@jest/globals';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { imagesCli } from '../harness/images-cli.ts';
import { shell, sleeper } from '../harness/requests.ts';
import { SmallDisk } from '../harness/small-disk.ts';
import { image } from '../harness/test-images.ts';
import { useRig } from '../harness/use-rig.ts';

let images: SmallDisk;
let containers: SmallDisk;

const rig = useRig({
  prepare: async (machine, { rootDir }) => {
    containers = await SmallDisk.mount(machine, { target: rootDir, megabytes: 24, inodes: 1000 });
    const target = join(rootDir, 'images');
    images = await SmallDisk.mount(machine, { target, megabytes: 32, inodes: 1000 });
  },
});

afterEach(async () => {
  await images.free();
  await containers.free();
  await rig().call('RemoveImage', { image: { image: image.manyLayers } });
  await rig().call('RemoveImage', { image: { image: image.plain } });
});

/** A directory of the daemon, as the test sees it. */
function kept(...names: readonly string[]): string {
  return rig().machine.outside(join(rig().daemon.dirs.rootDir, ...names));
}

/** Everything that the image store keeps, by its names. */
async function contents(): Promise<readonly (readonly string[])[]> {
  const folders = ['layers', 'l', 'blobs/sha256', 'mends', 'records', 'tmp'];
  return await Promise.all(folders.map(async (each) => (await readdir(kept('images', each))).toSorted()));
}

async function isThere(name: string): Promise<boolean> {
  return (await rig().call('ImageStatus', { image: { image: name } })).image !== null;
}

type Shortage = 'space' | 'inodes';
const shortages: readonly Shortage[] = ['space', 'inodes'];

async function exhaust(disk: SmallDisk, what: Shortage): Promise<void> {
  await (what === 'space' ? disk.fill(4) : disk.fillInodes(0));
}

function isNoRoomOn(dir: string): object {
  return { code: 'RESOURCE_EXHAUSTED', details: expect.stringContaining(dir) };
}

describe('ImageFsInfo', () => {
  test('tells of two file systems, and of each what it says itself', async () => {
    const { rootDir } = rig().daemon.dirs;
    const told = async (): Promise<{ bytes: number; inodes: number }> => {
      const { imageFilesystems, containerFilesystems } = await rig().call('ImageFsInfo', {});
      expect(imageFilesystems.map(({ fsId }) => fsId?.mountpoint)).toEqual([join(rootDir, 'images')]);
      expect(containerFilesystems.map(({ fsId }) => fsId?.mountpoint)).toEqual([join(rootDir, 'overlay')]);
      const [fs] = imageFilesystems;
      return { bytes: Number(fs?.usedBytes?.value), inodes: Number(fs?.inodesUsed?.value) };
    };
    await rig().pull(image.manyLayers);
    const [now, used] = [await told(), await images.used()];
    // What lies beside the layers may be measured a few seconds later; folders of the store are not told of.
    expect(now.bytes / used.bytes).toBeGreaterThan(0.9);
    expect(now.bytes / used.bytes).toBeLessThan(1.02);
    expect(now.inodes / used.inodes).toBeGreaterThan(0.9);
    expect(now.inodes / used.inodes).toBeLessThan(1.02);
  });
});

describe.each(shortages)('without %s on the file system of images', (shortage) => {
  test('a pull says so, leaves nothing, and works when there is room', async () => {
    const empty = await images.used();
    await rig().pull(image.manyLayers);
    const whole = await images.used();
    await rig().call('RemoveImage', { image: { image: image.manyLayers } });
    const [bytes, inodes] = [whole.bytes - empty.bytes, whole.inodes - empty.inodes];
    const before = await contents();
    // Room for most of its layers, and not for all.
    await (shortage === 'space'
      ? images.fill(Math.ceil(bytes / 1200))
      : images.fillInodes(Math.ceil(inodes / 1.2)));
    const { rootDir } = rig().daemon.dirs;
    await expect(rig().pull(image.manyLayers)).rejects.toMatchObject(isNoRoomOn(join(rootDir, 'images')));
    expect(await contents()).toEqual(before);
    expect(await isThere(image.manyLayers)).toBe(false);
    await images.free();
    await rig().pull(image.manyLayers);
  });

  test('an image can be removed, which makes room', async () => {
    await rig().pull(image.manyLayers);
    await exhaust(images, shortage);
    await rig().call('RemoveImage', { image: { image: image.manyLayers } });
    expect(await isThere(image.manyLayers)).toBe(false);
    await rig().pull(image.plain);
  });

  test('an import and an export say so and leave nothing', async () => {
    await rig().pull(image.plain);
    const archive = rig().machine.path(`${shortage}.tar`);
    expect((await imagesCli(rig(), 'export', image.plain, '--output', archive)).exitCode).toBe(0);
    const before = await contents();
    await exhaust(images, shortage);
    const noRoom = [
      1,
      expect.stringMatching(/no space, or no inodes, left on the file system of ".*images"/),
    ];
    const exported = await imagesCli(rig(), 'export', image.plain, '--output', `${archive}.again`);
    expect([exported.exitCode, exported.stderr]).toEqual(noRoom);
    const imported = await imagesCli(rig(), 'import', archive, '--name', 'team/other:1');
    expect([imported.exitCode, imported.stderr]).toEqual(noRoom);
    expect(await isThere('team/other:1')).toBe(false);
    expect(await contents()).toEqual(before);
    const files = await readdir(rig().machine.outside(rig().machine.path()));
    expect(files.filter((name) => name.startsWith(`${shortage}.tar`))).toEqual([`${shortage}.tar`]);
    await rm(archive);
  });
});

describe.each(shortages)('without %s on the file system of containers', (shortage) => {
  test('none is created, what is there ends and goes, and a pull works', async () => {
    const { rootDir } = rig().daemon.dirs;
    const pod = await rig().runPod();
    const id = await rig().run(pod, sleeper());
    const roots = await readdir(kept('overlay'));
    await exhaust(containers, shortage);
    await expect(rig().create(pod, shell('true'))).rejects.toMatchObject(isNoRoomOn(rootDir));
    await expect(rig().runPod()).rejects.toMatchObject(isNoRoomOn(rootDir));
    expect(await readdir(kept('overlay'))).toEqual(roots);
    await rig().pull(image.plain);
    await rig().call('StopContainer', { containerId: id, timeout: 0n });
    await rig().call('RemoveContainer', { containerId: id });
    await rig().removePod(pod);
    expect(await rig().listPods()).toEqual([]);
  });
});
