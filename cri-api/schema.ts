/**
 * The CRI definition as plain data: what `runtime-v1/*.proto` says, read by protobufjs's parser. Used by the generator and by
 * tests, never by the daemon.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';

export type Schema = {
  readonly enums: readonly EnumSchema[];
  readonly messages: readonly MessageSchema[];
  readonly services: readonly ServiceSchema[];
};

export type EnumSchema = {
  /** Of a nested one too: `ProfileType`, not `SecurityProfile.ProfileType`. */
  readonly name: string;
  readonly comment: string;
  readonly values: Readonly<Record<string, number>>;
  /** Of its values, by name; most have none. */
  readonly valueComments: Readonly<Record<string, string | null>>;
};

export type MessageSchema = {
  readonly name: string;
  readonly comment: string;
  /** By number. */
  readonly fields: readonly FieldSchema[];
};

export type FieldSchema = {
  /** As in the proto: `pod_sandbox_id`, `CDI_devices`. */
  readonly protoName: string;
  readonly number: number;
  readonly form: 'one' | 'list' | 'map';
  /** A scalar type of the proto language, or the name of a message or enumeration. Of a map: of its values. */
  readonly type: string;
  readonly of: 'scalar' | 'enum' | 'message';
  readonly isDeprecated: boolean;
  readonly isSecret: boolean;
  readonly comment: string;
};

export type ServiceSchema = {
  readonly name: string;
  readonly comment: string;
  readonly methods: readonly MethodSchema[];
};

export type MethodSchema = {
  readonly name: string;
  readonly request: string;
  readonly response: string;
  readonly isServerStreaming: boolean;
  readonly comment: string;
};

export const packageName = 'runtime.v1';

/** The texts of our own definition, one a file. */
export function readOwnProto(): string[] {
  const directory = join(import.meta.dirname, 'runtime-v1');
  const names = readdirSync(directory).filter((name) => name.endsWith('.proto'));
  return names.toSorted().map((name) => readFileSync(join(directory, name), 'utf8'));
}

/** Reads proto3 texts that together make up the package. @throws Error when they use what the CRI does not use. */
export function readSchema(texts: readonly string[]): Schema {
  const root = new protobuf.Root();
  for (const text of texts) {
    protobuf.parse(text, root, { keepCase: true, alternateCommentMode: true });
  }
  root.resolveAll();
  const found = collect(root.lookup(packageName));
  return {
    enums: found.filter((one) => one instanceof protobuf.Enum).map(readEnum),
    messages: found.filter((one) => one instanceof protobuf.Type).map(readMessage),
    services: found.filter((one) => one instanceof protobuf.Service).map(readService),
  };
}

function collect(at: protobuf.ReflectionObject | null): protobuf.ReflectionObject[] {
  if (!(at instanceof protobuf.Namespace)) throw new Error(`read proto: no package "${packageName}"`);
  return at.nestedArray.flatMap((one) => (one instanceof protobuf.Type ? [one, ...collect(one)] : [one]));
}

function readEnum(from: protobuf.Enum): EnumSchema {
  return {
    name: from.name,
    comment: from.comment ?? '',
    values: { ...from.values },
    valueComments: { ...from.comments },
  };
}

function readMessage(from: protobuf.Type): MessageSchema {
  if (from.oneofsArray.length > 0) throw new Error(`read proto: oneof in "${from.name}" is not supported`);
  const fields = from.fieldsArray.map(readField);
  return {
    name: from.name,
    comment: from.comment ?? '',
    fields: fields.toSorted((one, other) => one.number - other.number),
  };
}

function readField(from: protobuf.Field): FieldSchema {
  if (from instanceof protobuf.MapField && (from.keyType !== 'string' || from.type !== 'string')) {
    throw new Error(`read proto: map "${from.fullName}" is not map<string, string>`);
  }
  const resolved = from.resolvedType;
  return {
    protoName: from.name,
    number: from.id,
    form: from.map ? 'map' : from.repeated ? 'list' : 'one',
    type: resolved === null ? from.type : resolved.name,
    of: resolved === null ? 'scalar' : resolved instanceof protobuf.Enum ? 'enum' : 'message',
    isDeprecated: from.getOption('deprecated') === true,
    isSecret: from.getOption('debug_redact') === true,
    comment: from.comment ?? '',
  };
}

function readService(from: protobuf.Service): ServiceSchema {
  return {
    name: from.name,
    comment: from.comment ?? '',
    methods: from.methodsArray.map((method) => {
      if (method.requestStream === true) throw new Error(`read proto: "${method.name}" streams requests`);
      return {
        name: method.name,
        request: method.requestType,
        response: method.responseType,
        isServerStreaming: method.responseStream === true,
        comment: method.comment ?? '',
      };
    }),
  };
}

/** The name in our types: camel case, also where the proto starts with capitals (`CDI_devices` is `cdiDevices`). */
export function fieldName(protoName: string): string {
  const camel = protoName.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return camel.replace(/^[A-Z]+(?=[A-Z][a-z]|$|[0-9])|^[A-Z]/, (capitals) => capitals.toLowerCase());
}
