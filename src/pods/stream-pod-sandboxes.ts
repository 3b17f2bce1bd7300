/**
 * StreamPodSandboxes: ListPodSandbox in parts, as of the moment of the call. Source: CRI StreamPodSandboxesRequest; KEP-5825.
 */
import {
  PodSandbox,
  type StreamPodSandboxesRequest,
  type StreamPodSandboxesResponseInit,
} from '../../cri-api/runtime-v1.ts';
import { inBatches } from '../base/batches.ts';
import type { Services } from '../services.ts';
import { listPodSandbox } from './list-pod-sandbox.ts';

export async function* streamPodSandboxes(
  services: Pick<Services, 'store'>,
  request: StreamPodSandboxesRequest,
): AsyncGenerator<StreamPodSandboxesResponseInit> {
  const { items = [] } = await listPodSandbox(services, request);
  for await (const podSandboxes of inBatches(items, (item) => PodSandbox.encode(item).length)) {
    yield { podSandboxes };
  }
}
