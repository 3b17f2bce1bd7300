/**
 * The three kinds of failure that a story can meet: a CriError (ours, with a code that a client acts on), a CommandError
 * (a program that we ran) and a SyscallError (the kernel said no). Context is added by `cause`, never by string surgery.
 * Only `server/status.ts` knows how these become gRPC statuses.
 */

/** What a client can do about a failure; each maps to the gRPC code of the same meaning. */
export type Code =
  | 'invalid'
  | 'not-found'
  | 'already-exists'
  | 'failed-precondition'
  | 'exhausted'
  | 'unavailable'
  | 'deadline'
  | 'canceled'
  | 'unimplemented'
  | 'unknown'
  | 'internal';

export type ErrorOptions = { readonly cause?: unknown };

/**
 * An answer to a client. `reason` is one fixed CamelCase word that tests and metrics may rely on; the message may change.
 * Messages are lower case, without a full stop, with values quoted.
 */
export class CriError extends Error {
  override readonly name = 'CriError';
  readonly code: Code;
  readonly reason: string;

  constructor(
    what: { readonly code: Code; readonly reason: string; readonly message: string },
    options: ErrorOptions = {},
  ) {
    super(what.message, options);
    this.code = what.code;
    this.reason = what.reason;
  }
}

/** The request itself is wrong: what was wrong, and what was expected. */
export function invalid(reason: string, message: string, options?: ErrorOptions): CriError {
  return new CriError({ code: 'invalid', reason, message }, options);
}

/** The named object does not exist (the kubelet treats it as already gone). */
export function notFound(reason: string, message: string, options?: ErrorOptions): CriError {
  return new CriError({ code: 'not-found', reason, message }, options);
}

/** Another object holds what was asked for. */
export function alreadyExists(reason: string, message: string, options?: ErrorOptions): CriError {
  return new CriError({ code: 'already-exists', reason, message }, options);
}

/** The object exists but its state forbids the operation. */
export function failedPrecondition(reason: string, message: string, options?: ErrorOptions): CriError {
  return new CriError({ code: 'failed-precondition', reason, message }, options);
}

/** A bound of ours is reached; trying later may help. */
export function exhausted(reason: string, message: string, options?: ErrorOptions): CriError {
  return new CriError({ code: 'exhausted', reason, message }, options);
}

/** Something outside (a monitor, a plugin, a registry) does not answer now; trying later may help. */
export function unavailable(reason: string, message: string, options?: ErrorOptions): CriError {
  return new CriError({ code: 'unavailable', reason, message }, options);
}

/** A deadline passed: the client's, or the one of the step that the message names. */
export function deadlineExceeded(reason: string, message: string, options?: ErrorOptions): CriError {
  return new CriError({ code: 'deadline', reason, message }, options);
}

/** The client went away. */
export function canceled(reason: string, message: string, options?: ErrorOptions): CriError {
  return new CriError({ code: 'canceled', reason, message }, options);
}

/** The RPC or field is not served. */
export function unimplemented(reason: string, message: string, options?: ErrorOptions): CriError {
  return new CriError({ code: 'unimplemented', reason, message }, options);
}

/**
 * A failure whose code must be UNKNOWN because the kubelet strips that code and reads the message's prefix
 * (`RegistryUnavailable`, `SignatureValidationFailed`, `RROUnsupported`, `ImageVolumeMountFailed`).
 */
export function unknown(reason: string, message: string, options?: ErrorOptions): CriError {
  return new CriError({ code: 'unknown', reason, message }, options);
}

/** Our own bug or broken state; logged with its stack. */
export function internal(reason: string, message: string, options?: ErrorOptions): CriError {
  return new CriError({ code: 'internal', reason, message }, options);
}

export type CommandFailure = {
  readonly argv: readonly string[];
  /** Exit code, or null when a signal ended it or it never started. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The last bytes of standard error, as text. */
  readonly stderr: string;
  readonly durationMs: number;
  readonly isTimedOut: boolean;
};

/** A program that we ran did not do its work. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly failure: CommandFailure;

  constructor(failure: CommandFailure, options: ErrorOptions = {}) {
    super(describeCommand(failure), options);
    this.failure = failure;
  }
}

function describeCommand(failure: CommandFailure): string {
  const program = failure.argv[0] ?? '';
  const end = failure.isTimedOut
    ? `timed out after ${failure.durationMs} ms`
    : failure.signal !== null
      ? `ended by ${failure.signal}`
      : failure.exitCode !== null
        ? `exit code ${failure.exitCode}`
        : 'did not start';
  const words = failure.stderr.trim();
  return words === '' ? `run "${program}": ${end}` : `run "${program}": ${end}: ${words}`;
}

export type SyscallFailure = {
  /** The call, as in its man page: `mount`, `openat2`. */
  readonly call: string;
  /** The symbolic errno: `EBUSY`. */
  readonly errno: string;
  /** The paths that the call was given. */
  readonly paths: readonly string[];
};

/** The kernel refused a call. */
export class SyscallError extends Error {
  override readonly name = 'SyscallError';
  readonly call: string;
  readonly errno: string;
  readonly paths: readonly string[];

  constructor(failure: SyscallFailure, options: ErrorOptions = {}) {
    const quoted = failure.paths.map((path) => `"${path}"`).join(' on ');
    super(
      quoted === '' ? `${failure.call}: ${failure.errno}` : `${failure.call} ${quoted}: ${failure.errno}`,
      options,
    );
    this.call = failure.call;
    this.errno = failure.errno;
    this.paths = failure.paths;
  }
}

/** The errno name of a failure of ours or of Node's (`code`), or null. */
export function errnoOf(error: unknown): string | null {
  if (error instanceof SyscallError) return error.errno;
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  if (typeof error.code === 'string') return error.code;
  return null;
}

/**
 * Whether a failure, or one of its causes, is that a file system has no room: no blocks, no inodes, no quota. The kernel
 * says ENOSPC of other tables as well (namespaces, mounts, watches): those are not meant.
 */
export function isNoSpace(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; Error.isError(at) && depth < 8; at = at.cause, depth += 1) {
    if (at instanceof CriError && at.reason === 'NoSpace') return true;
    const isOfFile = !(at instanceof SyscallError) && !('syscall' in at && at.syscall === 'watch');
    if (isOfFile && noSpaceErrnos.has(errnoOf(at))) return true;
  }
  return false;
}

/** What calls on files answer when there is no room. */
export const noSpaceErrnos: ReadonlySet<string | null> = new Set(['ENOSPC', 'EDQUOT']);

/** `what` could not be written. The paths of the causes say where, if the kernel told. */
export function noSpace(what: string, path: string, cause: unknown): CriError {
  return exhausted('NoSpace', `${what}: no space, or no inodes, left on the file system of "${path}"`, {
    cause,
  });
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return Error.isError(error) ? error.message : String(error);
}

/** The messages of an error and of its causes, outermost first: `create container: run "crun": exit code 1: …`. */
export function explain(error: unknown): string {
  const parts: string[] = [];
  for (
    let at: unknown = error;
    at !== undefined && parts.length < 8;
    at = Error.isError(at) ? at.cause : undefined
  ) {
    parts.push(messageOf(at));
  }
  return parts.join(': ');
}
