/**
 * GetContainerEvents: what becomes of pods and containers, told in order with the state of then, to whoever reads.
 * Reference: cri.md 2.5, evented PLEG; features.md pain 13.
 */
import { readFile } from 'node:fs/promises';
import { Client, credentials } from '@grpc/grpc-js';
import { describe, expect, test } from '@jest/globals';
import { methods } from '../../cri-api/methods.ts';
import {
  ContainerEventType,
  ContainerState,
  PodSandboxState,
  type ContainerEventResponse,
} from '../../cri-api/runtime-v1.ts';
import { CriClient } from '../harness/client.ts';
import { describeWith, findCrictl } from '../harness/crictl.ts';
import { podConfig, shell, sleeper } from '../harness/requests.ts';
import { handlers } from '../harness/rig.ts';
import { useRig } from '../harness/use-rig.ts';
import { eventually } from '../harness/wait.ts';

const rig = useRig();

/** A client that reads in the background until its stream ends. */
class Listener implements AsyncDisposable {
  readonly seen: ContainerEventResponse[] = [];
  /** How the stream ended: a status, or what it was ended by. */
  end: string | null = null;
  readonly #abort = new AbortController();
  readonly #client: CriClient;
  readonly #reading: Promise<void>;

  constructor(socketPath: string) {
    this.#client = new CriClient(socketPath);
    this.#reading = this.#read();
  }

  async #read(): Promise<void> {
    const stream = this.#client.stream('GetContainerEvents', {}, { signal: this.#abort.signal });
    try {
      for await (const event of stream) this.seen.push(event);
      this.end = 'OK';
    } catch (error) {
      this.end = String(error);
    }
  }

  /** Waits until the stream tells of new pods, so that nothing of what follows is missed. */
  async ready(): Promise<void> {
    await eventually('the stream is open', async () => {
      if (this.seen.length > 0) return true;
      const pod = await rig().runPod();
      await rig().removePod(pod);
      return this.seen.length > 0;
    });
    await eventually('the probe is over', () => this.seen.at(-1)?.containerEventType === 3);
    this.seen.length = 0;
  }

  /** What was told of these ids, as `created pod`. */
  told(names: Readonly<Record<string, string>>): readonly string[] {
    return this.seen
      .filter(({ containerId }) => names[containerId] !== undefined)
      .map(({ containerId, containerEventType: type }) => `${words[type]} ${names[containerId]}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#reading;
    this.#client.close();
  }
}

const words = ['created', 'started', 'stopped', 'deleted'] as const;

async function listen(): Promise<Listener> {
  const listener = new Listener(rig().server.socketPath);
  await listener.ready();
  return listener;
}

describe.each(handlers)('the life of a pod of %s', (handler) => {
  test('is told in order, each event with the state of then', async () => {
    await using listener = await listen();
    const pod = await rig().runPod({ handler, config: podConfig({ labels: { app: 'told' } }) });
    const ends = await rig().run(pod, shell('exit 3'));
    await rig().exited(ends);
    const stays = await rig().run(pod, sleeper());
    await rig().removePod(pod);
    const names = { [pod.id]: 'pod', [ends]: 'ends', [stays]: 'stays' };
    await eventually('all is told', () => listener.told(names).at(-1) === 'deleted pod');
    const told = listener.told(names);
    expect(told.slice(0, 9)).toEqual([
      'created pod',
      'started pod',
      'created ends',
      'started ends',
      'stopped ends',
      'created stays',
      'started stays',
      'stopped stays',
      'stopped pod',
    ]);
    expect(told.slice(9, 11).toSorted()).toEqual(['deleted ends', 'deleted stays']);
    expect(told.slice(11)).toEqual(['deleted pod']);

    const times = listener.seen.map(({ createdAt }) => createdAt);
    expect(times).toEqual(times.toSorted((a, b) => (a < b ? -1 : 1)));
    for (const { podSandboxStatus, createdAt } of listener.seen) {
      expect(podSandboxStatus).toMatchObject({ id: pod.id, labels: { app: 'told' } });
      expect(podSandboxStatus?.metadata?.uid).toBe(pod.config.metadata?.uid);
      expect(createdAt).toBeGreaterThan(1_600_000_000_000_000_000n);
    }
    const stateAt = (id: string, type: ContainerEventType): number | undefined =>
      eventOf(listener, id, type)?.containersStatuses.find((status) => status.id === id)?.state;
    expect(([0, 1, 2, 3] as const).map((type) => stateAt(stays, type))).toEqual([
      ContainerState.CONTAINER_CREATED,
      ContainerState.CONTAINER_RUNNING,
      ContainerState.CONTAINER_EXITED,
      undefined,
    ]);
    const exit = eventOf(listener, ends, ContainerEventType.CONTAINER_STOPPED_EVENT)?.containersStatuses[0];
    expect(exit).toMatchObject({ exitCode: 3, reason: 'Error' });
    const ofPod = (type: ContainerEventType) => eventOf(listener, pod.id, type)?.podSandboxStatus?.state;
    expect(ofPod(ContainerEventType.CONTAINER_STARTED_EVENT)).toBe(PodSandboxState.SANDBOX_READY);
    expect(ofPod(ContainerEventType.CONTAINER_STOPPED_EVENT)).toBe(PodSandboxState.SANDBOX_NOTREADY);
  });

  test('tells of a restarted container before the one whose name it has', async () => {
    await using listener = await listen();
    const pod = await rig().runPod({ handler });
    const attempt = (number: number) => ({ metadata: { name: 'again', attempt: number } });
    const first = await rig().run(pod, shell('exit 3', attempt(0)));
    await rig().exited(first);
    const second = await rig().run(pod, sleeper(attempt(1)));
    const { CONTAINER_STARTED_EVENT: started } = ContainerEventType;
    await eventually('the start is told', () => eventOf(listener, second, started) !== undefined);
    const event = eventOf(listener, second, started);
    expect(event?.containersStatuses.map(({ id }) => id)).toEqual([second, first]);
    const { containersStatuses } = await rig().call('PodSandboxStatus', { podSandboxId: pod.id });
    expect(containersStatuses.map(({ id }) => id)).toEqual([second, first]);
  });

  test('goes on through a start that fails, without a moment of running', async () => {
    await using listener = await listen();
    const pod = await rig().runPod({ handler });
    const id = await rig()
      .create(pod, shell('true', { command: ['/no/such/program'] }))
      .catch(() => null);
    // One runtime finds out at create, the other one at start.
    if (id !== null) {
      await rig()
        .call('StartContainer', { containerId: id })
        .catch(() => undefined);
      await eventually('its end is told', () => listener.told({ [id]: 'it' }).length >= 2);
      expect(listener.told({ [id]: 'it' })).toEqual(['created it', 'stopped it']);
    }
    await rig().removePod(pod);
  });
});

function eventOf(
  listener: Listener,
  id: string,
  type: ContainerEventType,
): ContainerEventResponse | undefined {
  return listener.seen.find((event) => event.containerId === id && event.containerEventType === type);
}

describe('subscribers', () => {
  test('all hear the same', async () => {
    await using one = await listen();
    await using two = await listen();
    one.seen.length = 0;
    const pod = await rig().runPod();
    await rig().removePod(pod);
    const names = { [pod.id]: 'pod' };
    await eventually('both are told', () =>
      [one, two].every((listener) => listener.told(names).at(-1) === 'deleted pod'),
    );
    expect(one.told(names)).toEqual(two.told(names));
  });

  test('are told by a status when the daemon stops, and it does not wait for them', async () => {
    await using listener = await listen();
    await rig().server.stop();
    await eventually('the stream ends', () => listener.end !== null);
    expect(listener.end).toContain('UNAVAILABLE');
    await rig().server.start();
  });
});

describe('a hundred subscribers that do not read', () => {
  test('leave the memory of the daemon bounded and nobody waiting', async () => {
    const client = new Client(`unix://${rig().server.socketPath}`, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
    });
    const { path } = methods.GetContainerEvents;
    const asBytes = (bytes: Buffer): Buffer => bytes;
    // Nobody takes what comes: only the headers, which say that the stream is open, are noticed.
    const opened = new Set<number>();
    const calls = Array.from({ length: 100 }, (_, index) => {
      const call = client.makeServerStreamRequest(path, asBytes, asBytes, Buffer.alloc(0));
      call.on('error', () => undefined);
      call.on('metadata', () => opened.add(index));
      return call;
    });
    try {
      await eventually('all are subscribed', async () => {
        await rig().removePod(await rig().runPod());
        return opened.size === calls.length;
      });
      const before = await residentMb();
      const annotations = { big: 'x'.repeat(32 * 1024) };
      for (let count = 0; count < 20; count += 1)
        await rig().removePod(await rig().runPod({ config: podConfig({ annotations }) }));
      // Eighty events of 32 KiB for each of a hundred would be 256 MB.
      expect((await residentMb()) - before).toBeLessThan(100);
      await using reader = await listen();
      const pod = await rig().runPod();
      await eventually('a reader hears', () => reader.told({ [pod.id]: 'pod' }).length === 2);
    } finally {
      for (const call of calls) call.cancel();
      client.close();
    }
  });

  async function residentMb(): Promise<number> {
    const status = await readFile(`/proc/${rig().server.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  }
});

const crictl = await findCrictl();
describeWith(crictl)('crictl events', () => {
  test('shows them as a person reads them', async () => {
    const { machine, server } = rig();
    const endpoint = `unix://${server.socketPath}`;
    const watching = machine.try('timeout', '5', crictl.path ?? '', '-r', endpoint, 'events');
    const watched = { isOver: false };
    void watching.then(() => (watched.isOver = true));
    const pods: string[] = [];
    await eventually('crictl has looked for a while', async () => {
      const pod = await rig().runPod();
      pods.push(pod.id);
      await rig().removePod(pod);
      return watched.isOver;
    });
    const shown = (await watching).stdout.toString('utf8');
    for (const word of ['CREATED', 'STARTED', 'STOPPED', 'DELETED'])
      expect(shown).toContain(`"CONTAINER_${word}_EVENT"`);
    // How many blanks there are differs from build to build. Source: protobuf-go, encoding/protojson.
    const ids = [...shown.matchAll(/"containerId": +"([0-9a-f]{64})"/g)].map(([, id = '']) => id);
    expect(ids.filter((id) => pods.includes(id))).not.toEqual([]);
    expect(shown).toContain('"SANDBOX_NOTREADY"');
  });
});
