/**
 * Where SPDY comes in: the handshake with the choice of a protocol, then the session that speaks it.
 * Source: cri.md 2.9, SPDY handshake.
 */
import type { Duplex } from 'node:stream';
import { serveSpdyCommand } from './command-spdy.ts';
import { choose, listOf, spdyCommandProtocols, spdyPortForwardProtocol } from './negotiation.ts';
import { serveSpdyPortForward } from './port-forward-spdy.ts';
import { refuse, type Visit } from './visit.ts';

export async function serveSpdy(visit: Visit): Promise<void> {
  const { ticket, request, socket, session } = visit;
  const offered = listOf(request.headersDistinct['x-stream-protocol-version']);
  if (offered.length === 0) return await refuse(socket, 400);
  if ('forward' in ticket) {
    if (!offered.includes(spdyPortForwardProtocol))
      return await refuseProtocol(socket, [spdyPortForwardProtocol]);
    begin(visit, spdyPortForwardProtocol);
    return await serveSpdyPortForward(socket, session, ticket.forward);
  }
  const protocol = choose(offered, spdyCommandProtocols);
  if (protocol === null)
    return await refuseProtocol(
      socket,
      spdyCommandProtocols.map(({ name }) => name),
    );
  begin(visit, protocol.name);
  return await serveSpdyCommand(visit, ticket.command, protocol);
}

function begin({ socket, head }: Visit, protocol: string): void {
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n' +
      `X-Stream-Protocol-Version: ${protocol}\r\n\r\n`,
  );
  if (head.length > 0) socket.unshift(head);
}

/** Tells which ones there are. */
async function refuseProtocol(socket: Duplex, spoken: readonly string[]): Promise<void> {
  const lines = spoken.map((name) => `X-Accepted-Stream-Protocol-Versions: ${name}\r\n`);
  await refuse(socket, 403, lines.join(''));
}
