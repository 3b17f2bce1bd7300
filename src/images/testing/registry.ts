/**
 * A real registry for tests: Debian's docker-registry on a loopback port of its own, with storage that goes with it, and
 * pushing of images made by `test-images.ts`.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnProgram } from '../../base/process.ts';
import type { Pair } from './certificates.ts';
import type { TestImage } from './images.ts';
import { tokenIssuer, tokenService } from './token-server.ts';

export type TestRegistry = AsyncDisposable & {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly storage: string;
  push(image: TestImage, repository: string, tag: string): Promise<void>;
  /** Any manifest under a tag or digest; its blobs must be there. */
  pushManifest(
    manifest: { bytes: Buffer; type: string },
    repository: string,
    reference: string,
  ): Promise<void>;
};

export type TestRegistryOptions = {
  /** An htpasswd line (`user:$2y$…`) and the password that it hides, for basic authentication. */
  readonly login?: { readonly htpasswd: string; readonly user: string; readonly password: string };
  /** What another one was filled with; it is served as it is. */
  readonly storage?: string;
  readonly tls?: { readonly server: Pair; readonly clientAuthority: string };
  /** The token server, and the certificate of what it signs. */
  readonly token?: { readonly realm: string; readonly certificate: string };
};

export async function startRegistry(options: TestRegistryOptions = {}): Promise<TestRegistry> {
  const directory = await mkdtemp(join(tmpdir(), 'registry-'));
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  await writeFile(join(directory, 'config.yml'), configText({ directory, host }, options));
  if (options.login !== undefined)
    await writeFile(join(directory, 'htpasswd'), `${options.login.htpasswd}\n`);
  const argv = ['docker-registry', 'serve', join(directory, 'config.yml')] as const;
  const server = await spawnProgram({ argv: [...argv], stdio: ['ignore', 'ignore', 'ignore'] });
  const { login } = options;
  const headers: Record<string, string> =
    login === undefined
      ? {}
      : { authorization: `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}` };
  const stop = async (): Promise<void> => {
    server.kill();
    await server.ended;
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await waitFor(port);
  } catch (error) {
    await stop();
    throw error;
  }
  const pushManifest: TestRegistry['pushManifest'] = async (manifest, repository, reference) => {
    const url = `http://${host}/v2/${repository}/manifests/${reference}`;
    await send(url, {
      method: 'PUT',
      headers: { ...headers, 'content-type': manifest.type },
      body: bytesOf(manifest.bytes),
    });
  };
  return {
    host,
    storage: storageOf(directory, options),
    pushManifest,
    push: async (image, repository, tag) => {
      for (const [digest, bytes] of image.blobs)
        if (digest !== image.manifestDigest) await pushBlob({ host, repository, headers }, digest, bytes);
      await pushManifest({ bytes: image.manifest, type: image.manifestType }, repository, tag);
    },
    [Symbol.asyncDispose]: stop,
  };
}

type Target = {
  readonly host: string;
  readonly repository: string;
  readonly headers: Readonly<Record<string, string>>;
};

async function pushBlob({ host, repository, headers }: Target, digest: string, bytes: Buffer): Promise<void> {
  const begun = await send(`http://${host}/v2/${repository}/blobs/uploads/`, { method: 'POST', headers });
  const upload = new URL(begun.headers.get('location') ?? '', `http://${host}`);
  upload.searchParams.set('digest', digest);
  const type = { 'content-type': 'application/octet-stream' };
  await send(upload.href, { method: 'PUT', headers: { ...headers, ...type }, body: bytesOf(bytes) });
}

async function send(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${url}: ${response.status} ${text}`);
  return response;
}

function bytesOf(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer);
}

function configText(
  at: { readonly directory: string; readonly host: string },
  options: TestRegistryOptions,
): string {
  const { login, token, tls } = options;
  const auth =
    login !== undefined
      ? `auth:\n  htpasswd:\n    realm: test\n    path: ${join(at.directory, 'htpasswd')}\n`
      : token !== undefined
        ? `auth:\n  token:\n    realm: ${token.realm}\n    service: ${tokenService}\n    issuer: ${tokenIssuer}\n    rootcertbundle: ${token.certificate}\n`
        : '';
  const secure =
    tls === undefined
      ? ''
      : `  tls:\n    certificate: ${tls.server.certificate}\n    key: ${tls.server.key}\n    clientcas:\n      - ${tls.clientAuthority}\n`;
  return `version: 0.1
log:
  level: error
  accesslog:
    disabled: true
storage:
  filesystem:
    rootdirectory: ${storageOf(at.directory, options)}
http:
  addr: ${at.host}
${secure}${auth}`;
}

/** A loopback port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function storageOf(directory: string, options: TestRegistryOptions): string {
  return options.storage ?? join(directory, 'data');
}

/** Until it listens. */
async function waitFor(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch {
      await sleep(50);
    } finally {
      socket.destroy();
    }
  }
  throw new Error(`port ${port}: no registry after 10 s`);
}
