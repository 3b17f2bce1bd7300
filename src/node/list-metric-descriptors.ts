/**
 * ListMetricDescriptors: every metric that ListPodSandboxMetrics may tell. The same for as long as the daemon is: the kubelet
 * asks once. Source: CRI ListMetricDescriptorsRequest; KEP-2371.
 */
import type { ListMetricDescriptorsResponseInit } from '../../cri-api/runtime-v1.ts';
import { metricDescriptors } from '../stats/metrics/describe-metrics.ts';

export async function listMetricDescriptors(): Promise<ListMetricDescriptorsResponseInit> {
  return { descriptors: metricDescriptors };
}
