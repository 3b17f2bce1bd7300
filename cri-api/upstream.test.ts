/**
 * Our definition against the public one, which the Go tool fetches as a module and `.cache` keeps: every name, number, type,
 * label, enumeration value and call.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { type Schema, readOwnProto, readSchema } from './schema.ts';

const moduleName = 'k8s.io/cri-api';
const upstreamVersion = 'v0.37.2';
const protoPath = 'pkg/apis/runtime/v1/api.proto';
const downloadTimeoutMs = 60_000;

/** Of the facts of the public definition at `upstreamVersion`, for machines that cannot fetch it. */
const upstreamFingerprint = 'b65e1d5f9a1ab65fd11a617b25ddf54750614b9a9e19192e8b5cad1b7206eda1';

/** What the two definitions must have in common, in an order that does not depend on files. */
function factsOf(schema: Schema): Facts {
  return {
    enums: byName(schema.enums, (one) => one.values),
    messages: byName(schema.messages, (one) =>
      one.fields.map(
        (field) =>
          `${field.form} ${field.of} ${field.type} ${field.protoName} = ${field.number}` +
          `${field.isDeprecated ? ' deprecated' : ''}${field.isSecret ? ' secret' : ''}`,
      ),
    ),
    services: byName(schema.services, (one) =>
      one.methods.map(
        (rpc) => `${rpc.name}(${rpc.request}) ${rpc.isServerStreaming ? 'stream ' : ''}${rpc.response}`,
      ),
    ),
  };
}

type Facts = Readonly<Record<'enums' | 'messages' | 'services', Readonly<Record<string, unknown>>>>;

function byName<T extends { readonly name: string }>(
  list: readonly T[],
  facts: (one: T) => unknown,
): Readonly<Record<string, unknown>> {
  const sorted = list.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return Object.fromEntries(sorted.map((one) => [one.name, facts(one)]));
}

function fingerprintOf(facts: Facts): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

const own = factsOf(readSchema(readOwnProto()));

const { text, missing } = await readUpstream();

if (text === null) {
  process.stderr.write(
    `cri-api: not compared with ${upstreamVersion} field by field (${missing}); compared with its recorded fingerprint instead\n`,
  );
} else {
  const upstream = factsOf(readSchema([text]));
  describe(`the public definition ${upstreamVersion}`, () => {
    test('has our messages, field by field', () => {
      expect(own.messages).toEqual(upstream.messages);
    });

    test('has our enumerations, value by value', () => {
      expect(own.enums).toEqual(upstream.enums);
    });

    test('has our services, call by call and in order', () => {
      expect(own.services).toEqual(upstream.services);
    });

    test('has the recorded fingerprint', () => {
      expect(fingerprintOf(upstream)).toBe(upstreamFingerprint);
    });
  });
}

test('our definition has the recorded fingerprint of the public one', () => {
  expect(fingerprintOf(own)).toBe(upstreamFingerprint);
});

test('our definition has the size that the CRI has', () => {
  const counts = Object.entries(own).map(([kind, of]) => [kind, Object.keys(of).length]);
  expect(Object.fromEntries(counts)).toEqual({ enums: 11, messages: 175, services: 2 });
});

type Upstream =
  | { readonly text: string; readonly missing: null }
  | { readonly text: null; /** Why, in one line. */ readonly missing: string };

async function readUpstream(): Promise<Upstream> {
  const cached = join(import.meta.dirname, '../.cache/cri-api', upstreamVersion, 'api.proto');
  const kept = await readIfThere(cached);
  if (kept !== null) return { text: kept, missing: null };
  const downloaded = await download();
  if (downloaded.text !== null) {
    await mkdir(dirname(cached), { recursive: true });
    await writeFile(cached, downloaded.text);
  }
  return downloaded;
}

async function download(): Promise<Upstream> {
  try {
    const { stdout } = await promisify(execFile)(
      'go',
      ['mod', 'download', '-json', `${moduleName}@${upstreamVersion}`],
      { timeout: downloadTimeoutMs, cwd: '/' },
    );
    const answer: unknown = JSON.parse(stdout);
    if (
      typeof answer !== 'object' ||
      answer === null ||
      !('Dir' in answer) ||
      typeof answer.Dir !== 'string'
    ) {
      throw new Error('go mod download named no directory');
    }
    return { text: await readFile(join(answer.Dir, protoPath), 'utf8'), missing: null };
  } catch (error) {
    // The test goes on with the recorded fingerprint, and prints this.
    const words = String(error).split('\n')[0] ?? '';
    return { text: null, missing: isAbsent(error) ? 'there is no "go" on PATH' : words };
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** No `instanceof`: Node's own errors belong to another realm than this test. */
function isAbsent(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
