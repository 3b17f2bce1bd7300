/**
 * The pods' network: what pods need of CNI, in the words of pods. The library keeps its own records, so that DEL is done
 * with the configuration of ADD, also after a restart.
 */
import type { Cni } from '../../cni/cni.ts';
import type { NetworkStatus } from '../../cni/readiness.ts';
import type { AbsolutePath, PodId } from '../base/ids.ts';
import { explain, unavailable } from '../base/errors.ts';
import type { Bandwidth } from '../spec/bandwidth.ts';
import type { DnsConfig, PodMetadata, PortMapping } from '../spec/requests/pod-config.ts';

export type NetworkPod = {
  readonly id: PodId;
  readonly metadata: PodMetadata;
  readonly netns: AbsolutePath | null;
};

export type NetworkWishes = {
  readonly portMappings: readonly PortMapping[];
  readonly bandwidth: Bandwidth | null;
  readonly dns: DnsConfig | null;
};

export type NetworkTimeouts = { readonly addTimeoutMs: number; readonly delTimeoutMs: number };

const ifName = 'eth0';

export class PodNetwork {
  readonly #cni: Cni;
  readonly #timeouts: NetworkTimeouts;

  constructor(cni: Cni, timeouts: NetworkTimeouts) {
    this.#cni = cni;
    this.#timeouts = timeouts;
  }

  /** From memory; never waits. */
  status(): NetworkStatus {
    return this.#cni.status();
  }

  /**
   * Connects a pod. @returns its addresses, the primary one first
   * @throws NetworkFailed; the caller detaches then, since plugins may have done a part
   */
  async attach(
    pod: NetworkPod & { readonly netns: AbsolutePath },
    wishes: NetworkWishes,
  ): Promise<readonly string[]> {
    const { name, namespace, uid } = pod.metadata;
    try {
      const result = await this.#cni.attach(
        {
          containerId: pod.id,
          netnsPath: pod.netns,
          ifName,
          podName: name,
          podNamespace: namespace,
          podUid: uid,
          capabilities: {
            portMappings: wishes.portMappings,
            ...(wishes.bandwidth === null ? {} : { bandwidth: wishes.bandwidth }),
            ...(wishes.dns === null ? {} : { dns: wishes.dns }),
          },
        },
        { timeoutMs: this.#timeouts.addTimeoutMs },
      );
      return result.ips.map((ip) => ip.address);
    } catch (cause) {
      throw unavailable('NetworkFailed', `connect pod "${namespace}/${name}" to the network`, { cause });
    }
  }

  /** Disconnects a pod, on its own deadline; not connected is success. @throws NetworkFailed; may be tried again */
  async detach(pod: NetworkPod): Promise<void> {
    try {
      await this.#cni.detach(
        { containerId: pod.id, ifName: null, netnsPath: pod.netns },
        { timeoutMs: this.#timeouts.delTimeoutMs },
      );
    } catch (cause) {
      const { namespace, name } = pod.metadata;
      throw unavailable('NetworkFailed', `disconnect pod "${namespace}/${name}"`, { cause });
    }
  }

  /** Gives back what pods that are not among these once had. @returns what could not be given back, in words */
  async sweep(living: readonly PodId[]): Promise<readonly string[]> {
    const valid = living.map((containerId) => ({ containerId, ifName }));
    const { failures } = await this.#cni.collectGarbage(valid, { timeoutMs: this.#timeouts.delTimeoutMs });
    return failures.map(explain);
  }
}
