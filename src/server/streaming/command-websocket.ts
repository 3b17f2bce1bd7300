/**
 * Exec and attach over a WebSocket. Source: cri.md 2.9.
 *
 *   channel 0 stdin   1 stdout   2 stderr   3 error (status)   4 resize
 */
import type { WebSocket } from 'ws';
import { TerminalSizes, type RemoteCommand } from '../../runtime/sessions/sessions.ts';
import { Channels } from './channels.ts';
import { serveCommand } from './command-session.ts';
import { statusJson, statusText } from './exit-status.ts';
import type { ChannelProtocol } from './negotiation.ts';
import { SizeReader } from './resize-channel.ts';
import type { Session } from './session.ts';

const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const;

export async function serveWebSocketCommand(
  { socket, protocol }: { readonly socket: WebSocket; readonly protocol: ChannelProtocol },
  session: Session,
  command: RemoteCommand,
): Promise<void> {
  const { wants } = command;
  const channels = new Channels({ socket, protocol, onActivity: () => session.touch() });
  const sizes = new TerminalSizes();
  const reader = new SizeReader();
  channels.listen(channel.resize, (bytes) => {
    const size = wants.tty ? reader.read(bytes) : null;
    if (size !== null) sizes.offer(size);
  });
  const stdout = wants.stdout ? channels.output(channel.stdout) : null;
  const stderr = wants.stderr && !wants.tty ? channels.output(channel.stderr) : null;
  const lowest = stdout !== null ? channel.stdout : stderr !== null ? channel.stderr : channel.error;
  // Old clients wait for a first message.
  channels.send(lowest, Buffer.alloc(0));
  await serveCommand(session, command, {
    io: { stdin: wants.stdin ? channels.input(channel.stdin) : null, stdout, stderr, sizes },
    left: channels.closed,
    conclude: (outcome) => {
      const status = protocol.hasJsonStatus ? statusJson(outcome) : statusText(outcome);
      if (status.length > 0) channels.send(channel.error, status);
      channels.goodbye();
    },
    close: () => channels.close(),
  });
}
