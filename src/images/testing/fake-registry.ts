/**
 * A registry that misbehaves on demand, for tests: serves the blobs and manifests of `test-images.ts`, and lets a test
 * answer any request itself. It remembers what it was asked.
 */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { TestImage } from './images.ts';

export type Asked = {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | null;
  readonly range: string | null;
  readonly headers: IncomingHttpHeaders;
};

export type FakeRegistry = AsyncDisposable & {
  readonly host: string;
  readonly asked: Asked[];
  /** Answers a request itself and returns true, or leaves it to the registry. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Serves an image under `repository:tag`. */
  serve(image: TestImage, name: string): void;
  /** Serves other bytes as a manifest. */
  serveManifest(name: string, bytes: Buffer, type: string): void;
};

type Content = { readonly bytes: Buffer; readonly type: string };

export async function startFakeRegistry(): Promise<FakeRegistry> {
  const contents = new Map<string, Content>();
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    asked.push({
      method,
      url,
      authorization: headers.authorization ?? null,
      range: headers.range ?? null,
      headers,
    });
    if (!registry.intercept(request, response)) answer(contents, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const registry: FakeRegistry = {
    host: `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    asked,
    intercept: () => false,
    serveManifest: (name, bytes, type) => {
      const [repository = '', tag = ''] = name.split(':');
      contents.set(`/v2/${repository}/manifests/${tag}`, { bytes, type });
    },
    serve: (image, name) => {
      const [repository = '', tag = ''] = name.split(':');
      for (const [digest, bytes] of image.blobs)
        contents.set(`/v2/${repository}/blobs/${digest}`, { bytes, type: 'application/octet-stream' });
      const manifest = { bytes: image.manifest, type: image.manifestType };
      contents.set(`/v2/${repository}/manifests/${tag}`, manifest);
      contents.set(`/v2/${repository}/manifests/${image.manifestDigest}`, manifest);
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return registry;
}

function answer(
  contents: ReadonlyMap<string, Content>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const content = contents.get((request.url ?? '').split('?')[0] ?? '');
  if (content === undefined) {
    response.writeHead(404).end();
    return;
  }
  const match = /^bytes=([0-9]+)-([0-9]*)/.exec(request.headers.range ?? '');
  const [, first = '0', last = ''] = match ?? [];
  const from = Number(first);
  const body = content.bytes.subarray(from, last === '' ? undefined : Number(last) + 1);
  const range =
    match === null
      ? {}
      : { 'content-range': `bytes ${from}-${from + body.length - 1}/${content.bytes.length}` };
  response.writeHead(match === null ? 200 : 206, {
    'content-type': content.type,
    'content-length': body.length,
    ...range,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
