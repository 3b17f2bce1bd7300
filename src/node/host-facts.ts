/**
 * What this machine and this daemon can do, found out once at start. Everything that is less than asked for is told in
 * the log and in Status.
 */
import { access, constants, readFile } from 'node:fs/promises';
import { endianness, hostname, machine } from 'node:os';
import { failedPrecondition } from '../base/errors.ts';
import { absolutePath, type AbsolutePath } from '../base/ids.ts';
import type { Config } from '../config/options.ts';
import type { CgroupLayout } from '../kernel/cgroups/cgroup-layout.ts';
import type { KernelFacts } from '../kernel/contract/facts.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { ApparmorState } from '../runtime/security/apparmor.ts';
import type { SelinuxState } from '../runtime/security/selinux.ts';
import { type Architecture, architectureOf } from '../spec/seccomp/architectures.ts';
import type { HostFacts as SpecFacts } from '../spec/container-spec.ts';
import type { CgroupDriver } from '../spec/cgroup-path.ts';
import type { CgroupFacts } from '../spec/resources.ts';
import { findCgroupFacts } from './cgroup-facts.ts';
import { parseHardLimits } from './own-limits.ts';

export type HostFacts = SpecFacts & {
  readonly kernel: KernelFacts;
  readonly cgroupDriver: CgroupDriver;
  readonly nodeName: string;
  /** Changes with every boot. */
  readonly bootId: string;
  /** A static init program for shared PID namespaces; null: none was found. */
  readonly initPath: AbsolutePath | null;
  /** What the daemon lacks, in words. */
  readonly restrictions: readonly string[];
};

const initPrograms = [
  '/usr/bin/catatonit',
  '/usr/libexec/podman/catatonit',
  '/usr/libexec/catatonit/catatonit',
  '/usr/sbin/catatonit',
];

export async function findHostFacts(services: {
  readonly kernel: Kernel;
  readonly config: Config;
  readonly layout: CgroupLayout;
  readonly apparmor: ApparmorState;
  readonly selinux: SelinuxState;
}): Promise<HostFacts> {
  const kernel = await services.kernel.facts();
  const cgroup = await findCgroupFacts(services.layout);
  const oomScoreAdj = await readNumber('/proc/self/oom_score_adj');
  return {
    architecture: findArchitecture(),
    boundingCapabilities: kernel.boundingCapabilities,
    oomScoreAdj,
    hardLimits: parseHardLimits(await readText('/proc/self/limits')),
    cgroup,
    hasApparmor: services.apparmor.hasApparmor,
    defaultProfile: services.apparmor.defaultProfile,
    selinux: services.selinux.contexts,
    kernel,
    cgroupDriver: await chooseDriver(services.config, cgroup),
    nodeName: hostname(),
    bootId: await readText('/proc/sys/kernel/random/boot_id'),
    initPath: services.config.runtime.initPath ?? (await firstExecutable(initPrograms)),
    restrictions: [
      ...restrictionsOf(kernel, oomScoreAdj),
      ...[services.apparmor.restriction, services.selinux.restriction].filter((each) => each !== null),
    ],
  };
}

/** Without it there is no telling which system calls are which. */
function findArchitecture(): Architecture {
  const found = architectureOf(machine(), endianness());
  if (found !== null) return found;
  throw failedPrecondition(
    'UnknownArchitecture',
    `processor "${machine()}": expected one that seccomp profiles are known for, such as x86_64 or aarch64`,
  );
}

function restrictionsOf(kernel: KernelFacts, oomScoreAdj: number): readonly string[] {
  if (kernel.boundingCapabilities.includes('CAP_SYS_RESOURCE')) return [];
  return [
    'CAP_SYS_RESOURCE is not in the bounding set: containers cannot have it, hard limits cannot be raised, ' +
      `and no oom_score_adj below ${oomScoreAdj} can be set`,
  ];
}

/** `auto`: systemd where it is PID 1 on cgroup v2, cgroupfs elsewhere. */
async function chooseDriver(config: Config, cgroup: CgroupFacts): Promise<CgroupDriver> {
  const { cgroupDriver } = config.runtime;
  if (cgroupDriver !== 'auto') return cgroupDriver;
  const isSystemd = (await readText('/proc/1/comm')) === 'systemd';
  return isSystemd && cgroup.version === 'v2' ? 'systemd' : 'cgroupfs';
}

async function firstExecutable(paths: readonly string[]): Promise<AbsolutePath | null> {
  for (const path of paths) {
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return absolutePath(path);
  }
  return null;
}

/** A file that is not there says nothing. */
async function readText(path: string): Promise<string> {
  return (await readFile(path, 'utf8').catch(() => '')).trim();
}

async function readNumber(path: string): Promise<number> {
  const value = Number(await readText(path));
  return Number.isInteger(value) ? value : 0;
}
