/** For tests: the codecs by the names of their messages, with types that fit any message. */
import * as cri from '../runtime-v1.ts';
import type { JsonValue } from '../runtime-v1.ts';
import type { Message } from './arbitrary.ts';

export type AnyCodec = {
  readonly name: string;
  encode(this: void, message: Message): Buffer;
  decode(this: void, bytes: Uint8Array): Message;
  create(this: void, init: Message): Message;
  toJson(this: void, message: Message): JsonValue;
  fromJson(this: void, json: unknown): Message;
};

export function codecOf(messageName: string): AnyCodec {
  const found = new Map<string, unknown>(Object.entries(cri)).get(messageName);
  if (!isCodec(found)) throw new Error(`no codec "${messageName}"`);
  return found;
}

function isCodec(value: unknown): value is AnyCodec {
  return typeof value === 'object' && value !== null && 'encode' in value && 'decode' in value;
}
