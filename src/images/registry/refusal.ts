/**
 * The words with which a registry, or the server of its tokens, refuses: for the sentence that the kubelet shows
 * (`TOOMANYREQUESTS: You have reached your pull rate limit`). Hostile: bounded, printable, one line.
 * Source: OCI distribution spec, "Error codes"; RFC 6749, 5.2; what Docker Hub's token server answers ("details").
 */
import { type JsonObject, parseJson } from '../documents/document.ts';
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
    const document = parseJson(bytes, 'error');
    const [first] = document.objects('errors', maxErrors);
    const words =
      first === undefined
        ? wordsOf(document, ['error', 'error_description', 'details'])
        : wordsOf(first, ['code', 'message']);
    return printable(words);
  } catch {
    // The status says enough; a body that breaks, or is a page for people, says nothing more.
    signal.throwIfAborted();
    return '';
  }
}

function wordsOf(document: JsonObject, names: readonly string[]): string {
  const parts = names.map((name) => document.stringOrNull(name) ?? '');
  return parts.filter((part) => part !== '').join(': ');
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
