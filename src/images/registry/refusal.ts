/**
 * The words with which a registry refuses, for the sentence that the kubelet shows (`TOOMANYREQUESTS: You have reached
 * your pull rate limit`). Hostile: bounded, printable, one line.
 * Source: OCI distribution spec, "Error codes".
 */
import { parseJson } from '../documents/document.ts';
import type { NetworkLimits } from '../limits.ts';
import { readAll } from './download/body.ts';
import type { Answer } from './transport.ts';

const maxBytes = 64 * 1024;
const maxErrors = 64;
const maxWords = 200;

/** The first error of an answer's body; empty when there is none to be read. Takes the body. */
export async function readRefusal(
  answer: Answer,
  limits: NetworkLimits,
  signal: AbortSignal,
): Promise<string> {
  try {
    const bytes = await readAll(answer, { maxBytes, limits }, signal);
    const [first] = parseJson(bytes, 'error').objects('errors', maxErrors);
    const parts = [first?.stringOrNull('code') ?? '', first?.stringOrNull('message') ?? ''];
    return printable(parts.filter((part) => part !== '').join(': '));
  } catch {
    // The status says enough; a body that breaks, or is a page for people, says nothing more.
    signal.throwIfAborted();
    return '';
  }
}

/** URLs lose their query, which may hold a signature. */
function printable(text: string): string {
  return text
    .slice(0, 4 * maxWords)
    .replace(/[^\x20-\x7e]+/g, ' ')
    .replace(/(https?:\/\/[^\s?#"']*)[?#][^\s"']*/g, '$1')
    .slice(0, maxWords)
    .trim();
}
