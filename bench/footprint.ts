/**
 * What a node pays for pods that only wait: memory of the daemon and of its monitors, their CPU time when nothing happens, and
 * how long the daemon is away when it restarts under them.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { CriClient } from '../test/harness/client.ts';
import { cpuSecondsOf, memoryOf, type Memory } from './process-figures.ts';
import { inParallel } from './samples.ts';
import type { Subject } from './subjects.ts';

export type FootprintAt = {
  readonly pods: number;
  readonly daemon: Memory;
  readonly monitors: Memory;
  readonly monitorCount: number;
  /** Daemon and monitors, while nothing happened; null: not measured at this size. */
  readonly idleCpu: { readonly cpuSeconds: number; readonly overSeconds: number } | null;
};

export type FootprintResult = {
  readonly sizes: readonly FootprintAt[];
  /** From the start of the process after a kill until ListContainers has answered with all. */
  readonly restart: { readonly pods: number; readonly ms: number };
};

export type FootprintPlan = {
  readonly sizes: readonly number[];
  /** The size at which idle CPU is measured, and for how long. */
  readonly idleAt: number;
  readonly idleSeconds: number;
};

export async function measureFootprint(
  subject: Subject,
  handler: string,
  plan: FootprintPlan,
): Promise<FootprintResult> {
  const sizes: FootprintAt[] = [];
  let pods = 0;
  try {
    for (const size of plan.sizes) {
      await inParallel(size - pods, 4, () => subject.runWhole(handler));
      pods = size;
      // What starting them left to be collected is not what waiting costs.
      await sleep(3000);
      sizes.push(await lookAt(subject, pods, size === plan.idleAt ? plan.idleSeconds : 0));
    }
    return { sizes, restart: { pods, ms: await restart(subject, pods) } };
  } finally {
    await subject.removeAll();
  }
}

async function lookAt(subject: Subject, pods: number, idleSeconds: number): Promise<FootprintAt> {
  const monitors = await subject.monitorPids();
  const daemon = await memoryOf([subject.server.pid]);
  const monitorMemory = await memoryOf(monitors);
  const idleCpu = idleSeconds === 0 ? null : await idle([subject.server.pid, ...monitors], idleSeconds);
  return { pods, daemon, monitors: monitorMemory, monitorCount: monitors.length, idleCpu };
}

async function idle(
  pids: readonly number[],
  seconds: number,
): Promise<{ readonly cpuSeconds: number; readonly overSeconds: number }> {
  const before = await cpuSecondsOf(pids);
  await sleep(seconds * 1000);
  return { cpuSeconds: (await cpuSecondsOf(pids)) - before, overSeconds: seconds };
}

async function restart(subject: Subject, pods: number): Promise<number> {
  await subject.server.kill9();
  const started = performance.now();
  subject.server.launch();
  for (;;) {
    using client = new CriClient(subject.server.socketPath);
    try {
      const { containers } = await client.call('ListContainers', {}, { timeoutMs: 2000 });
      if (containers.length === pods) return performance.now() - started;
    } catch {
      // It does not listen yet.
    }
    if (performance.now() - started > 60_000) throw new Error('the server does not come back');
    await sleep(2);
  }
}
