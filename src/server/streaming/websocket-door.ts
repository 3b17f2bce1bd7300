/**
 * Where WebSockets come in: the handshake with the choice of a protocol, then the session that speaks it. The library
 * knows the frames; it takes no protocol name with a slash in it (the tunnel's has one), so the choice is made here.
 * Source: RFC 6455; cri.md 2.9.
 */
import type { IncomingMessage } from 'node:http';
import { createWebSocketStream, WebSocketServer, type WebSocket } from 'ws';
import { serveWebSocketCommand } from './command-websocket.ts';
import {
  choose,
  listOf,
  tunnelProtocol,
  webSocketCommandProtocols,
  webSocketForwardProtocols,
  type ChannelProtocol,
} from './negotiation.ts';
import { serveSpdyPortForward } from './port-forward-spdy.ts';
import { serveWebSocketPortForward } from './port-forward-websocket.ts';
import { refuse, type Visit } from './visit.ts';

/** Of one message; clients send 32 KiB at a time. */
const maxMessageBytes = 4 * 1024 * 1024;

const tunnel: ChannelProtocol = {
  name: tunnelProtocol,
  isBase64: false,
  hasJsonStatus: false,
  hasCloseSignal: false,
};

export class WebSocketDoor {
  readonly #chosen = new WeakMap<IncomingMessage, string>();
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    // Text is digits and base64; it is parsed as bytes.
    skipUTF8Validation: true,
  });

  constructor() {
    this.#server.on('headers', (headers, request) => {
      const name = this.#chosen.get(request) ?? '';
      if (name !== '') headers.push(`Sec-WebSocket-Protocol: ${name}`);
    });
  }

  async serve(visit: Visit): Promise<void> {
    const { ticket, session } = visit;
    if ('command' in ticket) {
      const opened = await this.#open(visit, webSocketCommandProtocols);
      if (opened !== null) await serveWebSocketCommand(opened, session, ticket.command);
      return;
    }
    const opened = await this.#open(visit, [tunnel, ...webSocketForwardProtocols]);
    if (opened === null) return;
    const { socket, protocol } = opened;
    if (protocol === tunnel)
      await serveSpdyPortForward(createWebSocketStream(socket), session, ticket.forward);
    else await serveWebSocketPortForward(opened, session, ticket.forward);
  }

  /** The WebSocket is paused. Null: the client was refused, or has left. */
  async #open(
    visit: Visit,
    spoken: readonly ChannelProtocol[],
  ): Promise<{ readonly socket: WebSocket; readonly protocol: ChannelProtocol } | null> {
    const { request, socket, head } = visit;
    const offered = listOf(request.headers['sec-websocket-protocol']);
    const protocol = choose(offered.length === 0 ? [''] : offered, spoken);
    if (protocol === null) {
      await refuse(socket, 403);
      return null;
    }
    delete request.headers['sec-websocket-protocol'];
    this.#chosen.set(request, protocol.name);
    const opened = Promise.withResolvers<WebSocket | null>();
    socket.once('close', () => opened.resolve(null));
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      // Frames may have come with the request: they wait for the session, and what is wrong with one must not be nobody's.
      webSocket.pause();
      webSocket.on('error', () => webSocket.terminate());
      opened.resolve(webSocket);
    });
    const webSocket = await opened.promise;
    return webSocket === null ? null : { socket: webSocket, protocol };
  }
}
