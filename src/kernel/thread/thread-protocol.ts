/**
 * The conversation between the daemon and a kernel thread (a worker): one request at a time, answered before the next is
 * sent. Both sides are of one build, so parameters and results are typed by `Operations`; failures are carried as data,
 * because an Error loses its class and fields on the way.
 *
 *   daemon ── { id, method, params } ──▶ thread
 *   daemon ◀── { id, value } ─────────── thread
 *   daemon ◀── { id, failure } ───────── thread      isPoisoned: the thread must be replaced
 */
import { SyscallError } from '../../base/errors.ts';

export type Request = { readonly id: number; readonly method: string; readonly params: unknown };

export type WireFailure = {
  readonly isPoisoned: boolean;
  readonly message: string;
  readonly syscall: {
    readonly call: string;
    readonly errno: string;
    readonly paths: readonly string[];
  } | null;
  readonly cause: WireFailure | null;
};

export type Response =
  { readonly id: number; readonly value: unknown } | { readonly id: number; readonly failure: WireFailure };

const maxCauses = 4;

/** Makes data of anything thrown. */
export function packError(error: unknown, depth = 0): WireFailure {
  const cause = error instanceof Error && error.cause !== undefined && depth < maxCauses ? error.cause : null;
  return {
    isPoisoned: error instanceof Error && error.name === 'ThreadPoisoned',
    message: error instanceof Error ? error.message : String(error),
    syscall:
      error instanceof SyscallError ? { call: error.call, errno: error.errno, paths: error.paths } : null,
    cause: cause === null ? null : packError(cause, depth + 1),
  };
}

/** The error again, with its causes. */
export function unpackError(failure: WireFailure): Error {
  const options = failure.cause === null ? {} : { cause: unpackError(failure.cause) };
  if (failure.syscall !== null) return new SyscallError(failure.syscall, options);
  return new Error(failure.message, options);
}

/** Tells an answer from anything else that a thread may post. */
export function isResponse(message: unknown): message is Response {
  return (
    typeof message === 'object' &&
    message !== null &&
    'id' in message &&
    ('value' in message || 'failure' in message)
  );
}
