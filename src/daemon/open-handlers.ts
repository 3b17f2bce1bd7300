/**
 * The runtime handlers of the configuration, each tried out on this machine.
 */
import { createHash } from 'node:crypto';
import { access, constants } from 'node:fs/promises';
import { absolutePath, joinPath, type AbsolutePath, parsePodId, type PodId } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import type { Config } from '../config/options.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { HostFacts } from '../node/host-facts.ts';
import { probeRuntime } from '../runtime/handlers/handler-probe.ts';
import { Handlers } from '../runtime/handlers/handlers.ts';
import { SealedProgram } from '../runtime/handlers/sealed-program.ts';
import { isSelinuxLoaded } from '../runtime/security/selinux.ts';
import { OciRuntime } from '../runtime/handlers/oci-runtime.ts';
import type { Programs } from '../runtime/programs/programs.ts';
import { containerCgroupsPath } from '../spec/cgroup-path.ts';
import type { Paths } from '../store/paths.ts';

export type HandlerInputs = {
  readonly config: Config;
  readonly paths: Paths;
  readonly host: HostFacts;
  readonly log: Log;
  readonly programs: Programs;
  readonly kernel: Kernel;
};

const programDirs = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** @param stack closes what the runtimes hold */
export async function openHandlers(inputs: HandlerInputs, stack: AsyncDisposableStack): Promise<Handlers> {
  const { config, paths, host, log, programs } = inputs;
  // A policy decides by the program's label, which a copy in memory has not.
  const canSeal = !(await isSelinuxLoaded());
  const runtimes = [...config.runtimes].map(async ([name, options]) => {
    const path = options.path ?? (await findProgram(name));
    return new OciRuntime({
      name,
      path,
      root: options.root ?? paths.handlerRoot(name),
      args: options.args,
      isSystemdCgroup: host.cgroupDriver === 'systemd',
      programs,
      sealed:
        canSeal && path.startsWith('/') ? stack.use(new SealedProgram(absolutePath(path), inputs)) : null,
    });
  });
  return new Handlers({
    runtimes: await Promise.all(runtimes),
    defaultName: config.runtime.defaultRuntime,
    log,
    probe: async (runtime) => await probe(runtime, inputs),
  });
}

async function probe(runtime: OciRuntime, inputs: HandlerInputs): ReturnType<typeof probeRuntime> {
  const { paths, host, config, kernel } = inputs;
  if (!runtime.path.startsWith('/')) throw new Error(`program "${runtime.name}" is not installed`);
  if (host.initPath === null) throw new Error('no init program (catatonit) to try it with; see init_path');
  const parent = host.cgroupDriver === 'systemd' ? 'system.slice' : config.runtime.cgroupParent;
  const cgroup = { driver: host.cgroupDriver, parent, isOwn: false };
  const dir = joinPath(paths.runDir, 'probe');
  return await probeRuntime(runtime, {
    dir,
    program: host.initPath,
    cgroupsPath: containerCgroupsPath(cgroup, trialCgroup(dir, runtime)),
    kernel,
    dataDir: joinPath(paths.rootDir, `trial-${runtime.name}`),
    stageDir: joinPath(paths.stages, `trial-${runtime.name}`),
  });
}

/** The same at every start of a daemon with this run directory, and another one for every other. */
function trialCgroup(dir: AbsolutePath, runtime: OciRuntime): PodId {
  return parsePodId(createHash('sha256').update(`${dir} ${runtime.name}`).digest('hex'));
}

/** The program's path; its bare name when it is nowhere. */
async function findProgram(name: string): Promise<AbsolutePath | string> {
  for (const dir of programDirs) {
    const path = absolutePath(`${dir}/${name}`);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return name;
}
