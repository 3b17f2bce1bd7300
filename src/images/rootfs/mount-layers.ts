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
  const { hasOverlayMountApi, release } = await kernel.facts();
  const isShort = !hasOverlayMountApi;
  try {
    await kernel.mountOverlay({ ...wanted, lowerDirs: lowerDirs(layout, record, { isShort }) });
  } catch (cause) {
    if (wanted.idMap === undefined || !isMappingFailure(cause, release)) throw cause;
    throw failedPrecondition(
      'IdMapUnsupported',
      `id-mapped root file system: expected a kernel and a file system that can map the layers in ${layout.root}`,
      { cause },
    );
  }
}

/** Linux 5.12 maps mounts; an overlay of mapped ones is EINVAL before 5.19. Source: Linux fs/overlayfs, ovl_mount_dir. */
function isMappingFailure(error: unknown, release: string): boolean {
  if (!(error instanceof SyscallError)) return false;
  if (error.call === 'mount_setattr') return true;
  const [major = 0, minor = 0] = release.split(/[^0-9]/).map(Number);
  return error.errno === 'EINVAL' && (major < 5 || (major === 5 && minor < 19));
}
