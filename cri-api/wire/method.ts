/** One remote procedure: its names, its two codecs, and whether it answers once or with a stream. */
import type { Codec } from './codec.ts';

/** The two services of the CRI. */
export type ServiceName = 'runtime.v1.RuntimeService' | 'runtime.v1.ImageService';

export type MethodParts<Request, RequestInit, Response, ResponseInit, Streaming extends boolean> = {
  readonly service: ServiceName;
  readonly rpc: string;
  readonly request: Codec<Request, RequestInit>;
  readonly response: Codec<Response, ResponseInit>;
  readonly isServerStreaming: Streaming;
};

export type Method<Request, RequestInit, Response, ResponseInit, Streaming extends boolean> = MethodParts<
  Request,
  RequestInit,
  Response,
  ResponseInit,
  Streaming
> & {
  /** Of the HTTP/2 request: `/runtime.v1.RuntimeService/Version`. */
  readonly path: string;
};

/** Used by generated code only. */
export function defineMethod<Request, RequestInit, Response, ResponseInit, const Streaming extends boolean>(
  parts: MethodParts<Request, RequestInit, Response, ResponseInit, Streaming>,
): Method<Request, RequestInit, Response, ResponseInit, Streaming> {
  return { ...parts, path: `/${parts.service}/${parts.rpc}` };
}
