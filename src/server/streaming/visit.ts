/**
 * An upgrade that has a ticket, and how an upgrade is refused.
 */
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { PortForward, RemoteCommand } from '../../runtime/sessions/sessions.ts';
import type { Session } from './session.ts';

/** What a client was granted; `path` is the first part of its URL. */
export type Ticket =
  | { readonly path: 'exec' | 'attach'; readonly command: RemoteCommand }
  | { readonly path: 'portforward'; readonly forward: PortForward };

export type Visit = {
  readonly ticket: Ticket;
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What came behind the request already. */
  readonly head: Buffer;
  readonly session: Session;
};

/** Answers an upgrade with a status and ends the connection. `headers` are whole lines. */
export async function refuse(socket: Duplex, status: number, headers = ''): Promise<void> {
  const text = `${STATUS_CODES[status]}\n`;
  const sent = Promise.withResolvers<void>();
  socket.on('close', () => sent.resolve());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain\r\n` +
      `Content-Length: ${text.length}\r\n${headers}\r\n${text}`,
    () => socket.destroy(),
  );
  await sent.promise;
}
