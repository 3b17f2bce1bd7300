/**
 * Named places where a test lets the daemon die at once, as a power cut or `kill -9` would: a process started with
 * CRI_TS_CRASH_AT=Story:step kills itself when that step begins. Without the variable this costs one comparison.
 */
const armedPoint = process.env['CRI_TS_CRASH_AT'];

export function crashPoint(name: string): void {
  if (armedPoint === name) process.kill(process.pid, 'SIGKILL');
}
