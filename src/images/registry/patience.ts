/**
 * When to ask again, and after how long: where a registry, or the server of its tokens, says that it is busy, and where a
 * connection broke. Pure.
 */
import type { NetworkLimits } from '../limits.ts';
import { PassingFailure } from './failures.ts';
import type { Answer } from './transport.ts';

/** Whether the same request may be answered a little later. */
export function isPassingStatus(status: number): boolean {
  return status === 429 || status === 408 || status >= 500;
}

/**
 * How long to wait after a failure before asking again; null: asking again is of no use, or too much patience is asked
 * for. `times` is how often it has failed, from 1: without a word of the registry's the pause doubles.
 */
export function pauseMsAfter(
  failure: unknown,
  times: number,
  { pauseMs, maxPauseMs }: Pick<NetworkLimits, 'pauseMs' | 'maxPauseMs'>,
): number | null {
  if (!(failure instanceof PassingFailure)) return null;
  const { retryAfterMs: askedMs } = failure;
  if (askedMs === null) return Math.min(pauseMs * 2 ** (times - 1), maxPauseMs);
  return askedMs > maxPauseMs ? null : askedMs;
}

/**
 * What an answer says in `Retry-After`: seconds or a date. Null: nothing, or a time that is over, after which several
 * requests at once would be sent to who is busy. Source: RFC 9110, 10.2.3.
 */
export function retryAfterMs({ header }: Pick<Answer, 'header'>): number | null {
  const text = header('retry-after');
  if (text === null) return null;
  const restMs = /^[0-9]{1,6}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return restMs > 0 ? restMs : null;
}
