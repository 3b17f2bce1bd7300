/**
 * Tickets: what a client was granted by Exec, Attach or PortForward, to be taken once and soon by whoever knows the token.
 * Source: cri.md 2.9; the token is longer than the reference's, for it is all that protects the session.
 */
import { randomBytes } from 'node:crypto';
import { exhausted } from '../../base/errors.ts';

const lifetimeMs = 60_000;
const maxOutstanding = 1000;
const tokenBytes = 18;

export class Tickets<T> implements Disposable {
  readonly #outstanding = new Map<string, { readonly content: T; readonly timer: NodeJS.Timeout }>();

  /** @returns the token. @throws TooManyTickets */
  issue(content: T): string {
    if (this.#outstanding.size >= maxOutstanding)
      throw exhausted('TooManyTickets', 'maximum number of in-flight requests exceeded');
    const token = randomBytes(tokenBytes).toString('base64url');
    const timer = setTimeout(() => this.#outstanding.delete(token), lifetimeMs).unref();
    this.#outstanding.set(token, { content, timer });
    return token;
  }

  /** What was granted, once; null: never, too late, or taken already. */
  take(token: string): T | null {
    const ticket = this.#outstanding.get(token);
    if (ticket === undefined) return null;
    clearTimeout(ticket.timer);
    this.#outstanding.delete(token);
    return ticket.content;
  }

  [Symbol.dispose](): void {
    for (const { timer } of this.#outstanding.values()) clearTimeout(timer);
    this.#outstanding.clear();
  }
}
