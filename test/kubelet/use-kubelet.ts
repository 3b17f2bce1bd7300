/**
 * A machine with our daemon and a real kubelet on it, for all tests of a file. Where the kubelet cannot be built the reason is
 * told and the tests are skipped.
 */
import { afterAll, beforeAll, describe } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { messageOf } from '../../src/base/errors.ts';
import { findGo } from '../critest/go.ts';
import { difference, type Census } from '../harness/census.ts';
import { Rig, type RigOptions } from '../harness/rig.ts';
import { eventually, settle } from '../harness/wait.ts';
import { buildKubelet } from './build-kubelet.ts';
import { complaintsOf } from './complaints.ts';
import { Kubelet } from './kubelet.ts';
import type { ContainerSeen, PodSeen } from './manifests.ts';

/** Made once, for all pods to come. */
const ownOfKubelet = /\/kubepods(?:\/(?:burstable|besteffort))?$|KUBE-/;

export class Node implements AsyncDisposable {
  readonly rig: Rig;
  readonly kubelet: Kubelet;
  readonly #before: Census;
  #readTo = 0;

  private constructor(rig: Rig, kubelet: Kubelet, before: Census) {
    this.rig = rig;
    this.kubelet = kubelet;
    this.#before = before;
  }

  static async start(program: string, options: RigOptions): Promise<Node> {
    const rig = await Rig.start(options);
    try {
      const kubelet = await Kubelet.prepare(rig.machine, program, rig.server.socketPath);
      const before = await rig.censusAfterWarmUp('crun');
      await kubelet.start();
      return new Node(rig, kubelet, before);
    } catch (error) {
      await rig.close();
      throw error;
    }
  }

  /** As the kubelet tells of it now; null: it knows none of that name. */
  async pod(name: string): Promise<PodSeen | null> {
    const { items } = await this.kubelet.api.json<{ readonly items: readonly PodSeen[] }>('/pods');
    // It adds its node's name to those of static pods.
    return items.find((each) => each.metadata.name === `${name}-node`) ?? null;
  }

  async container(pod: string, name = 'c'): Promise<ContainerSeen | null> {
    const { containerStatuses = [], initContainerStatuses = [] } = (await this.pod(pod))?.status ?? {};
    return [...initContainerStatuses, ...containerStatuses].find((each) => each.name === name) ?? null;
  }

  /** Waits until a container is as it should be, and returns it. @throws with what was seen last */
  async until(
    pod: string,
    isRight: (seen: ContainerSeen) => boolean,
    wait: { readonly name?: string; readonly timeoutMs?: number } = {},
  ): Promise<ContainerSeen> {
    let last: ContainerSeen | null = null;
    const look = async (): Promise<boolean> => {
      last = await this.container(pod, wait.name);
      if (last !== null && isRight(last)) return true;
      throw new Error(`last seen: ${JSON.stringify(last)}`);
    };
    await eventually(`container of pod "${pod}"`, look, {
      timeoutMs: wait.timeoutMs ?? 30_000,
      everyMs: 200,
    });
    if (last === null) throw new Error(`pod "${pod}" is gone`);
    return last;
  }

  async ready(pod: string, name = 'c'): Promise<ContainerSeen> {
    return await this.until(pod, (seen) => seen.ready, { name });
  }

  /** The runtime's id of a container that the kubelet has named. */
  static idOf({ containerID = '' }: ContainerSeen): string {
    return containerID.replace('cri-ts://', '');
  }

  /** What its log complains of since this was asked last. */
  async complaints(): Promise<readonly string[]> {
    const log = await this.kubelet.log();
    const news = log.slice(this.#readTo);
    this.#readTo = log.length;
    return complaintsOf(news);
  }

  /** What was made for pods and is still there when the kubelet has let go of them, one line each. */
  async leftovers(): Promise<readonly string[]> {
    const { machine } = this.rig;
    const hasPods = async (): Promise<boolean> =>
      (await machine.cgroups()).some((path) => /\/kubepods\/.*pod[^/]+$/.test(path));
    await eventually('the cgroups of pods go', async () => !(await hasPods()), { everyMs: 200 });
    await this.kubelet.stop();
    await this.rig.removeEverything();
    const look = async (): Promise<readonly string[]> =>
      difference(this.#before, await this.rig.takeCensus())
        .split('\n')
        .filter((line) => line.startsWith('+') && !ownOfKubelet.test(line));
    return await settle(look, (seen) => seen.length === 0);
  }

  /** With CRI_TS_TEST_LOGS=DIR the kubelet's log is kept there beside the daemon's. */
  async close(): Promise<void> {
    const keep = process.env['CRI_TS_TEST_LOGS'];
    await this.kubelet.close();
    if (keep !== undefined)
      await writeFile(`${keep}${this.rig.machine.cgroupParent}.kubelet.log`, await this.kubelet.log());
    await this.rig.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

async function findKubelet(): Promise<{ readonly path: string | null; readonly reason: string }> {
  if (findGo() === null && process.env['KUBELET'] === undefined)
    return { path: null, reason: 'the kubelet is not tried: go is not installed' };
  try {
    return { path: await buildKubelet(), reason: '' };
  } catch (error) {
    return { path: null, reason: `the kubelet is not tried: ${messageOf(error).slice(-300)}` };
  }
}

const found = await findKubelet();

/** A `describe` with a node of its own. */
export function describeNode(name: string, options: RigOptions, tell: (node: () => Node) => void): void {
  if (found.path === null) process.stderr.write(`${found.reason}\n`);
  (found.path === null ? describe.skip : describe)(name, () => {
    let node: Node | null = null;
    beforeAll(async () => {
      node = await Node.start(found.path ?? '', options);
    });
    afterAll(async () => {
      await node?.close();
    });
    tell(() => {
      if (node === null) throw new Error('the node is not there before the first test');
      return node;
    });
  });
}
