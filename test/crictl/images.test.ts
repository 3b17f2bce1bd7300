/**
 * crictl as an administrator uses it: images. Commands: pull, images, inspecti, rmi, imagefsinfo.
 */
import { expect, test } from '@jest/globals';
import { describeWalk } from '../harness/crictl-walk.ts';
import { account, Registry } from '../harness/registry.ts';
import { image } from '../harness/test-images.ts';

describeWalk('crictl walks images', ({ rig, crictl, json, refused, podFile, containerFile }) => {
  test('pulls, lists, inspects and removes an image', async () => {
    expect(await crictl('pull', image.plain)).toMatch(/Image is up to date for .*[0-9a-f]{64}/);
    expect(await crictl('images')).toMatch(/docker\.io\/cri-ts\/plain\s+latest\s+[0-9a-f]{13}/);
    expect(await json('inspecti', image.plain)).toMatchObject({
      status: { repoTags: [image.plain] },
      info: expect.any(Object),
    });
    const id = await crictl('images', '-q', image.plain);
    expect(
      await crictl('inspecti', '-o', 'go-template', '--template', '{{.status.id}}', id.slice(7, 20)),
    ).toBe(id);
    expect(await crictl('inspecti', '-o', 'table', image.plain)).toContain(image.plain);
    expect(await crictl('images', '--digests', '--no-trunc', image.plain)).toMatch(/sha256:[0-9a-f]{64}/);
    expect(await crictl('images', '--pinned', image.plain)).toMatch(/PINNED[\s\S]*false/);
    expect(await crictl('images', '-q', '--filter', 'reference=cri-ts/plain')).toBe(id);
    expect(await crictl('images', '-q', '--filter', 'dangling=true')).toBe('');
    expect(await json('images', '-o', 'json', image.plain)).toMatchObject({
      images: [{ id, repoTags: [image.plain] }],
    });
    expect(await json('imagefsinfo')).toMatchObject({
      status: {
        imageFilesystems: [{ usedBytes: { value: expect.any(String) }, inodesUsed: expect.any(Object) }],
        containerFilesystems: [{ fsId: { mountpoint: expect.any(String) } }],
      },
    });
    expect(await crictl('rmi', image.plain)).toContain('Deleted: ');
    expect(await crictl('images', '-q', image.plain)).toBe('');
    expect(await refused('inspecti', image.plain)).toMatch(/no such image/);
  });

  test('pulls with credentials given as a pair and as one string, and not with wrong ones', async () => {
    await using registry = await Registry.start(rig().machine, { port: 5001, needsPassword: true });
    const name = `${registry.address}/cri-ts/plain:latest`;
    const { username, password } = account;
    const auth = Buffer.from(`${username}:${password}`).toString('base64');
    expect(await refused('pull', name)).toMatch(/code = \w+/);
    expect(await refused('pull', '--creds', `${username}:wrong`, name)).toMatch(/code = \w+/);
    for (const given of [
      ['--creds', `${username}:${password}`],
      ['--auth', auth],
    ]) {
      expect(await crictl('pull', '--pull-timeout', '30s', ...given, name)).toMatch(/up to date/);
      await crictl('rmi', name);
    }
  });

  test('removes the images that nobody uses, and then all', async () => {
    const pod = await podFile('user');
    const config = await containerFile('user', { command: ['true'] });
    const id = await crictl('create', await crictl('runp', pod), config, pod);
    await crictl('pull', image.plain);
    expect(await crictl('rmi', '--prune')).toContain(image.plain);
    expect(await crictl('images', '-q', image.plain)).toBe('');
    expect(await crictl('images', '-q', image.busybox)).not.toBe('');
    await crictl('rm', id);
    await crictl('pull', image.plain);
    await crictl('rmi', '-a');
    expect(await crictl('images', '-q')).toBe('');
    await crictl('pull', image.busybox);
  });
});
