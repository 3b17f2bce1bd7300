/**
 * crictl as an administrator uses it: containers and every way to look at them, change them, talk to them and end them.
 * Commands: create, start, ps, inspect, update, exec -s, logs, stop, rm, checkpoint.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { describeWalk } from '../harness/crictl-walk.ts';
import { image } from '../harness/test-images.ts';
import { eventually } from '../harness/wait.ts';

const forever = ['sh', '-c', 'trap "exit 0" TERM; sleep 1000 & wait'];

describeWalk('crictl walks containers', ({ rig, crictl, json, refused, podFile, containerFile }) => {
  /** A started container in a pod of its own. */
  async function start(name: string, command = forever, more = {}): Promise<string> {
    const pod = await podFile(name);
    const podId = await crictl('runp', pod);
    const id = await crictl('create', podId, await containerFile(name, { command, more }), pod);
    return await crictl('start', id);
  }

  test('pulls the image when it creates a container', async () => {
    const pod = await podFile('pulling');
    const podId = await crictl('runp', pod);
    const config = await containerFile('pulling', { command: ['true'], image: image.plain });
    expect(await refused('create', podId, config, pod)).toMatch(/image/i);
    const id = await crictl('create', '--with-pull', '--pull-timeout', '30s', podId, config, pod);
    expect(await crictl('ps', '-a', '-q', '--pod', podId.slice(0, 13))).toBe(id);
    await crictl('rmp', '-f', podId);
    await crictl('rmi', image.plain);
  });

  test('finds containers by id, name, label, state, pod, image and age', async () => {
    const first = await start('first', forever, { labels: { tier: 'back' } });
    const second = await start('second');
    expect(await crictl('ps', '-q', '--no-trunc')).toBe(`${second}\n${first}`);
    expect(await crictl('ps', '-q', '--id', first.slice(0, 13))).toBe(first);
    expect(await crictl('ps', '-q', '--label', 'tier=back')).toBe(first);
    expect(await crictl('ps', '-q', '--name', '^sec')).toBe(second);
    expect(await crictl('ps', '-q', '--last', '1')).toBe(second);
    expect(await crictl('ps', '-q', '--latest')).toBe(second);
    expect(await crictl('ps', '-q', '--image', image.busybox)).toBe(`${second}\n${first}`);
    expect(await crictl('ps', '--resolve-image-path', '--id', first)).toContain('busybox');
    await crictl('stop', first);
    expect(await crictl('ps', '-q')).toBe(second);
    expect(await crictl('ps', '-a', '-q', '--state', 'Exited')).toBe(first);
    expect(await crictl('ps', '-a', '-v', '--id', first)).toMatch(/Labels:\s+tier -> back/);
    expect(await json('ps', '-a', '-o', 'json', '--id', first)).toMatchObject({
      containers: [{ id: first, metadata: { name: 'first' }, state: 'CONTAINER_EXITED' }],
    });
  });

  test('inspects by id and by name, as JSON, a table and by a template', async () => {
    const id = await start('inspected');
    expect(await json('inspect', '--name', 'inspected')).toMatchObject({ status: { id } });
    const pid = await crictl('inspect', '-o', 'go-template', '--template', '{{.info.pid}}', id);
    expect(Number(pid)).toBeGreaterThan(1);
    expect(await crictl('inspect', '-o', 'table', id)).toMatch(/Name: inspected\s+State: CONTAINER_RUNNING/);
    expect(await refused('inspect', 'ffffffffffff')).toMatch(/code = NotFound/);
  });

  test('changes limits of a running container, which sees them at once', async () => {
    const id = await start('updated');
    await crictl('update', '--memory', '67108864', '--cpu-quota', '50000', '--cpu-period', '100000', id);
    await crictl('update', '--cpu-share', '512', '--cpuset-cpus', '0', '--oom-score-adj', '500', id);
    expect(await json('inspect', id)).toMatchObject({
      status: {
        resources: {
          linux: {
            memoryLimitInBytes: '67108864',
            cpuQuota: '50000',
            cpuPeriod: '100000',
            cpuShares: '512',
            cpusetCpus: '0',
          },
        },
      },
    });
    expect(await crictl('exec', '-s', id, 'grep', 'Cpus_allowed_list', '/proc/self/status')).toMatch(/\b0$/);
  });

  test('runs commands in one container, and in all that a filter finds', async () => {
    const first = await start('one', forever, { labels: { app: 'both' } });
    await start('two', forever, { labels: { app: 'both' } });
    expect(await crictl('exec', '-s', '--timeout', '10', first.slice(0, 13), 'hostname')).not.toBe('');
    const both = await crictl('exec', '-s', '--parallel', '--label', 'app=both', 'echo', 'present');
    expect(both.match(/present/g)).toHaveLength(2);
    expect(await crictl('exec', '-s', '-q', '--name', '^two$', 'echo', 'quiet')).toBe('quiet');
    expect(await refused('exec', '-s', first, 'sh', '-c', 'echo bad >&2; exit 7')).toMatch(
      /exit code: 7|bad/,
    );
    expect(await refused('exec', '-s', '--timeout', '1', first, 'sleep', '100')).toMatch(/DeadlineExceeded/);
  });

  test('reads logs whole, from the end, by stream and after a rotation', async () => {
    const script =
      'echo err >&2; for i in 1 2 3; do echo out $i; done; trap "exit 0" TERM; sleep 1000 & wait';
    const id = await start('talking', ['sh', '-c', script]);
    await eventually('three lines', async () => (await crictl('logs', id)).split('\n').length === 3);
    expect(await crictl('logs', '--stream', 'stdout', id)).toBe('out 1\nout 2\nout 3');
    expect(await crictl('logs', '--tail', '1', id)).toBe('out 3');
    expect(await crictl('logs', '--limit-bytes', '5', '--stream', 'stdout', id)).toBe('out 1');
    expect(await crictl('logs', '-t', '--tail', '1', id)).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+\S* out 3$/);
    expect(await crictl('logs', '--since', '2001-01-01T00:00:00Z', '--stream', 'stdout', id)).toMatch(
      /^out 1/,
    );
    await crictl('logs', '--reopen', id);
    expect(await crictl('logs', '--tail', '1', id)).toBe('out 3');
  });

  test('removes containers that run, several at once, with and without their logs', async () => {
    const kept = await start('kept');
    const gone = await start('gone');
    const logs = async (id: string): Promise<readonly string[]> => {
      const { status } = (await json('inspect', id)) as { status: { logPath: string } };
      return [status.logPath];
    };
    const [keptLog = '', goneLog = ''] = [...(await logs(kept)), ...(await logs(gone))];
    expect(await refused('rm', kept)).toMatch(/running, please stop it first/);
    await crictl('rm', '-f', '--keep-logs', kept);
    await crictl('rm', '-f', gone);
    expect(await crictl('ps', '-a', '-q')).toBe('');
    expect(await readdir(join(keptLog, '..'))).toEqual(['kept.log']);
    expect(await readdir(join(goneLog, '..'))).toEqual([]);
    const [first, second] = [await start('first'), await start('second')];
    await crictl('stop', '-t', '5', first, second);
    await crictl('rm', '-a');
    expect(await crictl('ps', '-a', '-q')).toBe('');
  });

  test('is told that checkpoints are not served', async () => {
    const id = await start('frozen');
    const file = rig().machine.path('checkpoint.tar');
    expect(await refused('checkpoint', '-e', file, id)).toMatch(/code = Unimplemented.*CheckpointContainer/);
  });
});
