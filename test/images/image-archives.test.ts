/**
 * `cri-ts images` against a running daemon and without one; archives that skopeo, umoci and buildah write and read, and
 * archives that mean harm. Reference: issue 3, point 6.
 */
import { afterEach, describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandResult } from '../../src/base/process.ts';
import { startContainerd } from '../harness/containerd.ts';
import { imagesCli, imagesCommand } from '../harness/images-cli.ts';
import { Machine } from '../harness/machine.ts';
import { shell, sleeper } from '../harness/requests.ts';
import { image } from '../harness/test-images.ts';
import { useRig } from '../harness/use-rig.ts';
import { eventually, slowness } from '../harness/wait.ts';

const rig = useRig();

afterEach(async () => {
  const { images } = await rig().call('ListImages', {});
  for (const { id, repoTags } of images) {
    if (!repoTags.includes(image.busybox)) await rig().call('RemoveImage', { image: { image: id } });
  }
  await rm(work(), { recursive: true, force: true });
});

/** A directory for archives, the same path inside and outside. */
function work(...names: readonly string[]): string {
  return rig().machine.path('archives', ...names);
}

async function cli(...args: readonly string[]): Promise<CommandResult> {
  await mkdir(work(), { recursive: true });
  return await imagesCli(rig(), ...args);
}

async function ok(...args: readonly string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await cli(...args);
  if (exitCode !== 0) throw new Error(`cri-ts images ${args.join(' ')}: exit code ${exitCode}: ${stderr}`);
  return stdout.toString('utf8').trimEnd();
}

async function idOf(name: string): Promise<string | null> {
  return (await rig().call('ImageStatus', { image: { image: name } })).image?.id ?? null;
}

async function forget(name: string): Promise<void> {
  await rig().call('RemoveImage', { image: { image: name } });
}

async function runs(name: string, script: string): Promise<string> {
  const pod = await rig().runPod();
  return (await rig().output(pod, shell(script, { image: { image: name } }))).stdout;
}

/** What is left of unfinished work in the store. */
async function unfinished(): Promise<readonly string[]> {
  return await readdir(rig().machine.outside(join(rig().daemon.dirs.rootDir, 'images/tmp')));
}

/** Ctrl-C while an archive is awaited; the exit code. */
async function interruptedImport(): Promise<number | null> {
  const command = imagesCommand(rig(), 'import', '-').join(' ');
  const tmp = join(rig().daemon.dirs.rootDir, 'images/tmp');
  const script = `mkfifo "$0"; exec 3<>"$0"; head -c 512 /dev/zero >&3; ${command} <&3 & while [ -z "$(ls ${tmp})" ]; do sleep 0.05; done; kill -INT $!; wait $!`;
  return (await rig().machine.try('sh', '-c', script, work('fifo'))).exitCode;
}

describe('cri-ts images', () => {
  test('pulls with a line for each layer, lists, inspects and removes', async () => {
    const { stdout, stderr, exitCode } = await cli('pull', image.manyLayers);
    expect(exitCode).toBe(0);
    expect(stdout.toString().trim()).toBe(await idOf(image.manyLayers));
    expect(stderr).toContain('40 layers, 39 missing');
    expect(stderr.match(/ unpacked /g)).toHaveLength(39);
    expect(await ok('ls')).toContain(image.manyLayers);
    const listed = JSON.parse(await ok('ls', '--json')) as { id: string; repoTags: string[] }[];
    expect(listed.flatMap(({ repoTags }) => repoTags).toSorted()).toEqual([image.manyLayers, image.busybox]);
    const inspected = JSON.parse(await ok('inspect', image.manyLayers)) as object;
    expect(JSON.stringify(inspected)).toContain('"Cmd":["sh"]');
    await ok('rm', image.manyLayers);
    expect(await idOf(image.manyLayers)).toBeNull();
    const again = await cli('rm', image.manyLayers);
    expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining('not in the store')]);
  });

  test('removes an image by several of its names at once, and nothing when one is no name', async () => {
    await rig().pull(image.plain);
    await ok('export', image.plain, '--output', work('plain.tar'));
    // Over the image that is there: it gets a further name.
    expect(await ok('import', work('plain.tar'), '--name', 'team/again:1')).toContain(
      'docker.io/team/again:1',
    );
    const refused = await cli('rm', image.plain, 'NO NAME', 'team/again:1');
    expect([refused.exitCode, refused.stdout.length]).toEqual([1, 0]);
    expect(await idOf(image.plain)).not.toBeNull();
    expect(await ok('rm', image.plain, 'team/again:1')).toMatch(/^removed sha256:\S+ \S+ \S+$/);
    for (const name of [image.plain, 'team/again:1']) expect(await idOf(name)).toBeNull();
  });

  test('says why a pull failed', async () => {
    const { exitCode, stderr } = await cli('pull', 'docker.io/cri-ts/absent:1');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('passed over');
    expect(stderr).toMatch(/cri-ts: .*cri-ts\/absent/);
  });

  test('prunes what lost its tag, with --all what nobody uses, and leaves what a container uses', async () => {
    const moved = 'docker.io/team/moved:1';
    for (const name of [image.whiteouts, image.zstd]) {
      await rig().pull(name);
      await ok('export', name, '--output', work('one.tar'));
      await forget(name);
      await ok('import', work('one.tar'), '--name', moved);
    }
    const lost = `sha256:${rig().registry.built(image.whiteouts).imageId.replace('sha256:', '')}`;
    const byDigest = rig().registry.digestReference(image.manyLayers);
    await rig().pull(byDigest);
    await rig().pull(image.plain);
    const pod = await rig().runPod();
    await rig().run(pod, sleeper({ image: { image: image.plain } }));
    await rig().run(
      pod,
      sleeper({ mounts: [{ containerPath: '/b', image: { image: image.busybox }, readonly: true }] }),
    );
    expect(await idOf(lost)).toBe(lost);
    expect(await ok('prune')).toMatch(new RegExp(`^removed ${lost}\\n1 image, [1-9]`));
    expect(await idOf(lost)).toBeNull();
    for (const name of [moved, byDigest, image.plain]) expect(await idOf(name)).not.toBeNull();
    expect(await ok('prune', '--all')).toContain(moved);
    for (const name of [moved, byDigest]) expect(await idOf(name)).toBeNull();
    expect(await idOf(image.plain)).not.toBeNull();
    expect(await idOf(image.busybox)).not.toBeNull();
  });

  test('and the daemon wait for whoever holds the store, and say so', async () => {
    const lock = join(rig().daemon.dirs.runDir, 'lock');
    /** For some seconds, as a long import would: longer than a command takes to start, shorter than it waits. */
    const hold = `flock ${lock} sleep ${Math.min(8, 2 * slowness)} & until ! flock --nonblock ${lock} true; do sleep 0.01; done`;
    await rig().server.stop();
    try {
      for (const { exitCode } of await Promise.all([cli('ls'), cli('ls'), cli('ls')]))
        expect(exitCode).toBe(0);
      const list = imagesCommand(rig(), 'ls').join(' ');
      const { exitCode, stderr } = await rig().machine.try('sh', '-c', `${hold}; ${list}`);
      expect([exitCode, stderr]).toEqual([0, expect.stringContaining('waiting for whoever holds')]);
      await rig().machine.run('sh', '-c', `(${hold}) >/dev/null 2>&1`);
    } finally {
      await rig().server.start();
    }
    expect(await rig().server.log()).toContain('waiting for the lock');
  });

  test('works on the store itself when no daemon runs, and not when one hangs', async () => {
    await rig().server.stop();
    try {
      await ok('pull', image.plain);
      expect(await ok('ls')).toContain(image.plain);
      await ok('export', image.plain, '--output', work('plain.tar'));
      await ok('rm', image.plain);
      expect(await ok('import', work('plain.tar'))).toContain(image.plain);
      const refused = await cli('import', work('plain.tar'), '--name', `team/app@sha256:${'0'.repeat(64)}`);
      expect(refused.exitCode).toBe(1);
      // No lines of a log between those for people.
      expect(refused.stderr.split('\n').filter((line) => line.startsWith('{'))).toEqual([]);
      expect(await interruptedImport()).toBe(130);
      expect(await unfinished()).toEqual([]);
    } finally {
      await rig().server.start();
    }
    expect(await runs(image.plain, 'echo fine')).toBe('fine\n');
    await rm(rig().machine.outside(join(rig().daemon.dirs.runDir, 'admin/images.sock')));
    try {
      expect((await cli('ls')).exitCode).toBe(3);
    } finally {
      await rig().server.stop();
      await rig().server.start();
    }
  });
});

describe('an exported image', () => {
  test('comes back with its id and its names', async () => {
    const ids = [
      await rig().pull(image.whiteouts),
      await rig().pull(image.manyLayers),
      await rig().pull(image.artifact),
    ];
    const names = [image.whiteouts, image.manyLayers, image.artifact];
    await ok('export', ...names, '--output', work('three.tar'));
    for (const name of names) await forget(name);
    const imported = JSON.parse(await ok('import', work('three.tar'), '--json')) as { id: string }[];
    expect(imported.map(({ id }) => id)).toEqual(ids);
    for (const [at, name] of names.entries()) expect(await idOf(name)).toBe(ids[at]);
    expect(await runs(image.whiteouts, 'ls /keep /opaque')).toBe('/keep:\na\n\n/opaque:\nnew\n');
    expect(await unfinished()).toEqual([]);
  });

  test('goes as a directory, too', async () => {
    const id = await rig().pull(image.zstd);
    await ok('export', image.zstd, '--directory', '--output', work('layout'));
    await forget(image.zstd);
    expect(await ok('import', work('layout'))).toBe(`${id} ${image.zstd}`);
  });

  test('is read by skopeo in both forms, and by umoci', async () => {
    const id = await rig().pull(image.whiteouts);
    const archive = work('out.tar');
    await ok('export', image.whiteouts, '--output', archive);
    const inside = async (...argv: readonly string[]): Promise<string> =>
      (await rig().machine.run(...argv)).stdout.toString('utf8');
    for (const source of [`oci-archive:${archive}`, `docker-archive:${archive}`]) {
      await rm(work('copy'), { recursive: true, force: true });
      await inside('skopeo', 'copy', '--insecure-policy', source, `oci:${work('copy')}:it`);
      const index = JSON.parse(await readFile(work('copy/index.json'), 'utf8')) as {
        manifests: { digest: string }[];
      };
      const digest = index.manifests[0]?.digest.slice(7) ?? '';
      const blob = async (of: string): Promise<string> =>
        await readFile(work('copy/blobs/sha256', of.replace('sha256:', '')), 'utf8');
      const manifest = JSON.parse(await blob(digest)) as { config: { digest: string } };
      // From the form of docker skopeo writes a config of its own.
      if (source.startsWith('oci')) expect(manifest.config.digest).toBe(id);
      const { rootfs } = JSON.parse(await blob(manifest.config.digest)) as { rootfs: { diff_ids: string[] } };
      expect(rootfs.diff_ids).toHaveLength(3);
    }
    await inside('umoci', 'unpack', '--image', `${work('copy')}:it`, work('bundle'));
    expect((await readdir(work('bundle/rootfs/opaque'))).sort()).toEqual(['new']);
    expect(existsSync(work('bundle/rootfs/gone'))).toBe(false);
  });
});

test('an exported image is read by containerd, under the names that were asked for', async () => {
  await rig().pull(image.whiteouts);
  await ok('export', image.whiteouts, '--output', work('out.tar'));
  await using stack = new AsyncDisposableStack();
  const machine = stack.use(await Machine.create());
  stack.use(await startContainerd(machine, { registry: rig().registry.address }));
  const archive = rig().machine.path('archives/out.tar');
  const ctr = ['ctr', '--address', machine.path('cri.sock')];
  const { stdout } = await machine.run(...ctr, 'images', 'import', '--digests', archive);
  expect(stdout.toString('utf8')).toContain(image.whiteouts);
  const listed = (await machine.run(...ctr, 'images', 'ls', '-q')).stdout.toString('utf8').trim().split('\n');
  expect(listed.filter((name) => !name.includes('@'))).toEqual([image.whiteouts]);
});

describe('an archive', () => {
  test.each(['oci-archive', 'docker-archive', 'oci'])(
    'of skopeo in the form %s is imported',
    async (form) => {
      await mkdir(work(), { recursive: true });
      const id = await rig().pull(image.whiteouts);
      await ok('export', image.whiteouts, '--output', work('from.tar'));
      await forget(image.whiteouts);
      const name = 'docker.io/team/app:1';
      const to = `${form}:${work('made')}${form === 'oci' ? ':any' : `:${name}`}`;
      await rig().machine.run('skopeo', 'copy', '--insecure-policy', `oci-archive:${work('from.tar')}`, to);
      const named = form === 'oci' ? ['--name', name] : [];
      expect(await ok('import', work('made'), ...named)).toBe(`${id} ${name}`);
      expect(await runs(name, 'ls /opaque')).toBe('new\n');
    },
  );

  test('goes to buildah and comes back from it', async () => {
    const id = await rig().pull(image.whiteouts);
    await ok('export', image.whiteouts, '--output', work('to.tar'));
    const store = ['--root', work('root'), '--runroot', work('run'), '--storage-driver', 'vfs'];
    const policy = work('policy.json');
    await writeFile(policy, '{"default":[{"type":"insecureAcceptAnything"}]}');
    const buildah = async (...argv: readonly string[]): Promise<string> =>
      (await rig().machine.run('buildah', ...store, ...argv)).stdout.toString('utf8').trim();
    const loaded = await buildah('pull', '--signature-policy', policy, `oci-archive:${work('to.tar')}`);
    expect(loaded).toBe(id.replace('sha256:', ''));
    const to = `docker-archive:${work('back.tar')}:docker.io/team/back:1`;
    await buildah('push', '--signature-policy', policy, loaded, to);
    expect(await ok('import', work('back.tar'))).toContain('docker.io/team/back:1');
    expect(await runs('docker.io/team/back:1', 'ls /opaque')).toBe('new\n');
  });

  test('of umoci is imported, from a pipe', async () => {
    await mkdir(work(), { recursive: true });
    const layout = work('umoci');
    const inside = async (...argv: readonly string[]): Promise<unknown> => await rig().machine.run(...argv);
    await rig().pull(image.plain);
    await ok('export', image.plain, '--directory', '--output', work('from'));
    await inside('skopeo', 'copy', '--insecure-policy', `oci:${work('from')}:latest`, `oci:${layout}:base`);
    await inside('umoci', 'unpack', '--image', `${layout}:base`, work('bundle'));
    await writeFile(work('bundle/rootfs/added'), 'by umoci\n');
    await inside('umoci', 'repack', '--image', `${layout}:new`, work('bundle'));
    await inside('umoci', 'rm', '--image', `${layout}:base`);
    const command = imagesCommand(rig(), 'import', '-', '--name', 'team/umoci:1');
    const script = `tar -C ${layout} -cz . | ${command.join(' ')}`;
    await inside('sh', '-c', script);
    expect(await runs('docker.io/team/umoci:1', 'cat /added')).toBe('by umoci\n');
  });
});

/** A registry that takes requests and never answers: notes that it was asked, and that whoever asked has left. */
const silentRegistry = `
const { writeFileSync } = require('node:fs');
require('node:http').createServer((request, response) => {
  writeFileSync('asked', request.url);
  response.once('close', () => writeFileSync('left', request.url));
}).listen(5001, '127.0.0.1', () => writeFileSync('listens', ''));
`;

test.each(['INT', 'TERM'])(
  'a pull through the daemon ends with SIG%s, and the daemon’s, too',
  async (signal) => {
    await mkdir(work(), { recursive: true });
    const pull = imagesCommand(rig(), 'pull', '127.0.0.1:5001/slow/app:1').join(' ');
    const script = [
      `cd ${work()}; ${process.execPath} -e "$0" & registry=$!`,
      'until [ -e listens ]; do sleep 0.05; done',
      `${pull} & until [ -e asked ]; do sleep 0.05; done; kill -${signal} $!; wait $!; code=$?`,
      'for round in $(seq 100); do [ -e left ] && break; sleep 0.1; done',
      'kill $registry; [ -e left ] && exit $code',
    ].join('\n');
    const { exitCode, stderr } = await rig().machine.try('sh', '-c', script, silentRegistry);
    expect([exitCode, stderr]).toEqual([130, expect.stringContaining('interrupted')]);
  },
);

test('an import that is interrupted leaves nothing in the daemon', async () => {
  await mkdir(work(), { recursive: true });
  expect(await interruptedImport()).toBe(130);
  await eventually('the daemon has tidied up', async () => (await unfinished()).length === 0);
});

describe('an archive that means harm', () => {
  test('is refused with a sentence and leaves nothing', async () => {
    await mkdir(work('bad'), { recursive: true });
    await writeFile(work('bad/one'), 'x');
    await rig().machine.run('ln', work('bad/one'), work('bad/two'));
    await rig().machine.run('tar', '-C', work('bad'), '-cf', work('bad.tar'), '.');
    const { exitCode, stderr } = await cli('import', work('bad.tar'), '--name', 'team/bad:1');
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('is a hardlink')]);
    expect(await idOf('docker.io/team/bad:1')).toBeNull();
    expect(await unfinished()).toEqual([]);
  });

  test('is refused as a directory with links, too', async () => {
    await mkdir(work('layout'), { recursive: true });
    await symlink('/etc/passwd', work('layout/index.json'));
    const { exitCode, stderr } = await cli('import', work('layout'), '--name', 'team/bad:1');
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('regular files and directories only')]);
  });
});
