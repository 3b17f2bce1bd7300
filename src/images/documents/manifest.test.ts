import { describe, expect, test } from '@jest/globals';
import { mediaType, parseManifest } from './manifest.ts';

const digest = `sha256:${'0'.repeat(64)}`;

function manifestOf(layerType: string): Buffer {
  const config = { mediaType: mediaType.ociConfig, digest, size: 2 };
  const layers = [{ mediaType: layerType, digest, size: 1, urls: ['https://elsewhere.test/layer'] }];
  return Buffer.from(JSON.stringify({ schemaVersion: 2, config, layers }));
}

describe('a manifest', () => {
  test.each([
    'application/vnd.oci.image.layer.v1.tar',
    'application/vnd.oci.image.layer.v1.tar+gzip',
    'application/vnd.oci.image.layer.v1.tar+zstd',
    'application/vnd.oci.image.layer.nondistributable.v1.tar',
    'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
    'application/vnd.oci.image.layer.nondistributable.v1.tar+zstd',
    'application/vnd.docker.image.rootfs.diff.tar',
    'application/vnd.docker.image.rootfs.diff.tar.gzip',
    'application/vnd.docker.image.rootfs.diff.tar.zstd',
    'application/vnd.docker.image.rootfs.foreign.diff.tar',
    'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
  ])('may have a layer of the type %s, and its urls are ignored', (type) => {
    expect(parseManifest(manifestOf(type), null)).toMatchObject({
      kind: 'manifest',
      layers: [{ mediaType: type, digest, sizeBytes: 1 }],
    });
    expect(JSON.stringify(parseManifest(manifestOf(type), null))).not.toMatch(/elsewhere/);
  });

  test('with a layer of another type is refused', () => {
    expect(() => parseManifest(manifestOf('application/vnd.example.layer'), null)).toThrow(
      'unknown media type "application/vnd.example.layer"',
    );
  });
});
