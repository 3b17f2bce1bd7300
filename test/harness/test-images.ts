/**
 * The images that the tests use, under their public names, each made of this machine's static busybox. What one of them
 * is for stands beside it.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { ArtifactSource, Compression, ImageSource, LayerEntry, LayerSource } from './image-build.ts';
import { hostileImages } from './hostile-images.ts';
import { architecture } from './image-build.ts';

/** Name → how it is built. Names of one source are one image. */
export type NamedImage = { readonly names: readonly string[]; readonly source: ImageSource | ArtifactSource };

export const image = {
  /** The image of nearly every test; an index of two architectures. */
  busybox: 'registry.k8s.io/e2e-test-images/busybox:1.29-2',
  busyboxLatest: 'docker.io/library/busybox:latest',
  pause: 'registry.k8s.io/pause:3.9',
  zstd: 'docker.io/cri-ts/zstd:latest',
  plain: 'docker.io/cri-ts/plain:latest',
  /** ENTRYPOINT, CMD, ENV and WORKDIR set. */
  configured: 'docker.io/cri-ts/configured:latest',
  /** STOPSIGNAL SIGUSR1. */
  stopSignal: 'docker.io/cri-ts/stop-signal:latest',
  /** Upper layers delete and hide what lower ones brought. */
  whiteouts: 'docker.io/cri-ts/whiteouts:latest',
  /** VOLUME instructions of every kind, one of them an attempt to leave the root, and links that try the same. */
  volumes: 'docker.io/cri-ts/volumes:latest',
  /** No image: two files, one in a directory. */
  artifact: 'docker.io/cri-ts/artifact:latest',
  /** 40 layers of one file each. */
  manyLayers: 'docker.io/cri-ts/many-layers:latest',
  /** User 1000, also in group 50000. */
  predefinedGroup: 'gcr.io/k8s-staging-cri-tools/test-image-predefined-group:latest',
  userUid: 'gcr.io/k8s-staging-cri-tools/test-image-user-uid:latest',
  userName: 'gcr.io/k8s-staging-cri-tools/test-image-user-username:latest',
  userUidGroup: 'gcr.io/k8s-staging-cri-tools/test-image-user-uid-group:latest',
  userNameGroup: 'gcr.io/k8s-staging-cri-tools/test-image-user-username-group:latest',
  tags: [
    'gcr.io/k8s-staging-cri-tools/test-image-tags:1',
    'gcr.io/k8s-staging-cri-tools/test-image-tags:2',
    'gcr.io/k8s-staging-cri-tools/test-image-tags:3',
  ],
  three: [
    'gcr.io/k8s-staging-cri-tools/test-image-1:latest',
    'gcr.io/k8s-staging-cri-tools/test-image-2:latest',
    'gcr.io/k8s-staging-cri-tools/test-image-3:latest',
  ],
  /** The same image in two registries. */
  twoRegistries: ['registry.k8s.io/cri-ts/twin:1', 'k8s.gcr.io/cri-ts/twin:1'],
} as const;

const passwd = [
  'root:x:0:0:root:/root:/bin/sh',
  'www-data:x:33:33:www-data:/var/www:/bin/false',
  'default-user:x:1000:1000::/home/default-user:/bin/sh',
  'nobody:x:65534:65534:nobody:/home:/bin/false',
];
const group = [
  'root:x:0:',
  'www-data:x:33:',
  'default-user:x:1000:',
  'nobody:x:65534:',
  'group-defined-in-image:x:50000:default-user',
];

function busyboxPath(): string {
  const found = ['/bin/busybox', '/usr/bin/busybox'].find((path) => existsSync(path));
  if (found === undefined) throw new Error('the tests need busybox-static (apt-get install busybox-static)');
  return found;
}

function busyboxLayer(): readonly LayerEntry[] {
  const path = busyboxPath();
  const applets = execFileSync(path, ['--list'], { encoding: 'utf8' })
    .split('\n')
    .filter((name) => name !== '' && name !== 'busybox');
  return [
    ...['bin', 'etc', 'root', 'dev', 'proc', 'sys', 'var', 'var/www', 'home'].map(directory),
    { kind: 'directory', path: 'tmp', mode: 0o1777 },
    { kind: 'file', path: 'bin/busybox', content: readFileSync(path), mode: 0o755 },
    // Hard links: a masked path over one applet must not cover the others' file.
    ...applets.map((name) => ({ kind: 'hardlink', path: `bin/${name}`, target: 'bin/busybox' }) as const),
    { kind: 'file', path: 'etc/passwd', content: `${passwd.join('\n')}\n` },
    { kind: 'file', path: 'etc/group', content: `${group.join('\n')}\n` },
  ];
}

function directory(path: string): LayerEntry {
  return { kind: 'directory', path };
}

function file(path: string, content: string): LayerEntry {
  return { kind: 'file', path, content };
}

const shell = {
  Cmd: ['sh'],
  Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
} as const;

/** All images of the tests; builds nothing yet. */
export function testImages(): readonly NamedImage[] {
  const entries = busyboxLayer();
  const base: LayerSource = { entries };
  const marked = (text: string): ImageSource => ({
    config: shell,
    layers: [base, { entries: [file('marker', text)] }],
  });
  // The marker makes it another image than the one of gzip layers.
  const compressedAs = (compression: Compression): ImageSource => ({
    config: shell,
    layers: [
      { entries, compression },
      { entries: [file('compression', compression)], compression },
    ],
  });
  const withUser = (name: string, User: string): NamedImage => ({
    names: [name],
    source: { config: { ...shell, User }, layers: [base] },
  });
  return [
    {
      names: [image.busybox],
      source: {
        config: shell,
        layers: [base],
        architectures: [architecture, architecture === 'amd64' ? 'arm64' : 'amd64'],
      },
    },
    { names: [image.busyboxLatest], source: marked('docker.io') },
    { names: [image.pause, 'k8s.gcr.io/pause:3.9'], source: pauseImage() },
    { names: [image.zstd], source: compressedAs('zstd') },
    { names: [image.plain], source: compressedAs('none') },
    { names: [image.configured], source: configured(base) },
    { names: [image.stopSignal], source: { config: { ...shell, StopSignal: 'SIGUSR1' }, layers: [base] } },
    { names: [image.whiteouts], source: whiteouts(base) },
    { names: [image.volumes], source: withVolumes(base) },
    {
      names: [image.artifact],
      source: {
        artifactType: 'application/vnd.cri-ts.model',
        files: { 'weights.bin': 'weights', 'meta/card.md': 'card' },
      },
    },
    { names: [image.manyLayers], source: manyLayers(base) },
    withUser(image.predefinedGroup, '1000'),
    withUser(image.userUid, '1002'),
    withUser(image.userName, 'www-data'),
    withUser(image.userUidGroup, '1003:1004'),
    withUser(image.userNameGroup, 'www-data:1004'),
    { names: image.tags, source: marked('tags') },
    ...image.three.map((name, index) => ({ names: [name], source: marked(`image ${index}`) })),
    { names: image.twoRegistries, source: marked('twin') },
    ...hostileImages(entries),
  ];
}

function configured(base: LayerSource): ImageSource {
  const config = {
    Entrypoint: ['/bin/echo', 'entrypoint'],
    Cmd: ['from', 'image'],
    Env: [...shell.Env, 'FROM_IMAGE=1', 'OVERRIDDEN=image'],
    WorkingDir: '/var/www',
    Labels: { origin: 'test' },
  };
  return { config, layers: [base] };
}

/** What stays of the lower layers: /keep/a and /opaque/new. Source: OCI image spec, layer.md, whiteouts. */
function whiteouts(base: LayerSource): ImageSource {
  const lower = {
    entries: [
      directory('keep'),
      file('keep/a', 'a'),
      file('keep/b', 'b'),
      directory('opaque'),
      file('opaque/old', 'old'),
      directory('gone'),
      file('gone/x', 'x'),
    ],
  };
  const upper = {
    entries: [
      file('keep/.wh.b', ''),
      directory('opaque'),
      file('opaque/.wh..wh..opq', ''),
      file('opaque/new', 'new'),
      file('.wh.gone', ''),
    ],
  };
  return { config: shell, layers: [base, lower, upper] };
}

function withVolumes(base: LayerSource): ImageSource {
  const names = ['/data', '/var/www', '../../../../outside', '/link/made', '/proc/own', '/'];
  const links: readonly (readonly [string, string])[] = [
    ['link', '/target'],
    ['absolute', '/etc'],
    ['climbing', '../../../../../../etc'],
    ['outward', '/proc/self/root'],
  ];
  const entries: readonly LayerEntry[] = [
    directory('target'),
    { kind: 'directory', path: 'data', mode: 0o1777 },
    file('data/from-image', 'image'),
    ...links.map(([path, target]) => ({ kind: 'symlink', path, target }) as const),
  ];
  const Volumes = Object.fromEntries(names.map((name) => [name, {}]));
  return { config: { ...shell, Volumes }, layers: [base, { entries }] };
}

function manyLayers(base: LayerSource): ImageSource {
  const more = Array.from({ length: 39 }, (_, index) => ({ entries: [file(`layer-${index}`, `${index}`)] }));
  return { config: shell, layers: [base, ...more] };
}

/** Runs without a command: a program that only waits. */
function pauseImage(): ImageSource {
  const catatonit = '/usr/bin/catatonit';
  if (existsSync(catatonit)) {
    return {
      config: { Entrypoint: ['/pause', '-P'] },
      layers: [{ entries: [{ kind: 'file', path: 'pause', content: readFileSync(catatonit), mode: 0o755 }] }],
    };
  }
  return {
    config: { Entrypoint: ['/busybox', 'sleep', '1000000000'] },
    layers: [
      { entries: [{ kind: 'file', path: 'busybox', content: readFileSync(busyboxPath()), mode: 0o755 }] },
    ],
  };
}
