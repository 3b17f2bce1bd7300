/**
 * Reads an answer's body: bounded, and with a minimum rate, since a registry that trickles is one that fails.
 */
import type { NetworkLimits } from '../../limits.ts';
import type { Answer } from '../transport.ts';
import { connectionWords, registryUnavailable, wrongContent } from '../failures.ts';

/** Yields the chunks of a body. @throws RegistryUnavailable when it breaks or trickles, the signal's reason */
export async function* readBody(
  answer: Answer,
  limits: Pick<NetworkLimits, 'minimumBytesPerSecond' | 'rateWindowMs'>,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const { body } = answer;
  let windowBytes = 0;
  let failure: Error | null = null;
  const leastBytes = (limits.minimumBytesPerSecond * limits.rateWindowMs) / 1000;
  const timer = setInterval(() => {
    if (windowBytes < leastBytes) {
      // Without the number of bytes: the kubelet knows a repeated message by its words.
      const words = `brought less than ${limits.minimumBytesPerSecond} bytes a second for ${limits.rateWindowMs} ms`;
      failure = registryUnavailable(answer.url.host, words);
      body.destroy(failure);
    }
    windowBytes = 0;
  }, limits.rateWindowMs);
  timer.unref();
  try {
    for await (const chunk of body) {
      const bytes = toBuffer(chunk);
      windowBytes += bytes.length;
      yield bytes;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw (
      failure ??
      registryUnavailable(answer.url.host, `the connection broke: ${connectionWords(error)}`, error)
    );
  } finally {
    clearInterval(timer);
    body.destroy();
  }
}

/** The whole of a small body. @throws WrongContent when it is longer than `maxBytes` */
export async function readAll(
  answer: Answer,
  bounds: { readonly maxBytes: number; readonly limits: NetworkLimits },
  signal: AbortSignal,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of readBody(answer, bounds.limits, signal)) {
    length += chunk.length;
    if (length > bounds.maxBytes)
      throw wrongContent(answer.url.host, `answers with more than ${bounds.maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function toBuffer(chunk: unknown): Buffer {
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk instanceof Uint8Array ? chunk : String(chunk));
}
