/**
 * Who listens to what becomes of pods and containers. Each event is built once, in the moment of the change, and shared by
 * all subscribers; each of these has a queue of its own, bounded: one that does not read is closed and told so, and stalls
 * nobody. Without subscribers nothing is built.
 *
 *   store ──change──▶ events of it ──▶ queue ──▶ stream of a client that reads
 *                                  └─▶ queue (full) ──▶ closed: EventsLost
 */
import type { ContainerEventResponseInit } from '../../cri-api/runtime-v1.ts';
import { type CriError, exhausted, unavailable } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { raceSignal } from '../base/single-flight.ts';
import type { Store } from '../store/store.ts';
import { eventsOfContainer, eventsOfPod } from './event-of-change.ts';

export type EventLimits = {
  readonly subscribers: number;
  /** Of one subscriber, that its client has not taken yet. */
  readonly queued: number;
};

/** The kubelet's own channel holds a thousand. */
const defaultLimits: EventLimits = { subscribers: 256, queued: 1000 };

export class ContainerEvents {
  readonly #log: Log;
  readonly #limits: EventLimits;
  readonly #subscriptions = new Set<EventSubscription>();
  #isClosed = false;
  #lostCount = 0;

  constructor(store: Store, log: Log, limits: EventLimits = defaultLimits) {
    this.#log = log;
    this.#limits = limits;
    store.containers.onChange((change) => this.#tell(() => eventsOfContainer(store, change)));
    store.pods.onChange((change) => this.#tell(() => eventsOfPod(store, change)));
  }

  get subscriberCount(): number {
    return this.#subscriptions.size;
  }

  /** Events that some subscriber did not get since its queue was full. */
  get lostCount(): number {
    return this.#lostCount;
  }

  /** @throws TooManySubscribers, ShuttingDown */
  subscribe(): EventSubscription {
    if (this.#isClosed) throw shuttingDown();
    const { subscribers, queued } = this.#limits;
    if (this.#subscriptions.size >= subscribers)
      throw exhausted('TooManySubscribers', `container events: ${subscribers} subscribers at most`);
    const subscription = new EventSubscription(queued, () => this.#subscriptions.delete(subscription));
    this.#subscriptions.add(subscription);
    return subscription;
  }

  /** Ends all streams, so that a daemon that stops does not wait for them. */
  close(): void {
    this.#isClosed = true;
    for (const subscription of this.#subscriptions) subscription.end(shuttingDown());
  }

  #tell(build: () => readonly ContainerEventResponseInit[]): void {
    if (this.#subscriptions.size === 0) return;
    for (const event of build()) {
      for (const subscription of this.#subscriptions) {
        const lost = subscription.offer(event);
        if (lost === 0) continue;
        this.#lostCount += lost;
        this.#log.warn({ lost }, 'a subscriber to container events does not read: its stream is closed');
      }
    }
  }
}

/** One client's view. */
export class EventSubscription implements Disposable {
  readonly #limit: number;
  readonly #onEnded: () => void;
  #queue: ContainerEventResponseInit[] = [];
  #failure: CriError | null = null;
  #news = Promise.withResolvers<void>();

  constructor(limit: number, onEnded: () => void) {
    this.#limit = limit;
    this.#onEnded = onEnded;
  }

  /** @returns how many events are lost by it: 0 unless the queue was full, which ends the subscription */
  offer(event: ContainerEventResponseInit): number {
    if (this.#queue.length < this.#limit) {
      this.#queue.push(event);
      this.#news.resolve();
      return 0;
    }
    const lost = this.#queue.length + 1;
    this.#queue = [];
    this.end(
      exhausted(
        'EventsLost',
        `container events: ${lost} were not read and are lost; list pods and containers, then subscribe again`,
      ),
    );
    return lost;
  }

  /** What is queued is still given out, then the failure. */
  end(failure: CriError): void {
    this.#failure ??= failure;
    this.#onEnded();
    this.#news.resolve();
  }

  /** The next event, in order. @throws EventsLost, ShuttingDown, the signal's reason */
  async next(signal: AbortSignal): Promise<ContainerEventResponseInit> {
    for (;;) {
      const event = this.#queue.shift();
      if (event !== undefined) return event;
      if (this.#failure !== null) throw this.#failure;
      this.#news = Promise.withResolvers<void>();
      await raceSignal(this.#news.promise, signal);
    }
  }

  [Symbol.dispose](): void {
    this.#queue = [];
    this.#onEnded();
  }
}

function shuttingDown(): CriError {
  return unavailable('ShuttingDown', 'container events: the daemon stops');
}
