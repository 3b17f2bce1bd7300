/** The failures that a daemon is told: a fixed reason and words for people. Anything else thrown is `Internal`. */
import type { Failure, FailureReason } from './protocol.ts';

export class MonitorError extends Error {
  override readonly name = 'MonitorError';
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.reason = reason;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function failureOf(error: unknown): Failure {
  const reason = error instanceof MonitorError ? error.reason : 'Internal';
  return { reason, message: messageOf(error) };
}
