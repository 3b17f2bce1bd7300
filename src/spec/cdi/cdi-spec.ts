/**
 * A Container Device Interface specification after checking: what a vendor's file says must be added to a container that
 * asks for one of its devices. Only `parse-cdi-spec.ts` makes one.
 * Source: CDI specification 1.1.0.
 */

export type CdiDeviceNode = {
  /** In the container; absolute, in normal form. */
  readonly path: string;
  /** On the host. */
  readonly hostPath: string;
  /** Null: as the host's node. */
  readonly type: 'b' | 'c' | 'u' | 'p' | null;
  /** 0: as the host's node. */
  readonly major: number;
  readonly minor: number;
  /** Permission bits; null: as the host's node. */
  readonly fileMode: number | null;
  /** Some of `rwm`. */
  readonly permissions: string;
  /** Null: those of the container's process. */
  readonly uid: number | null;
  readonly gid: number | null;
};

export type CdiMount = {
  readonly hostPath: string;
  readonly containerPath: string;
  /** "" for bind mounts, whose options say what they are. */
  readonly type: string;
  readonly options: readonly string[];
};

export const cdiHookNames = [
  'prestart',
  'createRuntime',
  'createContainer',
  'startContainer',
  'poststart',
  'poststop',
] as const;

export type CdiHook = {
  readonly hookName: (typeof cdiHookNames)[number];
  readonly path: string;
  readonly args: readonly string[];
  /** `NAME=value` */
  readonly env: readonly string[];
  /** Null: the runtime waits for as long as it takes. */
  readonly timeoutS: number | null;
};

export type CdiIntelRdt = {
  readonly closId: string;
  readonly l3CacheSchema: string;
  readonly memBwSchema: string;
  readonly schemata: readonly string[];
  readonly isMonitored: boolean;
};

/** An interface of the host that moves into the container's network. */
export type CdiNetDevice = { readonly hostName: string; readonly name: string };

export type CdiEdits = {
  /** `NAME=value` */
  readonly env: readonly string[];
  readonly deviceNodes: readonly CdiDeviceNode[];
  readonly netDevices: readonly CdiNetDevice[];
  readonly hooks: readonly CdiHook[];
  readonly mounts: readonly CdiMount[];
  readonly intelRdt: CdiIntelRdt | null;
  readonly additionalGids: readonly number[];
};

export type CdiSpec = {
  readonly version: string;
  /** `vendor.com/class` */
  readonly kind: string;
  readonly devices: ReadonlyMap<string, CdiEdits>;
  /** For every container that has any of the devices. */
  readonly edits: CdiEdits;
};

/** A file of a specification directory: its content, or why it is none. */
export type CdiFile = {
  readonly path: string;
  /** The directory's place in the list: a device of a later directory hides one of the same name in an earlier one. */
  readonly priority: number;
} & ({ readonly spec: CdiSpec } | { readonly fault: string });
