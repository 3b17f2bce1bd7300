/**
 * A ContainerConfig after checking: what the rest of the daemon may rely on. Only `parse-container-config.ts` makes one.
 * Source: CRI ContainerConfig.
 */
import type { IdMap } from './id-mapping.ts';
import type { LinuxResources } from './linux-resources.ts';
import type { SelinuxOptions } from './pod-config.ts';
import type { TextMap } from '../text-map.ts';
import type { SecurityProfile } from './security-profile.ts';

/** Unique within its pod. */
export type ContainerMetadata = { readonly name: string; readonly attempt: number };

export type ImageRequest = {
  /** What to run: an image id or a reference. */
  readonly image: string;
  /** What the user wrote; may be empty. */
  readonly userSpecifiedImage: string;
  readonly runtimeHandler: string;
};

export type MountPropagation = 'private' | 'host-to-container' | 'bidirectional';
export type MountRestriction = 'noexec' | 'nodev' | 'nosuid';

/** Where the mounted files come from. */
export type MountSource =
  | { readonly kind: 'host'; readonly path: string }
  /** Always read-only. `subPath` is relative, without `..`, or "". */
  | { readonly kind: 'image'; readonly image: string; readonly subPath: string };

export type MountConfig = {
  /** Absolute, in normal form. */
  readonly containerPath: string;
  readonly source: MountSource;
  readonly isReadonly: boolean;
  readonly isRecursiveReadonly: boolean;
  readonly isSelinuxRelabel: boolean;
  readonly propagation: MountPropagation;
  /** The owners of the files appear as it maps them; null: as they are. */
  readonly idMap: IdMap | null;
  readonly restrictions: readonly MountRestriction[];
};

export type DeviceConfig = {
  readonly containerPath: string;
  readonly hostPath: string;
  /** Some of `rwm`, each once. */
  readonly permissions: string;
};

/** `target`: the PID namespace of the container named by `targetId`. */
export type ContainerPidMode = 'pod' | 'container' | 'host' | 'target';

/** Names with `CAP_`, or `ALL`. */
export type CapabilityRequest = {
  readonly add: readonly string[];
  readonly drop: readonly string[];
  readonly addAmbient: readonly string[];
};

/** Who the process shall be, as the request says. */
export type UserRequest =
  | { readonly kind: 'image' }
  | { readonly kind: 'uid'; readonly uid: number; readonly gid: number | null }
  | { readonly kind: 'name'; readonly name: string; readonly gid: number | null };

export type SupplementalGroups = {
  /** `merge`: the image's groups of the user as well. */
  readonly policy: 'merge' | 'strict';
  readonly gids: readonly number[];
};

export type ContainerSecurity = {
  readonly isPrivileged: boolean;
  readonly noNewPrivileges: boolean;
  readonly isReadonlyRootfs: boolean;
  readonly capabilities: CapabilityRequest;
  readonly user: UserRequest;
  readonly groups: SupplementalGroups;
  readonly pid: ContainerPidMode;
  /** Of pid mode `target`; else "". */
  readonly targetId: string;
  readonly selinux: SelinuxOptions | null;
  readonly seccomp: SecurityProfile | null;
  readonly apparmor: SecurityProfile | null;
  readonly maskedPaths: readonly string[];
  readonly readonlyPaths: readonly string[];
};

export type ContainerConfig = {
  readonly metadata: ContainerMetadata;
  readonly image: ImageRequest;
  readonly command: readonly string[];
  readonly args: readonly string[];
  /** Absolute, or "" for the image's. */
  readonly workingDir: string;
  readonly envs: readonly (readonly [name: string, value: string])[];
  readonly mounts: readonly MountConfig[];
  readonly devices: readonly DeviceConfig[];
  readonly cdiDevices: readonly string[];
  readonly labels: TextMap;
  readonly annotations: TextMap;
  /** Relative to the pod's log directory; null: no log. */
  readonly logPath: string | null;
  readonly stdin: boolean;
  readonly stdinOnce: boolean;
  readonly tty: boolean;
  /** The kernel's number; null: the image's or SIGTERM. */
  readonly stopSignal: number | null;
  readonly resources: LinuxResources;
  readonly security: ContainerSecurity;
};
