/**
 * UpdateRuntimeConfig: the kubelet tells the node's pod CIDR. Addresses are the CNI plugins' business, so it is noted in
 * the log and answered OK; the kubelet would repeat it for ever otherwise. Source: CRI UpdateRuntimeConfigRequest.
 */
import type {
  UpdateRuntimeConfigRequest,
  UpdateRuntimeConfigResponseInit,
} from '../../cri-api/runtime-v1.ts';
import type { Call } from '../base/call.ts';

export async function updateRuntimeConfig(
  request: UpdateRuntimeConfigRequest,
  call: Call,
): Promise<UpdateRuntimeConfigResponseInit> {
  const podCidr = request.runtimeConfig?.networkConfig?.podCidr ?? '';
  call.log.info(
    { podCidr },
    'pod CIDR told by the kubelet; CNI plugins choose addresses by their own configuration',
  );
  return {};
}
