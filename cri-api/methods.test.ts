/** The method table, and that its types fit servers as we write them. */
import { describe, expect, test } from '@jest/globals';
import {
  type ResponseInitOf,
  type StreamingHandlers,
  type UnaryHandlers,
  isRpcName,
  isStreamingRpcName,
  methods,
  rpcNames,
  serviceDefinition,
} from './methods.ts';
import type { VersionResponseInit } from './runtime-v1.ts';

test('there are 37 and 6 calls, 7 of them with a stream of answers', () => {
  expect(rpcNames).toHaveLength(43);
  expect(Object.keys(serviceDefinition('runtime.v1.RuntimeService'))).toHaveLength(37);
  expect(Object.keys(serviceDefinition('runtime.v1.ImageService'))).toHaveLength(6);
  expect(rpcNames.filter(isStreamingRpcName).toSorted()).toEqual([
    'GetContainerEvents',
    'StreamContainerStats',
    'StreamContainers',
    'StreamImages',
    'StreamPodSandboxMetrics',
    'StreamPodSandboxStats',
    'StreamPodSandboxes',
  ]);
});

test('a method knows its path and its messages', () => {
  expect(methods.Version).toMatchObject({
    path: '/runtime.v1.RuntimeService/Version',
    isServerStreaming: false,
    request: { name: 'runtime.v1.VersionRequest' },
    response: { name: 'runtime.v1.VersionResponse' },
  });
  expect(methods.GetContainerEvents.request.name).toBe('runtime.v1.GetEventsRequest');
});

test('names of methods of objects are no names of calls', () => {
  expect(['Version', 'toString', '__proto__', ''].map(isRpcName)).toEqual([true, false, false, false]);
});

describe('a gRPC library', () => {
  test('gets functions that carry requests and answers', () => {
    const method = serviceDefinition('runtime.v1.ImageService')['ImageStatus'];
    expect(method).toMatchObject({
      path: '/runtime.v1.ImageService/ImageStatus',
      originalName: 'ImageStatus',
      requestStream: false,
      responseStream: false,
    });
    const bytes = method?.requestSerialize({ image: { image: 'busybox' }, verbose: true });
    expect(Buffer.isBuffer(bytes)).toBe(true);
    expect(method?.requestDeserialize(bytes ?? Buffer.alloc(0))).toMatchObject({
      image: { image: 'busybox' },
      verbose: true,
    });
    const answer = method?.responseSerialize({ info: { a: 'b' } });
    expect(method?.responseDeserialize(answer ?? Buffer.alloc(0))).toEqual({ image: null, info: { a: 'b' } });
  });
});

describe('the types of handlers', () => {
  test('fit functions and hold them to their messages', async () => {
    const unary: Pick<UnaryHandlers<[AbortSignal]>, 'Version'> = {
      Version: (request, signal) => Promise.resolve({ version: `${request.version} ${signal.aborted}` }),
    };
    const streaming: Pick<StreamingHandlers, 'StreamImages'> = {
      async *StreamImages(request) {
        yield await Promise.resolve({ images: [{ id: request.filter?.image?.image ?? 'none' }] });
      },
    };
    const wrong: Pick<UnaryHandlers, 'Version'> = {
      // @ts-expect-error -- a version is a string
      Version: () => Promise.resolve({ version: 5 }),
    };
    const same: ResponseInitOf<'Version'> = {} satisfies VersionResponseInit;
    expect([same, Object.keys(wrong)]).toEqual([{}, ['Version']]);
    expect(await unary.Version({ version: 'v1' }, AbortSignal.abort())).toEqual({ version: 'v1 true' });
    for await (const batch of streaming.StreamImages({ filter: null })) {
      expect(batch).toEqual({ images: [{ id: 'none' }] });
    }
  });
});
