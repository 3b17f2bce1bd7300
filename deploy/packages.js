/**
 * The Debian packages that cri-ts, and its tests, run with: installed only when a file of theirs is missing. Runs on
 * Node 20, without dependencies.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { done, Failure } from './console.js';
import { findProgram, runShown } from './programs.js';

/** package → files, any one of which means that it is there (a path, or a program's name that is searched). */
export const runPackages = {
  crun: ['crun'],
  runc: ['runc'],
  'containernetworking-plugins': ['/usr/lib/cni/bridge', '/opt/cni/bin/bridge'],
  iptables: ['iptables'],
  nftables: ['nft'],
  catatonit: ['catatonit', '/usr/libexec/catatonit/catatonit', '/usr/libexec/podman/catatonit'],
  'busybox-static': ['busybox'],
  iproute2: ['ip'],
  procps: ['ps'],
  'util-linux': ['unshare'],
  // The locked Node is linked with it; a minimal Debian lacks it.
  libatomic1: ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/libatomic.so.1`),
};

export const testPackages = {
  'docker-registry': ['docker-registry'],
  containerd: ['containerd'],
  openssl: ['openssl'],
  tmux: ['tmux'],
  debootstrap: ['debootstrap'],
  buildah: ['buildah'],
  skopeo: ['skopeo'],
  umoci: ['umoci'],
};

/** Installs what is missing. @throws Failure in one sentence with the names of the packages */
export async function ensurePackages(wanted) {
  const missing = Object.entries(wanted)
    .filter(([, files]) => !files.some(isThere))
    .map(([name]) => name);
  if (missing.length === 0) return;
  const names = missing.join(' ');
  const apt = findProgram('apt-get');
  if (apt === null)
    throw new Failure(
      `these programs are missing and there is no apt-get to install them (Debian's names): ${names}.`,
    );
  const startedAtMs = performance.now();
  await withoutServices(async () => {
    const update = await runShown([apt, '-q', 'update'], { env: aptEnv() });
    const install = await runShown(
      [apt, '-q', '-y', '-o', 'Dpkg::Use-Pty=0', 'install', '--no-install-recommends', ...missing],
      { env: aptEnv() },
    );
    if (install.code !== 0) {
      const hint = update.code === 0 ? '' : ' (apt-get update failed, too: is there a network?)';
      throw new Failure(`apt-get could not install ${names}${hint}.`);
    }
  });
  done(`installed ${names}`, startedAtMs);
}

/** A library is no program: it need not be executable. */
function isThere(file) {
  return file.startsWith('/') ? existsSync(file) : findProgram(file) !== null;
}

function aptEnv() {
  return { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
}

const policyFile = '/usr/sbin/policy-rc.d';

/** Packages like docker-registry bring a service: it must not be started on this machine. Source: invoke-rc.d(8). */
async function withoutServices(work) {
  if (existsSync(policyFile)) return await work();
  const remove = () => rmSync(policyFile, { force: true });
  process.once('exit', remove);
  writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return await work();
  } finally {
    remove();
    process.removeListener('exit', remove);
  }
}
