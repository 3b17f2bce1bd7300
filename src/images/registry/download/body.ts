/**
 * Reads an answer's body: bounded, and with a minimum rate, since a registry that trickles is one that fails.
 */
import type { NetworkLimits } from '../../limits.ts';
import type { Answer } from '../transport.ts';
import { Intake } from './intake.ts';
import { connectionFailed, connectionWords, registryUnavailable, wrongContent } from '../failures.ts';

/** Two of these for each connection. */
const pieceBytes = 256 * 1024;

/**
 * Yields what comes, in pieces that are good until the next one is asked for.
 * @throws RegistryUnavailable when it breaks or trickles, the signal's reason
 */
export async function* readBody(
  answer: Answer,
  limits: Pick<NetworkLimits, 'minimumBytesPerSecond' | 'rateWindowMs'>,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const { host } = answer.url;
  using intake = new Intake(answer.body, pieceBytes);
  using watchdog = new RateWatchdog(intake, limits, (words) => {
    answer.body.destroy(registryUnavailable(host, words));
  });
  try {
    for (let piece = await intake.next(); piece !== null; piece = await intake.next()) yield piece;
  } catch (error) {
    signal.throwIfAborted();
    if (watchdog.hasBitten) throw error;
    throw connectionFailed(host, `the connection broke: ${connectionWords(error)}`, error);
  }
}

/** Looks, at the end of each window, whether enough came in it. */
class RateWatchdog implements Disposable {
  readonly #timer: NodeJS.Timeout;
  hasBitten = false;

  constructor(
    intake: Intake,
    limits: Pick<NetworkLimits, 'minimumBytesPerSecond' | 'rateWindowMs'>,
    bite: (words: string) => void,
  ) {
    const { minimumBytesPerSecond, rateWindowMs } = limits;
    const leastBytes = (minimumBytesPerSecond * rateWindowMs) / 1000;
    let before = 0;
    this.#timer = setInterval(() => {
      const windowBytes = intake.receivedBytes - before;
      before = intake.receivedBytes;
      // A slow disk of ours is no fault of the registry's.
      if (windowBytes >= leastBytes || intake.isFull) return;
      this.hasBitten = true;
      // Without the number of bytes: the kubelet knows a repeated message by its words.
      bite(`brought less than ${minimumBytesPerSecond} bytes a second for ${rateWindowMs} ms`);
    }, rateWindowMs);
    this.#timer.unref();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
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
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
}
