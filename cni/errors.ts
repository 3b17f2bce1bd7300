/**
 * The one kind of failure of this library. `reason` is a fixed CamelCase word that callers may branch on; the plugin's
 * own words (code, msg, details of the specification) are kept beside it, bounded and made printable.
 */

/**
 * - InvalidRequest: the caller's arguments; nothing was run.
 * - NotReady: no usable network configuration; nothing was run.
 * - Closed, Aborted: the library was closed, or the caller's signal fired.
 * - AlreadyAttached, NotAttached: the attachment's record exists (ADD) or does not (CHECK).
 * - VersionUnsupported: the plugins do not speak a version of the list, or the version has no such operation.
 * - PluginMissing: not found in the plugin directories, or could not be started.
 * - PluginFailed: the plugin said no; `code` is the specification's when it answered in its form, else null.
 * - PluginTimedOut, PluginKilled: the deadline passed, or a signal ended it.
 * - PluginGarbage: it claimed success but its output is no result.
 * - CacheFailed: the attachment's record could not be written or read.
 */
export type CniReason =
  | 'InvalidRequest'
  | 'NotReady'
  | 'Closed'
  | 'Aborted'
  | 'AlreadyAttached'
  | 'NotAttached'
  | 'VersionUnsupported'
  | 'PluginMissing'
  | 'PluginFailed'
  | 'PluginTimedOut'
  | 'PluginKilled'
  | 'PluginGarbage'
  | 'CacheFailed';

export type CniFailure = {
  readonly reason: CniReason;
  readonly message: string;
  /** The `type` of the plugin that failed. */
  readonly plugin?: string;
  /** Of the specification's error object: 1..99 are well known, 100 and more are the plugin's own. */
  readonly code?: number;
  readonly msg?: string;
  readonly details?: string;
  /** The last 8 KiB that the plugin wrote to standard error. */
  readonly stderr?: string;
  readonly cause?: unknown;
};

/** Source: CNI SPEC 1.1, section 5, "Error". */
export const errorCodes = {
  incompatibleVersion: 1,
  tryAgainLater: 11,
  notAvailable: 50,
  limitedConnectivity: 51,
} as const;

export class CniError extends Error {
  override readonly name = 'CniError';
  readonly reason: CniReason;
  readonly plugin: string | null;
  readonly code: number | null;
  readonly msg: string | null;
  readonly details: string | null;
  readonly stderr: string | null;

  constructor(failure: CniFailure) {
    super(failure.message, failure.cause === undefined ? {} : { cause: failure.cause });
    this.reason = failure.reason;
    this.plugin = failure.plugin ?? null;
    this.code = failure.code ?? null;
    this.msg = failure.msg ?? null;
    this.details = failure.details ?? null;
    this.stderr = failure.stderr ?? null;
  }
}

/** A failure without a plugin behind it. */
export function cniError(reason: CniReason, message: string, cause?: unknown): CniError {
  return new CniError(cause === undefined ? { reason, message } : { reason, message, cause });
}

/** Text of others made fit for a message: control characters become spaces, at most `maxChars` characters are kept. */
export function printable(text: string, maxChars: number): string {
  const kept = text.length > maxChars ? `${text.slice(0, maxChars)}…` : text;
  // oxlint-disable-next-line no-control-regex -- control characters are what is to be found
  return kept.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The errno name of a file system failure (`ENOENT`), or null. Also of errors that another realm has made. */
export function errnoOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** Anything thrown, as one of ours; what is not is a failure of the file system or of this library. */
export function asCniError(error: unknown): CniError {
  return error instanceof CniError ? error : cniError('CacheFailed', messageOf(error), error);
}
