/**
 * A server's metrics as Prometheus scrapes them, from inside of its machine: `[metrics] address` has to name the port.
 */
import { StreamDialer } from './stream-dial.ts';
import type { Machine } from './machine.ts';

export const metricsPort = 9090;
/** For `extraConfig`. */
export const metricsConfig = `[metrics]\naddress = "127.0.0.1:${metricsPort}"\n`;

/** Series with their labels, as they stand in the text, and their values. */
export async function scrape(machine: Machine): Promise<ReadonlyMap<string, number>> {
  await using dialer = new StreamDialer();
  const socket = await dialer.connect(machine, metricsPort);
  socket.write('GET /metrics HTTP/1.0\r\nHost: x\r\n\r\n');
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  socket.destroy();
  const series = text.split('\n').flatMap((line) => {
    const [, name, value] = /^(\w+(?:\{.*\})?) (\S+)$/.exec(line.trim()) ?? [];
    return name === undefined ? [] : [[name, Number(value)] as const];
  });
  if (series.length === 0) throw new Error(`no metrics in "${text.slice(0, 200)}"`);
  return new Map(series);
}

/** How many sessions of all kinds the daemon has. */
export async function sessionsOf(machine: Machine): Promise<number> {
  const found = [...(await scrape(machine))].filter(([name]) => name.startsWith('cri_ts_streaming_sessions'));
  if (found.length === 0) throw new Error('cri_ts_streaming_sessions: not among the metrics');
  return found.reduce((sum, [, value]) => sum + value, 0);
}
