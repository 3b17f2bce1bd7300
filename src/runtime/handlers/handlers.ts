/**
 * The runtime handlers of the configuration: which there are, what each can do on this machine, and why one cannot work.
 * A pod that names an unusable handler is refused with that reason. A trial is repeated only when it came to no end in its
 * time, as on a node that is starting: the next pod of that handler waits for another one.
 */
import { CommandError, CriError, failedPrecondition, invalid, messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { sleepMs } from '../../base/time.ts';
import { faultsOf } from '../../spec/runtime-faults.ts';
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

/** What is known of one handler. */
type Trial = {
  readonly runtime: OciRuntime;
  /** The last trial that was begun. */
  running: Promise<Handler>;
  /** What the last trial that ended has found. */
  found: Handler | null;
  /** True: it was given up, and says nothing of the runtime. */
  isUnfinished: boolean;
};

/** Status answers at once, whatever a runtime does. */
const reportPatienceMs = 1_000;

export class Handlers {
  readonly defaultName: string;
  readonly #options: HandlersOptions;
  readonly #trials: ReadonlyMap<string, Trial>;

  constructor(options: HandlersOptions) {
    this.defaultName = options.defaultName;
    this.#options = options;
    this.#trials = new Map(options.runtimes.map((runtime) => [runtime.name, this.#begin(runtime)]));
  }

  /** All handlers with what is known of them after a second at most. */
  async reports(): Promise<readonly HandlerReport[]> {
    const trials = [...this.#trials.values()];
    if (trials.some(({ found }) => found === null)) {
      const patience = new AbortController();
      await Promise.race([this.settled(), sleepMs(reportPatienceMs, patience.signal).catch(() => undefined)]);
      patience.abort();
    }
    return trials.map(({ found, runtime }) => found?.report ?? unusable(runtime, 'it is being tried out'));
  }

  /** Resolves when every trial has ended: none may be left behind by an orderly end. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#trials.values()].map(async (trial) => await trial.running));
  }

  /** The handler that a request names; `` is the default. @throws UnknownHandler, HandlerUnusable */
  async require(name: string): Promise<Handler> {
    const trial = this.#trial(name);
    const begun = trial.running;
    await begun;
    // Of several that waited for the same one, the first begins another.
    if (trial.isUnfinished && trial.running === begun) trial.running = this.#finish(trial);
    const handler = await trial.running;
    handler.runtime.serve();
    if (handler.report.fault === null) return handler;
    throw failedPrecondition(
      'HandlerUnusable',
      `runtime handler "${handler.report.name}" cannot work here: ${handler.report.fault}`,
    );
  }

  /** Like `require`, for containers that exist already. @throws UnknownHandler */
  async get(name: string): Promise<Handler> {
    const handler = await this.#trial(name).running;
    handler.runtime.serve();
    return handler;
  }

  #trial(name: string): Trial {
    const trial = this.#trials.get(name === '' ? this.defaultName : name);
    if (trial !== undefined) return trial;
    const known = [...this.#trials.keys()].map((each) => `"${each}"`).join(', ');
    throw invalid(
      'UnknownHandler',
      `runtime handler ${JSON.stringify(name.slice(0, 80))}: expected one of ${known}`,
    );
  }

  #begin(runtime: OciRuntime): Trial {
    const none = Promise.resolve({ runtime, report: unusable(runtime, 'it was not tried out') });
    const trial: Trial = { runtime, running: none, found: null, isUnfinished: false };
    trial.running = this.#finish(trial);
    return trial;
  }

  async #finish(trial: Trial): Promise<Handler> {
    const { runtime } = trial;
    const { log, probe } = this.#options;
    const { name, path } = runtime;
    try {
      const { version, features } = await probe(runtime);
      warnOfFaults(log, name, version);
      const { userNamespaceFault } = features;
      if (userNamespaceFault !== null)
        log.warn({ handler: name, fault: userNamespaceFault }, 'no user namespaces with this handler');
      trial.isUnfinished = false;
      trial.found = { runtime, report: { name, path, version, features, fault: null } };
    } catch (error) {
      const fault = messageOf(error);
      log.warn({ handler: name, fault }, 'runtime handler cannot work on this machine');
      trial.isUnfinished = isTimeout(error);
      trial.found = { runtime, report: unusable(runtime, fault) };
    }
    return trial.found;
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

/** Of the trial as a whole, or of one program in it. */
function isTimeout(error: unknown): boolean {
  if (error instanceof CommandError) return error.failure.isTimedOut;
  return error instanceof CriError && error.reason === 'StepTimedOut';
}

function unusable({ name, path }: OciRuntime, fault: string): HandlerReport {
  return { name, path, version: '', features: noFeatures, fault };
}
