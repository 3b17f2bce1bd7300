/**
 * How a registry's failures are told: each says which host and what it answered; at the end of a pull one sentence joins
 * them, with the class before the colon that the kubelet knows. URLs lose their query: it may hold a signature.
 * Source: reference of the kubelet's error classes (RegistryUnavailable, SignatureValidationFailed): code UNKNOWN, and the
 * class as the beginning of the message.
 */
import {
  CriError,
  errnoOf,
  type ErrorOptions,
  explain,
  messageOf,
  notFound,
  unknown as unknownError,
} from '../../base/errors.ts';

/** The registry cannot be reached or does not serve; another mirror may help. */
export function registryUnavailable(host: string, why: string, options: ErrorOptions = {}): CriError {
  return unknownError('RegistryUnavailable', `registry "${host}": ${why}`, options);
}

/** A RegistryUnavailable that may be over soon. */
export class PassingFailure extends CriError {
  /** How long the registry asks to be left alone; null: it does not say. */
  readonly retryAfterMs: number | null;

  constructor(message: string, retryAfterMs: number | null, options: ErrorOptions = {}) {
    super({ code: 'unknown', reason: 'RegistryUnavailable', message }, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The registry answers that it is busy, or broken. */
export function registryBusy(host: string, why: string, retryAfterMs: number | null): PassingFailure {
  return new PassingFailure(`registry "${host}": ${why}`, retryAfterMs);
}

/** A connection could not be made, or broke. */
export function connectionFailed(host: string, why: string, cause?: unknown): CriError {
  const options = cause === undefined ? {} : { cause };
  if (lasting.test(errnoOf(cause) ?? '')) return registryUnavailable(host, why, options);
  return new PassingFailure(`registry "${host}": ${why}`, null, options);
}

/** A RegistryUnavailable that answers, but brings less than it has to. */
export class TooSlow extends CriError {
  constructor(host: string, why: string) {
    super({ code: 'unknown', reason: 'RegistryUnavailable', message: `registry "${host}": ${why}` });
  }
}

/**
 * A name that does not resolve is not asked again: each try takes the resolver seconds, and the kubelet comes back anyhow.
 * A certificate that is not believed is the same a second later.
 */
const lasting = /^(?:ENOTFOUND|EAI_AGAIN|ERR_TLS_.*|.*CERT.*|.*_SIGNATURE)$/;

/** The registry answered and refuses: no later try helps. */
export function accessDenied(host: string, what: string, status: number): CriError {
  const advice = 'it does not exist or needs other credentials';
  return unknownError('ImageAccessDenied', `registry "${host}": ${what}: ${advice} (${status})`);
}

export function notInRegistry(host: string, what: string): CriError {
  return notFound('ImageNotInRegistry', `registry "${host}": ${what}: not found`);
}

/** What the registry sent is not what was asked for. */
export function wrongContent(host: string, why: string): CriError {
  return unknownError('WrongContent', `registry "${host}": ${why}`);
}

/**
 * The end of a pull from several places, in the order in which they were asked: code and reason are those of the last,
 * which is the registry itself; the sentence holds what each answered.
 */
export function concluded(failures: readonly CriError[]): CriError {
  const last = failures.at(-1);
  if (last === undefined) return registryUnavailable('', 'no place to pull from');
  const { code, reason } = last;
  const sentence = failures.map(messageOf).join('; ');
  const message = reason === 'RegistryUnavailable' ? `${reason}: ${sentence}` : sentence;
  // Without a cause: what is told to clients has the causes' words behind it, and these are all in it.
  return new CriError({ code, reason, message });
}

/** A URL for messages. */
export function shownUrl(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/** The words of a connection's failure: undici wraps the system's error. */
export function connectionWords(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return connectionWords(error.errors[0]);
  return explain(error).slice(0, 300);
}

/** Whether another endpoint may do better. A failure of ours (no space, cancelled) is one everywhere. */
export function isEndpointFault(error: unknown): error is CriError {
  const reasons = [
    'RegistryUnavailable',
    'ImageAccessDenied',
    'ImageNotInRegistry',
    'WrongContent',
    'InvalidImage',
    'CredentialHelperFailed',
  ];
  return error instanceof CriError && reasons.includes(error.reason);
}
