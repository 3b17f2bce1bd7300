/**
 * A small image made on the spot from the machine's static busybox: what the self-test pulls. Only data; it is served by
 * `self-registry.ts`. Source: OCI image specification, manifest and config.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack, type Pack } from 'tar-stream';
import { errnoOf, failedPrecondition } from '../../base/errors.ts';

export type Blob = { readonly digest: string; readonly mediaType: string; readonly content: Buffer };

export type SelfImage = {
  readonly manifest: Blob;
  readonly blobs: readonly Blob[];
  readonly sizeBytes: number;
};

const busyboxPaths = ['/bin/busybox', '/usr/bin/busybox', '/usr/local/bin/busybox'];
const applets = ['sh', 'echo', 'sleep', 'hostname', 'cat', 'true'];

/** Fixed, so that the same busybox always makes the same image. */
const builtAt = new Date(0);

/** Builds the image. @throws NoBusybox when the machine has no static one */
export async function buildSelfImage(): Promise<SelfImage> {
  const tar = await buildLayer(await readBusybox());
  const layer = blobOf('application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(tar, { level: 1 }));
  const config = blobOf(
    'application/vnd.oci.image.config.v1+json',
    Buffer.from(
      JSON.stringify({
        architecture: process.arch === 'x64' ? 'amd64' : process.arch,
        os: 'linux',
        config: { Env: ['PATH=/bin'], Cmd: ['/bin/sh'] },
        rootfs: { type: 'layers', diff_ids: [sha256(tar)] },
      }),
    ),
  );
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = blobOf(
    mediaType,
    Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType,
        config: descriptorOf(config),
        layers: [descriptorOf(layer)],
      }),
    ),
  );
  return { manifest, blobs: [config, layer], sizeBytes: layer.content.length };
}

async function readBusybox(): Promise<Buffer> {
  for (const path of busyboxPaths) {
    try {
      const program = await readFile(path);
      // A dynamic one names its loader in the first page and cannot run in an image without libraries.
      if (!program.subarray(0, 4096).includes('/ld-')) return program;
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
  }
  throw failedPrecondition(
    'NoBusybox',
    'no static busybox on this machine: install the package busybox-static',
  );
}

async function buildLayer(busybox: Buffer): Promise<Buffer> {
  const archive = pack();
  const bytes = buffer(archive);
  addEntry(archive, { name: 'bin/', mode: 0o755 });
  addEntry(archive, { name: 'etc/', mode: 0o755 });
  addEntry(archive, { name: 'tmp/', mode: 0o1777 });
  addEntry(archive, { name: 'bin/busybox', mode: 0o755, content: busybox });
  for (const applet of applets) {
    archive.entry({ name: `bin/${applet}`, type: 'link', linkname: 'bin/busybox', mtime: builtAt });
  }
  const passwd = Buffer.from('root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n');
  addEntry(archive, { name: 'etc/passwd', mode: 0o644, content: passwd });
  archive.finalize();
  return await bytes;
}

type Entry = { readonly name: string; readonly mode: number; readonly content?: Buffer };

function addEntry(archive: Pack, { name, mode, content }: Entry): void {
  if (content === undefined) archive.entry({ name, mode, mtime: builtAt, type: 'directory' });
  else archive.entry({ name, mode, mtime: builtAt, size: content.length }, content);
}

function blobOf(mediaType: string, content: Buffer): Blob {
  return { mediaType, content, digest: sha256(content) };
}

function descriptorOf(blob: Blob): Readonly<Record<string, unknown>> {
  return { mediaType: blob.mediaType, digest: blob.digest, size: blob.content.length };
}

function sha256(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
