/**
 * Loaded into a daemon that is measured (NODE_OPTIONS=--import): how long its main loop stood still at most, and how long
 * at most by its own doing, which leaves out that it waited for a core. At SIGUSR2 it writes both, in milliseconds, into
 * the file of LOOP_WATCH_FILE and begins anew.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const resolutionMs = 2;

/** How long this thread has been able to run and has not. Source: Linux Documentation/scheduler/sched-stats.rst. */
function waitedMs() {
  return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[1]) / 1e6;
}

if (isMainThread && process.env.LOOP_WATCH_FILE !== undefined) {
  const file = process.env.LOOP_WATCH_FILE;
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  let ownMs = 0;
  let last = { atMs: performance.now(), waitedMs: waitedMs() };
  setInterval(() => {
    const now = { atMs: performance.now(), waitedMs: waitedMs() };
    ownMs = Math.max(ownMs, now.atMs - last.atMs - resolutionMs - (now.waitedMs - last.waitedMs));
    last = now;
  }, resolutionMs).unref();
  process.on('SIGUSR2', () => {
    writeFileSync(`${file}.new`, JSON.stringify({ stallMs: delay.max / 1e6 - resolutionMs, ownMs }));
    renameSync(`${file}.new`, file);
    delay.reset();
    ownMs = 0;
  });
}
