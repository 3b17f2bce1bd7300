/**
 * A walk with crictl, as an administrator would do it: every command that issue 2 names, with output that makes sense.
 */
import { writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { crictlIn, findCrictl, type CrictlRun } from './harness/crictl.ts';
import { handlers } from './harness/rig.ts';
import { image } from './harness/test-images.ts';
import { useRig } from './harness/use-rig.ts';

const found = await findCrictl();
if (found.path === null) process.stderr.write(`${found.reason}\n`);
const describeIfFound = found.path === null ? describe.skip : describe;

describeIfFound('crictl', () => {
  const rig = useRig();
  let crictl: CrictlRun;

  beforeAll(() => {
    crictl = crictlIn(rig().machine, found.path ?? '', rig().server.socketPath);
  });

  /** crictl reads its requests from files, in the JSON of Go's types. */
  async function file(name: string, content: object): Promise<string> {
    const path = rig().machine.path(name);
    await writeFile(path, JSON.stringify(content));
    return path;
  }

  async function podFile(name: string): Promise<string> {
    return await file(`${name}.json`, {
      metadata: { name, namespace: 'default', uid: `uid-${name}`, attempt: 1 },
      log_directory: await rig().makeLogDir(),
      labels: { app: name },
      linux: { cgroup_parent: rig().machine.cgroupParent },
    });
  }

  async function containerFile(name: string, command: readonly string[], podName = ''): Promise<string> {
    return await file(`${name}.json`, {
      metadata: { name },
      labels: { 'io.kubernetes.pod.name': podName },
      image: { image: image.busybox },
      command,
      envs: [{ key: 'GREETING', value: 'hello' }],
      log_path: `${name}.log`,
      linux: {},
    });
  }

  test.each(handlers)('walks a pod of %s from runp to rmp', async (handler) => {
    const pod = await podFile(`walk-${handler}`);
    const script = 'echo $GREETING; trap "exit 0" TERM; sleep 1000 & wait';
    const config = await containerFile(`ctr-${handler}`, ['sh', '-c', script], `walk-${handler}`);
    const podId = await crictl('runp', '-r', handler, pod);
    expect(podId).toMatch(/^[0-9a-f]{64}$/);
    const id = await crictl('create', podId, config, pod);
    expect(await crictl('ps', '-a', '--state', 'created', '-q')).toBe(id);
    expect(await crictl('start', id)).toBe(id);
    expect(await crictl('exec', '-s', id, 'echo', 'from', 'inside')).toBe('from inside');
    expect(await crictl('logs', id)).toBe('hello');

    const ps = await crictl('ps');
    expect(ps).toContain(id.slice(0, 13));
    expect(ps).toMatch(/Running/);
    expect(ps).toContain(`walk-${handler}`);
    expect(await crictl('ps', '--pod', podId.slice(0, 13), '-q')).toBe(id);
    const pods = await crictl('pods');
    expect(pods).toMatch(new RegExp(`${podId.slice(0, 13)}.*Ready.*walk-${handler}`));
    expect(await crictl('pods', '--label', `app=walk-${handler}`, '-q')).toBe(podId);

    const inspected = JSON.parse(await crictl('inspect', id.slice(0, 13))) as Record<
      string,
      Record<string, unknown>
    >;
    expect(inspected['status']).toMatchObject({ id, state: 'CONTAINER_RUNNING' });
    expect(inspected['info']).toMatchObject({ pid: expect.any(Number), runtimeSpec: expect.any(Object) });
    expect(
      Number(await crictl('inspect', '-o', 'go-template', '--template', '{{.info.pid}}', id)),
    ).toBeGreaterThan(1);
    const inspectedPod = JSON.parse(await crictl('inspectp', podId)) as Record<
      string,
      Record<string, unknown>
    >;
    expect(inspectedPod['status']).toMatchObject({ id: podId, state: 'SANDBOX_READY' });

    expect(await crictl('stats', id)).toContain(id.slice(0, 13));
    expect(await crictl('stop', '-t', '5', id.slice(0, 13))).toBe(id.slice(0, 13));
    expect(await crictl('ps', '-a')).toMatch(/Exited/);
    await crictl('rm', id);
    expect(await crictl('ps', '-a', '-q')).toBe('');
    expect(await crictl('stopp', podId)).toContain(`Stopped sandbox ${podId}`);
    expect(await crictl('pods', '--state', 'notready', '-q')).toBe(podId);
    expect(await crictl('rmp', podId)).toContain(`Removed sandbox ${podId}`);
    expect(await crictl('pods', '-q')).toBe('');
  });

  test('pulls, lists, inspects and removes an image', async () => {
    expect(await crictl('pull', image.plain)).toMatch(/Image is up to date for .*[0-9a-f]{64}/);
    expect(await crictl('images')).toMatch(/docker\.io\/cri-ts\/plain\s+latest\s+[0-9a-f]{13}/);
    const inspected = JSON.parse(await crictl('inspecti', image.plain)) as {
      status: { repoTags: readonly string[] };
    };
    expect(inspected.status.repoTags).toEqual([image.plain]);
    expect(await crictl('imagefsinfo')).toContain('usedBytes');
    expect(await crictl('rmi', image.plain)).toContain('Deleted: ');
    expect(await crictl('images', '-q', image.plain)).toBe('');
  });

  test('shows the version and the state of the runtime', async () => {
    expect(await crictl('version')).toMatch(/RuntimeName:\s+cri-ts/);
    const info = JSON.parse(await crictl('info')) as {
      status: { conditions: readonly { type: string; status: boolean }[] };
    };
    expect(info.status.conditions.map(({ type, status }) => [type, status])).toEqual(
      expect.arrayContaining([
        ['RuntimeReady', true],
        ['NetworkReady', true],
      ]),
    );
  });

  test('runs a container in one command, and removes a running pod by force', async () => {
    const pod = await podFile('at-once');
    const id = await crictl('run', '--no-pull', await containerFile('once', ['sleep', '1000']), pod);
    expect(await crictl('ps', '-q')).toBe(id);
    await crictl('rm', '-f', id);
    await crictl('rmp', '-a', '-f');
    expect(await crictl('pods', '-q')).toBe('');
  });
});
