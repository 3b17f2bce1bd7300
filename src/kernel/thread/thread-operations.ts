/**
 * The table of what a kernel thread does, by name; its type is the contract of `threaded-kernel.ts` with the thread.
 * Each operation takes one structured-clonable object and returns one.
 */
import * as files from './thread-files.ts';
import * as labels from './thread-labels.ts';
import * as mounts from './thread-mounts.ts';
import { HostNamespaces } from './host-namespaces.ts';
import * as namespaces from './thread-namespaces.ts';
import * as overlays from './thread-overlay.ts';
import type { BindRequest, OverlayRequest } from '../contract/mounts.ts';

export type ThreadOptions = {
  /** True: mount(2) even where the kernel has the new calls (tests of the fallback). */
  readonly isOldMountApiForced: boolean;
  /** True: an overlay is made by mount(2), as before Linux 6.7, whatever else the kernel has. */
  readonly isOldOverlayForced: boolean;
};

export type Operations = ReturnType<typeof createOperations>;

/** Called once in the thread that will run the operations. */
export function createOperations(options: ThreadOptions) {
  const host = new HostNamespaces();
  const detected = mounts.detectMountApi();
  const api = options.isOldMountApiForced
    ? { hasOverlayMountApi: false, hasMountSetattr: false }
    : { ...detected, hasOverlayMountApi: detected.hasOverlayMountApi && !options.isOldOverlayForced };
  return {
    detectMountApi: () => detected,
    createNamespaces: (order: namespaces.NamespaceOrder) => namespaces.createNamespaces(host, order),
    unpinNamespace: (order: { readonly path: string }) => namespaces.unpinNamespace(order.path),
    inspectNamespace: (order: { readonly path: string }) => namespaces.inspectNamespace(host, order.path),
    beginConnect: (order: namespaces.ConnectOrder) => namespaces.beginConnect(host, order),
    openNetDev: (order: { readonly netns: string }) => namespaces.openNetDev(host, order.netns),
    mount: mounts.mountFileSystem,
    bindMount: (request: BindRequest) => mounts.bindMount(api, request),
    mountOverlay: (request: OverlayRequest) => overlays.mountOverlay(api, request),
    moveMount: (order: Parameters<typeof mounts.moveMount>[1]) => mounts.moveMount(api, order),
    setMountFlags: (order: Parameters<typeof mounts.setMountFlags>[1]) => mounts.setMountFlags(api, order),
    setPropagation: mounts.setPropagation,
    unmountOnce: mounts.unmountOnce,
    openInRoot: files.openInRoot,
    makeDirectoryInRoot: files.makeDirectoryInRoot,
    labelTree: labels.labelTree,
    makeNode: files.makeNode,
    statFileSystem: files.statFileSystem,
    syncFileSystem: files.syncFileSystem,
    lockFile: files.lockFile,
  };
}
