/**
 * What callers say to the library and hear from it, in one place. Types only.
 */
import type { CniError } from './errors.ts';
import type { Launch } from './launch.ts';
import type { CniLog } from './readiness.ts';
import type { AttachmentKey } from './record.ts';
import type { AttachResult } from './result.ts';

export type CniOptions = {
  /** `/etc/cni/net.d`; need not exist yet. */
  readonly confDir: string;
  /** Searched in order. */
  readonly pluginDirs: readonly string[];
  /** Where attachments are kept; on a disk that survives a reboot. Made (0700) when needed. */
  readonly cacheDir: string;
  /** Starts the plugins; default: by node:child_process. */
  readonly launch?: Launch;
  /** For that default: holds each plugin's input for a moment, without a name; an existing directory, best a tmpfs. Default: cacheDir. */
  readonly scratchDir?: string;
  /** Null: the first valid configuration in lexical order. */
  readonly networkName: string | null;
  readonly log: CniLog;
};

export type CallOptions = {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
};

export type DetachRequest = {
  readonly containerId: string;
  /** Null: every attachment of the container, the newest first. */
  readonly ifName: string | null;
  /** Null: the namespace is gone. A path that is no namespace any more counts as gone. */
  readonly netnsPath: string | null;
};

export type Attachment = AttachmentKey & {
  /** Null: its record is damaged. */
  readonly netnsPath: string | null;
  readonly createdAt: string | null;
  /** Null: ADD did not finish, or the record is damaged. */
  readonly result: AttachResult | null;
};

export type Collected = {
  /** Attachments of an earlier life that nobody claimed, now detached. */
  readonly detached: readonly AttachmentKey[];
  readonly failures: readonly CniError[];
};
