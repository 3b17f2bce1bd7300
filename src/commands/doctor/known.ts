/**
 * Which pods and containers there are, by their records on disk, read without changing anything (the daemon's own store
 * would set damaged ones aside). What cannot be read is a finding.
 */
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, explain } from '../../base/errors.ts';
import { ensureDirectory, readBounded } from '../../base/files.ts';
import { containerKind, type ContainerRecord } from '../../store/container-record.ts';
import { podKind, type PodRecord } from '../../store/pod-record.ts';
import { decodeRecord } from '../../store/record-file.ts';
import type { Finding } from './finding.ts';

export type Known = {
  readonly pods: ReadonlyMap<string, PodRecord>;
  readonly containers: ReadonlyMap<string, ContainerRecord>;
  /** Ids of records that are there but cannot be read: what belongs to them is left alone. */
  readonly damaged: ReadonlySet<string>;
  readonly findings: readonly Finding[];
};

/** True when a pod or container of this id may exist. */
export function isKnown(known: Known, id: string): boolean {
  return known.pods.has(id) || known.containers.has(id) || known.damaged.has(id);
}

const maxRecordBytes = 16 * 1024 * 1024;

export async function readKnown(rootDir: string): Promise<Known> {
  const pods = await readFolder(join(rootDir, 'pods'), podKind);
  const containers = await readFolder(join(rootDir, 'containers'), containerKind);
  const orphans = [...containers.records.values()]
    .filter(({ podId }) => !pods.records.has(podId) && !pods.damaged.includes(podId))
    .map((record) => orphanFinding(rootDir, record));
  return {
    pods: pods.records,
    containers: containers.records,
    damaged: new Set([...pods.damaged, ...containers.damaged]),
    findings: [
      ...pods.findings,
      ...containers.findings,
      ...orphans,
      ...(await readQuarantine(join(rootDir, 'quarantine'))),
    ],
  };
}

type Folder<R> = {
  readonly records: Map<string, R>;
  readonly damaged: string[];
  readonly findings: Finding[];
};

type Kind<R> = { readonly fromJson: (value: unknown) => R; readonly idOf: (record: R) => string };

async function readFolder<R>(path: string, kind: Kind<R>): Promise<Folder<R>> {
  const folder: Folder<R> = { records: new Map(), damaged: [], findings: [] };
  for (const name of await listNames(path)) {
    if (name.endsWith('.tmp')) folder.findings.push(temporaryFinding(join(path, name)));
    else if (name.endsWith('.json')) await readRecord(folder, { path, name, kind });
  }
  return folder;
}

type FileOfRecord<R> = { readonly path: string; readonly name: string; readonly kind: Kind<R> };

async function readRecord<R>(folder: Folder<R>, { path, name, kind }: FileOfRecord<R>): Promise<void> {
  const id = name.slice(0, -'.json'.length);
  try {
    const content = await readBounded(join(path, name), maxRecordBytes);
    if (content === null) return;
    const record = kind.fromJson(decodeRecord(content.toString('utf8')));
    if (kind.idOf(record) !== id) throw new Error(`it is that of "${kind.idOf(record)}"`);
    folder.records.set(id, record);
  } catch (error) {
    folder.damaged.push(id);
    folder.findings.push({
      kind: 'record',
      id: join(path, name),
      what: explain(error),
      repair: async () => await setAside(path, name),
    });
  }
}

function temporaryFinding(path: string): Finding {
  return {
    kind: 'record',
    id: path,
    what: 'a write that was cut off',
    repair: async () => await rm(path, { force: true }),
  };
}

function orphanFinding(rootDir: string, record: ContainerRecord): Finding {
  const path = join(rootDir, 'containers');
  return {
    kind: 'record',
    id: join(path, `${record.id}.json`),
    what: `a container of pod "${record.podId}", which has no record`,
    repair: async () => await setAside(path, `${record.id}.json`),
  };
}

/** Records are never deleted here: a person may want to see what they said. */
async function setAside(folder: string, name: string): Promise<void> {
  const quarantine = join(folder, '..', 'quarantine');
  await ensureDirectory(quarantine);
  await rename(join(folder, name), join(quarantine, `${Date.now()}-${name}`));
}

async function readQuarantine(path: string): Promise<readonly Finding[]> {
  return (await listNames(path)).map((name) => ({
    kind: 'quarantine',
    id: join(path, name),
    what: 'set aside as damaged: look at it, then delete it',
    repair: null,
  }));
}

/** Names in a directory, sorted; none when there is no such directory. */
export async function listNames(path: string): Promise<readonly string[]> {
  try {
    return (await readdir(path)).toSorted();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}
