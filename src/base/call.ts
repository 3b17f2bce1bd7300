/**
 * What every story knows of the call it serves; the gRPC side stays in `server/`.
 */
import type { Log } from './log.ts';

export type Call = {
  /** Fires when the client has gone or its deadline has passed. */
  readonly signal: AbortSignal;
  /** Bound to the RPC's name and a request number. */
  readonly log: Log;
  /** Milliseconds until the client's deadline; null: it set none. */
  readonly remainingMs: () => number | null;
};
