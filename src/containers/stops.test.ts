import { describe, expect, test } from '@jest/globals';
import { SyscallError } from '../base/errors.ts';
import type { ContainerId } from '../base/ids.ts';
import type { ProcessHandle } from '../kernel/contract/processes.ts';
import { Exits } from '../runtime/exits.ts';
import { startTimeTicks } from '../runtime/programs/process-identity.ts';
import type { ContainerRecord } from '../store/container-record.ts';
import { containerRecord, silentLog, temporaryStore } from '../store/test-records.ts';
import type { Store } from '../store/store.ts';
import { Stops } from './stops.ts';

const idle = new AbortController().signal;
const exit = (containerId: ContainerId): Parameters<Exits['record']>[0] => ({
  containerId,
  exitCode: 143,
  finishedAtNs: '5000',
  isOomKilled: false,
});

/** Stops over a process that dies of the signals that a test names. */
async function rig(
  store: Store,
  deadly: readonly number[],
): Promise<{ stops: Stops; signals: number[]; record: ContainerRecord; killed: string[] }> {
  const signals: number[] = [];
  const killed: string[] = [];
  // This very process stands for the container's: it exists and has a start time.
  const identity = { pid: process.pid, startTimeTicks: (await startTimeTicks(process.pid)) ?? '' };
  const record = containerRecord({ process: identity });
  await store.containers.insert(record);
  const exits = new Exits({
    store,
    log: silentLog,
    onExited: () => undefined,
    onOther: () => undefined,
    explain: () => null,
  });
  const handle: ProcessHandle = {
    pid: process.pid,
    signal: (number) => {
      signals.push(number);
      if (deadly.includes(number)) void exits.record(exit(record.id));
      return true;
    },
    info: () => ({ state: 'running', pid: process.pid }),
    close: () => undefined,
    [Symbol.dispose]: () => undefined,
  };
  const cgroups = {
    kill: async (path: string): Promise<readonly number[]> => {
      killed.push(path);
      await exits.record(exit(record.id));
      return [];
    },
  };
  return {
    stops: new Stops({ kernel: { openProcess: () => handle }, cgroups, exits, log: silentLog }),
    signals,
    record,
    killed,
  };
}

describe('stopping a container', () => {
  test('sends its stop signal and is done when it exits', async () => {
    await using place = await temporaryStore();
    const { stops, signals, record } = await rig(place.store, [15]);
    await stops.stop(record, 60_000, idle);
    expect(signals).toEqual([15]);
  });

  test('kills at once without grace', async () => {
    await using place = await temporaryStore();
    const { stops, signals, record } = await rig(place.store, [9]);
    await stops.stop(record, 0, idle);
    expect(signals).toEqual([9]);
  });

  test('kills after the grace', async () => {
    await using place = await temporaryStore();
    const { stops, signals, record } = await rig(place.store, [9]);
    await stops.stop(record, 20, idle);
    expect(signals).toEqual([15, 9]);
  });

  test('is shortened by a second stop with less patience, and never lengthened', async () => {
    await using place = await temporaryStore();
    const { stops, signals, record } = await rig(place.store, [9]);
    const patient = stops.stop(record, 3_600_000, idle);
    const impatient = stops.stop(record, 0, idle);
    const later = stops.stop(record, 7_200_000, idle);
    await Promise.all([patient, impatient, later]);
    expect(signals).toEqual([15, 9]);
  });

  test('goes on when its caller leaves', async () => {
    await using place = await temporaryStore();
    const { stops, signals, record } = await rig(place.store, [9]);
    const leaving = new AbortController();
    const left = stops.stop(record, 50, leaving.signal);
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    await stops.stop(record, 60_000, idle);
    expect(signals).toEqual([15, 9]);
  });

  test('kills the cgroup when SIGKILL to the process does not help', async () => {
    await using place = await temporaryStore();
    const { stops, record, killed } = await rig(place.store, []);
    await stops.stop(record, 0, idle);
    expect(killed).toEqual([record.cgroupPath]);
  });

  test('never signals a process that took over the pid', async () => {
    await using place = await temporaryStore();
    const { stops, signals, record } = await rig(place.store, []);
    await stops.stop({ ...record, process: { pid: process.pid, startTimeTicks: '1' } }, 0, idle);
    expect(signals).toEqual([]);
  });

  test('of one whose process has gone waits for the news only', async () => {
    await using place = await temporaryStore();
    const record = containerRecord();
    await place.store.containers.insert(record);
    const exits = new Exits({
      store: place.store,
      log: silentLog,
      onExited: () => undefined,
      onOther: () => undefined,
      explain: () => null,
    });
    const openProcess = (): never => {
      throw new SyscallError({ call: 'pidfd_open', errno: 'ESRCH', paths: [] });
    };
    const cgroups = { kill: async () => await Promise.resolve([]) };
    const stops = new Stops({ kernel: { openProcess }, cgroups, exits, log: silentLog });
    const stopping = stops.stop(record, 60_000, idle);
    await exits.record(exit(record.id));
    await stopping;
    expect(place.store.containers.get(record.id)?.exit?.exitCode).toBe(143);
  });
});
