/** The generator: that its output is checked in, how it names fields, and what it refuses. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { generate } from './generate.ts';
import { codecsSource } from './generator/codecs.ts';
import { fieldName, readSchema } from './schema.ts';

const directory = join(import.meta.dirname, 'generated');

test('generated/ is what `node cri-api/generate.ts` writes', async () => {
  const expected = generate();
  expect((await readdir(directory)).toSorted()).toEqual(Object.keys(expected).toSorted());
  for (const [name, source] of Object.entries(expected)) {
    // Compared as a boolean: a diff of thousands of lines helps nobody.
    const isUpToDate = (await readFile(join(directory, name), 'utf8')) === source;
    expect({ name, isUpToDate }).toEqual({ name, isUpToDate: true });
  }
});

test.each([
  ['pod_sandbox_id', 'podSandboxId'],
  ['CDI_devices', 'cdiDevices'],
  ['uidMappings', 'uidMappings'],
  ['Full', 'full'],
  ['Avg300', 'avg300'],
  ['fs_id', 'fsId'],
  ['help', 'help'],
])('the field %s is called %s', (protoName, name) => {
  expect(fieldName(protoName)).toBe(name);
});

describe('refuses what the codec cannot carry', () => {
  test.each([
    ['a map of other things', 'message A { map<string, int32> a = 1; }', 'is not map<string, string>'],
    ['oneof', 'message A { oneof a { string b = 1; } }', 'oneof in "A" is not supported'],
    ['an optional scalar', 'message A { optional string a = 1; }', 'oneof in "A" is not supported'],
    ['a stream of requests', 'service S { rpc A(stream M) returns (M); }', 'streams requests'],
    [
      'a type that the CRI does not use',
      'message A { sint32 a = 1; }',
      'type "sint32" of "a" is not supported',
    ],
    [
      'a list of doubles',
      'message A { repeated double a = 1; }',
      'a list of "double" ("a") is not supported',
    ],
    ['a message in itself', 'message A { B b = 1; } message B { repeated A a = 1; }', 'holds itself'],
  ])('%s', (_, body, message) => {
    const text = `syntax = "proto3"; package runtime.v1; message M {} ${body}`;
    expect(() => codecsSource(readSchema([text]))).toThrow(message);
  });
});
