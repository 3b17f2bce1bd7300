/**
 * The scope of one session: one signal that says that it is over, whoever ended it, and the watch over time. It owns no
 * stream; who uses it ties what it has to the signal.
 */
import { canceled } from '../../base/errors.ts';
import type { Subject } from '../../runtime/sessions/sessions.ts';

export type SessionOptions = {
  readonly idleTimeoutMs: number;
  /** What the session is about: with its end everything of the session goes. */
  readonly watchEnd: Subject['watchEnd'];
};

/** For a client to open its streams. */
export const streamCreationTimeoutMs = 30_000;
/** After the status, for a client to read what is under way and to leave. */
export const farewellMs = 10_000;

export class Session implements Disposable {
  readonly #abort = new AbortController();
  readonly #subject = new AbortController();
  readonly #watch: Disposable;
  readonly #idle: NodeJS.Timeout;

  constructor(options: SessionOptions) {
    this.#watch = options.watchEnd(() =>
      this.#subject.abort(canceled('SubjectEnded', 'the container or pod has ended')),
    );
    this.#idle = setTimeout(
      () => this.end('IdleTooLong', `nothing moved for ${options.idleTimeoutMs} ms`),
      options.idleTimeoutMs,
    );
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The container or pod has ended; the client may still be there. */
  get subjectEnded(): AbortSignal {
    return this.#subject.signal;
  }

  /** Calls back once when the session is over; at once when it is. */
  onEnd(act: () => void): void {
    whenAborted(this.signal, act);
  }

  /** Calls back once when the container or pod has ended, or the session is over. */
  onSubjectEnd(act: () => void): void {
    whenAborted(this.subjectEnded, act);
  }

  /** Something moved. */
  touch(): void {
    this.#idle.refresh();
  }

  /** Ends the session; the first reason stands. */
  end(reason: string, message: string): void {
    this.#watch[Symbol.dispose]();
    clearTimeout(this.#idle);
    const error = canceled(reason, message);
    this.#abort.abort(error);
    this.#subject.abort(error);
  }

  [Symbol.dispose](): void {
    this.end('SessionEnded', 'the session has ended');
  }
}

function whenAborted(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act();
  else signal.addEventListener('abort', act, { once: true });
}
