/**
 * The `[images]` table: registries, credentials, bounds of pulls, what garbage collection must not take.
 */
import { absolutePath } from '../base/ids.ts';
import { reloadable } from './option.ts';
import { byteSize, duration } from './units.ts';
import { integer, listOf, oneOf, optional, pathKind, textKind } from './value.ts';

const patternKind = textKind({
  expected: 'an image name, with "*" for any characters',
  read: (text) => (/^[A-Za-z0-9_.:/@*-]{1,512}$/.test(text) ? text : undefined),
});
const hostKind = textKind({
  expected: 'a registry like "registry.example:5000"',
  read: (text) =>
    /^[A-Za-z0-9*.-]{1,253}(?::\d{1,5})?$|^\[[0-9a-fA-F:]+\](?::\d{1,5})?$/.test(text) ? text : undefined,
});

export const imagesSection = {
  pinned: reloadable({
    key: 'pinned',
    kind: listOf(patternKind),
    default: [],
    description: 'Images that the kubelet must not collect.',
  }),
  registriesConf: reloadable({
    key: 'registries_conf',
    kind: pathKind,
    default: absolutePath('/etc/containers/registries.conf'),
    description:
      'Mirrors, blocked and insecure registries, unqualified search, short names, as of containers-registries.conf(5). Read when a pull starts.',
  }),
  registriesConfDir: reloadable({
    key: 'registries_conf_dir',
    kind: pathKind,
    default: absolutePath('/etc/containers/registries.conf.d'),
    description: 'Files laid over registries_conf, in lexical order.',
  }),
  insecureRegistries: reloadable({
    key: 'insecure_registries',
    kind: listOf(hostKind),
    default: [],
    description:
      'Registries spoken to without TLS, or without checking its certificate. Loopback addresses are anyway.',
  }),
  certsDirs: reloadable({
    key: 'certs_dirs',
    kind: listOf(pathKind),
    default: [
      absolutePath('/etc/cri-ts/certs.d'),
      absolutePath('/etc/containerd/certs.d'),
      absolutePath('/etc/containers/certs.d'),
      absolutePath('/etc/docker/certs.d'),
    ],
    description:
      "Where HOST[:PORT]/ is searched, with containerd's hosts.toml or certificates (*.crt, *.cert, *.key); the first that has one counts. Read when a pull starts.",
  }),
  authFile: reloadable({
    key: 'auth_file',
    kind: optional(pathKind, 'none'),
    default: null,
    description:
      'Credentials used when the kubelet sends none, as auth.json or a docker config.json, credential helpers included.',
  }),
  credentialHelperTimeoutMs: reloadable({
    key: 'credential_helper_timeout',
    kind: duration('1s', '5m'),
    default: 30_000,
    description: 'For one run of a docker-credential-NAME program.',
  }),
  signaturePolicy: reloadable({
    key: 'signature_policy',
    kind: pathKind,
    default: absolutePath('/etc/containers/policy.json'),
    description:
      'Which images must be signed, and with which keys, as of containers-policy.json(5). Without the file none need be. Read when a pull starts.',
  }),
  maxConcurrentDownloads: reloadable({
    key: 'max_concurrent_downloads',
    kind: integer({ min: 1, max: 64, unit: 'connections of one pull' }),
    default: 4,
    description: 'How many layers, or ranges of large layers, one pull downloads at a time.',
  }),
  maxNodeDownloads: reloadable({
    key: 'max_node_downloads',
    kind: integer({ min: 1, max: 256, unit: 'connections of all pulls' }),
    default: 12,
    description: 'How many layers, or ranges of large layers, all pulls together download at a time.',
  }),
  maxLayerDownloads: reloadable({
    key: 'max_layer_downloads',
    kind: integer({ min: 1, max: 16, unit: 'connections' }),
    default: 4,
    description:
      'How many ranges of a layer that takes longer than a second are fetched at a time, where the limits above leave room. 1 is one after the other.',
  }),
  connectTimeoutMs: reloadable({
    key: 'connect_timeout',
    kind: duration('1s', '2m'),
    default: 15_000,
    description: 'For connecting to a registry; then the next mirror is tried.',
  }),
  responseTimeoutMs: reloadable({
    key: 'response_timeout',
    kind: duration('1s', '5m'),
    default: 30_000,
    description: 'For the first byte of an answer.',
  }),
  stallTimeoutMs: reloadable({
    key: 'stall_timeout',
    kind: duration('5s', '30m'),
    default: 60_000,
    description:
      'A download that stayed below min_rate for this long is resumed from another connection or mirror.',
  }),
  minRateBytes: reloadable({
    key: 'min_rate',
    kind: byteSize('0B', '1GiB'),
    default: 1024n,
    description: 'Bytes per second below which a download counts as stalled.',
  }),
  maxLayerBytes: reloadable({
    key: 'max_layer_size',
    kind: byteSize('1MiB', '64TiB'),
    default: 512n * 1024n ** 3n,
    description:
      'Layers that are larger when unpacked are refused. What a disk cannot hold fails in any case, and leaves nothing.',
  }),
  maxLayerEntries: reloadable({
    key: 'max_layer_entries',
    kind: integer({ min: 1000, max: 100_000_000, unit: 'headers of a layer' }),
    default: 4_000_000,
    description:
      'Layers whose archives have more headers are refused. A file has one, or two and more with attributes, exact times or a long name.',
  }),
  imageVolumes: reloadable({
    key: 'image_volumes',
    kind: oneOf(['mkdir', 'bind', 'ignore']),
    default: 'mkdir',
    description:
      'What becomes of the VOLUME instructions of an image: "mkdir" makes the directories in the container, "bind" mounts an empty directory of the container\'s own on each, "ignore" does nothing.',
  }),
};
