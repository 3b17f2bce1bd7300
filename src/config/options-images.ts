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
      'Mirrors, blocked and insecure registries, unqualified search, as of containers-registries.conf(5).',
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
  authFile: reloadable({
    key: 'auth_file',
    kind: optional(pathKind, 'none'),
    default: null,
    description: 'Credentials used when the kubelet sends none, in the form of a docker config.json.',
  }),
  maxConcurrentDownloads: reloadable({
    key: 'max_concurrent_downloads',
    kind: integer({ min: 1, max: 64, unit: 'layers of one image' }),
    default: 4,
    description: 'How many layers of one image are downloaded at a time.',
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
  imageVolumes: reloadable({
    key: 'image_volumes',
    kind: oneOf(['mkdir', 'bind', 'ignore']),
    default: 'mkdir',
    description:
      'What becomes of the VOLUME instructions of an image: "mkdir" makes the directories in the container, "bind" mounts an empty directory of the container\'s own on each, "ignore" does nothing.',
  }),
};
