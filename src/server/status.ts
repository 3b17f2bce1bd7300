/**
 * The one place where failures become gRPC statuses. Inside, nobody knows of gRPC.
 * Source: gRPC status codes; cri.md of the kubelet's reading of them (NotFound is skipped, DeadlineExceeded fails a probe,
 * UNKNOWN is stripped and its message's prefix is read).
 */
import { CommandError, CriError, explain, isNoSpace, SyscallError, type Code } from '../base/errors.ts';

const numbers: Readonly<Record<Code, number>> = {
  canceled: 1,
  unknown: 2,
  invalid: 3,
  deadline: 4,
  'not-found': 5,
  'already-exists': 6,
  exhausted: 8,
  'failed-precondition': 9,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
};

export type GrpcStatus = {
  readonly code: number;
  readonly details: string;
  /** The fixed word that metrics count. */
  readonly reason: string;
  /** Nobody expected it: it is logged with its stack. */
  readonly isUnexpected: boolean;
};

const names: ReadonlyMap<number, string> = new Map(
  Object.entries(numbers).map(([code, number]) => [number, grpcName(code)]),
);

/** `NOT_FOUND`. Source: gRPC status codes. */
export function grpcCodeName(code: number): string {
  return names.get(code) ?? String(code);
}

/** Ours are shorter in some places. */
function grpcName(code: string): string {
  const long: Readonly<Record<string, string>> = {
    canceled: 'CANCELLED',
    invalid: 'INVALID_ARGUMENT',
    deadline: 'DEADLINE_EXCEEDED',
    exhausted: 'RESOURCE_EXHAUSTED',
  };
  return long[code] ?? code.replaceAll('-', '_').toUpperCase();
}

const maxDetailsBytes = 8 * 1024;

/** What a client is told of a failure. */
export function toGrpcStatus(error: unknown): GrpcStatus {
  const details = explain(error).slice(0, maxDetailsBytes);
  // Whoever met it, the node has no room, which is for its operator to hear; what the kubelet reads by a prefix stays.
  if (isNoSpace(error) && !(error instanceof CriError && error.code === 'unknown'))
    return { code: numbers.exhausted, details, reason: 'NoSpace', isUnexpected: false };
  if (error instanceof CriError) {
    return {
      code: numbers[error.code],
      details,
      reason: error.reason,
      isUnexpected: error.code === 'internal',
    };
  }
  // The outside refused: the client sees its words; no code of the CRI fits better than UNKNOWN.
  if (error instanceof CommandError)
    return { code: numbers.unknown, details, reason: 'CommandFailed', isUnexpected: false };
  if (error instanceof SyscallError)
    return { code: numbers.unknown, details, reason: 'SyscallFailed', isUnexpected: false };
  if (error instanceof Error && hasReason(error)) {
    return { code: numbers.unknown, details, reason: error.reason, isUnexpected: false };
  }
  return { code: numbers.internal, details, reason: 'Unexpected', isUnexpected: true };
}

/** Failures of the libraries (the monitor's, CNI's) carry a fixed word, too. */
function hasReason(error: Error): error is Error & { readonly reason: string } {
  return 'reason' in error && typeof error.reason === 'string';
}
