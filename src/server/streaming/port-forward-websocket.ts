/**
 * Port-forward over the channels of a WebSocket: the ports were named when the session was asked for, and each has one
 * connection, on a channel for its bytes (2n) and one for an error message (2n + 1). Source: cri.md 2.9.
 */
import type { WebSocket } from 'ws';
import type { PortForward } from '../../runtime/sessions/sessions.ts';
import { Channels } from './channels.ts';
import type { ChannelProtocol } from './negotiation.ts';
import { forwardFailure } from './port-forward-spdy.ts';
import { farewellMs, type Session } from './session.ts';
import { splice } from './splice.ts';

export async function serveWebSocketPortForward(
  { socket, protocol }: { readonly socket: WebSocket; readonly protocol: ChannelProtocol },
  session: Session,
  forward: PortForward,
): Promise<void> {
  const channels = new Channels({ socket, protocol, onActivity: () => session.touch() });
  void channels.closed.then(() => session.end('ClientLeft', 'the client has left'));
  session.onSubjectEnd(() => channels.close());
  await Promise.all(
    forward.ports.map(async (port, index) => await run({ channels, session, forward }, port, index)),
  );
  channels.goodbye();
  const timer = setTimeout(() => channels.close(), farewellMs);
  await channels.closed;
  clearTimeout(timer);
}

type Place = { readonly channels: Channels; readonly session: Session; readonly forward: PortForward };

/** One port. Never throws: what goes wrong is told on the error channel. */
async function run({ channels, session, forward }: Place, port: number, index: number): Promise<void> {
  const [dataChannel, errorChannel] = [2 * index, 2 * index + 1];
  const source = channels.input(dataChannel);
  const sink = channels.output(dataChannel);
  const number = Buffer.alloc(2);
  number.writeUInt16LE(port);
  channels.send(dataChannel, number);
  channels.send(errorChannel, number);
  try {
    const upstream = await forward.connect(port, session.signal);
    await splice({ source, sink }, upstream, session.signal);
  } catch (cause) {
    // Told to the client; other ports go on.
    if (!session.signal.aborted)
      channels.send(errorChannel, Buffer.from(forwardFailure(port, forward.subject.id, cause)));
  }
}
