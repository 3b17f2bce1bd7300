/**
 * Real layers: a whole Debian against what tar makes of it, and images made by umoci, skopeo and buildah against the trees
 * they were made of.
 */
import '../../src/images/testing/realm.ts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { newContainerId } from '../../src/base/ids.ts';
import { mustRun } from '../../src/base/process.ts';
import { archiveLimits } from '../../src/images/limits.ts';
import { openTestStore } from '../../src/images/testing/store.ts';
import { capabilityBytes } from '../../src/images/testing/tar.ts';
import { GrowingFile } from '../../src/images/unpack/growing-file.ts';
import { defaultWorkerUrl, UnpackPool } from '../../src/images/unpack/unpack-pool.ts';
import { lsetxattr } from '../../src/kernel/calls/attribute-calls.ts';
import { plainEnv } from '../harness/machine.ts';
import { describeTree, differences } from '../harness/tree.ts';

const cacheDir = join(import.meta.dirname, '../../.cache');
const minutesMs = 60_000;
let directory: string;

beforeAll(async () => {
  await mkdir(cacheDir, { recursive: true });
  directory = await mkdtemp(join(cacheDir, 'real-layers-'));
});
afterAll(async () => await rm(directory, { recursive: true, force: true }));

async function run(script: string): Promise<void> {
  await mustRun({
    argv: ['unshare', '--mount', '--propagation', 'private', 'bash', '-euo', 'pipefail', '-c', script],
    env: { ...plainEnv, TMPDIR: directory },
    timeoutMs: 10 * minutesMs,
  });
}

/** Kept in the cache: it takes a minute and the network to make. */
async function debianArchive(): Promise<string> {
  const path = join(cacheDir, 'debian-bookworm-2.tar');
  if (existsSync(path)) return path;
  const root = join(directory, 'debian');
  await run(`debootstrap --variant=minbase --include=perl,python3,tzdata,iputils-ping bookworm ${root}`);
  // Packages set it where the machine that installs them can, and use the setuid bit elsewhere.
  lsetxattr(join(root, 'usr/bin/perl'), 'security.capability', capabilityBytes(0x2000));
  await run(
    `tar --format=pax --xattrs --xattrs-include='*' --numeric-owner --exclude=./var/cache/apt/archives/* -C ${root} -cf ${root}.tar .
     rm -rf ${root}`,
  );
  await rename(`${root}.tar`, path);
  return path;
}

describe('a Debian of ten thousand files', () => {
  test(
    'is unpacked as tar unpacks it, entry by entry',
    async () => {
      const archive = await debianArchive();
      const [ours, theirs] = [join(directory, 'ours'), join(directory, 'theirs')];
      await run(
        `mkdir ${ours} ${theirs}; gzip -1 -c ${archive} > ${directory}/layer.gz
         tar --xattrs --xattrs-include='*' --numeric-owner -C ${theirs} -xpf ${archive}`,
      );
      await using pool = new UnpackPool({
        workerUrl: defaultWorkerUrl(),
        unpackers: 1,
        unpackerIdleMs: 1000,
      });
      const blob = join(directory, 'layer.gz');
      const { size } = await stat(blob);
      const job = {
        file: GrowingFile.whole(blob, size),
        directory: ours,
        skeletonPath: join(directory, 'skeleton'),
        hash: 'sha256',
        limits: archiveLimits,
      } as const;
      const { isRebuildable } = await pool.unpack(job, new AbortController().signal);
      const expected = describeTree(theirs);
      expect(expected.size).toBeGreaterThan(10_000);
      expect([...expected.values()].some((line) => line.includes('security.capability'))).toBe(true);
      expect(differences(describeTree(ours), expected)).toEqual([]);
      expect(isRebuildable).toBe(true);
    },
    12 * minutesMs,
  );
});

/** Archivers round times of day: whole seconds stay. */
const settle = 'find . -exec touch -hd @1700000000 {} +';

/** Two layers: files of every kind, and what takes some of them away again. */
const lower = `
  mkdir -p usr/bin etc/conf.d opaque/old home/me; printf tool > usr/bin/tool; chmod 4755 usr/bin/tool
  ln usr/bin/tool usr/bin/alias; ln -s ../usr/bin/tool etc/link; ln -s usr/bin bin; printf a > etc/conf.d/a
  printf b > etc/conf.d/b; printf old > opaque/old/file; printf gone > gone; chown 1000:1000 home/me
  chmod 700 home/me; truncate -s 5000000 sparse; printf end >> sparse; mkfifo fifo; printf x > $'caf\\xe9'; ${settle}`;
const upper = `
  rm gone etc/conf.d/a; rm -r opaque; mkdir opaque; printf new > opaque/new; printf changed > etc/conf.d/b
  mkdir -p home/me/deep; printf y > home/me/deep/file; rm usr/bin/alias; printf other > usr/bin/alias; ${settle}`;

/** Each leaves an OCI layout in `layout` and the tree that it holds in `tree`. */
const makers: Readonly<Record<string, string>> = {
  umoci: `
    umoci init --layout layout; umoci new --image layout:app
    umoci unpack --image layout:app bundle; (cd bundle/rootfs; ${lower}); umoci repack --image layout:app bundle
    rm -r bundle; umoci unpack --image layout:app bundle; (cd bundle/rootfs; ${upper})
    umoci repack --image layout:app bundle; cp -a bundle/rootfs tree; umoci gc --layout layout`,
  'skopeo with zstd': `
    umoci init --layout first; umoci new --image first:app
    umoci unpack --image first:app bundle; (cd bundle/rootfs; ${lower}); umoci repack --image first:app bundle
    skopeo --insecure-policy copy -q --dest-compress-format zstd --dest-decompress=false oci:first:app oci:layout:app
    cp -a bundle/rootfs tree`,
  buildah: `
    mkdir tree; (cd tree; ${lower}); export STORAGE_DRIVER=vfs
    b="buildah --root $PWD/store --runroot $PWD/run"
    c=$($b from scratch); m=$($b mount $c); cp -a tree/. $m/; $b umount $c
    $b commit -q --disable-compression=false $c oci:layout:app; $b rm $c; rm -rf store run`,
};

const zstdMagic = '28b52ffd';

/** The first four bytes of every blob. */
async function blobStarts(layout: string): Promise<readonly string[]> {
  const folder = join(layout, 'blobs/sha256');
  const names = await readdir(folder);
  return await Promise.all(
    names.map(async (name) => (await readFile(join(folder, name))).toString('hex', 0, 4)),
  );
}

describe('an image', () => {
  test.each(Object.keys(makers))(
    'made by %s is the tree that it was made of',
    async (maker) => {
      const home = join(directory, maker.replaceAll(' ', '-'));
      await run(`mkdir ${home}; cd ${home}; ${makers[maker] ?? ''}`);
      const starts = await blobStarts(join(home, 'layout'));
      expect(starts.includes(zstdMagic)).toBe(maker.includes('zstd'));
      await using store = await openTestStore();
      const { id } = await store.images.importOciLayout(join(home, 'layout'), 'test.local/app:1');
      const containerId = newContainerId();
      const { path } = await store.images.prepareRootfs(id, containerId);
      try {
        const options = { isCoarse: true };
        expect(differences(describeTree(path, options), describeTree(join(home, 'tree'), options))).toEqual(
          [],
        );
      } finally {
        await store.images.removeRootfs(containerId);
      }
    },
    5 * minutesMs,
  );
});
