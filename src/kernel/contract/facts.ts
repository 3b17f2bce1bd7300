/**
 * What this kernel and this process can do.
 */

export type KernelFacts = {
  /** `6.18.44`. */
  readonly release: string;
  /** The new mount API for overlay works (fsopen, fsconfig lowerdir+). */
  readonly hasOverlayMountApi: boolean;
  readonly hasMountSetattr: boolean;
  readonly hasPidfdInfo: boolean;
  readonly hasPidfdExitInfo: boolean;
  /** Capabilities (`CAP_SYS_ADMIN`) that the daemon may give: its bounding set. Source: capabilities(7). */
  readonly boundingCapabilities: readonly string[];
};
