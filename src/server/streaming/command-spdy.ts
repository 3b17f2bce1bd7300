/**
 * Exec and attach over SPDY: each standard stream, the error channel and the resize channel is a stream of its own, opened
 * by the client and named by its header `streamtype`. Source: cri.md 2.9.
 */
import { canceled } from '../../base/errors.ts';
import { raceSignal } from '../../base/single-flight.ts';
import { withDeadline } from '../../base/time.ts';
import { TerminalSizes, type RemoteCommand, type Wants } from '../../runtime/sessions/sessions.ts';
import { serveCommand } from './command-session.ts';
import { statusJson, statusText } from './exit-status.ts';
import type { CommandProtocol } from './negotiation.ts';
import { followSizes } from './resize-channel.ts';
import { streamCreationTimeoutMs } from './session.ts';
import { SpdyConnection } from './spdy/connection.ts';
import { resetStatus } from './spdy/frames.ts';
import type { SpdyStream } from './spdy/stream.ts';
import type { Visit } from './visit.ts';

type Channel = 'error' | 'stdin' | 'stdout' | 'stderr' | 'resize';

export async function serveSpdyCommand(
  visit: Visit,
  command: RemoteCommand,
  protocol: CommandProtocol,
): Promise<void> {
  const { session, socket } = visit;
  const channels = new ExpectedChannels(channelsOf(command.wants, protocol));
  using connection = new SpdyConnection(socket, {
    onStream: (stream) => channels.offer(stream),
    onActivity: () => session.touch(),
  });
  void connection.serve();
  const of = await channels.all(connection.closed, session.signal);
  const sizes = new TerminalSizes();
  const [error, stdin, resize] = [of.get('error'), of.get('stdin') ?? null, of.get('resize')];
  const [stdout, stderr] = [of.get('stdout') ?? null, of.get('stderr') ?? null];
  // What comes on channels on which nothing may come is thrown away, so that their end is seen.
  for (const stream of [error, stdout, stderr]) stream?.resume();
  if (resize !== undefined) followSizes(resize, sizes);
  await serveCommand(session, command, {
    io: { stdin, stdout, stderr, sizes },
    left: connection.closed,
    conclude: (outcome) => {
      error?.end(protocol.hasJsonStatus ? statusJson(outcome) : statusText(outcome));
      for (const stream of [stdout, stderr, stdin, resize]) stream?.end();
    },
    close: () => connection.close(),
  });
}

function channelsOf(wants: Wants, protocol: CommandProtocol): readonly Channel[] {
  const channels: Channel[] = ['error'];
  if (wants.stdin) channels.push('stdin');
  if (wants.stdout) channels.push('stdout');
  if (wants.stderr && !wants.tty) channels.push('stderr');
  if (wants.tty && protocol.hasResize) channels.push('resize');
  return channels;
}

/** Takes each expected stream once, and no other. */
class ExpectedChannels {
  readonly #missing: Set<string>;
  readonly #found = new Map<string, SpdyStream>();
  readonly #complete = Promise.withResolvers<void>();

  constructor(channels: readonly Channel[]) {
    this.#missing = new Set(channels);
  }

  offer(stream: SpdyStream): void {
    const type = stream.headers.get('streamtype') ?? '';
    if (!this.#missing.delete(type)) return stream.reset(resetStatus.refusedStream);
    stream.accept();
    this.#found.set(type, stream);
    if (this.#missing.size === 0) this.#complete.resolve();
    return undefined;
  }

  /** @throws ClientLeft; StepTimedOut when streams do not come */
  async all(closed: Promise<void>, signal: AbortSignal): Promise<ReadonlyMap<string, SpdyStream>> {
    const left = closed.then(() => {
      throw canceled('ClientLeft', 'the client left before it had opened its streams');
    });
    const wait = { step: 'wait for streams', timeoutMs: streamCreationTimeoutMs, signal };
    await withDeadline(
      wait,
      async (late) => await raceSignal(Promise.race([this.#complete.promise, left]), late),
    );
    return this.#found;
  }
}
