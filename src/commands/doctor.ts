/**
 * `cri-ts doctor`: looks at disk and kernel, without the daemon, for what belongs to nobody. With `--repair` it removes
 * that, holding the daemon's lock, so that no daemon can start meanwhile.
 */
import { errnoOf, explain, failedPrecondition } from '../base/errors.ts';
import { ensureDirectory } from '../base/files.ts';
import { absolutePath, joinPath, type AbsolutePath } from '../base/ids.ts';
import { sleepMs } from '../base/time.ts';
import { loadConfig, type ConfigInputs } from '../config/loader.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { ThreadedKernel } from '../kernel/threaded-kernel.ts';
import type { Finding } from './doctor/finding.ts';
import type { Scan, Scene } from './doctor/scan.ts';
import { readKnown } from './doctor/known.ts';
import { scanCgroups } from './doctor/scan-cgroups.ts';
import { scanDirectories } from './doctor/scan-directories.ts';
import { scanImages, scanImagesDeeply } from './doctor/scan-images.ts';
import { scanMonitors } from './doctor/scan-monitors.ts';
import { scanMounts } from './doctor/scan-mounts.ts';
import { scanRootfses } from './doctor/scan-rootfses.ts';
import { exitCode } from './exit-code.ts';
import { paintFor, printTable } from './table.ts';

export type DoctorOptions = {
  readonly isRepair: boolean;
  /** Every byte of the image store. */
  readonly isDeep: boolean;
  readonly isJson: boolean;
};

const secondLookMs = 1000;

/** In the order in which repairs must run: processes, then mounts, then what they were mounted on. */
const scans: readonly Scan[] = [
  scanMonitors,
  scanCgroups,
  scanMounts,
  scanDirectories,
  scanRootfses,
  scanImages,
];

/** Prints what was found; failed when there is something (left). @throws DaemonRuns with `--repair` */
export async function doctor(inputs: ConfigInputs, options: DoctorOptions): Promise<number> {
  const { config } = await loadConfig(inputs);
  const { rootDir, runDir } = config.daemon;
  const place = { rootDir, runDir, cgroupParent: config.runtime.cgroupParent };
  const found = options.isRepair
    ? await repairAll(place, options)
    : [...(await examine(place)), ...(await examineDeeply(place, options))];
  print(found, options);
  const isHealthy = found.every(({ outcome }) => outcome === 'repaired');
  return isHealthy ? exitCode.fine : exitCode.failed;
}

type Place = Omit<Scene, 'known'>;
type Found = {
  readonly finding: Finding;
  readonly outcome: 'found' | 'repaired' | 'not repaired';
  readonly why: string;
};

/** A running daemon may be making something that has no record yet: only what is found twice counts. */
async function examine(place: Place): Promise<readonly Found[]> {
  const first = new Set((await scanAll(place)).map(({ kind, id }) => `${kind} ${id}`));
  if (first.size === 0) return [];
  await sleepMs(secondLookMs);
  const second = (await scanAll(place)).filter(({ kind, id }) => first.has(`${kind} ${id}`));
  return second.map((finding) => ({ finding, outcome: 'found', why: '' }));
}

/** Bytes do not become wrong for a moment: one look is enough. */
async function examineDeeply(
  place: Place,
  { isDeep }: Pick<DoctorOptions, 'isDeep'>,
): Promise<readonly Found[]> {
  const findings = isDeep ? await scanImagesDeeply(place) : [];
  return findings.map((finding) => ({ finding, outcome: 'found', why: '' }));
}

/** All findings of a quick look; changes nothing. */
async function scanAll(place: Place): Promise<readonly Finding[]> {
  const scene: Scene = { ...place, known: await readKnown(place.rootDir) };
  const found = [...scene.known.findings];
  for (const scan of scans) found.push(...(await scan(scene)));
  return found;
}

async function repairAll(place: Place, { isDeep }: Pick<DoctorOptions, 'isDeep'>): Promise<readonly Found[]> {
  await using kernel = new ThreadedKernel();
  const lock = await takeLock(kernel, place.runDir);
  try {
    const done: Found[] = [];
    for (const finding of await scanAll(place)) done.push(await repairOne(kernel, finding));
    if (isDeep)
      for (const finding of await scanImagesDeeply(place)) done.push(await repairOne(kernel, finding));
    return done;
  } finally {
    lock[Symbol.dispose]();
  }
}

/** The lock that the daemon holds as long as it lives. @throws DaemonRuns */
async function takeLock(kernel: Kernel, runDir: AbsolutePath): Promise<Disposable> {
  await ensureDirectory(runDir);
  try {
    return await kernel.lockFile(absolutePath(joinPath(runDir, 'lock')));
  } catch (error) {
    if (errnoOf(error) !== 'EWOULDBLOCK' && errnoOf(error) !== 'EAGAIN') throw error;
    throw failedPrecondition(
      'DaemonRuns',
      'the daemon runs, or a command that works on the store: end it before --repair (containers go on)',
    );
  }
}

async function repairOne(kernel: Kernel, finding: Finding): Promise<Found> {
  if (finding.repair === null) return { finding, outcome: 'not repaired', why: '' };
  try {
    await finding.repair(kernel);
    return { finding, outcome: 'repaired', why: '' };
  } catch (error) {
    // One thing that cannot be mended must not keep the others from being mended.
    return { finding, outcome: 'not repaired', why: explain(error) };
  }
}

function print(found: readonly Found[], options: DoctorOptions): void {
  const rows = found.map(({ finding, outcome, why }) => ({
    kind: finding.kind,
    id: finding.id,
    what: finding.what,
    outcome: why === '' ? outcome : `${outcome}: ${why}`,
  }));
  if (options.isJson) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  if (rows.length === 0) {
    process.stdout.write('nothing is out of place\n');
    return;
  }
  const table = printTable(
    ['KIND', 'WHICH', 'WHAT', ...(options.isRepair ? ['OUTCOME'] : [])],
    rows.map((row) => [row.kind, row.id, row.what, ...(options.isRepair ? [row.outcome] : [])]),
    paintFor(process.stdout),
  );
  process.stdout.write(`${table.join('\n')}\n`);
}
