/**
 * Where everything lies on disk. Pure: it names, it touches nothing.
 *
 *   ROOT_DIR  pods/ID.json containers/ID.json quarantine/  images/  cni/            until removed, collected, detached
 *   RUN_DIR   lock  pods/ID/{user,net,ipc,uts,shm,hostname,resolv.conf}             until reboot
 *             containers/ID/{config.json,stdin,stdout,stderr,exit.json,attach}
 *             stages/ID/  mounts on their way into a container                   while it is being created
 *             monitors/SLOT/{control,log}  runtimes/HANDLER/
 */
import { joinPath, type AbsolutePath, type ContainerId, type PodId } from '../base/ids.ts';

export type PodPaths = {
  readonly dir: AbsolutePath;
  /** Pins of the namespaces. */
  readonly user: AbsolutePath;
  readonly net: AbsolutePath;
  readonly ipc: AbsolutePath;
  readonly uts: AbsolutePath;
  readonly shm: AbsolutePath;
  readonly hostname: AbsolutePath;
  readonly resolvConf: AbsolutePath;
};

export type ContainerPaths = {
  /** The bundle and the run directory are one: config.json, FIFOs, exit record. */
  readonly dir: AbsolutePath;
  readonly spec: AbsolutePath;
  readonly exit: AbsolutePath;
};

export class Paths {
  readonly rootDir: AbsolutePath;
  readonly runDir: AbsolutePath;

  constructor(rootDir: AbsolutePath, runDir: AbsolutePath) {
    this.rootDir = rootDir;
    this.runDir = runDir;
  }

  get pods(): AbsolutePath {
    return joinPath(this.runDir, 'pods');
  }

  get containers(): AbsolutePath {
    return joinPath(this.runDir, 'containers');
  }

  get stages(): AbsolutePath {
    return joinPath(this.runDir, 'stages');
  }

  /** Of a container, or of a pod's init. */
  stage(id: ContainerId | PodId): AbsolutePath {
    return joinPath(this.stages, id);
  }

  pod(id: PodId): PodPaths {
    const dir = joinPath(this.pods, id);
    return {
      dir,
      user: joinPath(dir, 'user'),
      net: joinPath(dir, 'net'),
      ipc: joinPath(dir, 'ipc'),
      uts: joinPath(dir, 'uts'),
      shm: joinPath(dir, 'shm'),
      hostname: joinPath(dir, 'hostname'),
      resolvConf: joinPath(dir, 'resolv.conf'),
    };
  }

  container(id: ContainerId | PodId): ContainerPaths {
    const dir = joinPath(this.containers, id);
    return {
      dir,
      spec: joinPath(dir, 'config.json'),
      exit: joinPath(dir, 'exit.json'),
    };
  }

  handlerRoot(handler: string): AbsolutePath {
    return joinPath(this.runDir, 'runtimes', handler);
  }
}
