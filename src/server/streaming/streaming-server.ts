/**
 * The HTTP server to which the kubelet connects for exec, attach and port-forward: it takes tickets, chooses transport and
 * protocol, and hands the connection to a session. It knows the protocols' names and nothing of what they carry.
 *
 *   GET|POST /exec/TOKEN, /attach/TOKEN, /portforward/TOKEN
 *     404 no such ticket   400 no upgrade that we know   403 no protocol that we speak   101 the session begins
 *
 * Source: cri.md 2.9.
 */
import { createServer, STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { CriError, messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { withDeadline } from '../../base/time.ts';
import type {
  PortForward,
  RemoteCommand,
  SessionKind,
  Streams,
  Subject,
} from '../../runtime/sessions/sessions.ts';
import { Credentials, type CredentialFiles } from './credentials.ts';
import { transportOf } from './negotiation.ts';
import { Session } from './session.ts';
import { serveSpdy } from './spdy-door.ts';
import { Tickets } from './tickets.ts';
import { refuse, type Ticket, type Visit } from './visit.ts';
import { WebSocketDoor } from './websocket-door.ts';

export type StreamingOptions = {
  /** Where to listen; an address that means "all" is announced as loopback. */
  readonly address: string;
  /** 0: any free one. */
  readonly port: number;
  readonly idleTimeoutMs: number;
  /** Null: plain HTTP. */
  readonly tls: CredentialFiles | null;
  readonly log: Log;
};

/** `server` speaks TLS with what `credentials` read last. */
type Secured = { readonly server: TlsServer; readonly credentials: Credentials };

type Running = { readonly kind: SessionKind; readonly session: Session; readonly done: Promise<void> };

const maxConnections = 2048;
const requestTimeoutMs = 10_000;
/** How often the times of requests are looked at. */
const checkIntervalMs = 5_000;
const timeouts = {
  requestTimeout: requestTimeoutMs,
  headersTimeout: requestTimeoutMs,
  connectionsCheckingInterval: checkIntervalMs,
};
const endTimeoutMs = 3_000;

export class StreamingServer implements Streams, AsyncDisposable {
  readonly #options: StreamingOptions;
  readonly #server: Server | TlsServer;
  readonly #secured: Secured | null;
  readonly #tickets = new Tickets<Ticket>();
  readonly #sessions = new Set<Running>();
  readonly #webSockets = new WebSocketDoor();

  private constructor(options: StreamingOptions, secured: Secured | null) {
    this.#options = options;
    this.#secured = secured;
    this.#server = secured?.server ?? createServer(timeouts);
    this.#server.maxConnections = maxConnections;
    this.#server.on('request', (request, response) => {
      request.resume();
      const status = this.#plainStatus(request);
      response.writeHead(status, { connection: 'close' }).end(`${STATUS_CODES[status]}\n`);
    });
    this.#server.on('upgrade', (request, socket, head) => this.#visit(request, socket, head));
  }

  /** @throws the error of listen(2); BadCredentials */
  static async listen(options: StreamingOptions): Promise<StreamingServer> {
    const secured = options.tls === null ? null : await secure(options.tls, options.log);
    const streaming = new StreamingServer(options, secured);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    streaming.#server.once('error', reject);
    streaming.#server.listen({ host: options.address, port: options.port }, resolve);
    await promise;
    streaming.#server.off('error', reject);
    streaming.#server.on('error', (error) => options.log.error({ err: error }, 'streaming server'));
    return streaming;
  }

  get port(): number {
    const address: AddressInfo | string | null = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  countSessions(kind: SessionKind): number {
    return [...this.#sessions].filter((each) => each.kind === kind).length;
  }

  async admitCommand(command: RemoteCommand): Promise<string> {
    await this.#renew();
    return this.#url(command.kind, this.#tickets.issue({ path: command.kind, command }));
  }

  async admitPortForward(forward: PortForward): Promise<string> {
    await this.#renew();
    return this.#url('portforward', this.#tickets.issue({ path: 'portforward', forward }));
  }

  /** Ends all sessions and waits until nothing of them is left. */
  async close(): Promise<void> {
    this.#tickets[Symbol.dispose]();
    const closed = Promise.withResolvers<void>();
    this.#server.close(() => closed.resolve());
    const running = [...this.#sessions];
    for (const { session } of running) session.end('ShuttingDown', 'the daemon is ending');
    const all = Promise.all(running.map(async ({ done }) => await done));
    const step = `end ${running.length} streaming sessions`;
    await withDeadline({ step, timeoutMs: endTimeoutMs }, async () => await all).catch((error: unknown) => {
      // What is left ends with the process: a runtime that hangs must not hold the daemon.
      this.#options.log.error({ err: error }, 'streaming server');
    });
    this.#server.closeAllConnections();
    await closed.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** A client who gets a URL now meets the certificate that is there now. */
  async #renew(): Promise<void> {
    const context = (await this.#secured?.credentials.renewed()) ?? null;
    if (context !== null) this.#secured?.server.setSecureContext(context);
  }

  #url(path: Ticket['path'], token: string): string {
    const { address } = this.#options;
    const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;
    return `${this.#secured === null ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${this.port}/${path}/${token}`;
  }

  #plainStatus(request: IncomingMessage): number {
    if (request.method !== 'GET' && request.method !== 'POST') return 405;
    return this.#take(request) === null ? 404 : 400;
  }

  #take(request: IncomingMessage): Ticket | null {
    const [, path, token] =
      /^\/(exec|attach|portforward)\/([\w-]{1,64})(?:\?.*)?$/.exec(request.url ?? '') ?? [];
    if (path === undefined || token === undefined) return null;
    const ticket = this.#tickets.take(token);
    return ticket?.path === path ? ticket : null;
  }

  #visit(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    if (request.method !== 'GET' && request.method !== 'POST') return void refuse(socket, 405);
    const ticket = this.#take(request);
    if (ticket === null) return void refuse(socket, 404);
    keepAlive(socket);
    const { watchEnd } = subjectOf(ticket);
    const session = new Session({ idleTimeoutMs: this.#options.idleTimeoutMs, watchEnd });
    const done = this.#run({ ticket, request, socket, head, session });
    const entry = { kind: kindOf(ticket), session, done };
    this.#sessions.add(entry);
    void done.finally(() => this.#sessions.delete(entry));
    return undefined;
  }

  /** Never throws: what goes wrong in a session is the session's end. */
  async #run(visit: Visit): Promise<void> {
    const { log } = this.#options;
    const { ticket } = visit;
    const subject = subjectOf(ticket).id;
    const startedAtMs = performance.now();
    try {
      await this.#serve(visit);
    } catch (error) {
      // That a client leaves early is its own affair.
      const level = error instanceof CriError && error.code === 'canceled' ? 'debug' : 'warn';
      log[level]({ session: ticket.path, subject, err: error, message: messageOf(error) }, 'session failed');
    } finally {
      visit.session[Symbol.dispose]();
      visit.socket.destroy();
      const durationMs = Math.round(performance.now() - startedAtMs);
      log.debug({ session: ticket.path, subject, durationMs }, 'session ended');
    }
  }

  async #serve(visit: Visit): Promise<void> {
    const transport = transportOf(visit.request.headers);
    if (transport === 'spdy') return await serveSpdy(visit);
    if (transport === 'websocket') return await this.#webSockets.serve(visit);
    return await refuse(visit.socket, 400);
  }
}

async function secure(files: CredentialFiles, log: Log): Promise<Secured> {
  const { credentials, context } = await Credentials.open(files, log);
  const isClientKnown = files.clientCa !== null;
  const server = createTlsServer({
    ...timeouts,
    ...context,
    handshakeTimeout: requestTimeoutMs,
    requestCert: isClientKnown,
    rejectUnauthorized: isClientKnown,
  });
  return { server, credentials };
}

function subjectOf(ticket: Ticket): Subject {
  return 'command' in ticket ? ticket.command.subject : ticket.forward.subject;
}

function kindOf(ticket: Ticket): SessionKind {
  return 'command' in ticket ? ticket.command.kind : 'port-forward';
}

function keepAlive(socket: Duplex): void {
  if (!isSocket(socket)) return;
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 30_000);
  socket.setTimeout(0);
}

function isSocket(socket: Duplex): socket is Socket {
  return 'setKeepAlive' in socket;
}
