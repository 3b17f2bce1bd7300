/**
 * The small HTTP server that Prometheus scrapes: `GET /metrics` and nothing else. It believes no client: few connections,
 * short requests without a body, one collection at a time however many ask.
 */
import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type ListenOptions } from 'node:net';
import { explain, failedPrecondition } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { closeServer } from '../close-server.ts';

export type MetricsServerOptions = {
  /** `host:port`, `[ipv6]:port`, or the absolute path of a unix socket. */
  readonly address: string;
  readonly contentType: string;
  /** The whole page. */
  readonly collect: () => Promise<string>;
  readonly log: Log;
};

const requestTimeoutMs = 5_000;
const limits = {
  requestTimeout: requestTimeoutMs,
  headersTimeout: requestTimeoutMs,
  keepAliveTimeout: 10_000,
  maxHeaderSize: 8 * 1024,
} as const;
const maxConnections = 32;

export class MetricsServer implements AsyncDisposable {
  readonly #options: MetricsServerOptions;
  readonly #server: Server;
  #collecting: Promise<string> | null = null;

  private constructor(options: MetricsServerOptions) {
    this.#options = options;
    this.#server = createServer(limits, (request, response) => void this.#answer(request, response));
    this.#server.maxConnections = maxConnections;
  }

  /** @throws the error of listen(2); AddressInUse when another process serves the unix socket */
  static async listen(options: MetricsServerOptions): Promise<MetricsServer> {
    const metrics = new MetricsServer(options);
    const server = metrics.#server;
    const where = whereToListen(options.address);
    if (where.path !== undefined) await clearSocket(where.path);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once('error', reject);
    server.listen(where, resolve);
    await promise;
    if (where.path !== undefined) await chmod(where.path, 0o600);
    server.off('error', reject);
    server.on('error', (error) => options.log.error({ err: error }, 'metrics server'));
    return metrics;
  }

  /** Where it listens; the port that was chosen when the configured one is 0. */
  get address(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') return this.#options.address;
    return address.family === 'IPv6'
      ? `[${address.address}]:${address.port}`
      : `${address.address}:${address.port}`;
  }

  async close(): Promise<void> {
    await closeServer(this.#server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const hasBody = request.headers['transfer-encoding'] !== undefined || lengthOf(request) > 0;
    const path = request.url?.split('?')[0];
    const isAsked = request.method === 'GET' || request.method === 'HEAD';
    if (hasBody) return refuse(response, 413);
    if (path !== '/metrics') return refuse(response, 404);
    if (!isAsked) return refuse(response, 405);
    try {
      const page = await this.#collect();
      response.writeHead(200, { 'content-type': this.#options.contentType });
      response.end(request.method === 'HEAD' ? '' : page);
    } catch (error) {
      this.#options.log.error({ error: explain(error) }, 'metrics cannot be collected');
      refuse(response, 500);
    }
  }

  async #collect(): Promise<string> {
    this.#collecting ??= this.#options.collect().finally(() => {
      this.#collecting = null;
    });
    return await this.#collecting;
  }
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { connection: 'close' }).end();
}

function lengthOf(request: IncomingMessage): number {
  return Number(request.headers['content-length'] ?? 0);
}

function whereToListen(address: string): ListenOptions & { readonly path?: string } {
  if (address.startsWith('/')) return { path: address };
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(address.slice(colon + 1)) };
}

/** A socket that nobody listens on any more was left by an earlier daemon. */
async function clearSocket(path: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const probe = connect({ path });
  probe.once('connect', () => resolve(true)).once('error', () => resolve(false));
  const isServed = await promise;
  probe.destroy();
  if (isServed)
    throw failedPrecondition('AddressInUse', `metrics socket "${path}": another process serves it`);
  await rm(path, { force: true });
}
