/**
 * The tables of execs and streaming sessions.
 */
import type { ExecResult } from './exec-probes.ts';
import { fixed, heading, megabytes, ms, table } from './report.ts';
import type { CensusResult } from './stream-census.ts';
import { bestRate, type StreamResult } from './stream-rates.ts';

export function printExecs({ latency, load }: ExecResult): void {
  heading("ExecSync of `true` beside the runtime's own exec (ms)");
  const rows = Object.entries(latency).map(([name, summary]) => {
    const own = latency[`own/${name.split('/')[1] ?? ''}`];
    const ratio = own === undefined || name.startsWith('own') ? '' : `${fixed(summary.p50 / own.p50)} ×`;
    return [name, ms(summary), fixed(summary.p90), ratio];
  });
  table([['', 'median', 'p90', 'to its own'], ...rows]);
  heading('Ten probes at a time, every second');
  const loads = Object.entries(load).map(([name, { cpuSeconds, overSeconds, latency: each }]) => [
    name,
    `${cpuSeconds.toFixed(2)} s in ${overSeconds.toFixed(0)} s`,
    fixed(each.p50),
    fixed(each.p90),
  ]);
  table([['', 'CPU of daemon and monitors', 'median ms', 'p90 ms'], ...loads]);
}

export function printStreams(streams: Readonly<Record<string, StreamResult>>): void {
  heading('Sessions over SPDY (MB/s, best of the rounds; CPU seconds per GB)');
  const rows = Object.entries(streams).flatMap(([subject, { rates }]) =>
    Object.entries(rates).map(([name, each]) => {
      const { megabytesPerSecond, cpuSecondsPerGb } = bestRate(each);
      return [`${subject}, ${name}`, fixed(megabytesPerSecond), fixed(cpuSecondsPerGb)];
    }),
  );
  table([['', 'MB/s', 'CPU s per GB'], ...rows]);
  heading('A round trip of one byte (ms, median and 90th percentile)');
  const echoes = Object.entries(streams).flatMap(([subject, { echo }]) =>
    Object.entries(echo).map(([way, summary]) => [`${subject}, ${way}`, ms(summary), fixed(summary.p90)]),
  );
  table([['', 'median', 'p90'], ...echoes]);
}

export function printCensus(census: Readonly<Record<string, CensusResult>>): void {
  heading('Execs over SPDY, one after the other');
  const rows = Object.entries(census).map(([subject, { count, seconds, before, after }]) => [
    subject,
    `${count} in ${fixed(seconds)} s`,
    `${before.descriptors} → ${after.descriptors}`,
    `${megabytes(before.rssBytes)} → ${megabytes(after.rssBytes)}`,
  ]);
  table([['', '', 'descriptors', 'memory of the daemon, MB'], ...rows]);
}
