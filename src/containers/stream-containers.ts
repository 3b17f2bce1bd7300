/**
 * StreamContainers: ListContainers in parts, as of the moment of the call. Source: CRI StreamContainersRequest; KEP-5825.
 */
import {
  Container,
  type StreamContainersRequest,
  type StreamContainersResponseInit,
} from '../../cri-api/runtime-v1.ts';
import { inBatches } from '../base/batches.ts';
import type { Services } from '../services.ts';
import { listContainers } from './list-containers.ts';

export async function* streamContainers(
  services: Pick<Services, 'store'>,
  request: StreamContainersRequest,
): AsyncGenerator<StreamContainersResponseInit> {
  const { containers: items = [] } = await listContainers(services, request);
  for await (const containers of inBatches(items, (item) => Container.encode(item).length)) {
    yield { containers };
  }
}
