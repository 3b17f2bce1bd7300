/**
 * From bytes to stories and back, the same for all 43 calls: decode, serve, log, encode, or turn the failure into a status.
 * A story never sees gRPC; a call that nobody serves is answered UNIMPLEMENTED with its name.
 */
import {
  methods,
  rpcNames,
  type ResponseInitOf,
  type RpcName,
  type StreamingHandlers,
  type UnaryHandlers,
} from '../../cri-api/methods.ts';
import { CodecError } from '../../cri-api/runtime-v1.ts';
import type { Call } from '../base/call.ts';
import { CriError, deadlineExceeded, invalid, unimplemented } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { RawAnswer, RawCall, RawMethod } from './grpc.ts';
import { grpcCodeName, toGrpcStatus, type GrpcStatus } from './status.ts';

/** The stories behind the calls, by the calls' names; what is missing is UNIMPLEMENTED. */
export type Stories = Partial<UnaryHandlers<[call: Call]> & StreamingHandlers<[call: Call]>>;

/** Told of every call when it has ended. */
export type CallObserver = (outcome: {
  readonly rpc: string;
  readonly durationMs: number;
  /** Null: it succeeded. `code` is gRPC's name: `NOT_FOUND`. */
  readonly failure: { readonly code: string; readonly reason: string } | null;
}) => void;

export type DispatchOptions = {
  readonly stories: Stories;
  readonly log: Log;
  readonly onEnded: CallObserver;
};

/** The methods as a gRPC server takes them. */
export function dispatchMethods(options: DispatchOptions): readonly RawMethod[] {
  return rpcNames.map((rpc) => {
    const { path, isServerStreaming } = methods[rpc];
    if (isServerStreaming) {
      return {
        path,
        serve: {
          kind: 'stream',
          run: async (request, raw, write) => await runStream({ rpc, options, request, raw, write }),
        },
      };
    }
    return {
      path,
      serve: { kind: 'unary', run: async (request, raw) => await runUnary({ rpc, options, request, raw }) },
    };
  });
}

type Run = {
  readonly rpc: RpcName;
  readonly options: DispatchOptions;
  readonly request: Buffer;
  readonly raw: RawCall;
};

/** Calls that come several times a second for every pod and say nothing when they go well. */
const chatty: ReadonlySet<RpcName> = new Set<RpcName>([
  'Version',
  'Status',
  'ListPodSandbox',
  'ListContainers',
  'PodSandboxStatus',
  'ContainerStatus',
  'ListImages',
  'ImageStatus',
  'ImageFsInfo',
  'ListContainerStats',
  'ContainerStats',
  'ListPodSandboxStats',
  'PodSandboxStats',
  'ListPodSandboxMetrics',
  'ListMetricDescriptors',
  'StreamPodSandboxes',
  'StreamContainers',
  'StreamContainerStats',
  'StreamPodSandboxStats',
  'StreamPodSandboxMetrics',
  'StreamImages',
  'ExecSync',
  'RuntimeConfig',
]);

async function runUnary(run: Run): Promise<RawAnswer> {
  const outcome = await observed(run, async (call) => {
    // The table pairs each name with its codecs and its handler's types; the union over all names cannot say so.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- paired by `methods` and `Stories`
    const story = run.options.stories[run.rpc] as
      ((request: unknown, call: Call) => Promise<ResponseInitOf<'Version'>>) | undefined;
    if (story === undefined) throw notServed(run.rpc);
    const answer = await story(decodeRequest(run), call);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the story's own answer, see above
    return methods[run.rpc].response.encode(answer as never);
  });
  return 'status' in outcome ? outcome : { message: outcome.value };
}

async function runStream(
  run: Run & { readonly write: (message: Buffer) => Promise<void> },
): Promise<GrpcStatus | null> {
  const outcome = await observed(run, async (call) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- paired by `methods` and `Stories`
    const story = run.options.stories[run.rpc] as
      ((request: unknown, call: Call) => AsyncIterable<unknown>) | undefined;
    if (story === undefined) throw notServed(run.rpc);
    for await (const answer of story(decodeRequest(run), call)) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the story's own answer, see above
      await run.write(methods[run.rpc].response.encode(answer as never));
    }
  });
  return 'status' in outcome ? outcome.status : null;
}

let callCount = 0;

async function observed<T>(
  run: Run,
  serve: (call: Call) => Promise<T>,
): Promise<{ readonly value: T } | { readonly status: GrpcStatus }> {
  const { rpc, options, raw } = run;
  callCount += 1;
  const log = options.log.child({ rpc, call: callCount });
  const startedAtMs = performance.now();
  const remainingMs = (): number | null => (raw.deadlineMs === null ? null : raw.deadlineMs - Date.now());
  try {
    const value = await serve({ signal: raw.signal, log, remainingMs });
    finish(null);
    return { value };
  } catch (error) {
    const status = toGrpcStatus(
      isClientDeadline(error, raw)
        ? deadlineExceeded('ClientDeadline', `${rpc}: the client's deadline passed`)
        : error,
    );
    const durationMs = finish({ code: grpcCodeName(status.code), reason: status.reason });
    const line = { durationMs, code: status.code, reason: status.reason };
    if (status.isUnexpected) log.error({ ...line, err: error }, status.details);
    else log.warn(line, status.details);
    return { status };
  }

  function finish(failure: Parameters<CallObserver>[0]['failure']): number {
    const durationMs = Math.round((performance.now() - startedAtMs) * 10) / 10;
    options.onEnded({ rpc, durationMs, failure });
    if (failure === null) log[chatty.has(rpc) ? 'debug' : 'info']({ durationMs }, rpc);
    return durationMs;
  }
}

function isClientDeadline(error: unknown, raw: RawCall): boolean {
  return (
    raw.signal.aborted && isGivenUp(error, raw) && raw.deadlineMs !== null && Date.now() >= raw.deadlineMs
  );
}

/** The call was ended by the client's leaving, here or in work that it shared with others. */
function isGivenUp(error: unknown, raw: RawCall): boolean {
  return error === raw.signal.reason || (error instanceof CriError && error.code === 'canceled');
}

function decodeRequest(run: Run): unknown {
  try {
    return methods[run.rpc].request.decode(run.request);
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    throw invalid('BadRequest', `${run.rpc} request: cannot be decoded`, { cause: error });
  }
}

function notServed(rpc: RpcName): Error {
  return unimplemented('NotServed', `${rpc} is not implemented by cri-ts yet`);
}
