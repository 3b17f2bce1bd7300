/**
 * One exec or attach, whatever carries it: runs it, tells the client how it ended, and sees to it that nothing is left.
 *
 *   streams are there ─▶ run ─▶ all output has gone ─▶ status ─▶ half-close ─▶ the client leaves, or a bounded time ─▶ close
 *            └──────────── the client leaves, idle, shutdown: everything goes at once ────────────┘
 */
import { messageOf } from '../../base/errors.ts';
import type { RemoteCommand, RemoteIo } from '../../runtime/sessions/sessions.ts';
import type { Outcome } from './exit-status.ts';
import { farewellMs, type Session } from './session.ts';

/** The client's end of a command, over one of the transports. */
export interface CommandClient {
  readonly io: Pick<RemoteIo, 'stdin' | 'stdout' | 'stderr' | 'sizes'>;
  /** Settles when the connection has ended. */
  readonly left: Promise<void>;
  /** Sends the status and half-closes what we send. */
  conclude(outcome: Outcome): void;
  /** Ends the connection. */
  close(): void;
}

/** Ends when the connection has ended. */
export async function serveCommand(
  session: Session,
  command: RemoteCommand,
  client: CommandClient,
): Promise<void> {
  void client.left.then(() => session.end('ClientLeft', 'the client has left'));
  session.onEnd(() => client.close());
  const outcome = await run(session, command, client);
  client.io.sizes.stop();
  if (!session.signal.aborted) {
    client.conclude(outcome);
    // Nobody takes the input any more; unread it would hide that the client leaves.
    client.io.stdin?.resume();
    const timer = setTimeout(() => client.close(), farewellMs);
    await client.left;
    clearTimeout(timer);
  }
  client.close();
  await client.left;
}

async function run(session: Session, command: RemoteCommand, client: CommandClient): Promise<Outcome> {
  const { signal, subjectEnded } = session;
  try {
    const exitCode = await command.run({ ...client.io, signal, subjectEnded });
    return { kind: 'exited', exitCode };
  } catch (error) {
    // The client is told, on its error channel.
    return { kind: 'failed', message: messageOf(error) };
  }
}
