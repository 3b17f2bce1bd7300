/**
 * Images through the CRI: what a pull brings, how an image is named, listed and removed, and what its layers make of a root
 * file system. Reference: cri.md 3.5 (Image Manager), 4.8.
 */
import { afterEach, describe, expect, test } from '@jest/globals';
import { codeOf } from '../harness/client.ts';
import { shell, sleeper } from '../harness/requests.ts';
import { account, Registry } from '../harness/registry.ts';
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

type Seen = {
  readonly id: string;
  readonly repoTags: readonly string[];
  readonly repoDigests: readonly string[];
};

async function look(name: string): Promise<Seen | null> {
  const { image: seen } = await rig().call('ImageStatus', { image: { image: name } });
  return seen;
}

async function listed(): Promise<readonly Seen[]> {
  const { images } = await rig().call('ListImages', {});
  return images.filter(({ repoTags }) => !repoTags.includes(image.busybox));
}

describe('PullImage', () => {
  test('by tag gives exactly that tag and the digest of what the registry served', async () => {
    const id = await rig().pull(image.plain);
    const seen = await look(image.plain);
    expect(seen).toMatchObject({
      id,
      repoTags: [image.plain],
      repoDigests: [rig().registry.digestReference(image.plain)],
    });
    expect(id).toContain(rig().registry.built(image.plain).imageId.slice('sha256:'.length));
  });

  test('without a tag means latest, without a registry means docker.io', async () => {
    await rig().pull('docker.io/cri-ts/plain');
    expect((await look('docker.io/cri-ts/plain'))?.repoTags).toEqual([image.plain]);
    await rig().pull('busybox');
    expect((await look('docker.io/library/busybox'))?.repoTags).toEqual([image.busyboxLatest]);
    expect((await look('busybox:latest'))?.repoTags).toEqual([image.busyboxLatest]);
  });

  test('by digest gives no tag and exactly that digest', async () => {
    const reference = rig().registry.digestReference(image.plain);
    const id = await rig().pull(reference);
    expect(await look(reference)).toMatchObject({ id, repoTags: [], repoDigests: [reference] });
  });

  test('by tag and digest goes by the digest', async () => {
    const { digest } = rig().registry.built(image.plain).top;
    const id = await rig().pull(`docker.io/cri-ts/plain:latest@${digest}`);
    expect((await look(`docker.io/cri-ts/plain@${digest}`))?.id).toBe(id);
    expect(await codeOf(rig().pull(`docker.io/cri-ts/plain:latest@sha256:${'0'.repeat(64)}`))).not.toBe('OK');
  });

  test("of an index takes this machine's manifest", async () => {
    const seen = await look(image.busybox);
    expect(seen?.id).toContain(rig().registry.built(image.busybox).imageId.slice('sha256:'.length));
  });

  test.each([
    ['gzip', image.busybox],
    ['zstd', image.zstd],
    ['no compression', image.plain],
    ['forty layers', image.manyLayers],
  ])('of layers with %s gives a root that programs run in', async (_, name) => {
    await rig().pull(name);
    const pod = await rig().runPod();
    const { stdout } = await rig().output(pod, shell('id -un', { image: { image: name } }));
    expect(stdout).toBe('root\n');
  });

  test('applies what upper layers delete and hide', async () => {
    await rig().pull(image.whiteouts);
    const pod = await rig().runPod();
    const { stdout } = await rig().output(
      pod,
      shell('ls /keep /opaque; ls -d /gone 2>&1', { image: { image: image.whiteouts } }),
    );
    expect(stdout).toBe('/keep:\na\n\n/opaque:\nnew\nls: /gone: No such file or directory\n');
  });

  test('of one image asked for ten times at once gives one image', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, () => rig().pull(image.manyLayers)));
    expect(new Set(ids).size).toBe(1);
    expect(await listed()).toHaveLength(1);
  });

  test('with a deadline of 1 ms says that it has passed, and a retry works', async () => {
    const pull = rig().call('PullImage', { image: { image: image.plain } }, { timeoutMs: 1 });
    expect(await codeOf(pull)).toBe('DEADLINE_EXCEEDED');
    await rig().pull(image.plain);
  });

  test('of what the registry does not have says so, and leaves nothing', async () => {
    await expect(rig().pull('docker.io/cri-ts/absent:1')).rejects.toThrow(/not found|unknown|absent/i);
    expect(await listed()).toEqual([]);
  });

  test('from a registry that does not answer says which', async () => {
    await expect(rig().pull('127.0.0.1:1/x/y:1')).rejects.toThrow(/127\.0\.0\.1:1/);
  });

  test('from a registry that wants a password works with the right one only', async () => {
    await using registry = await Registry.start(rig().machine, { port: 5001, needsPassword: true });
    const name = `${registry.address}/cri-ts/plain:latest`;
    const pull = async (auth: object | null): Promise<string> =>
      codeOf(rig().call('PullImage', { image: { image: name }, auth }));
    const { username, password } = account;
    expect(await pull(null)).not.toBe('OK');
    expect(await pull({ username, password: 'wrong' })).not.toBe('OK');
    expect(await pull({ username, password })).toBe('OK');
    expect(await pull({ auth: Buffer.from(`${username}:${password}`).toString('base64') })).toBe('OK');
    expect(await rig().server.log()).not.toContain(password);
  });
});

describe('ImageStatus', () => {
  test('by tag, digest, id and prefix of the id answers the same', async () => {
    const id = await rig().pull(image.plain);
    const seen = await look(image.plain);
    const hex = id.replace('sha256:', '');
    for (const name of [
      rig().registry.digestReference(image.plain),
      id,
      hex,
      `sha256:${hex}`,
      hex.slice(0, 13),
    ]) {
      expect(await look(name)).toEqual(seen);
    }
    expect((await listed())[0]).toEqual(seen);
  });

  test('tells size, user and, when asked, the configuration', async () => {
    const status = async (name: string): Promise<{ uid: bigint | null; username: string; size: bigint }> => {
      await rig().pull(name);
      const { image: seen } = await rig().call('ImageStatus', { image: { image: name } });
      return { uid: seen?.uid?.value ?? null, username: seen?.username ?? '', size: seen?.size ?? 0n };
    };
    expect(await status(image.userUid)).toMatchObject({ uid: 1002n, username: '' });
    expect(await status(image.userUidGroup)).toMatchObject({ uid: 1003n, username: '' });
    expect(await status(image.userName)).toMatchObject({ uid: null, username: 'www-data' });
    expect(await status(image.userNameGroup)).toMatchObject({ uid: null, username: 'www-data' });
    expect((await status(image.userUid)).size).toBeGreaterThan(500_000n);
    const { info } = await rig().call('ImageStatus', { image: { image: image.userUid }, verbose: true });
    expect(JSON.stringify(JSON.parse(info['info'] ?? '{}'))).toContain('1002');
  });
});

describe('RemoveImage', () => {
  test('by one tag removes the image with all its tags', async () => {
    const ids = [];
    for (const tag of image.tags) ids.push(await rig().pull(tag));
    expect(new Set(ids).size).toBe(1);
    const [one] = await listed();
    expect([...(one?.repoTags ?? [])].sort()).toEqual([...image.tags].sort());
    await rig().call('RemoveImage', { image: { image: image.tags[0] } });
    expect(await listed()).toEqual([]);
    for (const tag of image.tags) expect(await look(tag)).toBeNull();
  });

  test('asked for five times at once succeeds each time, and each sees it gone', async () => {
    const id = await rig().pull(image.plain);
    await Promise.all(
      Array.from({ length: 5 }, async () => {
        await rig().call('RemoveImage', { image: { image: id } });
        expect(await look(id)).toBeNull();
        expect(await listed()).toEqual([]);
      }),
    );
  });

  test('of an image in use leaves the container alone', async () => {
    await rig().pull(image.plain);
    const pod = await rig().runPod();
    const id = await rig().run(pod, sleeper({ image: { image: image.plain } }));
    await codeOf(rig().call('RemoveImage', { image: { image: image.plain } }));
    expect(await rig().sh(id, 'cat /etc/passwd | wc -l')).toBe('4');
  });
});

describe('images', () => {
  test('of the same content in two registries are one, with both names', async () => {
    const [one, two] = image.twoRegistries;
    expect(await rig().pull(one)).toBe(await rig().pull(two));
    const [seen] = await listed();
    expect([...(seen?.repoTags ?? [])].sort()).toEqual([...image.twoRegistries].sort());
    expect(seen?.repoDigests).toHaveLength(2);
  });

  test('of three names are three', async () => {
    for (const name of image.three) await rig().pull(name);
    expect((await listed()).flatMap(({ repoTags }) => repoTags).toSorted()).toEqual(image.three);
  });

  test('are filtered by name', async () => {
    for (const name of image.three) await rig().pull(name);
    const { images } = await rig().call('ListImages', { filter: { image: { image: image.three[1] } } });
    expect(images.map(({ repoTags }) => repoTags)).toEqual([[image.three[1]]]);
  });

  test('are there again after the daemon was killed', async () => {
    await rig().pull(image.manyLayers);
    await rig().pull(image.plain);
    const before = await rig().call('ListImages', {});
    await rig().server.kill9();
    await rig().server.start();
    expect(await rig().call('ListImages', {})).toEqual(before);
    const pod = await rig().runPod();
    await rig().run(pod, sleeper({ image: { image: image.manyLayers } }));
  });

  test('whose configuration is lost while the daemon runs are pulled again', async () => {
    const id = await rig().pull(image.plain);
    const { rootDir } = rig().daemon.dirs;
    await rig().machine.run('rm', `${rootDir}/images/blobs/sha256/${id.replace('sha256:', '')}`);
    const pod = await rig().runPod();
    await expect(rig().create(pod, sleeper({ image: { image: image.plain } }))).rejects.toThrow(
      /pull it again/,
    );
    expect(await look(image.plain)).toBeNull();
    expect(await rig().pull(image.plain)).toBe(id);
    await rig().run(pod, sleeper({ image: { image: image.plain } }));
  });

  test('are collected also when a root or a volume of nobody does not say what it is made of', async () => {
    await rig().pull(image.plain);
    await rig().server.kill9();
    const { rootDir } = rig().daemon.dirs;
    const lost = 'f'.repeat(64);
    for (const [folder, file] of [
      ['overlay', 'rootfs.json'],
      ['volumes', 'volumes.json'],
    ]) {
      await rig().machine.run(
        'mkdir',
        '-p',
        `${rootDir}/${folder}/${lost}/merged`,
        `${rootDir}/${folder}/lost+found`,
      );
      await rig().machine.run('touch', `${rootDir}/${folder}/${lost}/${file}`);
    }
    await rig().server.start();
    const list = async (...names: readonly string[]): Promise<string> =>
      (await rig().machine.run('ls', ...names.map((name) => `${rootDir}/${name}`))).stdout.toString();
    await eventually('nobody claims them', async () => !(await list('overlay', 'volumes')).includes(lost));
    const before = await list('images/layers');
    await rig().call('RemoveImage', { image: { image: image.plain } });
    expect(await list('images/layers')).not.toBe(before);
    await rig().machine.run('rmdir', `${rootDir}/overlay/lost+found`, `${rootDir}/volumes/lost+found`);
  });

  test('whose file was damaged behind the daemon are not served as whole', async () => {
    await rig().pull(image.plain);
    await rig().server.kill9();
    const { rootDir } = rig().daemon.dirs;
    const { stdout } = await rig().machine.run('find', `${rootDir}/images`, '-name', '*.json', '-type', 'f');
    const records = stdout
      .toString()
      .trim()
      .split('\n')
      .filter((path) => path !== '');
    expect(records.length).toBeGreaterThan(0);
    for (const record of records) await rig().machine.run('truncate', '-s', '10', record);
    await rig().server.start();
    expect(await listed()).toEqual([]);
    await rig().pull(image.busybox);
    await rig().pull(image.plain);
    const pod = await rig().runPod();
    expect((await rig().output(pod, shell('echo ok', { image: { image: image.plain } }))).stdout).toBe(
      'ok\n',
    );
  });

  test('and containers have a file system that is told of', async () => {
    const pod = await rig().runPod();
    const id = await rig().run(pod, sleeper());
    await rig().sh(id, 'dd if=/dev/zero of=/written bs=64k count=16');
    const { imageFilesystems, containerFilesystems } = await rig().call('ImageFsInfo', {});
    for (const [fs] of [imageFilesystems, containerFilesystems]) {
      expect(fs?.fsId?.mountpoint).toMatch(/^\//);
      expect(fs?.timestamp).toBeGreaterThan(0n);
    }
    expect(imageFilesystems[0]?.usedBytes?.value).toBeGreaterThan(500_000n);
    await eventually('what the container wrote is counted', async () => {
      const { containerFilesystems: later } = await rig().call('ImageFsInfo', {});
      return (later[0]?.usedBytes?.value ?? 0n) >= 1_048_576n;
    });
  });
});
