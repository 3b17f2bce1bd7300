/**
 * A small client of the daemon's own socket, for the commands that ask it as a kubelet would. The daemon itself never
 * imports this file.
 */
// oxlint-disable-next-line no-restricted-imports -- the one client; server/grpc.ts is the one server
import { credentials, Client, status, type ServiceError } from '@grpc/grpc-js';
import {
  methods,
  serviceDefinition,
  type GrpcMethod,
  type RequestInitOf,
  type ResponseOf,
  type UnaryRpcName,
} from '../../cri-api/methods.ts';
import { unavailable } from '../base/errors.ts';

const definitions = {
  'runtime.v1.RuntimeService': serviceDefinition('runtime.v1.RuntimeService'),
  'runtime.v1.ImageService': serviceDefinition('runtime.v1.ImageService'),
};
const maxMessageBytes = 16 * 1024 * 1024;

/** The daemon refused a call. `code` is gRPC's name for it: `NOT_FOUND`. */
class CallError extends Error {
  override readonly name = 'CallError';
  readonly rpc: string;
  readonly code: string;

  constructor(rpc: string, cause: ServiceError) {
    // Without the cause: its message is these details once more.
    super(`${rpc}: ${cause.details === '' ? cause.message : cause.details}`);
    this.rpc = rpc;
    this.code = status[cause.code] ?? String(cause.code);
  }
}

export type CallBounds = { readonly timeoutMs: number; readonly signal?: AbortSignal };

export class CriClient implements Disposable {
  readonly #socketPath: string;
  readonly #client: Client;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
    this.#client = new Client(`unix:${socketPath}`, credentials.createInsecure(), {
      'grpc.max_receive_message_length': maxMessageBytes,
      'grpc.default_authority': 'localhost',
    });
  }

  /**
   * Makes one call, which is cancelled when the signal fires: the daemon then stops what it does for it.
   * @throws CallError as the daemon answered it, the signal's reason
   * @throws DaemonUnreachable when nobody serves the socket
   */
  async call<Name extends UnaryRpcName>(
    name: Name,
    request: RequestInitOf<Name>,
    bounds: CallBounds,
  ): Promise<ResponseOf<Name>> {
    const answer = await this.#send(name, request, bounds);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- decoded by the codec of this very call
    return answer as ResponseOf<Name>;
  }

  async #send(name: UnaryRpcName, request: unknown, bounds: CallBounds): Promise<unknown> {
    const { timeoutMs, signal } = bounds;
    signal?.throwIfAborted();
    const method = methodOf(name);
    const answered = Promise.withResolvers<unknown>();
    const sent = this.#client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      { deadline: Date.now() + timeoutMs },
      (error, response) => {
        if (error === null) answered.resolve(response);
        else answered.reject(signal?.aborted === true ? signal.reason : this.#explain(name, error));
      },
    );
    const cancel = (): void => sent.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await answered.promise;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  #explain(name: string, error: ServiceError): Error {
    const isGone = error.code === status.UNAVAILABLE && error.details.startsWith('No connection established');
    if (!isGone) return new CallError(name, error);
    return unavailable('DaemonUnreachable', `no daemon answers on "${this.#socketPath}"`);
  }

  close(): void {
    this.#client.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function methodOf(name: UnaryRpcName): GrpcMethod {
  const method = definitions[methods[name].service][name];
  if (method === undefined) throw new Error(`no CRI call "${name}"`);
  return method;
}
