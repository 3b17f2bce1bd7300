/**
 * The daemon dies at every named step of a story, and comes back. Then: List and Status say what clients were told, the
 * client's retry succeeds, and after removal the machine is as it was. Registers its tests for one handler.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ContainerState } from '../../cri-api/runtime-v1.ts';
import type { Census } from './census.ts';
import { codeOf } from './client.ts';
import { crashPoints } from './crash-points.ts';
import { podConfig, shell, sleeper } from './requests.ts';
import { Rig, type Handler, type Pod } from './rig.ts';
import { image } from './test-images.ts';
import { told, without } from './told.ts';

/** What exists before the story, and the story itself. */
type Scene = {
  readonly rig: Rig;
  /** A pod with a running container and one that has ended with 3: nothing may happen to them. */
  readonly bystander: Pod;
  readonly handler: Handler;
};

type Story = {
  /** Prepares, and returns the call (asked again by the retry), what it works on, and what must hold in the end. */
  readonly stage: (scene: Scene) => Promise<Act>;
};

type Act = {
  readonly call: () => Promise<unknown>;
  /** Ids whose state the call may have changed when the daemon died. */
  readonly touched: readonly string[];
  /** Holds after the retry. */
  readonly after: () => Promise<void>;
};

const stories: Readonly<Record<string, Story>> = {
  RunPodSandbox: { stage: stageRunPod },
  CreateContainer: { stage: stageCreate },
  StartContainer: { stage: stageStart },
  UpdateContainerResources: { stage: stageUpdate },
  StopContainer: { stage: stageStop },
  RemoveContainer: { stage: stageRemoveContainer },
  StopPodSandbox: { stage: stageStopPod },
  RemovePodSandbox: { stage: stageRemovePod },
  PullImage: { stage: stagePull },
};

const points = await crashPoints();

export function describeCrashMatrix(handler: Handler): void {
  let rig: Rig;
  let before: Census;

  beforeAll(async () => {
    rig = await Rig.start();
    before = await rig.censusAfterWarmUp(handler);
  });

  afterAll(async () => {
    await rig.close();
  });

  const named = Object.keys(stories).filter((name) => points.has(name));
  describe.each(named)('the daemon dies in %s', (name) => {
    test.each(points.get(name) ?? [])('when step "%s" begins', async (step) => {
      try {
        await crash({ rig, handler }, name, step);
      } catch (error) {
        // The next step shall find a daemon that does not die.
        await rig.server.kill9();
        await rig.server.start();
        throw error;
      } finally {
        await rig.removeEverything();
        await rig.call('RemoveImage', { image: { image: image.whiteouts } });
      }
      try {
        await rig.expectCensus(before);
      } catch (error) {
        // What this step leaves behind shall not be held against the next one.
        before = await rig.takeCensus();
        throw error;
      }
    });
  });

  test('every story that the issue names has steps', () => {
    for (const name of Object.keys(stories)) expect(points.get(name) ?? []).not.toEqual([]);
  });
}

async function crash(
  { rig, handler }: { readonly rig: Rig; readonly handler: Handler },
  name: string,
  step: string,
): Promise<void> {
  const bystander = await rig.runPod({ handler });
  await rig.run(bystander, sleeper());
  await rig.exited(await rig.run(bystander, shell('exit 3')));
  const act = await stories[name]?.stage({ rig, bystander, handler });
  if (act === undefined) throw new Error(`no story ${name}`);
  const wasTold = without(await told(rig), act.touched);

  await rig.server.stop();
  await rig.server.start({ CRI_TS_CRASH_AT: `${name}:${step}` });
  expect(await codeOf(act.call())).toBe('UNAVAILABLE');
  await rig.server.ended();
  await rig.server.start();

  expect(withoutUntold(await told(rig), wasTold, act.touched)).toEqual(wasTold);
  await act.call();
  await act.after();
  for (const [id, entry] of Object.entries((await told(rig)).pods)) {
    if (id === bystander.id) expect(entry).toEqual(wasTold.pods[id]);
  }
}

/** A pod or container that was finished but not told of may be listed: the retry gets it. */
function withoutUntold(
  now: Awaited<ReturnType<typeof told>>,
  wasTold: Awaited<ReturnType<typeof told>>,
  touched: readonly string[],
): Awaited<ReturnType<typeof told>> {
  const known = new Set([...Object.keys(wasTold.pods), ...Object.keys(wasTold.containers)]);
  const untold = [...Object.keys(now.pods), ...Object.keys(now.containers)].filter((id) => !known.has(id));
  const images = now.images.filter((one) => !JSON.stringify(one, bigintText).includes(image.whiteouts));
  return { ...without(now, [...touched, ...untold]), images };
}

function bigintText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

async function stageRunPod({ rig, handler }: Scene): Promise<Act> {
  const config = podConfig({
    logDirectory: await rig.makeLogDir(),
    linux: { cgroupParent: rig.machine.cgroupParent },
  });
  const others = await rig.listPods();
  let id = '';
  return {
    call: async () => {
      ({ podSandboxId: id } = await rig.call('RunPodSandbox', { config, runtimeHandler: handler }));
    },
    touched: [],
    after: async () => {
      expect([...(await rig.listPods())].sort()).toEqual([...others, id].sort());
      const { network } = await rig.podStatus(id);
      const inside = await rig.run({ id, config, logDir: config.logDirectory ?? '' }, sleeper());
      expect(await rig.sh(inside, 'ip -o -4 addr show eth0')).toContain(network?.ip ?? 'none');
    },
  };
}

async function stageCreate({ rig, handler }: Scene): Promise<Act> {
  const pod = await rig.runPod({ handler });
  const config = shell('echo made; exit 6');
  let id = '';
  return {
    call: async () => {
      id = await rig.create(pod, config);
    },
    touched: [],
    after: async () => {
      expect(await rig.listContainers({ podSandboxId: pod.id })).toEqual([id]);
      await rig.call('StartContainer', { containerId: id });
      expect((await rig.exited(id)).exitCode).toBe(6);
    },
  };
}

async function stageStart({ rig, handler }: Scene): Promise<Act> {
  const pod = await rig.runPod({ handler });
  const id = await rig.create(
    pod,
    shell('echo started; trap "exit 6" TERM; while true; do sleep 0.05; done'),
  );
  let calls = 0;
  return {
    call: async () => {
      calls += 1;
      // The retry may find it started: then it says so, and the container runs.
      const hasStarted = calls > 1 && (await rig.status(id)).state === ContainerState.CONTAINER_RUNNING;
      if (!hasStarted) await rig.call('StartContainer', { containerId: id });
    },
    touched: [id],
    after: async () => {
      const status = await rig.status(id);
      expect(status.state).toBe(ContainerState.CONTAINER_RUNNING);
      expect(status.startedAt).toBeGreaterThan(status.createdAt);
      expect(await rig.sh(id, 'echo alive')).toBe('alive');
      await rig.call('StopContainer', { containerId: id, timeout: 10n });
      expect((await rig.status(id)).exitCode).toBe(6);
    },
  };
}

async function stageUpdate({ rig, handler }: Scene): Promise<Act> {
  const pod = await rig.runPod({ handler });
  const id = await rig.run(pod, sleeper());
  const linux = { memoryLimitInBytes: 64n << 20n, cpuQuota: 50_000n, oomScoreAdj: 300n };
  return {
    call: async () => await rig.call('UpdateContainerResources', { containerId: id, linux }),
    touched: [id],
    after: async () => {
      expect((await rig.status(id)).resources?.linux).toMatchObject(linux);
      expect(await rig.sh(id, 'cat /proc/1/oom_score_adj')).toBe('300');
    },
  };
}

async function stageStop({ rig, handler }: Scene): Promise<Act> {
  const pod = await rig.runPod({ handler });
  const id = await rig.run(pod, shell('trap "exit 6" TERM; while true; do sleep 0.05; done'));
  await rig.sh(id, 'sleep 0.2');
  return {
    call: async () => await rig.call('StopContainer', { containerId: id, timeout: 10n }),
    touched: [id],
    after: async () => {
      expect(await rig.status(id)).toMatchObject({ state: ContainerState.CONTAINER_EXITED, exitCode: 6 });
    },
  };
}

async function stageRemoveContainer({ rig, handler }: Scene): Promise<Act> {
  const pod = await rig.runPod({ handler });
  const id = await rig.run(pod, sleeper());
  return {
    call: async () => await rig.call('RemoveContainer', { containerId: id }),
    touched: [id],
    after: async () => {
      expect(await rig.listContainers({ podSandboxId: pod.id })).toEqual([]);
      expect(await codeOf(rig.status(id))).toBe('NOT_FOUND');
    },
  };
}

async function stageStopPod({ rig, handler }: Scene): Promise<Act> {
  const pod = await rig.runPod({ handler });
  const id = await rig.run(pod, sleeper());
  return {
    call: async () => await rig.call('StopPodSandbox', { podSandboxId: pod.id }),
    touched: [pod.id, id],
    after: async () => {
      expect((await rig.status(id)).state).toBe(ContainerState.CONTAINER_EXITED);
      expect((await rig.takeCensus())['addresses']).toHaveLength(1);
    },
  };
}

async function stageRemovePod({ rig, handler }: Scene): Promise<Act> {
  const pod = await rig.runPod({ handler });
  const id = await rig.run(pod, sleeper());
  return {
    call: async () => await rig.call('RemovePodSandbox', { podSandboxId: pod.id }),
    touched: [pod.id, id],
    after: async () => {
      expect(await rig.listPods({ id: pod.id })).toEqual([]);
      expect(await rig.listContainers({ podSandboxId: pod.id })).toEqual([]);
      expect((await rig.takeCensus())['addresses']).toHaveLength(1);
    },
  };
}

async function stagePull({ rig, bystander }: Scene): Promise<Act> {
  return {
    call: async () => await rig.pull(image.whiteouts),
    touched: [],
    after: async () => {
      const config = shell('cat /keep/a /opaque/new', { image: { image: image.whiteouts } });
      expect((await rig.output(bystander, config)).stdout).toBe('anew');
      const { images } = await rig.call('ListImages', {});
      expect(images.filter(({ repoTags }) => repoTags.includes(image.whiteouts))).toHaveLength(1);
    },
  };
}
