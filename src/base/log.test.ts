import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { constants } from 'node:fs';
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLog } from './log.ts';
import { mustRun } from './process.ts';

let directory: string;
let pipe: FileHandle;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'log-'));
  const path = join(directory, 'pipe');
  await mustRun({ argv: ['mkfifo', path], timeoutMs: 10_000 });
  pipe = await open(path, constants.O_RDWR | constants.O_NONBLOCK);
});
afterEach(async () => {
  await pipe.close();
  await rm(directory, { recursive: true, force: true });
});

/** All lines until one says this. */
async function readUntil(message: string): Promise<readonly Record<string, unknown>[]> {
  const lines: Record<string, unknown>[] = [];
  const bytes = Buffer.alloc(256 * 1024);
  for (let rest = ''; lines.at(-1)?.['msg'] !== message;) {
    const { bytesRead } = await pipe.read(bytes, 0, bytes.length, null).catch(() => ({ bytesRead: 0 }));
    if (bytesRead === 0) await sleep(5);
    const parts = `${rest}${bytes.toString('latin1', 0, bytesRead)}`.split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) lines.push(JSON.parse(line));
  }
  return lines;
}

test('a log that nobody reads holds nobody up; what it drops beyond its bound is counted and told', async () => {
  await using writer = await open(join(directory, 'pipe'), constants.O_WRONLY);
  const log = createLog('info', writer.fd);
  const padding = 'x'.repeat(10_000);
  for (let number = 0; number < 1000; number += 1) log.info({ number, padding }, 'line');
  const lines = await readUntil('log lines dropped: they were not read in time');
  const numbers = lines.flatMap(({ number }) => (typeof number === 'number' ? [number] : []));
  expect(numbers.length).toBeGreaterThan(300);
  expect(numbers).toEqual(numbers.map((_, at) => at));
  expect(lines.at(-1)).toMatchObject({ level: 'warn', lines: 1000 - numbers.length });
});

test('a log on a full disk neither ends the process nor keeps it from ending', async () => {
  const code = `
    import { openSync } from 'node:fs';
    const { createLog } = await import(${JSON.stringify(new URL('log.ts', import.meta.url).href)});
    const log = createLog('info', openSync('/dev/full', 'w'));
    log.info({}, 'one');
    setTimeout(() => log.info({}, 'two'), 50);
    setTimeout(() => process.stdout.write('alive'), 100);
  `;
  const flags = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', code];
  const { stdout } = await mustRun({ argv: [process.execPath, ...flags], timeoutMs: 20_000 });
  expect(stdout.toString()).toBe('alive');
});
