/** The monitor as a process, with real runtimes: create, exit, log, forget. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { TestClient } from './testing/test-client.ts';
import { readRecords, TestPlace, type RuntimeName } from './testing/test-place.ts';

let place: TestPlace;
beforeEach(() => {
  place = new TestPlace();
});
afterEach(async () => {
  await place.close();
});

/** Stream, tag and content of each record. */
function records(path: string | null): readonly string[] {
  return readRecords(path).map(({ stream, tag, content }) => `${stream} ${tag} ${content.toString()}`);
}

describe.each(['crun', 'runc'] as const)('a container of %s', (runtime: RuntimeName) => {
  test('is created, started, logged, reported with its exit code, and forgotten without a trace', async () => {
    const monitor = await place.monitor();
    using client = await TestClient.connect(monitor.socketPath);
    const { params } = await place.createAndStart(client, {
      runtime,
      script: 'echo out; echo err >&2; printf tail; exit 7',
    });
    const { exit } = await client.event('exit', params.containerId);
    expect(exit).toMatchObject({ containerId: params.containerId, exitCode: 7, isOomKilled: false });
    expect([...records(params.files.logPath)].sort()).toEqual([
      'stderr F err',
      'stdout F out',
      'stdout P tail',
    ]);
    expect(JSON.parse(readFileSync(join(params.files.runDir, 'exit.json'), 'utf8'))).toEqual(exit);
    await client.call('forget', { containerId: params.containerId });
    expect(readdirSync(params.files.runDir)).toEqual(['exit.json']);
  });

  test('that cannot be created says the runtime’s own words and leaves nothing', async () => {
    const monitor = await place.monitor();
    using client = await TestClient.connect(monitor.socketPath);
    const params = place.wish({ runtime, script: '' });
    const broken = { ...params, createArgs: ['--no-such-option'] };
    await expect(client.call('create', broken)).rejects.toMatchObject({
      failure: { reason: 'RuntimeFailed' },
    });
    expect(readdirSync(params.files.runDir)).toEqual([]);
    expect(existsSync(params.files.logPath ?? '')).toBe(false);
  });
});
