/** The JSON form: what it looks like, and that a damaged record is refused with the place of the damage. */
import { describe, expect, test } from '@jest/globals';
import { ContainerConfig, PodSandboxConfig, PsiStats, RunPodSandboxRequest } from '../runtime-v1.ts';

test('has the names of the proto, decimal strings, base64 and numbers of enumerations', () => {
  expect(
    ContainerConfig.toJson({
      metadata: { name: 'web', attempt: 2 },
      envs: [{ key: 'K', value: Uint8Array.of(255, 0) }],
      mounts: [{ containerPath: '/data', uidMappings: [{ hostId: 4294967295 }] }],
      linux: {
        resources: { cpuQuota: -1n, unified: { 'memory.high': '1' } },
        securityContext: { seccomp: {} },
      },
      cdiDevices: [{ name: 'vendor.com/gpu=0' }],
      stopSignal: 23,
    }),
  ).toEqual({
    metadata: { name: 'web', attempt: 2 },
    envs: [{ key: 'K', value: '/wA=' }],
    mounts: [{ container_path: '/data', uidMappings: [{ host_id: 4294967295 }] }],
    linux: {
      resources: { cpu_quota: '-1', unified: { 'memory.high': '1' } },
      security_context: { seccomp: {} },
    },
    CDI_devices: [{ name: 'vendor.com/gpu=0' }],
    stop_signal: 23,
  });
});

test('keeps doubles that JSON has no number for', () => {
  const full = { total: 0n, avg10: Number.NaN, avg60: Number.NEGATIVE_INFINITY, avg300: -0 };
  const json: unknown = JSON.parse(JSON.stringify(PsiStats.toJson({ full })));
  expect(json).toEqual({ Full: { Avg10: 'NaN', Avg60: '-Infinity', Avg300: '-0' } });
  expect(PsiStats.fromJson(json)).toEqual({ full, some: null });
});

describe('refuses', () => {
  test.each<[string, unknown, string]>([
    ['what is no object', [], '$: expected an object'],
    ['null', null, '$: expected an object'],
    ['undefined', undefined, '$: expected an object'],
    ['an unknown key', { runtimeHandler: 'x' }, '$: unknown key "runtimeHandler"'],
    ['a key with the name of a method', { toString: '' }, '$: unknown key "toString"'],
    ['null for a message', { config: null }, '$.config: expected an object'],
    ['a number for a text', { runtime_handler: 5 }, '$.runtime_handler: expected a string'],
    ['a text for a list', { config: { port_mappings: '' } }, '$.config.port_mappings: expected a list'],
    [
      'a port of 2^31',
      { config: { port_mappings: [{}, { host_port: 2 ** 31 }] } },
      '$.config.port_mappings[1].host_port: expected an integer from -2147483648 to 2147483647',
    ],
    [
      'a broken number',
      { config: { metadata: { attempt: 0.5 } } },
      '$.config.metadata.attempt: expected an integer from 0 to 4294967295',
    ],
    [
      'a number for a label',
      { config: { labels: { 'a"b': 1 } } },
      '$.config.labels["a\\"b"]: expected a string',
    ],
    [
      'a number for a 64-bit integer',
      { config: { linux: { overhead: { cpu_quota: 5 } } } },
      '$.config.linux.overhead.cpu_quota: expected an integer from -9223372036854775808 to 9223372036854775807 in quotes',
    ],
  ])('%s', (_, json, message) => {
    expect(() => RunPodSandboxRequest.fromJson(json)).toThrow(
      expect.objectContaining({
        name: 'CodecError',
        reason: 'BadJson',
        message: `parse JSON of "runtime.v1.RunPodSandboxRequest": ${message}`,
      }),
    );
  });

  test.each([
    '',
    ' 1',
    '1 ',
    '0x1',
    '1e3',
    '01',
    '-0',
    '+1',
    '1n',
    '9223372036854775808',
    '-9223372036854775809',
  ])('the 64-bit integer %j', (value) => {
    const json = { linux: { resources: { cpu_quota: value } } };
    expect(() => ContainerConfig.fromJson(json)).toThrow('cpu_quota: expected an integer');
  });

  test.each(['/wA', '/wA=\n', '_wA=', 'é', '/wB='])('the bytes %j', (value) => {
    expect(() => ContainerConfig.fromJson({ envs: [{ value }] })).toThrow('$.envs[0].value: expected base64');
  });
});

test.each(['toString', 'nan', '1', null])('the double %j is refused', (value) => {
  expect(() => PsiStats.fromJson({ Full: { Avg10: value } })).toThrow('$.Full.Avg10: expected a number');
});

test('does not print values of a wrong type', () => {
  const wrong: unknown = { hostname: Symbol('x') };
  expect(() => PodSandboxConfig.toJson(wrong as object)).toThrow(TypeError);
});
