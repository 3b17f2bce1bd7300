/**
 * The overlay of an image's layers, for a container's root and for an image volume.
 */
import { failedPrecondition, SyscallError } from '../../base/errors.ts';
import type { AbsolutePath } from '../../base/ids.ts';
import type { OverlayRequest } from '../../kernel/contract/mounts.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Layout } from '../disk/layout.ts';
import { lowerDirs } from './lower-dirs.ts';
import type { RootfsRecord } from './rootfs-record.ts';

/** How the files of an overlay look to its container; no layer is changed for it. */
export type OverlayLook = {
  /** The pin of a user namespace, or `/proc/PID/ns/user`, as which their owners appear. */
  readonly idMap?: AbsolutePath;
  /** Every file has it, whatever its layer says. Source: mount(8), context. */
  readonly selinuxLabel?: string;
};

type Parts = { readonly kernel: Pick<Kernel, 'facts' | 'mountOverlay'>; readonly layout: Layout };

type Wanted = OverlayLook & Pick<OverlayRequest, 'target' | 'flags' | 'writable'>;

/** @throws IdMapUnsupported where the kernel, or the file system of the layers, has no id-mapped mounts; SyscallError */
export async function mountLayers(parts: Parts, record: RootfsRecord, wanted: Wanted): Promise<void> {
  const { kernel, layout } = parts;
  const isShort = !(await kernel.facts()).hasOverlayMountApi;
  try {
    await kernel.mountOverlay({ ...wanted, lowerDirs: lowerDirs(layout, record, { isShort }) });
  } catch (cause) {
    if (wanted.idMap === undefined || !isMappingFailure(cause)) throw cause;
    throw failedPrecondition(
      'IdMapUnsupported',
      `id-mapped root file system: expected a kernel and a file system that can map the layers in ${layout.root}`,
      { cause },
    );
  }
}

function isMappingFailure(error: unknown): boolean {
  return error instanceof SyscallError && error.call === 'mount_setattr';
}
