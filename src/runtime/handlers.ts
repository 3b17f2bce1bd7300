/**
 * The runtime handlers of the configuration: which there are, what each can do on this machine, and why one cannot work.
 * A pod that names an unusable handler is refused with that reason; nothing is tried twice.
 */
import { failedPrecondition, invalid, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { faultsOf } from '../spec/runtime-faults.ts';
import type { OciRuntime } from './oci-runtime.ts';

export type HandlerFeatures = {
  readonly hasRecursiveReadonlyMounts: boolean;
  /** Why pods cannot have user namespaces; null: they can. */
  readonly userNamespaceFault: string | null;
  /** In a user namespace it binds what is mounted below a source as well. */
  readonly hasRecursiveUserBinds: boolean;
  /** Parts of CDI that need OCI 1.3. */
  readonly cdi: { readonly hasNetDevices: boolean; readonly hasRdtSchemata: boolean };
};

export type HandlerReport = {
  readonly name: string;
  readonly path: string;
  readonly version: string;
  readonly features: HandlerFeatures;
  /** Why it cannot run containers here; null: it can. */
  readonly fault: string | null;
};

export type Handler = { readonly runtime: OciRuntime; readonly report: HandlerReport };

export type HandlersOptions = {
  readonly runtimes: readonly OciRuntime[];
  readonly defaultName: string;
  readonly log: Log;
  /** Runs a trial container. @throws when the runtime cannot run one here */
  readonly probe: (
    runtime: OciRuntime,
  ) => Promise<{ readonly version: string; readonly features: HandlerFeatures }>;
};

export class Handlers {
  readonly defaultName: string;
  readonly #handlers: ReadonlyMap<string, Promise<Handler>>;

  constructor(options: HandlersOptions) {
    this.defaultName = options.defaultName;
    this.#handlers = new Map(options.runtimes.map((runtime) => [runtime.name, inspect(runtime, options)]));
  }

  /** All handlers with what was found out at start. */
  async reports(): Promise<readonly HandlerReport[]> {
    const handlers = await Promise.all(this.#handlers.values());
    return handlers.map((handler) => handler.report);
  }

  /** Resolves when every trial has ended: none may be left behind by an orderly end. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#handlers.values());
  }

  /** The handler that a request names; `` is the default. @throws UnknownHandler, HandlerUnusable */
  async require(name: string): Promise<Handler> {
    const handler = await this.get(name);
    if (handler.report.fault === null) return handler;
    throw failedPrecondition(
      'HandlerUnusable',
      `runtime handler "${handler.report.name}" cannot work here: ${handler.report.fault}`,
    );
  }

  /** Like `require`, for containers that exist already. @throws UnknownHandler */
  async get(name: string): Promise<Handler> {
    const wanted = name === '' ? this.defaultName : name;
    const handler = this.#handlers.get(wanted);
    if (handler !== undefined) return await handler;
    const known = [...this.#handlers.keys()].map((each) => `"${each}"`).join(', ');
    throw invalid(
      'UnknownHandler',
      `runtime handler ${JSON.stringify(wanted.slice(0, 80))}: expected one of ${known}`,
    );
  }
}

/** Told once, at the start; Status tells it too. */
function warnOfFaults(log: Log, handler: string, version: string): void {
  const faults = faultsOf(version);
  if (faults.length === 0) return;
  log.warn(
    { handler, version, faults },
    'runtime with known faults, unless the distribution has mended them',
  );
}

const noFeatures: HandlerFeatures = {
  hasRecursiveReadonlyMounts: false,
  userNamespaceFault: 'the handler cannot work at all',
  hasRecursiveUserBinds: false,
  cdi: { hasNetDevices: false, hasRdtSchemata: false },
};

async function inspect(runtime: OciRuntime, options: HandlersOptions): Promise<Handler> {
  const { name, path } = runtime;
  try {
    const { version, features } = await options.probe(runtime);
    warnOfFaults(options.log, name, version);
    return { runtime, report: { name, path, version, features, fault: null } };
  } catch (error) {
    const fault = messageOf(error);
    options.log.warn({ handler: name, fault }, 'runtime handler cannot work on this machine');
    return { runtime, report: { name, path, version: '', features: noFeatures, fault } };
  }
}
