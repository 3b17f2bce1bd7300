/**
 * crictl as an administrator uses it: what pods and containers use. Commands: stats, statsp.
 * `events` is walked in ../events.test.ts, `exec -it`, `attach` and `port-forward` in ../streaming*.test.ts.
 */
import { expect, test } from '@jest/globals';
import { describeWalk } from '../harness/crictl-walk.ts';

type Figure = { readonly value: string };
type ContainerFigures = {
  readonly attributes: { readonly id: string };
  readonly cpu: { readonly timestamp: string; readonly usageCoreNanoSeconds: Figure };
  readonly memory: { readonly timestamp: string; readonly workingSetBytes: Figure };
};
type PodFigures = {
  readonly attributes: { readonly id: string };
  readonly linux: {
    readonly cpu: ContainerFigures['cpu'];
    readonly network: { readonly defaultInterface: { readonly name: string } };
    readonly process: { readonly processCount: Figure };
  };
};

describeWalk('crictl watches', ({ crictl, json, podFile, containerFile }) => {
  test('containers, with figures that grow from one call to the next', async () => {
    const pod = await podFile('busy');
    const podId = await crictl('runp', pod);
    const busy = await containerFile('busy', { command: ['sh', '-c', 'while :; do :; done'] });
    const id = await crictl('start', await crictl('create', podId, busy, pod));
    expect(await crictl('stats', '--seconds', '1', id)).toMatch(
      new RegExp(`CONTAINER\\s+NAME\\s+CPU %.*\\n${id.slice(0, 13)}\\s+busy\\s+\\d+\\.\\d+`),
    );
    const look = async (): Promise<ContainerFigures | undefined> => {
      const answer = (await json('stats', '-o', 'json', '--label', 'none=none')) as {
        stats?: readonly unknown[];
      };
      expect(answer.stats ?? []).toEqual([]);
      const { stats } = (await json('stats', '-o', 'json', '--pod', podId.slice(0, 13))) as {
        stats: readonly ContainerFigures[];
      };
      expect(stats.map(({ attributes }) => attributes.id)).toEqual([id]);
      return stats[0];
    };
    const [before, after] = [await look(), await look()];
    expect(BigInt(after?.cpu.timestamp ?? 0)).toBeGreaterThan(BigInt(before?.cpu.timestamp ?? 0));
    expect(BigInt(after?.memory.timestamp ?? 0)).toBeGreaterThan(BigInt(before?.memory.timestamp ?? 0));
    expect(BigInt(after?.cpu.usageCoreNanoSeconds.value ?? 0)).toBeGreaterThan(
      BigInt(before?.cpu.usageCoreNanoSeconds.value ?? 0),
    );
    await crictl('stop', id);
    expect(await crictl('stats', '--id', id)).not.toContain(id.slice(0, 13));
  });

  test('pods, with their network and processes', async () => {
    const pod = await podFile('watched');
    const podId = await crictl('runp', pod);
    const config = await containerFile('watched', { command: ['sh', '-c', 'sleep 1000 & sleep 1000'] });
    await crictl('start', await crictl('create', podId, config, pod));
    expect(await crictl('statsp', '--id', podId)).toMatch(
      new RegExp(`POD\\s+POD ID\\s+CPU %.*\\nwatched\\s+${podId.slice(0, 13)}`),
    );
    const { stats } = (await json('statsp', '-o', 'json', '--id', podId)) as { stats: readonly PodFigures[] };
    expect(stats).toMatchObject([
      { attributes: { id: podId }, linux: { network: { defaultInterface: { name: 'eth0' } } } },
    ]);
    expect(Number(stats[0]?.linux.process.processCount.value)).toBeGreaterThanOrEqual(3);
  });
});
