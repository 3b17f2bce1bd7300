/**
 * A typed client of all calls of the CRI over a unix socket, as the kubelet's would be: one connection, a deadline on each
 * unary call, status codes by name. It knows nothing of the server beyond the wire.
 */
import {
  Client,
  credentials,
  Metadata,
  status as grpcStatus,
  type CallOptions,
  type ServiceError,
} from '@grpc/grpc-js';
import {
  methods,
  type RequestInitOf,
  type ResponseOf,
  type RpcName,
  type StreamingRpcName,
  type UnaryRpcName,
} from '../../cri-api/methods.ts';
import { slowness } from './wait.ts';

/** A status code by its name: `NOT_FOUND`. */
export type StatusName = keyof typeof grpcStatus;

/** What a call that failed answered. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: StatusName;
  readonly details: string;

  constructor(rpc: string, failure: { readonly code: StatusName; readonly details: string }) {
    super(`${rpc}: ${failure.code}: ${failure.details}`);
    this.code = failure.code;
    this.details = failure.details;
  }
}

export type CallSettings = {
  /** Default 30 s; null: none. */
  readonly timeoutMs?: number | null;
  readonly signal?: AbortSignal;
};

const defaultTimeoutMs = 30_000;
/** As the kubelet's client. */
const maxMessageBytes = 16 * 1024 * 1024;

export class CriClient implements Disposable {
  readonly #client: Client;

  constructor(socketPath: string) {
    this.#client = new Client(`unix://${socketPath}`, credentials.createInsecure(), {
      'grpc.max_receive_message_length': maxMessageBytes,
      'grpc.max_send_message_length': maxMessageBytes * 4,
      'grpc.initial_reconnect_backoff_ms': 50,
      'grpc.min_reconnect_backoff_ms': 50,
      'grpc.max_reconnect_backoff_ms': 200,
      'grpc.default_authority': 'localhost',
      // Each client is a connection of its own, so that one test's cancelled streams are not another's.
      'grpc.use_local_subchannel_pool': 1,
    });
  }

  /** @throws RpcError */
  async call<Name extends UnaryRpcName>(
    name: Name,
    request: RequestInitOf<Name>,
    settings: CallSettings = {},
  ): Promise<ResponseOf<Name>> {
    const { request: input, response: output } = methods[name];
    // The table gives each name its own codecs, which a generic index loses.
    const bytes = await this.callRaw(name, (input.encode as (message: unknown) => Buffer)(request), settings);
    return output.decode(bytes) as ResponseOf<Name>;
  }

  /** Sends bytes as they are: for messages that no codec would write. @throws RpcError */
  async callRaw(name: UnaryRpcName, request: Buffer, settings: CallSettings = {}): Promise<Buffer> {
    const answered = Promise.withResolvers<Buffer>();
    const call = this.#client.makeUnaryRequest<Buffer, Buffer>(
      methods[name].path,
      (bytes) => bytes,
      (bytes) => bytes,
      request,
      new Metadata({ waitForReady: true }),
      options(settings),
      (error, bytes) => {
        if (error !== null) answered.reject(toRpcError(name, error));
        else answered.resolve(bytes ?? Buffer.alloc(0));
      },
    );
    const cancel = (): void => call.cancel();
    settings.signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await answered.promise;
    } finally {
      settings.signal?.removeEventListener('abort', cancel);
    }
  }

  /** The answers of a streaming call; ending the loop cancels it. @throws RpcError */
  async *stream<Name extends StreamingRpcName>(
    name: Name,
    request: RequestInitOf<Name>,
    settings: CallSettings = {},
  ): AsyncGenerator<ResponseOf<Name>> {
    const { request: input, response: output, path } = methods[name];
    const call = this.#client.makeServerStreamRequest<unknown, unknown>(
      path,
      input.encode as (message: unknown) => Buffer,
      output.decode,
      request,
      new Metadata({ waitForReady: true }),
      options({ timeoutMs: settings.timeoutMs ?? null }),
    );
    const cancel = (): void => call.cancel();
    settings.signal?.addEventListener('abort', cancel, { once: true });
    try {
      for await (const message of call) yield message as ResponseOf<Name>;
    } catch (error) {
      if (isServiceError(error)) throw toRpcError(name, error);
      throw error;
    } finally {
      settings.signal?.removeEventListener('abort', cancel);
      call.cancel();
    }
  }

  close(): void {
    this.#client.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function options(settings: CallSettings): CallOptions {
  if (settings.timeoutMs === null) return {};
  return { deadline: Date.now() + (settings.timeoutMs ?? defaultTimeoutMs) * slowness };
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error;
}

function toRpcError(name: RpcName, error: ServiceError): RpcError {
  const code = grpcStatus[error.code] as StatusName;
  return new RpcError(name, { code, details: error.details });
}

/** The status code with which a call fails; `OK` when it does not. */
export async function codeOf(call: Promise<unknown>): Promise<StatusName> {
  try {
    await call;
    return 'OK';
  } catch (error) {
    if (error instanceof RpcError) return error.code;
    throw error;
  }
}
