/**
 * Pushes a built image to a registry that listens on a unix socket. Source: OCI distribution spec, pushing blobs and
 * manifests. Only for filling the tests' own registry: no retries, no authentication.
 */
import { request } from 'node:http';
import type { Blob, BuiltImage, Manifest } from './image-build.ts';

type Answer = { readonly status: number; readonly location: string };
type Ask = {
  readonly method: string;
  readonly path: string;
  readonly body?: Buffer;
  readonly type?: string;
};

/** `registry.k8s.io/pause:3.9` → host `registry.k8s.io`, repository `pause`, tag `3.9`. */
export function repositoryOf(name: string): {
  readonly host: string;
  readonly repository: string;
  readonly tag: string;
} {
  const slash = name.indexOf('/');
  const colon = name.lastIndexOf(':');
  return { host: name.slice(0, slash), repository: name.slice(slash + 1, colon), tag: name.slice(colon + 1) };
}

export async function pushImage(socketPath: string, name: string, image: BuiltImage): Promise<void> {
  const { repository, tag } = repositoryOf(name);
  for (const blob of image.blobs) await pushBlob(socketPath, repository, blob);
  for (const part of image.parts)
    await put(socketPath, { repository, reference: part.digest, manifest: part });
  await put(socketPath, { repository, reference: tag, manifest: image.top });
}

async function pushBlob(socketPath: string, repository: string, blob: Blob): Promise<void> {
  const path = `/v2/${repository}/blobs/${blob.digest}`;
  if ((await ask(socketPath, { method: 'HEAD', path })).status === 200) return;
  const begun = await ask(socketPath, { method: 'POST', path: `/v2/${repository}/blobs/uploads/` });
  const target = new URL(begun.location, 'http://registry');
  target.searchParams.set('digest', blob.digest);
  const done = await ask(socketPath, {
    method: 'PUT',
    path: `${target.pathname}${target.search}`,
    body: blob.content,
    type: 'application/octet-stream',
  });
  if (done.status !== 201)
    throw new Error(`push blob ${blob.digest} to ${repository}: status ${done.status}`);
}

async function put(
  socketPath: string,
  what: { readonly repository: string; readonly reference: string; readonly manifest: Manifest },
): Promise<void> {
  const { status } = await ask(socketPath, {
    method: 'PUT',
    path: `/v2/${what.repository}/manifests/${what.reference}`,
    body: what.manifest.content,
    type: what.manifest.mediaType,
  });
  if (status !== 201) throw new Error(`push ${what.repository} ${what.reference}: status ${status}`);
}

async function ask(socketPath: string, what: Ask): Promise<Answer> {
  const answered = Promise.withResolvers<Answer>();
  const headers: Record<string, string> = { 'content-length': String(what.body?.length ?? 0) };
  if (what.type !== undefined) headers['content-type'] = what.type;
  const call = request(
    { socketPath, method: what.method, path: what.path, headers, host: 'registry' },
    (response) => {
      response.resume();
      response.once('end', () =>
        answered.resolve({ status: response.statusCode ?? 0, location: response.headers.location ?? '' }),
      );
    },
  );
  call.once('error', answered.reject);
  call.end(what.body);
  return await answered.promise;
}
