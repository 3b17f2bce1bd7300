/**
 * What an operator decides about images; read anew for each pull, so that a change needs no restart. The names are those
 * of the daemon's `[images]` table.
 */
import { type ArchiveLimits, archiveLimits, type NetworkLimits, networkLimits } from './limits.ts';

export type ImageSettings = {
  /** Names with `*` for any characters: exact, `prefix*`, `*keyword*`. */
  readonly pinned: readonly string[];
  readonly registriesConf: string;
  readonly registriesConfDir: string;
  /** `host`, `host:port`, `*.domain`. */
  readonly insecureRegistries: readonly string[];
  /** Parents of `HOST[:PORT]/`, the first that has one counts. */
  readonly certsDirs: readonly string[];
  /** Credentials for pulls without any; null: none. */
  readonly authFile: string | null;
  readonly credentialHelperTimeoutMs: number;
  /** A policy.json; without one nothing is demanded. */
  readonly signaturePolicy: string;
  /** Connections of one pull. */
  readonly maxConcurrentDownloads: number;
  /** Connections of all pulls. */
  readonly maxNodeDownloads: number;
  /** Connections of one layer. */
  readonly maxLayerDownloads: number;
  readonly connectTimeoutMs: number;
  readonly responseTimeoutMs: number;
  readonly stallTimeoutMs: number;
  readonly minRateBytes: bigint;
  /** Of a layer, unpacked. */
  readonly maxLayerBytes: bigint;
  /** Headers of a layer's archive. */
  readonly maxLayerEntries: number;
};

export const defaultImageSettings: ImageSettings = {
  pinned: [],
  registriesConf: '/etc/containers/registries.conf',
  registriesConfDir: '/etc/containers/registries.conf.d',
  insecureRegistries: [],
  certsDirs: [
    '/etc/cri-ts/certs.d',
    '/etc/containerd/certs.d',
    '/etc/containers/certs.d',
    '/etc/docker/certs.d',
  ],
  authFile: null,
  credentialHelperTimeoutMs: 30_000,
  signaturePolicy: '/etc/containers/policy.json',
  maxConcurrentDownloads: 4,
  maxNodeDownloads: 12,
  maxLayerDownloads: 4,
  connectTimeoutMs: networkLimits.dialTimeoutMs,
  responseTimeoutMs: networkLimits.firstByteTimeoutMs,
  stallTimeoutMs: networkLimits.rateWindowMs,
  minRateBytes: BigInt(networkLimits.minimumBytesPerSecond),
  maxLayerBytes: BigInt(archiveLimits.layerBytes),
  maxLayerEntries: archiveLimits.entries,
};

/** The network's bounds with an operator's words laid over them. */
export function networkLimitsOf(settings: ImageSettings, base: NetworkLimits): NetworkLimits {
  return {
    ...base,
    dialTimeoutMs: settings.connectTimeoutMs,
    firstByteTimeoutMs: settings.responseTimeoutMs,
    rateWindowMs: settings.stallTimeoutMs,
    minimumBytesPerSecond: Number(settings.minRateBytes),
  };
}

/** The bounds of layers with an operator's words laid over them. */
export function archiveLimitsOf(settings: ImageSettings): ArchiveLimits {
  return {
    ...archiveLimits,
    layerBytes: Number(settings.maxLayerBytes),
    entries: settings.maxLayerEntries,
  };
}
