/**
 * Loaded into a process that is measured (NODE_OPTIONS=--import=): when its main loop stood still, and for how long it
 * waited for a core meanwhile. At SIGUSR2 it writes what it saw since the last time into the file of LOOP_WATCH_FILE, as
 * `[fromMs, untilMs, waitedMs]` of the monotonic clock, which all processes share. It makes no garbage: what it measures
 * is how much memory a pull takes, too.
 */
import { openSync, readSync, renameSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const intervalMs = 2;
const shortestMs = 3;
const mostStalls = 10_000;

/** How long this thread has been able to run and has not, read into the same memory each time. */
function waitReader() {
  // Source: Linux Documentation/scheduler/sched-stats.rst: time on a core, time waiting for one, in nanoseconds.
  const file = openSync('/proc/thread-self/schedstat', 'r');
  const bytes = Buffer.alloc(128);
  return () => {
    const length = readSync(file, bytes, 0, bytes.length, 0);
    let at = bytes.indexOf(0x20) + 1;
    let waitedNs = 0;
    for (; at < length && bytes[at] !== 0x20; at += 1) waitedNs = waitedNs * 10 + bytes[at] - 0x30;
    return waitedNs / 1e6;
  };
}

function nowMs() {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

if (isMainThread && process.env.LOOP_WATCH_FILE !== undefined) {
  const file = process.env.LOOP_WATCH_FILE;
  const waitedMs = waitReader();
  let stalls = [];
  let [lastMs, lastWaitedMs] = [nowMs(), waitedMs()];
  setInterval(() => {
    const [atMs, atWaitedMs] = [nowMs(), waitedMs()];
    const fromMs = lastMs + intervalMs;
    if (atMs - fromMs > shortestMs && stalls.length < mostStalls)
      stalls.push([fromMs, atMs, atWaitedMs - lastWaitedMs]);
    [lastMs, lastWaitedMs] = [atMs, atWaitedMs];
  }, intervalMs).unref();
  process.on('SIGUSR2', () => {
    writeFileSync(`${file}.new`, JSON.stringify(stalls));
    renameSync(`${file}.new`, file);
    stalls = [];
  });
}
