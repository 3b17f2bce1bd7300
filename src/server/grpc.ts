/**
 * gRPC on a unix socket: the only file that knows grpc-js. It moves bytes; decoding, serving and failing is
 * `dispatch.ts`'s work.
 */
import {
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { chmod, rename, rm } from 'node:fs/promises';
import { canceled } from '../base/errors.ts';
import type { GrpcStatus } from './status.ts';

/** One call as bytes. */
export type RawCall = {
  readonly signal: AbortSignal;
  /** The client's deadline in milliseconds since the epoch; null: none. */
  readonly deadlineMs: number | null;
};

export type RawMethod = {
  /** `/runtime.v1.RuntimeService/Version`. */
  readonly path: string;
  readonly serve:
    | { readonly kind: 'unary'; readonly run: (request: Buffer, call: RawCall) => Promise<RawAnswer> }
    | {
        readonly kind: 'stream';
        readonly run: (
          request: Buffer,
          call: RawCall,
          write: (message: Buffer) => Promise<void>,
        ) => Promise<GrpcStatus | null>;
      };
};

export type RawAnswer = { readonly message: Buffer } | { readonly status: GrpcStatus };

/** A client may send a pod with megabytes of annotations and environment. */
const maxMessageBytes = 80 * 1024 * 1024;

export class GrpcServer {
  readonly #server: Server;
  readonly #socketPath: string;

  private constructor(server: Server, socketPath: string) {
    this.#server = server;
    this.#socketPath = socketPath;
  }

  /** Listens on the socket, which replaces one that an earlier process left. @throws the socket's error */
  static async listen(socketPath: string, methods: readonly RawMethod[]): Promise<GrpcServer> {
    const server = new Server({
      'grpc.max_receive_message_length': maxMessageBytes,
      'grpc.max_send_message_length': maxMessageBytes,
    });
    for (const method of methods) register(server, method);
    // Bound beside its place and renamed: a client finds the old socket or the new one, never none.
    const temporary = `${socketPath}.new`;
    await rm(temporary, { force: true });
    await bind(server, temporary);
    await chmod(temporary, 0o600);
    await rename(temporary, socketPath);
    return new GrpcServer(server, socketPath);
  }

  /** Takes no new calls and waits for the running ones; after the bound they are cut off. */
  async close(timeoutMs: number): Promise<void> {
    await rm(this.#socketPath, { force: true });
    const ended = Promise.withResolvers<void>();
    const timer = setTimeout(() => this.#server.forceShutdown(), timeoutMs);
    // An error means that it was not running.
    this.#server.tryShutdown(() => ended.resolve());
    await ended.promise;
    clearTimeout(timer);
  }
}

async function bind(server: Server, path: string): Promise<void> {
  const bound = Promise.withResolvers<void>();
  server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), (error) =>
    error === null ? bound.resolve() : bound.reject(error),
  );
  await bound.promise;
}

function register(server: Server, method: RawMethod): void {
  const { path, serve } = method;
  if (serve.kind === 'unary') {
    const handle = (call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>): void => {
      const raw = rawCall(call);
      void serve.run(call.request, raw).then((answer) => {
        raw.release();
        if ('message' in answer) reply(null, answer.message);
        else reply(statusObject(answer.status));
      });
    };
    server.register(path, handle, asBytes, asBytes, 'unary');
    return;
  }
  const handle = (call: ServerWritableStream<Buffer, Buffer>): void => {
    const write = async (message: Buffer): Promise<void> => await writeTo(call, message);
    const raw = rawCall(call);
    void serve.run(call.request, raw, write).then((status) => {
      raw.release();
      if (status === null) call.end();
      else call.emit('error', statusObject(status));
    });
  };
  server.register(path, handle, asBytes, asBytes, 'serverStream');
}

function statusObject(status: GrpcStatus): { readonly code: number; readonly details: string } {
  return { code: status.code, details: status.details };
}

/** Waits until the message has left for the client: of what one does not read, memory holds one message. */
async function writeTo(call: ServerWritableStream<Buffer, Buffer>, message: Buffer): Promise<void> {
  const gone = canceled('ClientGone', 'the client went away');
  if (call.cancelled) throw gone;
  const left = Promise.withResolvers<void>();
  const cancel = (): void => left.reject(gone);
  call.once('cancelled', cancel);
  try {
    call.write(message, (error?: Error | null) => (error ? left.reject(gone) : left.resolve()));
    await left.promise;
  } finally {
    call.off('cancelled', cancel);
  }
}

type AnyCall = Pick<ServerUnaryCall<Buffer, Buffer>, 'getDeadline'> & {
  readonly cancelled: boolean;
  once(event: 'cancelled', listener: () => void): unknown;
  off(event: 'cancelled', listener: () => void): unknown;
};

/** `release` when it has been served: grpc-js tells of every end of a call as if it had been cancelled. */
function rawCall(call: AnyCall): RawCall & { readonly release: () => void } {
  const abort = new AbortController();
  const cancel = (): void =>
    abort.abort(canceled('ClientGone', 'the client went away or its deadline passed'));
  if (call.cancelled) cancel();
  else call.once('cancelled', cancel);
  const deadline = call.getDeadline();
  const deadlineMs = deadline instanceof Date ? deadline.getTime() : deadline;
  return {
    signal: abort.signal,
    deadlineMs: Number.isFinite(deadlineMs) ? deadlineMs : null,
    release: () => call.off('cancelled', cancel),
  };
}

function asBytes(bytes: Buffer): Buffer {
  return bytes;
}
