/**
 * What `cri-ts images` asks of a running daemon and the CRI has no call for, as HTTP on a unix socket that only root may
 * open. Bodies are streams of any length; everything else is bounded.
 *
 *   GET  /images/progress?name=N    lines of progress of the pulls of that name, until the client goes
 *   POST /images/import?name=N&ref=T   an archive; lines of progress and of each image, then one of the end or the failure
 *   POST /images/export             {"names":[…]}; an archive; when it cannot go on, a trailer says why
 *   POST /images/prune?all=1        one line with what was removed
 */
import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { CriError, explain, invalid, notFound } from '../../base/errors.ts';
import { ensureDirectory } from '../../base/files.ts';
import type { Log } from '../../base/log.ts';
import { closeServer } from '../close-server.ts';
import { exportArchive } from '../../images/archive/export-archive.ts';
import { importArchive } from '../../images/archive/import-archive.ts';
import type { ImageRecord } from '../../images/catalog/image-record.ts';
import type { Images } from '../../images/images.ts';
import { pruneImages } from '../../images/prune-images.ts';
import type { PullBroadcast } from '../../images/pull/pull-broadcast.ts';
import { type AdminSocket, failureTrailer } from './admin-socket.ts';
import { ProgressLines } from './progress-lines.ts';

export type AdminOptions = {
  readonly socket: AdminSocket;
  readonly images: Pick<Images, 'parts' | 'find'>;
  readonly pulls: PullBroadcast;
  readonly log: Log;
};

const limits = { headersTimeout: 5_000, requestTimeout: 0, maxHeaderSize: 16 * 1024 } as const;
const maxConnections = 32;
const maxNames = 1000;
const maxQuestionBytes = 1024 * 1024;
/** Escaped, it must go through as one header. */
const maxMessageCharacters = 2000;

type Exchange = {
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Fires when the client has gone. */
  readonly signal: AbortSignal;
};

export class AdminServer implements AsyncDisposable {
  readonly #options: AdminOptions;
  readonly #server: Server;

  private constructor(options: AdminOptions) {
    this.#options = options;
    this.#server = createServer(limits, (request, response) => void this.#serve(request, response));
    this.#server.maxConnections = maxConnections;
  }

  /** The run directory is locked: a socket that is there belongs to nobody. @throws the error of listen(2) */
  static async listen(options: AdminOptions): Promise<AdminServer> {
    const { directory, path } = options.socket;
    await ensureDirectory(directory);
    await rm(path, { force: true });
    const admin = new AdminServer(options);
    admin.#server.listen({ path });
    await once(admin.#server, 'listening');
    await chmod(path, 0o600);
    admin.#server.on('error', (error) => options.log.error({ err: error }, 'admin server'));
    return admin;
  }

  async close(): Promise<void> {
    await closeServer(this.#server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort(new Error('the client has gone')));
    // One answer that fails is not to end the daemon.
    response.on('error', (error) => this.#options.log.warn({ error: explain(error) }, 'admin answer'));
    try {
      const url = new URL(request.url ?? '/', 'http://admin');
      await this.#route({ url, request, response, signal: gone.signal });
    } catch (error) {
      this.#fail(response, error);
    }
  }

  async #route(exchange: Exchange): Promise<void> {
    const { request, url } = exchange;
    const what = `${request.method} ${url.pathname}`;
    if (what === 'GET /images/progress') return await this.#progress(exchange);
    if (what === 'POST /images/import') return await this.#import(exchange);
    if (what === 'POST /images/export') return await this.#export(exchange);
    if (what === 'POST /images/prune') return await this.#prune(exchange);
    throw notFound('NoSuchRequest', `${what}: not served here`);
  }

  async #progress({ url, response, signal }: Exchange): Promise<void> {
    const name = url.searchParams.get('name') ?? '';
    beginLines(response);
    using lines = new ProgressLines((line) => tell(response, line));
    await using stack = new AsyncDisposableStack();
    stack.use(this.#options.pulls.follow(name, lines.observe));
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }

  async #import(exchange: Exchange): Promise<void> {
    beginLines(exchange.response);
    // The line is the last one: nothing of the progress may come behind it.
    const last = await this.#imported(exchange);
    exchange.response.end(`${JSON.stringify(last)}\n`);
  }

  async #imported({ url, request, response, signal }: Exchange): Promise<object> {
    using lines = new ProgressLines((line) => tell(response, line));
    const [name, ref] = [url.searchParams.get('name'), url.searchParams.get('ref')];
    const onImage = (image: ImageRecord): void =>
      void response.write(`${JSON.stringify({ kind: 'image', image: named(image) })}\n`);
    const source = { stream: request, name, ref, observe: lines.observe, onImage };
    try {
      await importArchive(this.#options.images.parts, source, signal);
      return { kind: 'imported' };
    } catch (error) {
      this.#options.log.warn({ error: explain(error) }, 'import failed');
      // The rest of the archive is not wanted any more.
      request.resume();
      return failureLine(error);
    }
  }

  async #export({ request, response, signal }: Exchange): Promise<void> {
    const names = await namesFrom(request);
    const archive = exportArchive(this.#options.images, names, signal);
    try {
      for await (const chunk of archive) {
        if (!response.headersSent)
          response.writeHead(200, { 'content-type': 'application/x-tar', trailer: failureTrailer });
        if (!response.write(chunk)) await once(response, 'drain', { signal });
      }
    } catch (error) {
      if (!response.headersSent) throw error;
      this.#options.log.warn({ error: explain(error) }, 'export failed');
      response.addTrailers({ [failureTrailer]: encodeURIComponent(JSON.stringify(failureLine(error))) });
    }
    response.end();
  }

  async #prune({ url, response }: Exchange): Promise<void> {
    const pruned = await pruneImages(this.#options.images.parts, {
      isAll: url.searchParams.get('all') === '1',
    });
    const images = pruned.images.map(named);
    response.setHeader('content-type', 'application/json');
    response.end(`${JSON.stringify({ ...pruned, images })}\n`);
  }

  #fail(response: ServerResponse, error: unknown): void {
    // What has begun cannot be taken back: a cut says that it is not whole.
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response.writeHead(error instanceof CriError && error.code === 'not-found' ? 404 : 400, {
      'content-type': 'application/json',
      connection: 'close',
    });
    response.end(`${JSON.stringify(failureLine(error))}\n`);
  }
}

/** @throws ImageNameMissing */
async function namesFrom(request: IncomingMessage): Promise<readonly string[]> {
  const refuse = (): never => {
    throw invalid('ImageNameMissing', `export: expected {"names":[…]} with 1 to ${maxNames} names of images`);
  };
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Uint8Array)) continue;
    bytes += chunk.length;
    if (bytes > maxQuestionBytes) return refuse();
    chunks.push(Buffer.from(chunk));
  }
  const names = parseNames(Buffer.concat(chunks).toString('utf8'));
  return names.length === 0 || names.length > maxNames ? refuse() : names;
}

function parseNames(text: string): readonly string[] {
  try {
    const question: unknown = JSON.parse(text);
    const names: unknown =
      typeof question === 'object' && question !== null && 'names' in question ? question.names : [];
    return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : [];
  } catch {
    // The caller says what is expected.
    return [];
  }
}

function named({ id, repoTags, repoDigests }: Pick<ImageRecord, 'id' | 'repoTags' | 'repoDigests'>): object {
  return { id, repoTags, repoDigests };
}

function beginLines(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
}

/** Progress is worth nothing later: a client that does not read misses some, and none is kept for it. */
function tell(response: ServerResponse, line: string): void {
  if (!response.writableNeedDrain) response.write(`${line}\n`);
}

function failureLine(error: unknown): { kind: 'failed'; reason: string; message: string } {
  const reason = error instanceof CriError ? error.reason : 'Unexpected';
  return { kind: 'failed', reason, message: explain(error).slice(0, maxMessageCharacters) };
}
