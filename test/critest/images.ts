/**
 * The images that critest's specifications name, made of a few files of Debian's packages each. What a specification needs
 * of an image stands beside it. Names are the original ones: the specifications compare them.
 */
import { readFile } from 'node:fs/promises';
import {
  architecture,
  type ImageSource,
  type LayerEntry,
  type LayerSource,
  type RunConfig,
} from '../harness/image-build.ts';
import type { NamedImage } from '../harness/test-images.ts';
import { fetchPackages, readPackage, versionOf } from './debian.ts';
import { buildStatic } from './go.ts';

const e2e = 'registry.k8s.io/e2e-test-images';
const staging = 'gcr.io/k8s-staging-cri-tools';

/** The image whose digest is compiled into critest: of no package, so that the digest never changes. */
export const digestImage = `${staging}/test-image-digest:latest`;

/** What Debian has as separate programs outside busybox, as far as the specifications ask. */
const pgrep = `#!/bin/sh
pidof "$1" | tr ' ' '\\n' | grep .
`;
const ipcs = `#!/bin/sh
echo '------ Shared Memory Segments --------'
while read -r key id rest; do echo "$key $id"; done < /proc/sysvipc/shm
`;

/** Source: nginx, core module. It must be named by its own process title and write the pid file that is waited for. */
function nginxConf(port: number): string {
  return `user root;
worker_processes 1;
daemon off;
pid /var/run/nginx.pid;
error_log stderr;
events { worker_connections 64; }
http {
  access_log off;
  server { listen ${port}; location / { root /usr/share/nginx/html; } }
}
`;
}

const nonewprivs = `package main

import (
	"fmt"
	"os"
)

func main() { fmt.Printf("Effective uid: %d\\n", os.Geteuid()) }
`;

const passwd = `root:x:0:0:root:/root:/bin/sh
www-data:x:33:33:www-data:/var/www:/bin/false
default-user:x:1000:1000::/home/default-user:/bin/sh
nobody:x:65534:65534:nobody:/home:/bin/false
`;
const group = `root:x:0:
www-data:x:33:
default-user:x:1000:
nogroup:x:65534:
group-defined-in-image:x:50000:default-user
`;

const shell: RunConfig = {
  Cmd: ['sh'],
  Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
};

const libraries = ['libc6', 'libcrypt1', 'libpcre2-8-0', 'libssl3', 'zlib1g'] as const;

export type ImageSet = {
  readonly images: readonly NamedImage[];
  /** `nginx 1.22.1-9+deb12u10`, … */
  readonly packages: readonly string[];
};

/** Fetches what is missing and reads it; builds nothing yet. */
export async function conformanceImages(): Promise<ImageSet> {
  const debs = await fetchPackages(['busybox', 'nginx', ...libraries]);
  const read = async (name: string, pattern: RegExp): Promise<readonly LayerEntry[]> =>
    await readPackage(debs.get(name) ?? '', (path) => pattern.test(path));
  const base = await busyboxLayer(read);
  const nginx: LayerSource = {
    entries: [
      ...['usr/share/nginx', 'var/lib/nginx', 'var/log/nginx', 'etc/nginx'].map(directory),
      ...(await read('nginx', /^usr\/sbin\/nginx$/)),
      ...(await read('libcrypt1', /\/libcrypt\.so\.1/)),
      ...(await read('libpcre2-8-0', /\/libpcre2-8\.so\./)),
      ...(await read('libssl3', /\/lib(ssl|crypto)\.so\.3$/)),
      ...(await read('zlib1g', /\/libz\.so\./)),
      file('usr/share/nginx/html/index.html', 'nginx\n'),
    ],
  };
  const program = await readFile(await buildStatic('nnp', nonewprivs));
  return {
    images: [...servers(base, nginx), nonewprivsImage(program), ...plainImages(base), ...userImages(base)],
    packages: [...debs.values()].map(versionOf),
  };
}

type Read = (name: string, pattern: RegExp) => Promise<readonly LayerEntry[]>;

/** Hard links: a masked path over one applet must not cover the others' file. */
async function busyboxLayer(read: Read): Promise<LayerSource> {
  const busybox = await read('busybox', /^bin\/busybox$/);
  const dirs = [
    'bin',
    'usr',
    'usr/bin',
    'usr/sbin',
    'usr/share',
    'lib',
    'lib64',
    'etc',
    'root',
    'dev',
    'proc',
  ];
  const more = ['sys', 'run', 'var', 'var/run', 'var/lib', 'var/log', 'var/www', 'home', 'mnt'];
  return {
    entries: [
      ...[...dirs, ...more].map(directory),
      { kind: 'directory', path: 'tmp', mode: 0o1777 },
      ...busybox,
      ...applets.map((name): LayerEntry => ({
        kind: 'hardlink',
        path: `bin/${name}`,
        target: 'bin/busybox',
      })),
      ...(await read('libc6', /(\/ld-linux-[^/]+\.so\.\d|\/libc\.so\.6|\/libresolv\.so\.2)$/)),
      { kind: 'file', path: 'usr/bin/pgrep', content: pgrep, mode: 0o755 },
      { kind: 'file', path: 'usr/bin/ipcs', content: ipcs, mode: 0o755 },
      file('etc/passwd', passwd),
      file('etc/group', group),
      file('var/www/index.html', 'httpd\n'),
    ],
  };
}

const applets = (
  'sh ash awk basename brctl cat chmod chown cp cut date dd df dirname echo egrep env expr false fgrep find free grep ' +
  'head hostname httpd id ifconfig ip kill killall ln ls md5sum mkdir mkfifo mknod mktemp mount mv nc netstat nproc od ' +
  'pidof ping ping6 printf ps pwd readlink realpath rm rmdir sed seq sha256sum sleep sort stat stty sync sysctl tail ' +
  'tar tee test timeout top touch tr true tty umount uname uniq wc wget which whoami xargs yes'
).split(' ');

/** nginx is pid 1 and says "master process" in its command line; httpd serves :80 and says its name in its log. */
function servers(base: LayerSource, nginx: LayerSource): readonly NamedImage[] {
  const serving = (port: number): ImageSource => ({
    config: { ...shell, Cmd: ['nginx'] },
    layers: [base, nginx, { entries: [file('etc/nginx/nginx.conf', nginxConf(port))] }],
  });
  const httpd = ['sh', '-c', 'echo "httpd: serving /var/www on port 80"; exec httpd -f -v -p 80 -h /var/www'];
  return [
    { names: [`${e2e}/nginx:1.14-2`], source: serving(80) },
    { names: [`${staging}/hostnet-nginx-${architecture}:latest`], source: serving(12003) },
    { names: [`${e2e}/httpd:2.4.39-4`], source: { config: { ...shell, Cmd: httpd }, layers: [base] } },
  ];
}

/** Its program belongs to root and is setuid: no_new_privs must make no root of user 1000. */
function nonewprivsImage(program: Uint8Array): NamedImage {
  const entry: LayerEntry = { kind: 'file', path: 'nnp', content: program, mode: 0o4755 };
  const source = { config: { Entrypoint: ['/nnp'] }, layers: [{ entries: [entry] }] };
  return { names: [`${e2e}/nonewprivs:1.3`], source };
}

function plainImages(base: LayerSource): readonly NamedImage[] {
  const marked = (text: string): ImageSource => ({
    config: shell,
    layers: [base, { entries: [file('marker', `${text}\n`)] }],
  });
  const one = (name: string): NamedImage => ({ names: [name], source: marked(name) });
  const pause = { config: { ...shell, Cmd: ['sleep', '1000000000'] }, layers: [base] };
  const fixed = {
    config: {},
    layers: [{ entries: [file('marker', 'digest\n')], compression: 'none' as const }],
  };
  return [
    { names: [`${e2e}/busybox:1.29-2`], source: { config: shell, layers: [base] } },
    // One image in two registries.
    { names: ['registry.k8s.io/pause:3.9', 'k8s.gcr.io/pause:3.9'], source: pause },
    one(`${staging}/test-image-latest:latest`),
    one(`${staging}/test-image-tag:test`),
    one(`${staging}/test-image-tag:all`),
    ...[1, 2, 3].map((index) => one(`${staging}/test-image-${index}:latest`)),
    { names: [1, 2, 3].map((index) => `${staging}/test-image-tags:${index}`), source: marked('tags') },
    { names: [digestImage], source: fixed },
  ];
}

function userImages(base: LayerSource): readonly NamedImage[] {
  const withUser = (name: string, User: string): NamedImage => ({
    names: [`${staging}/test-image-${name}:latest`],
    source: { config: { ...shell, User }, layers: [base] },
  });
  const waiting = { ...shell, User: '1000', Cmd: ['sleep', 'infinity'] };
  return [
    withUser('user-uid', '1002'),
    withUser('user-username', 'www-data'),
    withUser('user-uid-group', '1003:1004'),
    withUser('user-username-group', 'www-data:1004'),
    {
      names: [`${staging}/test-image-predefined-group:latest`],
      source: { config: waiting, layers: [base] },
    },
  ];
}

function directory(path: string): LayerEntry {
  return { kind: 'directory', path };
}

function file(path: string, content: string): LayerEntry {
  return { kind: 'file', path, content };
}
