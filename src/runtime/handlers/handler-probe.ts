/**
 * Finds out what an OCI runtime can do here by letting it run a container that ends at once. Version numbers and kernel
 * flags only hint; a trial says it (crun, for one, refuses a machine whose cgroup mounts mix v1 and v2).
 */
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { ensureDirectory } from '../../base/files.ts';
import { joinPath, type AbsolutePath } from '../../base/ids.ts';
import { mountOf } from '../../kernel/mountinfo.ts';
import { withDeadline } from '../../base/time.ts';
import type { HandlerFeatures } from './handlers.ts';
import type { OciRuntime } from './oci-runtime.ts';
import { isReadonlyRecursive, mountedTree, treeSource, type TrialSpec } from './readonly-trial.ts';
import { tryUserNamespaces, type UserNamespaceTrial } from './user-namespace-trial.ts';

export type ProbeOptions = {
  /** A directory of our own, on tmpfs. */
  readonly dir: AbsolutePath;
  /** A static program that ends by itself when given `--version`. */
  readonly program: AbsolutePath;
  /** OCI cgroupsPath for the trial. */
  readonly cgroupsPath: string;
  readonly kernel: UserNamespaceTrial['kernel'];
  /** For a root file system of its own, where those of the containers are. */
  readonly dataDir: AbsolutePath;
  readonly stageDir: AbsolutePath;
};

/** A runtime needs a tenth of a second; a node that is starting may take long to read it from its disk. */
const probeTimeoutMs = 60_000;

/** @throws an Error whose message is the runtime's own words */
export async function probeRuntime(
  runtime: OciRuntime,
  options: ProbeOptions,
): Promise<{ version: string; features: HandlerFeatures }> {
  const version = await runtime.version();
  const bundle = joinPath(options.dir, runtime.name);
  await runtime.prepare();
  await ensureDirectory(options.dir);
  await removeEarlierTrial(runtime);
  for (const name of ['proc', 'dev'])
    await mkdir(joinPath(bundle, 'rootfs', name), { recursive: true, mode: 0o755 });
  await writeFile(joinPath(bundle, 'rootfs', 'init'), '');
  await writeFile(joinPath(bundle, 'config.json'), JSON.stringify(trialSpec(options)));
  try {
    const features = await withDeadline(
      { step: `try runtime "${runtime.name}"`, timeoutMs: probeTimeoutMs },
      async (signal) => {
        await runTrial(runtime, bundle, signal);
        return await findFeatures(runtime, { bundle, options, signal });
      },
    );
    return { version, features };
  } finally {
    await runtime.delete(trialId(runtime)).catch(() => undefined);
    await rm(bundle, { recursive: true, force: true });
  }
}

/** Always the same: what a daemon that died in mid-trial has left is found by it. */
function trialId(runtime: OciRuntime): string {
  return `probe-${runtime.name}`;
}

async function removeEarlierTrial(runtime: OciRuntime): Promise<void> {
  const isThere = await access(`${runtime.root}/${trialId(runtime)}`).then(
    () => true,
    () => false,
  );
  if (isThere) await runtime.delete(trialId(runtime));
}

async function runTrial(runtime: OciRuntime, bundle: AbsolutePath, signal: AbortSignal): Promise<void> {
  const result = await runtime.programs.run({
    ...runtime.program('run', '--bundle', bundle, trialId(runtime)),
    timeoutMs: probeTimeoutMs,
    signal,
  });
  if (result.exitCode !== 0)
    throw new Error(lastMessage(result.stderr) || `its trial ended with exit code ${result.exitCode}`);
}

/** The last line of what the runtime said, out of its logging format. */
function lastMessage(stderr: string): string {
  const line = stderr.trim().split('\n').at(-1) ?? '';
  return /msg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1] ?? line.replace(/^\S+Z: /, '');
}

type FeatureTrial = {
  readonly bundle: AbsolutePath;
  readonly options: ProbeOptions;
  readonly signal: AbortSignal;
};

/** Source: OCI runtime spec, features.md. What a runtime without the command can do is tried out. */
async function findFeatures(runtime: OciRuntime, trial: FeatureTrial): Promise<HandlerFeatures> {
  const { path, programs } = runtime;
  const { bundle, options, signal } = trial;
  const spec = trialSpec(options);
  const result = await programs.run({ argv: [path, 'features'], timeoutMs: probeTimeoutMs, signal });
  const told = result.exitCode === 0 ? result.stdout : null;
  const id = trialId(runtime);
  return {
    hasRecursiveReadonlyMounts:
      told === null
        ? await isReadonlyRecursive(runtime, { id, bundle, spec, signal })
        : tellsOfReadonly(told),
    // What a runtime tells is not enough: the kernel and the file system of the images have a say.
    ...(await tryUserNamespaces({
      ...options,
      programs,
      spec,
      bindTree: async (spec) => {
        // As for a container's mounts (containers/mounts/locked-options.ts).
        const { options: held } = mountOf(await options.kernel.mounts(), treeSource);
        const locked = ['nosuid', 'nodev', 'noexec'].filter((option) => held.includes(option));
        return await mountedTree(runtime, { id, bundle, spec, signal }, ['ro', ...locked]);
      },
    })),
    cdi: tellsOfCdi(told),
  };
}

function tellsOfReadonly(features: Buffer): boolean {
  const told: unknown = JSON.parse(features.toString('utf8'));
  const options =
    typeof told === 'object' && told !== null && 'mountOptions' in told ? told.mountOptions : [];
  return Array.isArray(options) && options.includes('rro');
}

/** Without the command it is a runtime from before OCI 1.3. Source: OCI runtime spec, features-linux.md. */
function tellsOfCdi(features: Buffer | null): HandlerFeatures['cdi'] {
  const told: unknown = features === null ? null : JSON.parse(features.toString('utf8'));
  const isTrue = (...path: readonly string[]): boolean => valueAt(told, path) === true;
  return {
    hasNetDevices: isTrue('linux', 'netDevices', 'enabled'),
    hasRdtSchemata: isTrue('linux', 'intelRdt', 'schemata') && isTrue('linux', 'intelRdt', 'monitoring'),
  };
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const name of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Reflect.get(at, name);
  }
  return at;
}

function trialSpec(options: ProbeOptions): TrialSpec {
  return {
    ociVersion: '1.0.2',
    process: {
      user: { uid: 0, gid: 0 },
      args: ['/init', '--version'],
      env: ['PATH=/'],
      cwd: '/',
      noNewPrivileges: true,
      capabilities: { bounding: [], effective: [], permitted: [], inheritable: [], ambient: [] },
    },
    root: { path: 'rootfs', readonly: true },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      // The bundle's own file system may be mounted nodev.
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755', 'size=64k'] },
      { destination: '/init', type: 'bind', source: options.program, options: ['bind', 'ro'] },
    ],
    linux: {
      cgroupsPath: options.cgroupsPath,
      namespaces: [{ type: 'mount' }, { type: 'pid' }, { type: 'ipc' }, { type: 'uts' }, { type: 'network' }],
    },
  };
}
