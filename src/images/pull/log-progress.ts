/**
 * The log lines of a pull: what there is to fetch, how far it is every ten seconds, and how fast it was in the end. A pull
 * that finds everything present says nothing here.
 */
import type { Digest } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import type { LayerOutline, Observer, ObservePull, ProgressEvent } from '../progress.ts';

const lineEveryMs = 10_000;

export function logPulls(log: Log, everyMs = lineEveryMs): ObservePull {
  return ({ name }) => {
    const pull = new LoggedPull(log.child({ name }), everyMs);
    return (event) => pull.take(event);
  };
}

/** Tells several observers the same. */
export function observeAll(makers: readonly ObservePull[]): ObservePull {
  return (pull) => {
    const observers = makers.map((make): Observer => make(pull));
    return (event) => {
      for (const observe of observers) observe(event);
    };
  };
}

class LoggedPull {
  readonly #log: Log;
  readonly #everyMs: number;
  readonly #startedAtMs = performance.now();
  readonly #received = new Map<Digest, number>();
  #totalBytes = 0;
  #timer: NodeJS.Timeout | null = null;
  #lastBytes = 0;

  constructor(log: Log, everyMs: number) {
    this.#log = log;
    this.#everyMs = everyMs;
  }

  take(event: ProgressEvent): void {
    if (event.kind === 'layers') this.#begin(event.layers);
    else if (event.kind === 'bytes') this.#received.set(event.digest, event.receivedBytes);
    else if (event.kind === 'ended') this.#end(event.failure);
  }

  #begin(layers: readonly LayerOutline[]): void {
    const waiting = layers.filter(({ state }) => state === 'waiting');
    if (waiting.length === 0) return;
    this.#totalBytes = waiting.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const counts = { layers: layers.length, missing: waiting.length };
    this.#log.info({ ...counts, totalBytes: this.#totalBytes }, 'pull: layers');
    // A short name that a second registry has begins again.
    clearInterval(this.#timer ?? undefined);
    this.#timer = setInterval(() => this.#tell(), this.#everyMs);
    this.#timer.unref();
  }

  #tell(): void {
    const receivedBytes = this.#receivedBytes();
    const megabytesPerSecond = rate(receivedBytes - this.#lastBytes, this.#everyMs);
    this.#lastBytes = receivedBytes;
    this.#log.info({ receivedBytes, totalBytes: this.#totalBytes, megabytesPerSecond }, 'pull: under way');
  }

  #end(failure: unknown): void {
    clearInterval(this.#timer ?? undefined);
    const durationMs = Math.round(performance.now() - this.#startedAtMs);
    const receivedBytes = this.#receivedBytes();
    if (receivedBytes === 0) return;
    const line = { receivedBytes, durationMs, megabytesPerSecond: rate(receivedBytes, durationMs) };
    this.#log.info(line, failure === null ? 'pull: received' : 'pull: ended early');
  }

  #receivedBytes(): number {
    return [...this.#received.values()].reduce((sum, bytes) => sum + bytes, 0);
  }
}

/** 10^6 bytes a second, to one decimal. */
function rate(bytes: number, durationMs: number): number {
  return durationMs <= 0 ? 0 : Math.max(0, Math.round(bytes / durationMs / 100) / 10);
}
