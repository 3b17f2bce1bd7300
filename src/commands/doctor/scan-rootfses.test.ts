import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { absolutePath, type AbsolutePath, newContainerId } from '../../base/ids.ts';
import { scanRootfses } from './scan-rootfses.ts';

let rootDir: AbsolutePath;

beforeEach(async () => {
  rootDir = absolutePath(await mkdtemp(join(tmpdir(), 'doctor-')));
});
afterEach(async () => await rm(rootDir, { recursive: true, force: true }));

test('the doctor tells of containers whose root or volumes do not say what they are made of', async () => {
  const [mine, nobodys] = [newContainerId(), newContainerId()];
  for (const id of [mine, nobodys, 'lost+found']) {
    for (const folder of ['overlay', 'volumes']) await mkdir(join(rootDir, folder, id), { recursive: true });
    await writeFile(join(rootDir, 'overlay', id, 'rootfs.json'), '');
    await writeFile(join(rootDir, 'volumes', id, 'volumes.json'), 'garbage');
  }
  const known = { pods: new Map(), containers: new Map(), damaged: new Set([mine]), findings: [] };
  const scene = { rootDir, runDir: rootDir, cgroupParent: absolutePath('/nowhere'), known };
  const found = await scanRootfses(scene);
  expect(found.map(({ kind, id }) => [kind, id])).toEqual([
    ['record', join(rootDir, 'overlay', mine)],
    ['record', join(rootDir, 'volumes', mine)],
  ]);
});
