/**
 * Every bound on what comes from a registry or an archive, with a name. Nothing here depends on a machine; tests pass
 * smaller ones.
 */

const kib = 1024;
const mib = 1024 * kib;
const gib = 1024 * mib;
/** Source: Linux PATH_MAX. */
const pathMax = 4096;

/** Bounds of documents. Source: OCI distribution spec, "Pushing Manifests": registries take at least 4 MiB. */
export const documentLimits = {
  manifestBytes: 4 * mib,
  configBytes: 8 * mib,
  /** overlayfs takes 500 lower directories; one is kept for the mend. Source: Linux fs/overlayfs, OVL_MAX_STACK. */
  layers: 499,
  artifactBlobs: 4096,
  indexEntries: 4096,
  labels: 4096,
  environment: 4096,
} as const;

/** Bounds of one layer's archive. */
export type ArchiveLimits = {
  /** Entries, headers that belong to the next entry included. */
  readonly entries: number;
  /** One PAX or GNU long-name header. */
  readonly headerBytes: number;
  /** Linux's PATH_MAX less what stands before it in the store: what was written must be found again, and removed. */
  readonly pathBytes: number;
  /** Of a symbolic link. Source: Linux PATH_MAX, without the NUL. */
  readonly targetBytes: number;
  /** Source: Linux NAME_MAX. */
  readonly nameBytes: number;
  readonly depth: number;
  readonly xattrs: number;
  /** All extended attributes of one entry. */
  readonly xattrBytes: number;
  /** Pieces of one sparse file that are not holes. */
  readonly sparseSegments: number;
  /** One sparse file with its holes. Source: the largest file of ext4. */
  readonly sparseBytes: number;
  /** Names that have to be remembered: directories, whiteouts, links to lower layers. */
  readonly notedNames: number;
  /** The same, together. */
  readonly notedNameBytes: number;
  /** Names that lower layers have to explain, of which the daemon keeps a record: of all layers of an image together. */
  readonly lentNameBytes: number;
  /** The layer, decompressed. */
  readonly layerBytes: number;
  /** Output per input, looked at once `ratioFromBytes` have come out: zeros make honest files of 1000 to 1. */
  readonly ratio: number;
  readonly ratioFromBytes: number;
  /** What readers of tar do not agree on is not refused: for what is in the store already. */
  readonly isLenient: boolean;
};

export const archiveLimits: ArchiveLimits = {
  entries: 4_000_000,
  headerBytes: mib,
  pathBytes: pathMax - 256,
  targetBytes: 4095,
  nameBytes: 255,
  depth: 256,
  xattrs: 64,
  xattrBytes: 256 * kib,
  sparseSegments: 65_536,
  sparseBytes: 16 * 1024 * gib,
  notedNames: 1_000_000,
  notedNameBytes: 32 * mib,
  lentNameBytes: 16 * mib,
  layerBytes: 512 * gib,
  ratio: 200,
  ratioFromBytes: gib,
  isLenient: false,
};

/** For layers that are in the store: what was let in once is not thrown out by a limit or a rule that came later. */
export function lenientLimits(limits: ArchiveLimits): ArchiveLimits {
  return { ...limits, entries: Infinity, layerBytes: Infinity, pathBytes: pathMax, isLenient: true };
}

/** Bounds of what is found out about the layers of one image together. */
export type MendLimits = {
  /** Looks at files, or what takes as long: some minutes. */
  readonly looks: number;
  /** Names, and what is noted of them. */
  readonly keptBytes: number;
};

export const mendLimits: MendLimits = { looks: 10_000_000, keptBytes: 64 * mib };

/** Times and rates of the network. */
export type NetworkLimits = {
  readonly dialTimeoutMs: number;
  /** From the request to the answer's headers. */
  readonly firstByteTimeoutMs: number;
  /** A body that brings less than this in each window of `rateWindowMs` has failed. */
  readonly minimumBytesPerSecond: number;
  readonly rateWindowMs: number;
  /** Attempts of a request that ended with 429, 5xx or a broken connection. */
  readonly attempts: number;
  /** The first pause between attempts; it doubles. */
  readonly pauseMs: number;
  /** A longer `Retry-After` is taken as failure. */
  readonly maxPauseMs: number;
  /** A download may be cut this often; of these, fewer than `attempts` in a row before they brought anything. */
  readonly resumptions: number;
  readonly redirects: number;
  /** A blob that is not there after this time is fetched over further connections, where they are to spare. */
  readonly parallelAfterMs: number;
  /** One that comes faster is not: it could not be unpacked sooner. */
  readonly parallelBelowBytesPerSecond: number;
  /** What a further connection brings at a time. */
  readonly partBytes: number;
};

export const networkLimits: NetworkLimits = {
  dialTimeoutMs: 10_000,
  firstByteTimeoutMs: 30_000,
  minimumBytesPerSecond: 1024,
  rateWindowMs: 30_000,
  attempts: 4,
  pauseMs: 500,
  maxPauseMs: 60_000,
  resumptions: 10,
  redirects: 5,
  parallelAfterMs: 1000,
  parallelBelowBytesPerSecond: 64 * mib,
  partBytes: 16 * mib,
};

/** How much runs at once. */
export type Concurrency = {
  /** Layers; one that comes slowly is not counted. */
  readonly unpackers: number;
  /** An unpacking thread ends after this time without work. */
  readonly unpackerIdleMs: number;
};

/** One for two cores, since an unpacking thread and zlib beside it keep two busy: more cost memory only. At most four. */
export function concurrencyFor(cores: number): Concurrency {
  return { unpackers: Math.min(4, Math.max(1, Math.floor(cores / 2))), unpackerIdleMs: 5_000 };
}
