import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'smol-toml';
import { runCommand } from '../base/process.ts';

const main = join(import.meta.dirname, '../main.ts');
let dir = '';

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cri-ts-program-'));
});
afterAll(async () => {
  await rm(dir, { recursive: true });
});

type Ran = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };

async function run(...args: readonly string[]): Promise<Ran> {
  const env = { PATH: process.env['PATH'] ?? '', NODE_OPTIONS: '--no-warnings' };
  const argv = [process.execPath, main, ...args] as const;
  const { exitCode, stdout, stderr } = await runCommand({ argv, env, timeoutMs: 60_000 });
  return { exitCode, stdout: stdout.toString(), stderr };
}

describe('the command line', () => {
  test('prints its version for people and as JSON', async () => {
    expect(await run('version')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^cri-ts \d+\.\d+\.\d+ /),
    });
    const json = await run('version', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ cri: 'runtime.v1', node: process.version });
  });

  test('prints a default configuration that is valid, and the one in use', async () => {
    const { stdout } = await run('config', '--default');
    const file = join(dir, 'default.toml');
    await writeFile(file, stdout);
    const used = await run('config', '--config', file, '--log-level', 'debug');
    expect(used.exitCode).toBe(0);
    expect(parse(used.stdout)).toMatchObject({ daemon: { log_level: 'debug', root_dir: '/var/lib/cri-ts' } });
  });

  test('reports all faults of a configuration and exits with 2, for every command', async () => {
    const file = join(dir, 'bad.toml');
    await writeFile(file, '[daemon]\nlog_level = 3\nsokcet = "/x"\n');
    for (const command of ['serve', 'config', 'status', 'selftest', 'doctor']) {
      const { exitCode, stdout, stderr } = await run(command, '--config', file);
      expect({ exitCode, stdout, lines: stderr.trim().split('\n') }).toEqual({
        exitCode: 2,
        stdout: '',
        lines: [
          'cri-ts: read configuration: 2 faults',
          `  ${file}: daemon.log_level: found 3, expected one of "debug", "info", "warn", "error", "silent"`,
          `  ${file}: daemon.sokcet: unknown, did you mean "daemon.socket"?`,
        ],
      });
    }
  });

  test.each([[['nonsense']], [['--bogus']], [['config', 'extra']], [['status', '--log-level', 'debug']]])(
    'answers wrong usage %j with one line and exit code 2',
    async (args) => {
      const { exitCode, stderr } = await run(...args);
      expect({ exitCode, lines: stderr.trim().split('\n').length }).toEqual({ exitCode: 2, lines: 1 });
    },
  );

  test('says in one sentence that no daemon answers, and exits with 3', async () => {
    const socket = join(dir, 'none.sock');
    for (const command of ['status', 'selftest']) {
      expect(await run(command, '--socket', socket)).toMatchObject({
        exitCode: 3,
        stdout: '',
        stderr: `cri-ts: no daemon answers on "${socket}"\n`,
      });
    }
  });
});
