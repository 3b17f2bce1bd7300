/**
 * Reads an answer's body: bounded, and with a minimum rate, since a registry that trickles is one that fails.
 */
import type { NetworkLimits } from '../../limits.ts';
import type { Answer } from '../transport.ts';
import { Intake } from './intake.ts';
import { connectionFailed, connectionWords, TooSlow, wrongContent } from '../failures.ts';

type Rate = Pick<NetworkLimits, 'minimumBytesPerSecond' | 'rateWindowMs'>;

/** What each window has to bring. */
export function leastBytesOf({ minimumBytesPerSecond, rateWindowMs }: Rate): number {
  return (minimumBytesPerSecond * rateWindowMs) / 1000;
}

/** Two of these for each connection. */
const pieceBytes = 256 * 1024;

/**
 * Yields what comes, in pieces that are good until the next one is asked for.
 * @throws RegistryUnavailable when it breaks (a PassingFailure) or trickles (TooSlow), the signal's reason
 */
export async function* readBody(answer: Answer, limits: Rate, signal: AbortSignal): AsyncGenerator<Buffer> {
  const { host } = answer.url;
  using intake = new Intake(answer.body, pieceBytes);
  using watchdog = new RateWatchdog(intake, limits, (words) => {
    answer.body.destroy(new TooSlow(host, words));
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

  constructor(intake: Intake, limits: Rate, bite: (words: string) => void) {
    const { minimumBytesPerSecond, rateWindowMs } = limits;
    const leastBytes = leastBytesOf(limits);
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
