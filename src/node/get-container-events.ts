/**
 * GetContainerEvents: what becomes of pods and containers from now on, until the client leaves. A client that does not read
 * gets the status RESOURCE_EXHAUSTED and has to list and subscribe again. Source: CRI GetEventsRequest; KEP-3386.
 */
import type { ContainerEventResponseInit, GetEventsRequest } from '../../cri-api/runtime-v1.ts';
import type { Call } from '../base/call.ts';
import type { Services } from '../services.ts';

/** @throws TooManySubscribers, EventsLost, ShuttingDown */
export async function* getContainerEvents(
  services: Pick<Services, 'events'>,
  _request: GetEventsRequest,
  call: Call,
): AsyncGenerator<ContainerEventResponseInit> {
  using subscription = services.events.subscribe();
  for (;;) yield await subscription.next(call.signal);
}
