/**
 * What a streaming session is to the stories: they describe one (what the client may open, how it is run), the streaming
 * server makes a URL of it and later runs it with the client's streams. Neither knows the other's protocols.
 *
 *   story ──admit──▶ URL ──client connects──▶ server ──run(io)──▶ story
 */
import type { Readable, Writable } from 'node:stream';
import type { Pieces } from './pieces.ts';

/** Columns and rows, 0 to 65535. */
export type TerminalSize = { readonly width: number; readonly height: number };

/** Which streams the client was granted. A terminal has no standard error. Source: CRI ExecRequest, AttachRequest. */
export type Wants = {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
};

/** The client's side of an exec or attach. Ending an output stream is the server's business. */
export type RemoteIo = {
  readonly stdin: Readable | null;
  readonly stdout: Writable | null;
  readonly stderr: Writable | null;
  readonly sizes: TerminalSizes;
  /** Fires when the client has left or the daemon ends: everything of the session goes. */
  readonly signal: AbortSignal;
  /** Fires when the container has ended: what still runs of the session is ended, the client gets the rest and the status. */
  readonly subjectEnded: AbortSignal;
};

/** The container or pod that a session is about, and with which it ends. */
export type Subject = {
  readonly id: string;
  /** Calls back, as soon as it has ended (at once when it has), until disposed. */
  readonly watchEnd: (onEnded: () => void) => Disposable;
};

/** An exec or attach that was asked for. */
export type RemoteCommand = {
  readonly kind: 'exec' | 'attach';
  readonly wants: Wants;
  readonly subject: Subject;
  /** Runs to the end, when all output has gone to the client's streams. @returns the exit code; 0 of an attach */
  readonly run: (io: RemoteIo) => Promise<number>;
};

/** A connection into a pod: what it sends as pieces, what it gets by its socket. */
export type Upstream = Pieces & { readonly socket: Writable };

/** A port-forward that was asked for. */
export type PortForward = {
  readonly subject: Subject;
  /** Of a client that opens no streams by port (WebSocket v4); empty else. */
  readonly ports: readonly number[];
  /** A connection to a port of the pod. @throws when nobody listens there */
  readonly connect: (port: number, signal: AbortSignal) => Promise<Upstream>;
};

export const sessionKinds = ['exec', 'attach', 'port-forward'] as const;
export type SessionKind = (typeof sessionKinds)[number];

/** Gives out the URLs at which sessions are had. */
export interface Streams {
  /** @throws TooManyTickets */
  admitCommand(command: RemoteCommand): Promise<string>;
  /** @throws TooManyTickets */
  admitPortForward(forward: PortForward): Promise<string>;
  /** How many of them run now. */
  countSessions(kind: SessionKind): number;
}

/** The client's terminal size: only the latest counts, however fast they come. */
export class TerminalSizes {
  #latest: TerminalSize | null = null;
  #apply: ((size: TerminalSize) => Promise<void>) | null = null;
  #isApplying = false;
  #isFresh = false;

  get latest(): TerminalSize | null {
    return this.#latest;
  }

  offer(size: TerminalSize): void {
    this.#latest = size;
    this.#isFresh = true;
    void this.#pump();
  }

  /** Applies the latest size, if there is one, and each later one; one after the other. */
  follow(apply: (size: TerminalSize) => Promise<void>): void {
    this.#apply = apply;
    this.#isFresh = this.#latest !== null;
    void this.#pump();
  }

  stop(): void {
    this.#apply = null;
  }

  async #pump(): Promise<void> {
    if (this.#isApplying) return;
    this.#isApplying = true;
    while (this.#isFresh && this.#apply !== null && this.#latest !== null) {
      this.#isFresh = false;
      // A terminal that cannot be resized (it has just ended) is still a terminal.
      await this.#apply(this.#latest).catch(() => undefined);
    }
    this.#isApplying = false;
  }
}
