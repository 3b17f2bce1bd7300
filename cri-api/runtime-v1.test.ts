/** What the codecs promise, for every message of the CRI. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import protobuf from 'protobufjs';
import { readOwnProto, readSchema } from './schema.ts';
import {
  Container,
  ContainerConfig,
  ContainerFilter,
  ContainerStateValue,
  ExecSyncResponse,
  KeyValue,
  LinuxContainerSecurityContext,
  ListContainersResponse,
  PodSandboxConfig,
  PodSandboxFilter,
  PortForwardRequest,
  Signal,
  type ContainerConfigInit,
} from './runtime-v1.ts';
import { messageArbitraries } from './testing/arbitrary.ts';
import { codecOf } from './testing/codecs.ts';

const schema = readSchema(readOwnProto());
const arbitraries = [...messageArbitraries(schema)];
const runs = { numRuns: 25 };

/** protobufjs's own codec, made at run time: an implementation that is not ours. */
const reflection = new protobuf.Root();
for (const proto of readOwnProto()) protobuf.parse(proto, reflection, { keepCase: true });
reflection.resolveAll();

describe.each(arbitraries)('%s', (name, arbitrary) => {
  const codec = codecOf(name);
  const peer = reflection.lookupType(`runtime.v1.${name}`);

  test('comes back from the wire as it was', () => {
    fc.assert(
      fc.property(arbitrary, (message) => isDeepStrictEqual(codec.decode(codec.encode(message)), message)),
      runs,
    );
  });

  test('comes back from JSON as it was', () => {
    fc.assert(
      fc.property(arbitrary, (message) => {
        const stored = JSON.stringify(codec.toJson(message));
        return isDeepStrictEqual(codec.fromJson(JSON.parse(stored)), message);
      }),
      runs,
    );
  });

  test('is completed by create as by encoding and decoding', () => {
    fc.assert(
      fc.property(arbitrary, (message) => {
        const partial = Object.fromEntries(Object.entries(message).filter((_, index) => index % 2 === 0));
        return isDeepStrictEqual(codec.create(partial), codec.decode(codec.encode(partial)));
      }),
      runs,
    );
  });

  test('is understood by another implementation, which writes what we understand', () => {
    fc.assert(
      fc.property(arbitrary, (message) => {
        const written = peer.encode(peer.decode(codec.encode(message))).finish();
        return isDeepStrictEqual(codec.decode(written), message);
      }),
      runs,
    );
  });

  test('has a name and decodes from nothing', () => {
    expect(codec.name).toBe(`runtime.v1.${name}`);
    expect(codec.decode(new Uint8Array(0))).toEqual(codec.create({}));
  });
});

describe('presence', () => {
  test('an empty message is told from an absent one', () => {
    const present = LinuxContainerSecurityContext.encode({ seccomp: {}, apparmor: null });
    expect(LinuxContainerSecurityContext.decode(present)).toMatchObject({
      seccomp: { profileType: 0, localhostRef: '' },
      apparmor: null,
    });
  });

  test('a state of value 0 in a filter is told from no state', () => {
    const ready = PodSandboxFilter.decode(PodSandboxFilter.encode({ state: { state: 0 } }));
    const any = PodSandboxFilter.decode(PodSandboxFilter.encode({}));
    expect([ready.state, any.state]).toEqual([{ state: 0 }, null]);
    expect([...ContainerFilter.encode({ state: {} })]).toEqual([0x12, 0x00]);
  });

  test('JSON keeps it too', () => {
    expect(ContainerFilter.toJson({ state: {}, labelSelector: {} })).toEqual({ state: {} });
    expect(ContainerFilter.fromJson({ state: {} }).state).toEqual({ state: 0 });
  });

  test('numbers of value 0 inside wrappers survive', () => {
    const context = LinuxContainerSecurityContext.encode({ runAsUser: { value: 0n } });
    expect(LinuxContainerSecurityContext.decode(context)).toMatchObject({
      runAsUser: { value: 0n },
      runAsGroup: null,
    });
  });
});

describe('what a newer kubelet sends', () => {
  test('unknown fields of every wire type are passed over', () => {
    const unknown = Buffer.concat([
      Buffer.from([0xf8, 0x07, 0x96, 0x01]), // 127: varint
      Buffer.from([0xf9, 0x07, 1, 2, 3, 4, 5, 6, 7, 8]), // 127: fixed64
      Buffer.from([0xfa, 0x07, 0x03, 0x61, 0x62, 0x63]), // 127: three bytes
      Buffer.from([0xfb, 0x07, 0x08, 0x01, 0xfb, 0x07, 0xfc, 0x07, 0xfc, 0x07]), // 127: group in group
      Buffer.from([0xfd, 0x07, 1, 2, 3, 4]), // 127: fixed32
    ]);
    const known = KeyValue.encode({ key: 'PATH', value: Buffer.from('/bin') });
    expect(KeyValue.decode(Buffer.concat([unknown, known, unknown]))).toEqual({
      key: 'PATH',
      value: new Uint8Array(Buffer.from('/bin')),
    });
  });

  test('unknown enumeration values stay numbers, negative ones too', () => {
    for (const state of [7, -1, 2 ** 31 - 1]) {
      expect(ContainerStateValue.decode(ContainerStateValue.encode({ state }))).toEqual({ state });
      expect(ContainerStateValue.fromJson(ContainerStateValue.toJson({ state }))).toEqual({ state });
    }
  });

  test('a field with another wire type than ours is an unknown field', () => {
    expect(KeyValue.decode(Buffer.from([0x08, 0x05])).key).toBe('');
  });

  test('a message that comes in two parts is merged', () => {
    const parts = Buffer.concat([
      ContainerConfig.encode({ metadata: { name: 'web' }, args: ['a'], labels: { one: '1' }, tty: true }),
      ContainerConfig.encode({ metadata: { attempt: 3 }, args: ['b'], labels: { two: '2' } }),
    ]);
    expect(ContainerConfig.decode(parts)).toMatchObject({
      metadata: { name: 'web', attempt: 3 },
      args: ['a', 'b'],
      labels: { one: '1', two: '2' },
      tty: true,
    });
  });

  test('lists of numbers are read in one piece and one by one', () => {
    const expected = { podSandboxId: '', port: [80, 300] };
    expect(PortForwardRequest.decode(Buffer.from([0x12, 0x03, 0x50, 0xac, 0x02]))).toEqual(expected);
    expect(PortForwardRequest.decode(Buffer.from([0x10, 0x50, 0x10, 0xac, 0x02]))).toEqual(expected);
  });
});

describe('values', () => {
  test('environment values and outputs are bytes, not text', () => {
    const value = Uint8Array.from({ length: 256 }, (_, index) => index);
    expect(KeyValue.decode(KeyValue.encode({ key: 'K', value })).value).toEqual(value);
    expect(ExecSyncResponse.fromJson(ExecSyncResponse.toJson({ stdout: value })).stdout).toEqual(value);
  });

  test('decoded bytes do not hold the memory of the request', () => {
    const request = KeyValue.encode({ key: 'K', value: Buffer.alloc(64, 1) });
    const { value } = KeyValue.decode(request);
    request.fill(9);
    expect(value).toEqual(new Uint8Array(64).fill(1));
    expect(value.buffer.byteLength).toBe(64);
  });

  test('labels are maps without a prototype, so that any key is only a key', () => {
    const labels: Record<string, string> = JSON.parse('{"__proto__":"polluted","constructor":"c"}');
    const decoded = PodSandboxConfig.decode(PodSandboxConfig.encode({ labels }));
    expect(Object.getPrototypeOf(decoded.labels)).toBeNull();
    expect(Object.entries(decoded.labels)).toEqual(Object.entries(labels));
    const stored = JSON.parse(JSON.stringify(PodSandboxConfig.toJson(decoded)));
    expect(Object.keys(PodSandboxConfig.fromJson(stored).labels)).toEqual(['__proto__', 'constructor']);
    expect('polluted' in {}).toBe(false);
  });

  test('absent lists and maps cannot be changed by accident', () => {
    const { args, labels } = ContainerConfig.decode(new Uint8Array(0));
    expect(Object.isFrozen(args)).toBe(true);
    expect(Object.isFrozen(labels)).toBe(true);
  });

  test('a decoded message may be encoded again, also inside a new one', () => {
    const config = ContainerConfig.decode(ContainerConfig.encode({ stopSignal: Signal.SIGNAL_SIGTERM }));
    const init: ContainerConfigInit = { ...config, image: { image: 'busybox' } };
    expect(ContainerConfig.decode(ContainerConfig.encode(init))).toEqual({
      ...config,
      image: expect.objectContaining({ image: 'busybox' }),
    });
  });

  test('a list of several megabytes comes back', () => {
    const one = Container.create({ id: 'a'.repeat(64), labels: { app: 'x'.repeat(4000) } });
    const containers = Array.from({ length: 1000 }, () => one);
    expect(ListContainersResponse.decode(ListContainersResponse.encode({ containers }))).toEqual({
      containers,
    });
  });

  test.each([
    ['a port', () => PortForwardRequest.encode({ port: [2 ** 31] })],
    ['a port', () => PortForwardRequest.encode({ port: [1.5] })],
    ['an attempt', () => ContainerConfig.encode({ metadata: { attempt: -1 } })],
    ['a user', () => LinuxContainerSecurityContext.encode({ runAsUser: { value: 2n ** 63n } })],
    ['a limit', () => codecOf('HugepageLimit').encode({ limit: -1n })],
  ])('encoding %s that its field cannot hold is refused', (_, encode) => {
    expect(encode).toThrow(expect.objectContaining({ name: 'CodecError', reason: 'OutOfRange' }));
  });
});
