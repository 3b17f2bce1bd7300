/**
 * Metrics in the words of the CRI. Pure. Source: CRI MetricDescriptor, Metric: label values stand in the order of the
 * descriptor's keys, one for each.
 */
import { MetricType, type MetricDescriptorInit, type MetricInit } from '../../../cri-api/runtime-v1.ts';
import type { ContainerRecord } from '../../store/container-record.ts';
import type { PodRecord } from '../../store/pod-record.ts';
import { baseLabels, metricTable, type Reading } from './metric-table.ts';

export const metricDescriptors: readonly MetricDescriptorInit[] = Object.entries(metricTable).map(
  ([name, { help, labels }]) => ({ name, help, labelKeys: [...baseLabels, ...labels] }),
);

/** In the order of `baseLabels`. */
export type BaseLabelValues = readonly [
  id: string,
  image: string,
  namespace: string,
  pod: string,
  container: string,
];

export function podLabels(pod: PodRecord): BaseLabelValues {
  const { name = '', namespace = '' } = pod.config.metadata ?? {};
  return [pod.id, '', namespace, name, 'POD'];
}

export function containerLabels(pod: PodRecord, record: ContainerRecord): BaseLabelValues {
  const { name = '', namespace = '' } = pod.config.metadata ?? {};
  return [record.id, record.imageName, namespace, name, record.config.metadata?.name ?? ''];
}

export function describeReadings(
  readings: readonly Reading[],
  base: BaseLabelValues,
  timestamp: bigint,
): readonly MetricInit[] {
  return readings.map(({ name, value, labels = [] }) => ({
    name,
    timestamp,
    metricType: metricTable[name].kind === 'counter' ? MetricType.COUNTER : MetricType.GAUGE,
    labelValues: [...base, ...labels],
    value: { value },
  }));
}
