/**
 * A reaper for tests: jest gives them a process object that no signal reaches, so this one is told of SIGCHLD by a clock.
 */
import { EventEmitter } from 'node:events';
import type { Kernel } from '../../kernel/kernel.ts';
import { Reaper } from './reaper.ts';

const lookMs = 5;

/** Disposing it stops the clock as well. */
export function testReaper(kernel: Kernel): Reaper {
  const signals = new EventEmitter();
  const reaper = new Reaper(kernel, signals);
  const clock = setInterval(() => {
    if (!signals.emit('SIGCHLD')) clearInterval(clock);
  }, lookMs);
  return reaper;
}
