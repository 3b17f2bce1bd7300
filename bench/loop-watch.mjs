/**
 * Loaded into a daemon that is measured (NODE_OPTIONS=--import): how long its main loop stood still at most. At SIGUSR2 it
 * writes that, in milliseconds, into the file of LOOP_WATCH_FILE and begins anew.
 */
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const resolutionMs = 2;

if (isMainThread && process.env.LOOP_WATCH_FILE !== undefined) {
  const file = process.env.LOOP_WATCH_FILE;
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  process.on('SIGUSR2', () => {
    writeFileSync(file, String(delay.max / 1e6 - resolutionMs));
    delay.reset();
  });
}
