/**
 * The 43 calls of the CRI and the types of their handlers, so that a server or a client is one checked object. It knows no gRPC
 * library; `serviceDefinition` has the shape that such libraries take.
 */
import { methods } from './generated/methods.ts';
import type { Method, ServiceName } from './wire/method.ts';

export { methods } from './generated/methods.ts';
export type { Method, ServiceName } from './wire/method.ts';

type Methods = typeof methods;

/** Name of a call: `RunPodSandbox`. Unique over both services. */
export type RpcName = keyof Methods;
/** Calls with a stream of answers. */
export type StreamingRpcName = {
  [Name in RpcName]: Methods[Name]['isServerStreaming'] extends true ? Name : never;
}[RpcName];
/** Calls with one answer. */
export type UnaryRpcName = Exclude<RpcName, StreamingRpcName>;

/** The request as decoded. */
export type RequestOf<Name extends RpcName> = ReturnType<Methods[Name]['request']['decode']>;
/** The request as encoding takes it. */
export type RequestInitOf<Name extends RpcName> = Parameters<Methods[Name]['request']['encode']>[0];
/** The answer as decoded. */
export type ResponseOf<Name extends RpcName> = ReturnType<Methods[Name]['response']['decode']>;
/** The answer as encoding takes it. */
export type ResponseInitOf<Name extends RpcName> = Parameters<Methods[Name]['response']['encode']>[0];

/** One function for each unary call; `Context` are further arguments (a deadline, a signal). */
export type UnaryHandlers<Context extends readonly unknown[] = []> = {
  readonly [Name in UnaryRpcName]: (
    request: RequestOf<Name>,
    ...context: Context
  ) => Promise<ResponseInitOf<Name>>;
};

/** One function for each streaming call. */
export type StreamingHandlers<Context extends readonly unknown[] = []> = {
  readonly [Name in StreamingRpcName]: (
    request: RequestOf<Name>,
    ...context: Context
  ) => AsyncIterable<ResponseInitOf<Name>>;
};

export const rpcNames: readonly RpcName[] = Object.freeze(Object.keys(methods).filter(isRpcName));

export function isRpcName(name: string): name is RpcName {
  return Object.hasOwn(methods, name);
}

export function isStreamingRpcName(name: RpcName): name is StreamingRpcName {
  return methods[name].isServerStreaming;
}

/** What @grpc/grpc-js calls a MethodDefinition, here for messages of any type. */
export type GrpcMethod = {
  readonly path: string;
  readonly originalName: string;
  readonly requestStream: false;
  readonly responseStream: boolean;
  readonly requestSerialize: (request: unknown) => Buffer;
  readonly requestDeserialize: (bytes: Buffer) => unknown;
  readonly responseSerialize: (response: unknown) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => unknown;
};

/**
 * The calls of one service, as @grpc/grpc-js wants them in `server.addService` and
 * `makeGenericClientConstructor`.
 */
export function serviceDefinition(service: ServiceName): Readonly<Record<string, GrpcMethod>> {
  const own = rpcNames.filter((name) => methods[name].service === service);
  return Object.fromEntries(own.map((name) => [name, grpcMethod(methods[name])]));
}

function grpcMethod(method: Method<unknown, unknown, unknown, unknown, boolean>): GrpcMethod {
  const { request, response } = method;
  return {
    path: method.path,
    originalName: method.rpc,
    requestStream: false,
    responseStream: method.isServerStreaming,
    requestSerialize: request.encode,
    requestDeserialize: request.decode,
    responseSerialize: response.encode,
    responseDeserialize: response.decode,
  };
}
