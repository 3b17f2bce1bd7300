/**
 * Metrics as Prometheus reads them, by prom-client: counters and histograms of calls and of pulls. Their names are those
 * of CRI-O where they mean the same, with the prefix `cri_ts_`.
 * Source: features.md 1.5; Prometheus text format 0.0.4.
 */
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import type { CallObserver } from '../dispatch.ts';
import type { Meters } from './meters.ts';
import { pullMeters } from './pull-meters.ts';

/** Of calls: a List takes one millisecond, a pull minutes. */
const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

export type PrometheusMeters = Meters & { readonly registry: Registry };

export function prometheusMeters(): PrometheusMeters {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const oom = new Counter({
    name: 'cri_ts_containers_oom_total',
    help: 'Containers in which the kernel killed a process for memory.',
    registers,
  });
  const damaged = new Counter({
    name: 'cri_ts_damaged_records_total',
    help: 'Records that were set aside because they were damaged.',
    registers,
  });
  const refused = new Counter({
    name: 'cri_ts_containers_seccomp_notifier_count_total',
    help: 'System calls that were refused to containers with a seccomp notifier.',
    labelNames: ['syscall'],
    registers,
  });
  return {
    registry,
    callEnded: callMeter(registry),
    observePull: pullMeters(registry),
    outOfMemory: () => oom.inc(),
    recordDamaged: () => damaged.inc(),
    syscallRefused: (syscall) => refused.inc({ syscall }),
  };
}

function callMeter(registry: Registry): CallObserver {
  const registers = [registry];
  const total = new Counter({
    name: 'cri_ts_operations_total',
    help: 'Calls of the CRI that have ended.',
    labelNames: ['operation'],
    registers,
  });
  const errors = new Counter({
    name: 'cri_ts_operations_errors_total',
    help: 'Calls of the CRI that failed, by gRPC code and by the reason that the log gives, too.',
    labelNames: ['operation', 'code', 'reason'],
    registers,
  });
  const latency = new Histogram({
    name: 'cri_ts_operations_latency_seconds',
    help: 'How long calls of the CRI took.',
    labelNames: ['operation'],
    buckets: latencyBuckets,
    registers,
  });
  return ({ rpc: operation, durationMs, failure }) => {
    total.inc({ operation });
    latency.observe({ operation }, durationMs / 1000);
    if (failure !== null) errors.inc({ operation, code: failure.code, reason: failure.reason });
  };
}
