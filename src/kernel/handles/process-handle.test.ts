import { describe, expect, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { errnoOf } from '../../base/errors.ts';
import { capabilityNames } from '../../spec/capability-names.ts';
import { findFacts } from '../facts.ts';
import type { ProcessInfo } from '../contract/processes.ts';
import { setChildSubreaper, waitpidNohang } from '../calls/process-calls.ts';
import { PidfdHandle } from './process-handle.ts';

async function until<T>(ask: () => T | null): Promise<T> {
  for (let tries = 0; tries < 2000; tries += 1) {
    const answer = ask();
    if (answer !== null) return answer;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('it did not come');
}

/** An orphan of ours: its parent has ended, and nobody but us can reap it. */
function startOrphan(script: string): number {
  setChildSubreaper();
  return Number(
    spawnSync('sh', ['-c', `(${script}) >/dev/null 2>&1 & echo $!`], { encoding: 'utf8' }).stdout,
  );
}

function exited(handle: PidfdHandle): ProcessInfo | null {
  const info = handle.info();
  return info.state === 'exited' ? info : null;
}

describe('a process handle', () => {
  test('tells running from exited, with the exit status, for a child that Node reaps', async () => {
    const child = spawn('sh', ['-c', 'read line; exit 7'], { stdio: ['pipe', 'ignore', 'ignore'] });
    using handle = new PidfdHandle(child.pid ?? -1);
    expect(handle.info()).toEqual({ state: 'running', pid: child.pid });
    child.stdin.end('\n');
    await once(child, 'exit');
    expect(handle.info()).toEqual({ state: 'exited', waitStatus: 7 << 8 });
    expect(handle.signal(9)).toBe(false);
  });

  test('tells the status of a zombie, and the same after it has been reaped', async () => {
    const pid = startOrphan('sleep 0.1; exit 3');
    using handle = new PidfdHandle(pid);
    const zombie = await until(() => exited(handle));
    using second = new PidfdHandle(pid);
    expect(await until(() => waitpidNohang(pid))).toBe(3 << 8);
    expect([zombie, second.info()]).toEqual([
      { state: 'exited', waitStatus: 3 << 8 },
      { state: 'exited', waitStatus: 3 << 8 },
    ]);
  });

  test('is not misled by a process whose name looks like a state', async () => {
    const pid = startOrphan(`printf ') Z 0 1' > /proc/self/comm; while :; do sleep 0.1; done`);
    await until(() => (readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith(') Z') ? true : null));
    using handle = new PidfdHandle(pid);
    expect(handle.info().state).toBe('running');
    expect(handle.signal(9)).toBe(true);
    expect(await until(() => exited(handle))).toEqual({ state: 'exited', waitStatus: 9 });
    await until(() => waitpidNohang(pid));
  });

  test('names the errno for a pid that is nobody', () => {
    const child = spawnSync('true');
    try {
      using handle = new PidfdHandle(child.pid);
      expect(handle.pid).toBe(-1);
    } catch (error) {
      expect(errnoOf(error)).toBe('ESRCH');
    }
  });

  test('closed is closed: no signal is sent, no descriptor stays', () => {
    const fds = readdirSync('/proc/self/fd').length;
    const handle = new PidfdHandle(process.pid);
    handle.close();
    handle.close();
    expect([handle.signal(0), readdirSync('/proc/self/fd').length]).toEqual([false, fds]);
  });
});

describe('facts', () => {
  test('are found by trying', async () => {
    const facts = await findFacts({ hasOverlayMountApi: true, hasMountSetattr: true });
    const bounding = BigInt(`0x${/CapBnd:\t(\w+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]}`);
    expect(facts.boundingCapabilities).toEqual(
      capabilityNames.filter((_, number) => (bounding & (1n << BigInt(number))) !== 0n),
    );
    expect(`${facts.release}\n`).toBe(readFileSync('/proc/sys/kernel/osrelease', 'utf8'));
    const [major = 0, minor = 0] = facts.release.split('.').map(Number);
    expect([facts.hasPidfdInfo, facts.hasPidfdExitInfo]).toEqual([
      major > 6 || (major === 6 && minor >= 13),
      major > 6 || (major === 6 && minor >= 15),
    ]);
  });
});
