/**
 * All that the daemon knows of pods and containers, and how clients name them.
 */
import { join } from 'node:path';
import type { ContainerId, PodId } from '../base/ids.ts';
import { notFound, invalid } from '../base/errors.ts';
import { containerKind, type ContainerRecord } from './container-record.ts';
import { podKind, type PodRecord } from './pod-record.ts';
import { RecordFolder, type FolderOptions } from './record-file.ts';
import { RecordStore } from './record-store.ts';

export type StoreOptions = { readonly rootDir: string; readonly onDamaged: FolderOptions['onDamaged'] };

export class Store implements AsyncDisposable {
  readonly pods: RecordStore<PodId, PodRecord>;
  readonly containers: RecordStore<ContainerId, ContainerRecord>;

  private constructor(options: StoreOptions) {
    const folder = (name: string): RecordFolder =>
      new RecordFolder({ path: join(options.rootDir, name), onDamaged: options.onDamaged });
    this.pods = new RecordStore(folder('pods'), podKind);
    this.containers = new RecordStore(folder('containers'), containerKind);
  }

  /** Reads all records; damaged ones are set aside and reported. */
  static async open(options: StoreOptions): Promise<Store> {
    const store = new Store(options);
    await store.pods.load();
    await store.containers.load();
    return store;
  }

  /** Waits for what is being written. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.pods.settled();
    await this.containers.settled();
  }

  containersOf(podId: PodId): readonly ContainerRecord[] {
    return [...this.containers.all()].filter((record) => record.podId === podId);
  }

  /** The pod that a client means. @throws EmptyId, UnknownPod, AmbiguousId */
  pod(idOrPrefix: string): PodRecord {
    return named(this.pods, idOrPrefix, { kind: 'pod sandbox', reason: 'UnknownPod' });
  }

  /** Like `pod`, for calls in which an unknown one is success: null then. @throws EmptyId, AmbiguousId */
  podOrNull(idOrPrefix: string): PodRecord | null {
    return unlessUnknown(() => this.pod(idOrPrefix), 'UnknownPod');
  }

  /** The container that a client means. @throws EmptyId, UnknownContainer, AmbiguousId */
  container(idOrPrefix: string): ContainerRecord {
    return named(this.containers, idOrPrefix, { kind: 'container', reason: 'UnknownContainer' });
  }

  /** Like `container`, for calls in which an unknown one is success: null then. @throws EmptyId, AmbiguousId */
  containerOrNull(idOrPrefix: string): ContainerRecord | null {
    return unlessUnknown(() => this.container(idOrPrefix), 'UnknownContainer');
  }
}

type Naming = { readonly kind: string; readonly reason: string };

function named<Id extends string, R>(records: RecordStore<Id, R>, idOrPrefix: string, naming: Naming): R {
  if (idOrPrefix === '')
    throw invalid('EmptyId', `${naming.kind} id: expected an id or a unique prefix of one`);
  const match = records.match(idOrPrefix);
  if (match.kind === 'many')
    throw invalid('AmbiguousId', `${naming.kind} id "${idOrPrefix}": several have this prefix`);
  const record = match.kind === 'one' ? records.get(match.id) : null;
  if (record === null)
    throw notFound(naming.reason, `${naming.kind} ${JSON.stringify(idOrPrefix.slice(0, 80))}: not found`);
  return record;
}

function unlessUnknown<R>(find: () => R, reason: string): R | null {
  try {
    return find();
  } catch (error) {
    if (error instanceof Error && 'reason' in error && error.reason === reason) return null;
    throw error;
  }
}
