import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { extract } from 'tar-stream';
import { buildSelfImage } from './self-image.ts';
import { SelfRegistry } from './self-registry.ts';

type Descriptor = { readonly digest: string; readonly size: number };

async function pull(): Promise<{ readonly config: Buffer; readonly layer: Buffer }> {
  await using registry = await SelfRegistry.start(await buildSelfImage());
  const base = `http://${registry.imageName.replace('/', '/v2/').replace(':latest', '')}`;
  const manifest = JSON.parse(await (await fetch(`${base}/manifests/latest`)).text()) as {
    readonly config: Descriptor;
    readonly layers: readonly [Descriptor];
  };
  const blob = async ({ digest, size }: Descriptor): Promise<Buffer> => {
    const bytes = Buffer.from(await (await fetch(`${base}/blobs/${digest}`)).arrayBuffer());
    const found = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    expect({ digest: found, size: bytes.length }).toEqual({ digest, size });
    return bytes;
  };
  return { config: await blob(manifest.config), layer: await blob(manifest.layers[0]) };
}

describe('the registry of the self-test', () => {
  test('serves an image whose digests hold and whose layer has busybox and its applets', async () => {
    const { config, layer } = await pull();
    const tar = gunzipSync(layer);
    const { rootfs } = JSON.parse(config.toString()) as { rootfs: { diff_ids: string[] } };
    expect(rootfs.diff_ids).toEqual([`sha256:${createHash('sha256').update(tar).digest('hex')}`]);
    const names: string[] = [];
    for await (const entry of extractAll(tar)) names.push(entry);
    expect(names).toEqual(
      expect.arrayContaining(['bin/busybox', 'bin/sh', 'bin/hostname', 'etc/passwd', 'tmp/']),
    );
  });

  test('is the same image each time', async () => {
    expect((await buildSelfImage()).manifest.digest).toBe((await buildSelfImage()).manifest.digest);
  });

  test('goes on with a download in the middle and has nothing else', async () => {
    const image = await buildSelfImage();
    await using registry = await SelfRegistry.start(image);
    const host = `http://${registry.imageName.split('/')[0] ?? ''}`;
    const url = `${host}/v2/cri-ts/selftest/blobs/${image.blobs[0]?.digest ?? ''}`;
    const part = await fetch(url, { headers: { range: 'bytes=10-' } });
    expect([part.status, await part.text()]).toEqual([206, image.blobs[0]?.content.subarray(10).toString()]);
    for (const path of [
      '/',
      '/v2/other/manifests/latest',
      '/v2/cri-ts/selftest/manifests/other',
      '/../etc/passwd',
    ]) {
      expect((await fetch(host + path)).status).toBe(404);
    }
    expect((await fetch(`${host}/v2/`)).status).toBe(200);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(404);
  });
});

async function* extractAll(tar: Buffer): AsyncGenerator<string> {
  const archive = extract();
  archive.end(tar);
  for await (const entry of archive) {
    yield entry.header.name;
    entry.resume();
  }
}
