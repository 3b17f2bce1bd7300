/**
 * crictl as an administrator uses it: pods from runp to rmp, and every way to look at them.
 * Commands: runp, pods, inspectp, stopp, rmp, run; version, info, runtime-config, update-runtime-config, config.
 */
import { writeFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { describeWalk } from '../harness/crictl-walk.ts';
import { handlers } from '../harness/rig.ts';

describeWalk('crictl walks pods', ({ rig, crictl, json, refused, podFile, containerFile }) => {
  test.each(handlers)('walks a pod of %s from runp to rmp', async (handler) => {
    const pod = await podFile(`walk-${handler}`);
    const script = 'echo $GREETING; trap "exit 0" TERM; sleep 1000 & wait';
    const labels = { 'io.kubernetes.pod.name': `walk-${handler}` };
    const config = await containerFile(`ctr-${handler}`, { command: ['sh', '-c', script], more: { labels } });
    const podId = await crictl('runp', '-r', handler, '--cancel-timeout', '30s', pod);
    expect(podId).toMatch(/^[0-9a-f]{64}$/);
    const id = await crictl('create', podId, config, pod);
    expect(await crictl('ps', '-a', '--state', 'created', '-q')).toBe(id);
    expect(await crictl('start', id)).toBe(id);
    expect(await crictl('exec', '-s', id, 'echo', 'from', 'inside')).toBe('from inside');
    expect(await crictl('logs', id)).toBe('hello');

    expect(await crictl('ps')).toMatch(new RegExp(`${id.slice(0, 13)}.*Running.*walk-${handler}`));
    expect(await crictl('pods')).toMatch(new RegExp(`${podId.slice(0, 13)}.*Ready.*walk-${handler}`));
    expect(await json('inspect', id.slice(0, 13))).toMatchObject({
      status: { id, state: 'CONTAINER_RUNNING' },
      info: { pid: expect.any(Number), runtimeSpec: expect.any(Object) },
    });
    expect(await json('inspectp', podId)).toMatchObject({
      status: { id: podId, state: 'SANDBOX_READY', runtimeHandler: handler },
    });

    expect(await crictl('stop', '-t', '5', id.slice(0, 13))).toBe(id.slice(0, 13));
    expect(await crictl('ps', '-a')).toMatch(/Exited/);
    await crictl('rm', id);
    expect(await crictl('ps', '-a', '-q')).toBe('');
    expect(await crictl('stopp', podId)).toContain(`Stopped sandbox ${podId}`);
    expect(await crictl('pods', '--state', 'notready', '-q')).toBe(podId);
    expect(await crictl('rmp', podId)).toContain(`Removed sandbox ${podId}`);
    expect(await crictl('pods', '-q')).toBe('');
  });

  test('finds pods by id, prefix, label, state, name, namespace and age', async () => {
    const first = await crictl('runp', await podFile('first'));
    const second = await crictl('runp', await podFile('second', { labels: { app: 'second', tier: 'back' } }));
    expect(await crictl('pods', '-q', '--no-trunc')).toBe(`${second}\n${first}`);
    expect(await crictl('pods', '-q', '--id', first.slice(0, 13))).toBe(first);
    expect(await crictl('pods', '-q', '--label', 'tier=back', '--label', 'app=second')).toBe(second);
    expect(await crictl('pods', '-q', '--label', 'tier=front')).toBe('');
    expect(await crictl('pods', '-q', '--name', '^fir')).toBe(first);
    expect(await crictl('pods', '-q', '--namespace', '^default$', '--last', '1')).toBe(second);
    expect(await crictl('pods', '-q', '--latest')).toBe(second);
    await crictl('stopp', first);
    expect(await crictl('pods', '-q', '--state', 'Ready')).toBe(second);
    expect(await crictl('pods', '-v', '--id', second)).toMatch(/Labels:\s+app -> second\s+tier -> back/);
    expect(await json('pods', '-o', 'json', '--id', first)).toMatchObject({
      items: [
        { id: first, metadata: { name: 'first', uid: 'uid-first', attempt: 1 }, labels: { app: 'first' } },
      ],
    });
  });

  test('inspects pods as JSON, YAML, a table and by a template', async () => {
    const id = await crictl('runp', await podFile('inspected'));
    const { status, info } = (await json('inspectp', id)) as {
      status: { network: { ip: string } };
      info: Record<string, unknown>;
    };
    expect(status.network.ip).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(info).not.toEqual({});
    expect(await crictl('inspectp', '-o', 'go-template', '--template', '{{.status.network.ip}}', id)).toBe(
      status.network.ip,
    );
    expect(await crictl('inspectp', '-o', 'table', id)).toMatch(/Name: inspected\s+UID: uid-inspected/);
    expect(await crictl('inspectp', '-o', 'yaml', '--name', 'inspected')).toMatch(/namespace: default/);
    expect(await refused('inspectp', 'abcdef')).toMatch(/code = NotFound/);
  });

  test('stops and removes several pods in one command, and all by force', async () => {
    const names = ['one', 'two', 'three', 'four'];
    const ids: string[] = [];
    for (const name of names) ids.push(await crictl('runp', await podFile(name)));
    const [one = '', two = '', ...others] = ids;
    await crictl('stopp', one, two);
    expect(await crictl('pods', '-q', '--state', 'notready')).toBe(`${two}\n${one}`);
    await crictl('rmp', one, two);
    expect(await refused('rmp', others[0] ?? '')).toMatch(/running, please stop it first/);
    await crictl('rmp', '-a', '-f');
    expect(await crictl('pods', '-q')).toBe('');
  });

  test('runs a container in one command', async () => {
    const pod = await podFile('at-once');
    const config = await containerFile('once', { command: ['sleep', '1000'] });
    const id = await crictl('run', '--no-pull', '-r', 'runc', config, pod);
    expect(await crictl('ps', '-q')).toBe(id);
    await crictl('rm', '-f', id);
    expect(await crictl('ps', '-a', '-q')).toBe('');
  });

  test('shows version, state and configuration of the runtime', async () => {
    expect(await crictl('version')).toMatch(
      /Version:\s+\S+\nRuntimeName:\s+cri-ts\nRuntimeVersion:\s+\S+\nRuntimeApiVersion:\s+v1/,
    );
    const { status, runtimeHandlers } = (await json('info')) as {
      status: { conditions: readonly { type: string; status: boolean }[] };
      runtimeHandlers: readonly { name?: string }[];
    };
    expect(status.conditions.map((one) => [one.type, one.status])).toEqual(
      expect.arrayContaining([
        ['RuntimeReady', true],
        ['NetworkReady', true],
      ]),
    );
    expect(runtimeHandlers.map(({ name }) => name ?? '')).toEqual(expect.arrayContaining(['crun', 'runc']));
    const template = '{{range .status.conditions}}{{.type}}={{.status}} {{end}}';
    expect(await crictl('info', '-o', 'go-template', '--template', template)).toContain('RuntimeReady=true');
    expect(await crictl('info', '-q')).toContain('RuntimeReady');
    expect(await crictl('runtime-config')).toMatch(/cgroup driver:\s+CGROUPFS/);
    expect(await crictl('update-runtime-config', '--pod-cidr', '10.89.0.0/24')).toBe('');
  });

  test('works with what crictl writes into its own configuration', async () => {
    const config = rig().machine.path('crictl.yaml');
    await writeFile(config, '');
    await crictl('--config', config, 'config', '--set', 'timeout=7,debug=false');
    expect(await crictl('--config', config, 'config', '--get', 'timeout')).toBe('7');
    expect(await crictl('--config', config, 'config', '--list')).toMatch(/timeout\s+7/);
    expect(await crictl('--config', config, 'pods', '-q')).toBe('');
    expect(await crictl('completion', 'bash')).toContain('crictl');
  });
});
