/**
 * A request for namespaces, checked and put in order for the kernel thread, and what its caller gets.
 */
import { internal, invalid } from '../base/errors.ts';
import type { AbsolutePath } from '../base/ids.ts';
import type { NamespaceKind, NamespaceRequest, PinnedNamespaces } from './contract/namespaces.ts';
import { checkHostname, planSysctls } from './sysctls.ts';
import type { NamespaceOrder } from './thread/thread-namespaces.ts';

const kinds: readonly NamespaceKind[] = ['user', 'net', 'ipc', 'uts'];

/** @throws InvalidSysctl, SysctlNotNamespaced, SysctlOfHost, InvalidHostname, HostnameOfHost, NoNamespaceHolder */
export function orderNamespaces(request: NamespaceRequest): NamespaceOrder {
  const pins = kinds.flatMap((kind) => {
    const path = request.pins[kind];
    return path === undefined ? [] : [{ kind, path }];
  });
  const asked = new Set(pins.map((pin) => pin.kind));
  if (asked.has('user') && request.holder === undefined)
    throw internal('NoNamespaceHolder', 'pin a user namespace: expected the process that lives in it');
  if (request.hostname !== undefined) {
    checkHostname(request.hostname);
    if (!asked.has('uts'))
      throw invalid(
        'HostnameOfHost',
        `hostname "${request.hostname}": the pod has no uts namespace of its own`,
      );
  }
  return {
    pins,
    holder: request.holder ?? null,
    hostname: request.hostname ?? null,
    sysctls: planSysctls(request.sysctls, asked),
  };
}

export class PinnedByMounts implements PinnedNamespaces {
  readonly pins: NamespaceRequest['pins'];
  readonly #unpin: (path: AbsolutePath) => Promise<void>;

  constructor(pins: NamespaceRequest['pins'], unpin: (path: AbsolutePath) => Promise<void>) {
    this.pins = pins;
    this.#unpin = unpin;
  }

  /** All are tried; the first failure is thrown. A second call finds nothing to do. */
  async unpin(): Promise<void> {
    const paths = kinds.flatMap((kind) => this.pins[kind] ?? []);
    const results = await Promise.allSettled(paths.map((path) => this.#unpin(path)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.unpin();
  }
}
