/**
 * The OCI runtime configuration (config.json) as far as we write it, and its serialization. It describes; it decides
 * nothing. 64-bit quantities are bigint and become plain JSON numbers.
 * Source: OCI runtime spec 1.0.2, config.md, config-linux.md.
 */

declare global {
  interface JSON {
    /** A number too large for a double, written as it is. Source: TC39 JSON.parse source text access; missing in the lib. */
    rawJSON(text: string): object;
  }
}

/** A set of OCI annotations; made by `annotations.ts` only. */
export type OciAnnotations = Readonly<Record<string, string>>;

export type OciSpec = {
  readonly ociVersion: '1.0.2';
  readonly process: OciProcess;
  readonly root: { readonly path: string; readonly readonly: boolean };
  readonly mounts: readonly OciMount[];
  readonly annotations: OciAnnotations;
  readonly hooks?: OciHooks;
  readonly linux: OciLinux;
};

/** Source: config.md, POSIX-platform hooks. `timeout` in seconds. */
export type OciHook = {
  readonly path: string;
  readonly args?: readonly string[];
  readonly env?: readonly string[];
  readonly timeout?: number;
};

export type OciHooks = {
  readonly [
    Name in 'prestart' | 'createRuntime' | 'createContainer' | 'startContainer' | 'poststart' | 'poststop'
  ]?: readonly OciHook[];
};

export type OciProcess = {
  readonly terminal: boolean;
  readonly user: OciUser;
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  readonly capabilities: OciCapabilities;
  readonly rlimits: readonly OciRlimit[];
  readonly noNewPrivileges: boolean;
  readonly oomScoreAdj: number;
  readonly apparmorProfile?: string;
  readonly selinuxLabel?: string;
};

/** Ids as the container sees them, 0..2^32-2. */
export type OciUser = {
  readonly uid: number;
  readonly gid: number;
  readonly additionalGids: readonly number[];
};

/** Names with `CAP_`. Source: capabilities(7). */
export type OciCapabilities = {
  readonly bounding: readonly string[];
  readonly effective: readonly string[];
  readonly permitted: readonly string[];
  readonly inheritable: readonly string[];
  readonly ambient: readonly string[];
};

/** Source: setrlimit(2); `RLIM_INFINITY` is 2^64-1. */
export type OciRlimit = { readonly type: string; readonly soft: bigint; readonly hard: bigint };

export type OciMount = {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
};

export type OciNamespaceType = 'mount' | 'user' | 'network' | 'ipc' | 'uts' | 'pid' | 'cgroup';
/** Without a path a new namespace is made; a namespace that is not listed stays the host's. */
export type OciNamespace = { readonly type: OciNamespaceType; readonly path?: string };

export type OciDevice = {
  readonly type: 'c' | 'b' | 'u' | 'p';
  readonly path: string;
  readonly major: number;
  readonly minor: number;
  readonly fileMode: number;
  readonly uid: number;
  readonly gid: number;
};

/** Absent numbers match every device. Source: config-linux.md, allowed device list. */
export type OciDeviceRule = {
  readonly allow: boolean;
  readonly access: string;
  readonly type?: 'a' | 'c' | 'b';
  readonly major?: number;
  readonly minor?: number;
};

export type OciCpu = {
  readonly shares?: bigint;
  readonly quota?: bigint;
  readonly period?: bigint;
  readonly cpus?: string;
  readonly mems?: string;
};
export type OciMemory = { readonly limit?: bigint; readonly swap?: bigint };
export type OciHugepageLimit = { readonly pageSize: string; readonly limit: bigint };

/** Also what `runtime update -r -` reads. Source: config-linux.md, control groups. */
export type OciResources = {
  readonly devices?: readonly OciDeviceRule[];
  readonly cpu?: OciCpu;
  readonly memory?: OciMemory;
  readonly pids?: { readonly limit: bigint };
  readonly hugepageLimits?: readonly OciHugepageLimit[];
  readonly unified?: Readonly<Record<string, string>>;
};

export type OciSeccompAction =
  | 'SCMP_ACT_ALLOW'
  | 'SCMP_ACT_ERRNO'
  | 'SCMP_ACT_KILL'
  | 'SCMP_ACT_KILL_PROCESS'
  | 'SCMP_ACT_KILL_THREAD'
  | 'SCMP_ACT_LOG'
  | 'SCMP_ACT_NOTIFY'
  | 'SCMP_ACT_TRACE'
  | 'SCMP_ACT_TRAP';

export type OciSeccompOperator =
  | 'SCMP_CMP_EQ'
  | 'SCMP_CMP_GE'
  | 'SCMP_CMP_GT'
  | 'SCMP_CMP_LE'
  | 'SCMP_CMP_LT'
  | 'SCMP_CMP_MASKED_EQ'
  | 'SCMP_CMP_NE';

/** With MASKED_EQ `value` is the mask and `valueTwo` what must remain. */
export type OciSeccompArg = {
  readonly index: number;
  readonly value: bigint;
  readonly valueTwo?: bigint;
  readonly op: OciSeccompOperator;
};

export type OciSyscallRule = {
  readonly names: readonly string[];
  readonly action: OciSeccompAction;
  readonly errnoRet?: number;
  readonly args?: readonly OciSeccompArg[];
};

/** Source: config-linux.md, seccomp; seccomp(2). */
export type OciSeccomp = {
  readonly defaultAction: OciSeccompAction;
  readonly defaultErrnoRet?: number;
  /** Empty is written as absent: the native architecture. */
  readonly architectures?: readonly string[];
  readonly flags?: readonly string[];
  /** A unix socket: gets the descriptor by which SCMP_ACT_NOTIFY asks. */
  readonly listenerPath?: string;
  /** Goes to the listener as it is. */
  readonly listenerMetadata?: string;
  readonly syscalls: readonly OciSyscallRule[];
};

/** Source: config-linux.md, user namespace mappings. */
export type OciIdMapping = {
  readonly containerID: number;
  readonly hostID: number;
  readonly size: number;
};

export type OciLinux = {
  readonly namespaces: readonly OciNamespace[];
  /** What the user namespace that is joined maps: the runtimes reckon with it. */
  readonly uidMappings?: readonly OciIdMapping[];
  readonly gidMappings?: readonly OciIdMapping[];
  readonly cgroupsPath: string;
  readonly resources: OciResources;
  readonly devices: readonly OciDevice[];
  readonly maskedPaths: readonly string[];
  readonly readonlyPaths: readonly string[];
  readonly seccomp?: OciSeccomp;
  readonly rootfsPropagation?: 'rprivate' | 'rslave' | 'rshared';
  readonly mountLabel?: string;
  readonly intelRdt?: OciIntelRdt;
  /** By the interface's name on the host. OCI 1.3. */
  readonly netDevices?: Readonly<Record<string, { readonly name: string }>>;
};

/** Source: config-linux.md, IntelRdt. `schemata` and `enableMonitoring` are of OCI 1.3. */
export type OciIntelRdt = {
  readonly closID?: string;
  readonly l3CacheSchema?: string;
  readonly memBwSchema?: string;
  readonly schemata?: readonly string[];
  readonly enableMonitoring?: boolean;
};

/** The text of config.json, or of the resources that `runtime update` reads. */
export function stringifyOci(value: OciSpec | OciResources | OciProcess): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'bigint' ? JSON.rawJSON(item.toString()) : item,
  );
}
