/**
 * Counts what pulls tell of themselves: bytes, layers that were there already, how pulls ended.
 */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { CriError } from '../../base/errors.ts';
import type { Digest } from '../../base/ids.ts';
import type { ObservePull, ProgressEvent } from '../../images/progress.ts';

const mib = 1024 * 1024;
const sizeBuckets = [0.1, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 5000].map((size) => size * mib);
const durationBuckets = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800];

type PullMetrics = ReturnType<typeof metricsIn>;

export function pullMeters(registry: Registry): ObservePull {
  const metrics = metricsIn(registry);
  return () => {
    metrics.inProgress.inc();
    const pull = new CountedPull(metrics);
    return (event) => pull.take(event);
  };
}

/** One pull. An event may come twice, and bytes may fall when a layer is sent again: only what is new is counted. */
class CountedPull {
  readonly #metrics: PullMetrics;
  readonly #startedAtMs = performance.now();
  readonly #received = new Map<Digest, number>();

  constructor(metrics: PullMetrics) {
    this.#metrics = metrics;
  }

  take(event: ProgressEvent): void {
    if (event.kind === 'layers') this.#outline(event.layers);
    else if (event.kind === 'bytes') this.#count(event.digest, event.receivedBytes);
    else if (event.kind === 'ended') this.#end(event.failure);
  }

  #outline(layers: Extract<ProgressEvent, { kind: 'layers' }>['layers']): void {
    for (const { sizeBytes, state } of layers) {
      this.#metrics.layerSize.observe(sizeBytes);
      if (state !== 'present') continue;
      this.#metrics.reused.inc();
      this.#metrics.skippedBytes.inc(sizeBytes);
    }
  }

  #count(digest: Digest, receivedBytes: number): void {
    const before = this.#received.get(digest) ?? 0;
    // After it fell, what comes is received once more.
    if (receivedBytes > before) this.#metrics.bytes.inc(receivedBytes - before);
    this.#received.set(digest, receivedBytes);
  }

  #end(failure: unknown): void {
    this.#metrics.inProgress.dec();
    if (failure === null) {
      this.#metrics.success.inc();
      this.#metrics.seconds.observe((performance.now() - this.#startedAtMs) / 1000);
    } else this.#metrics.failure.inc({ reason: failure instanceof CriError ? failure.reason : 'Unexpected' });
  }
}

// oxlint-disable-next-line max-lines-per-function -- a table of names
function metricsIn(registry: Registry) {
  const registers = [registry];
  return {
    bytes: new Counter({
      name: 'cri_ts_image_pulls_bytes_total',
      help: 'Bytes of layers received from registries.',
      registers,
    }),
    skippedBytes: new Counter({
      name: 'cri_ts_image_pulls_skipped_bytes_total',
      help: 'Bytes of layers that need not be received because they were there.',
      registers,
    }),
    reused: new Counter({
      name: 'cri_ts_image_layer_reuse_total',
      help: 'Layers of pulled images that were there already.',
      registers,
    }),
    success: new Counter({
      name: 'cri_ts_image_pulls_success_total',
      help: 'Pulls that brought their image, or found it up to date.',
      registers,
    }),
    failure: new Counter({
      name: 'cri_ts_image_pulls_failure_total',
      help: 'Pulls that failed, by reason.',
      labelNames: ['reason'],
      registers,
    }),
    inProgress: new Gauge({
      name: 'cri_ts_image_pulls_in_progress',
      help: 'Pulls that run now; callers who joined one are not counted again.',
      registers,
    }),
    layerSize: new Histogram({
      name: 'cri_ts_image_pulls_layer_size',
      help: 'Sizes in bytes of the layers of pulled images, as the registry has them.',
      buckets: sizeBuckets,
      registers,
    }),
    seconds: new Histogram({
      name: 'cri_ts_image_pull_seconds',
      help: 'How long pulls took that succeeded.',
      buckets: durationBuckets,
      registers,
    }),
  };
}
