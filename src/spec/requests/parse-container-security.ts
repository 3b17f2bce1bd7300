/**
 * The parser of LinuxContainerSecurityContext. A nil context gets the defaults of an unprivileged container, paths hidden
 * included; a context that is there is executed as it is.
 * Source: CRI LinuxContainerSecurityContext; cri.md 1.4, 4.10.
 */
import { NamespaceMode } from '../../../cri-api/runtime-v1.ts';
import type * as cri from '../../../cri-api/runtime-v1.ts';
import { failedPrecondition, invalid } from '../../base/errors.ts';
import { parseCapability } from '../capabilities.ts';
import type {
  CapabilityRequest,
  ContainerPidMode,
  ContainerSecurity,
  UserRequest,
} from './container-config.ts';
import { defaultMaskedPaths, defaultReadonlyPaths } from '../hidden-paths.ts';
import {
  parseApparmor,
  parseGroups,
  parseOptionalId,
  parseSeccomp,
  parseSelinux,
  parseUserNamespace,
} from './parse-security.ts';
import { isSameIdMap } from './id-mapping.ts';
import type { PodConfig } from './pod-config.ts';
import { boundedList, hasControl, parsePath, wrong, shown } from '../text.ts';

const maxPaths = 4096;
const noCapabilityChange: CapabilityRequest = { add: [], drop: [], addAmbient: [] };

/**
 * @throws InvalidField, InvalidPath, TooLarge, UnknownCapability, InvalidNamespace, InvalidUserNamespace,
 *   PrivilegedRefused
 */
export function parseContainerSecurity(
  context: cri.LinuxContainerSecurityContext | null,
  pod: PodConfig,
): ContainerSecurity {
  if (context === null) return securityWithoutContext(pod);
  if (context.privileged && !pod.security.isPrivileged) {
    throw failedPrecondition(
      'PrivilegedRefused',
      'privileged container in a sandbox that is not privileged: expected security_context.privileged in the sandbox too',
    );
  }
  return {
    isPrivileged: context.privileged,
    noNewPrivileges: context.noNewPrivs,
    isReadonlyRootfs: context.readonlyRootfs,
    capabilities: parseCapabilities(context.capabilities),
    user: parseUser(context),
    groups: parseGroups(context),
    ...parsePid(context.namespaceOptions, pod),
    selinux: parseSelinux(context.selinuxOptions),
    seccomp: parseSeccomp(context.seccomp, context.seccompProfilePath),
    apparmor: parseApparmor(context.apparmor, context.apparmorProfile),
    maskedPaths: parsePaths('masked_paths', context.maskedPaths),
    readonlyPaths: parsePaths('readonly_paths', context.readonlyPaths),
  };
}

function securityWithoutContext(pod: PodConfig): ContainerSecurity {
  return {
    isPrivileged: false,
    noNewPrivileges: false,
    isReadonlyRootfs: false,
    capabilities: noCapabilityChange,
    user: { kind: 'image' },
    groups: { policy: 'merge', gids: [] },
    pid: pod.namespaces.pid,
    targetId: '',
    selinux: null,
    seccomp: null,
    apparmor: null,
    maskedPaths: defaultMaskedPaths,
    readonlyPaths: defaultReadonlyPaths,
  };
}

function parseCapabilities(capabilities: cri.Capability | null): CapabilityRequest {
  if (capabilities === null) return noCapabilityChange;
  const names = (field: string, list: readonly string[]): readonly string[] =>
    boundedList(field, list, 256).map(parseCapability);
  const addAmbient = names('add_ambient_capabilities', capabilities.addAmbientCapabilities);
  if (addAmbient.includes('ALL'))
    throw invalid('UnknownCapability', 'add_ambient_capabilities "ALL": expected single capabilities');
  return {
    add: names('add_capabilities', capabilities.addCapabilities),
    drop: names('drop_capabilities', capabilities.dropCapabilities),
    addAmbient,
  };
}

function parseUser(context: cri.LinuxContainerSecurityContext): UserRequest {
  const uid = parseOptionalId('run_as_user', context.runAsUser);
  const gid = parseOptionalId('run_as_group', context.runAsGroup);
  const name = context.runAsUsername;
  if (uid !== null && name !== '')
    throw invalid(
      'InvalidField',
      `run_as_user ${uid} and run_as_username ${shown(name)}: expected one of them`,
    );
  if (uid !== null) return { kind: 'uid', uid, gid };
  if (name !== '') {
    if (name.length > 256 || hasControl(name) || name.includes(':'))
      throw wrong('run_as_username', name, 'a name without ":" and control characters');
    return { kind: 'name', name, gid };
  }
  if (gid !== null)
    throw invalid('InvalidField', `run_as_group ${gid}: expected run_as_user or run_as_username with it`);
  return { kind: 'image' };
}

/**
 * POD means what the pod has: one namespace for all, one each, or the host's; NODE only repeats that it has the host's.
 * Network and IPC are always the pod's. @throws InvalidNamespace, InvalidUserNamespace
 */
function parsePid(
  options: cri.NamespaceOption | null,
  pod: PodConfig,
): { readonly pid: ContainerPidMode; readonly targetId: string } {
  if (options === null) return { pid: pod.namespaces.pid, targetId: '' };
  checkUserNamespace(options, pod);
  checkShared('network', options.network, pod.namespaces.net);
  checkShared('ipc', options.ipc, pod.namespaces.ipc);
  checkTarget(options);
  switch (options.pid) {
    case NamespaceMode.POD:
      return { pid: pod.namespaces.pid, targetId: '' };
    case NamespaceMode.CONTAINER:
      return { pid: 'container', targetId: '' };
    case NamespaceMode.NODE:
      if (pod.namespaces.pid === 'host') return { pid: 'host', targetId: '' };
      throw invalid(
        'InvalidNamespace',
        'namespace_options.pid NODE: expected a pod whose own mode is NODE: a container gets no more of the host than its pod',
      );
    case NamespaceMode.TARGET:
      return { pid: 'target', targetId: options.targetId };
    default:
      throw invalid(
        'InvalidNamespace',
        `namespace_options.pid ${options.pid}: expected POD, CONTAINER, NODE or TARGET`,
      );
  }
}

/** One goes with the other. @throws InvalidNamespace */
function checkTarget({ pid, targetId }: cri.NamespaceOption): void {
  if ((pid === NamespaceMode.TARGET) === (targetId !== '')) return;
  throw invalid(
    'InvalidNamespace',
    `namespace_options.target_id ${shown(targetId)}: expected the id of a container with pid TARGET, nothing without`,
  );
}

/** POD is whatever the pod has; NODE only repeats that the pod has the host's. @throws InvalidNamespace */
function checkShared(kind: 'network' | 'ipc', mode: number, ofPod: 'own' | 'host'): void {
  if (mode === NamespaceMode.POD || (mode === NamespaceMode.NODE && ofPod === 'host')) return;
  throw invalid(
    'InvalidNamespace',
    `namespace_options.${kind} ${mode}: expected POD, or NODE in a pod with the host's: containers have what their pod has`,
  );
}

/** A container lives in the user namespace of its pod: it may say so, or say nothing. */
function checkUserNamespace(options: cri.NamespaceOption, pod: PodConfig): void {
  if (options.usernsOptions === null) return;
  const ours = pod.namespaces.user;
  const asked = parseUserNamespace(options.usernsOptions);
  if (asked === null ? ours === null : ours !== null && isSameIdMap(asked, ours)) return;
  throw invalid(
    'InvalidUserNamespace',
    `userns_options of the container: expected those of its pod: ${ours === null ? 'mode NODE' : 'mode POD with the same mappings'}`,
  );
}

function parsePaths(field: string, paths: readonly string[]): readonly string[] {
  return boundedList(field, paths, maxPaths).map((path) => parsePath(field, path));
}
