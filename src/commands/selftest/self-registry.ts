/**
 * A registry of one image, from memory, on a loopback port: what the self-test's PullImage talks to.
 * Source: OCI distribution specification, pull.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Blob, SelfImage } from './self-image.ts';

const selfRepository = 'cri-ts/selftest';

export class SelfRegistry implements AsyncDisposable {
  readonly #server: Server;
  /** `127.0.0.1:PORT/cri-ts/selftest:latest` */
  readonly imageName: string;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.imageName = `127.0.0.1:${port}/${selfRepository}:latest`;
  }

  /** Serves the image until closed. */
  static async start(image: SelfImage): Promise<SelfRegistry> {
    const server = createServer((request, response) => answer(image, request, response));
    const listening = Promise.withResolvers<void>();
    server.once('error', listening.reject);
    server.listen(0, '127.0.0.1', listening.resolve);
    await listening.promise;
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('loopback registry has no port');
    return new SelfRegistry(server, address.port);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function answer(image: SelfImage, request: IncomingMessage, response: ServerResponse): void {
  const path = (request.url ?? '').split('?', 1)[0];
  const found = path === '/v2/' ? emptyBlob : find(image, path ?? '');
  response.setHeader('docker-distribution-api-version', 'registry/2.0');
  if (found === null || (request.method !== 'GET' && request.method !== 'HEAD')) {
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end('{"errors":[{"code":"NAME_UNKNOWN","message":"only the self-test image is here"}]}');
    return;
  }
  const bytes = slice(found.content, request.headers.range);
  response.writeHead(bytes.length === found.content.length ? 200 : 206, {
    'content-type': found.mediaType,
    'content-length': bytes.length,
    'docker-content-digest': found.digest,
    'accept-ranges': 'bytes',
    ...(bytes.length === found.content.length
      ? {}
      : {
          'content-range': `bytes ${found.content.length - bytes.length}-${found.content.length - 1}/${found.content.length}`,
        }),
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

const emptyBlob: Blob = { digest: '', mediaType: 'application/json', content: Buffer.from('{}') };

function find(image: SelfImage, path: string): Blob | null {
  const prefix = `/v2/${selfRepository}/`;
  const { manifest } = image;
  if (path === `${prefix}manifests/latest` || path === `${prefix}manifests/${manifest.digest}`)
    return manifest;
  return image.blobs.find(({ digest }) => path === `${prefix}blobs/${digest}`) ?? null;
}

/** The rest of a download that goes on; other ranges get everything. */
function slice(content: Buffer, range: string | undefined): Buffer {
  const [, start] = /^bytes=(\d{1,12})-$/.exec(range ?? '') ?? [];
  return start === undefined || Number(start) >= content.length ? content : content.subarray(Number(start));
}
