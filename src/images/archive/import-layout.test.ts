import '../testing/realm.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { lstat, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newContainerId } from '../../base/ids.ts';
import { createLog } from '../../base/log.ts';
import { ThreadedKernel } from '../../kernel/threaded-kernel.ts';
import { type Images, openImages } from '../images.ts';
import { makeImage, makeTar, writeLayout } from '../testing/images.ts';

let directory: string;
let kernel: ThreadedKernel;
let images: Images;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'images-'));
  kernel = new ThreadedKernel();
  images = await openImages({ rootDir: join(directory, 'state'), kernel, log: createLog('warn') });
});

afterEach(async () => {
  await images.close();
  await kernel[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

async function importBusybox(): Promise<Awaited<ReturnType<Images['importOciLayout']>>> {
  const busybox = await readFile('/bin/busybox');
  const lower = await makeTar([
    { path: './', type: 'directory', mode: 0o711 },
    { path: 'bin/', type: 'directory' },
    { path: 'bin/busybox', content: busybox, mode: 0o755 },
    { path: 'bin/sh', type: 'link', target: 'bin/busybox' },
    { path: 'gone', content: 'x' },
    { path: 'dir/', type: 'directory' },
    { path: 'dir/old', content: 'old' },
  ]);
  const upper = await makeTar([
    { path: '.wh.gone' },
    { path: 'dir/', type: 'directory', mode: 0o700 },
    { path: 'dir/.wh..wh..opq' },
    { path: 'dir/new', content: 'new', uid: 7, gid: 8, mode: 0o4755 },
  ]);
  const image = makeImage([{ tar: lower }, { tar: upper, compression: 'zstd' }], {
    Cmd: ['sh'],
    User: '7:8',
  });
  await writeLayout(image, join(directory, 'layout'));
  return await images.importOciLayout(join(directory, 'layout'), 'busybox');
}

describe('importing an OCI layout', () => {
  test('makes an image that can be found by every kind of name', async () => {
    const image = await importBusybox();
    expect(image.repoTags).toEqual(['docker.io/library/busybox:latest']);
    expect(image.uid).toBe(7n);
    const hex = image.id.slice('sha256:'.length);
    const names = [
      'busybox',
      'docker.io/busybox:latest',
      image.id,
      hex,
      hex.slice(0, 13),
      image.repoDigests[0] ?? '',
    ];
    for (const name of names) expect(images.find(name)?.id).toBe(image.id);
    expect(images.find('busybox:other')).toBeNull();
    expect((await images.config(image.id)).cmd).toEqual(['sh']);
  });

  test('gives a container a root as the layers say', async () => {
    const image = await importBusybox();
    const id = newContainerId();
    const rootfs = await images.prepareRootfs(image.id, id);
    try {
      expect((await readdir(rootfs.path)).sort()).toEqual(['bin', 'dir']);
      expect(await readdir(join(rootfs.path, 'dir'))).toEqual(['new']);
      expect((await lstat(rootfs.path)).mode & 0o7777).toBe(0o711);
      const file = await lstat(join(rootfs.path, 'dir/new'));
      expect([file.mode & 0o7777, file.uid, file.gid]).toEqual([0o4755, 7, 8]);
      expect((await lstat(join(rootfs.path, 'bin/sh'))).nlink).toBe(2);
    } finally {
      await images.removeRootfs(id);
    }
    await images.parts.rootfses.settled();
    expect(await readdir(join(directory, 'state/overlay'))).toEqual([]);
  });

  test('is still there after a restart', async () => {
    const image = await importBusybox();
    await images.close();
    images = await openImages({ rootDir: join(directory, 'state'), kernel, log: createLog('warn') });
    expect(images.find('busybox')).toEqual(image);
    expect(await readdir(join(directory, 'state/images/tmp'))).toEqual([]);
  });
});
