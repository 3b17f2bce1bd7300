/**
 * One pod at a time, from RunPodSandbox to RemovePodSandbox with three commands in between. Subjects and floor take turns, so
 * that what else the machine does hits all of them alike.
 */
import { hostNetworkPod } from '../test/harness/requests.ts';
import { Samples, timed, type Summary } from './samples.ts';
import type { Floor, FloorHandler } from './floor.ts';
import type { Subject } from './subjects.ts';

const execsPerPod = 3;

/** Runs one life and returns milliseconds by step. */
export type Contender = { readonly name: string; readonly life: (samples: Samples) => Promise<void> };

export function subjectContender(subject: Subject, handler: string, isHostNetwork = false): Contender {
  return {
    name: `${subject.name}/${handler}`,
    life: async (samples) => {
      const { client } = subject.server;
      const config = subject.pod(
        isHostNetwork ? hostNetworkPod({ logDirectory: `${subject.machine.root}/logs` }) : {},
      );
      let podSandboxId = '';
      let containerId = '';
      const note = async (step: string, work: () => Promise<unknown>): Promise<number> => {
        const ms = await timed(work);
        samples.add(step, ms);
        return ms;
      };
      const run = await note(
        'RunPodSandbox',
        async () => (podSandboxId = await subject.runPod(handler, config)),
      );
      const create = await note(
        'CreateContainer',
        async () => (containerId = await subject.createContainer(podSandboxId, undefined, config)),
      );
      const start = await note('StartContainer', () => subject.startContainer(containerId));
      samples.add('pod start', run + create + start);
      for (let index = 0; index < execsPerPod; index += 1) {
        await note('ExecSync true', () => client.call('ExecSync', { containerId, cmd: ['true'] }));
      }
      await note('ContainerStatus', () => client.call('ContainerStatus', { containerId }));
      await note('StopContainer', () => client.call('StopContainer', { containerId, timeout: 0n }));
      await note('RemoveContainer', () => client.call('RemoveContainer', { containerId }));
      await note('StopPodSandbox', () => client.call('StopPodSandbox', { podSandboxId }));
      await note('RemovePodSandbox', () => client.call('RemovePodSandbox', { podSandboxId }));
    },
  };
}

export function floorContender(floor: Floor, handler: FloorHandler): Contender {
  return {
    name: `floor/${handler.name}`,
    life: async (samples) => {
      const marks = await floor.life(handler, execsPerPod);
      const one = (name: string): number => marks.get(name)?.[0] ?? NaN;
      samples.add('RunPodSandbox', one('network'));
      samples.add('CreateContainer', one('create'));
      samples.add('StartContainer', one('start'));
      samples.add('pod start', one('network') + one('create') + one('start'));
      for (const ms of marks.get('exec') ?? []) samples.add('ExecSync true', ms);
      samples.add('end', one('end'));
    },
  };
}

export type LifeResult = Readonly<Record<string, Readonly<Record<string, Summary>>>>;

/** The first two rounds warm up and are not counted. */
export async function measureLives(contenders: readonly Contender[], rounds: number): Promise<LifeResult> {
  const all = new Map(contenders.map(({ name }) => [name, new Samples()]));
  for (let round = -2; round < rounds; round += 1) {
    for (let turn = 0; turn < contenders.length; turn += 1) {
      // Who begins changes from round to round.
      const contender = contenders[(turn + Math.max(round, 0)) % contenders.length];
      if (contender === undefined) continue;
      await contender.life(round < 0 ? new Samples() : (all.get(contender.name) ?? new Samples()));
    }
  }
  return Object.fromEntries([...all].map(([name, samples]) => [name, samples.summaries()]));
}
