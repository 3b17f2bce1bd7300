/**
 * What a real kubelet makes of us: pods from manifests, their probes, ends and statistics as its own API tells them, streams
 * through its port, restarts of either. Reference: cri.md section 2; testing.md, a real node.
 */
import { describe, expect, test } from '@jest/globals';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { WebSocket } from 'ws';
import { once } from 'node:events';
import { TestSpdyClient } from '../../src/server/streaming/spdy/test-client.ts';
import { TestChannels } from '../harness/stream-clients.ts';
import { forwardProtocol, spdyUpgrade } from '../harness/stream-dial.ts';
import { signalQuietly } from '../harness/machine.ts';
import { image } from '../harness/test-images.ts';
import { eventually, settle } from '../harness/wait.ts';
import { asleep, manifest, sh, withDefaults } from './manifests.ts';
import { seriesOf, type PodStats, type Summary } from './statistics.ts';
import { describeNode, Node } from './use-kubelet.ts';

const pinned = image.zstd;

describeNode('a kubelet', { extraConfig: `pinned = ["${pinned}"]` }, (node) => {
  const kubelet = () => node().kubelet;

  /** Runs a command in a container through the kubelet's port. */
  async function run(pod: string, cmd: string, name = 'c'): Promise<string> {
    const path = `/run/default/${pod}-node/${name}?cmd=${encodeURIComponent(cmd)}`;
    const { status, body } = await kubelet().api.ask('POST', path);
    expect([status, body]).toEqual([200, body]);
    return body.trim();
  }

  async function summaryOf(pod: string): Promise<PodStats | undefined> {
    const { pods } = await kubelet().api.json<Summary>('/stats/summary');
    return pods.find(({ podRef }) => podRef.name === `${pod}-node`);
  }

  /** The containers of the pods that are to stay, by id. */
  async function running(): Promise<readonly string[]> {
    const { containers } = await node().rig.call('ListContainers', { filter: { state: { state: 1 } } });
    const stay = ['web-node', 'confined-node'];
    const isStaying = ({ labels }: { readonly labels: Readonly<Record<string, string>> }): boolean =>
      stay.includes(labels['io.kubernetes.pod.name'] ?? '');
    return containers
      .filter(isStaying)
      .map(({ id }) => id)
      .toSorted();
  }

  describe('with pods from manifests', () => {
    test('runs init container, sidecar, hooks and every kind of probe, until the pod is ready', async () => {
      const app = {
        name: 'app',
        command: sh(
          'mkdir /www; echo hi > /www/index.html; httpd -p 80 -h /www; trap "echo ended >> /host/told; exit 0" TERM; while :; do echo tick; sleep 1; done',
        ),
        resources: { requests: { cpu: '100m' }, limits: { cpu: '500m', memory: '128Mi' } },
        ports: [{ containerPort: 80, hostPort: 8088 }],
        startupProbe: { tcpSocket: { port: 80 }, periodSeconds: 1 },
        readinessProbe: { httpGet: { path: '/index.html', port: 80 }, periodSeconds: 1 },
        livenessProbe: { exec: { command: ['true'] }, periodSeconds: 1 },
        lifecycle: {
          postStart: { exec: { command: sh('echo post >> /data/told') } },
          preStop: { exec: { command: sh('echo stopping >> /host/told') } },
        },
      };
      const volumeMounts = [
        { name: 'data', mountPath: '/data' },
        { name: 'host', mountPath: '/host' },
      ];
      const initContainers = [
        withDefaults({ name: 'init', command: sh('echo init >> /data/told'), volumeMounts }),
        withDefaults({ name: 'side', restartPolicy: 'Always', command: asleep, volumeMounts }),
      ];
      const volumes = [
        { name: 'data', emptyDir: {} },
        { name: 'host', hostPath: { path: node().rig.machine.path('host'), type: 'DirectoryOrCreate' } },
      ];
      await kubelet().apply(manifest('web', [{ ...app, volumeMounts }], { initContainers, volumes }));
      await node().ready('web', 'app');
      expect((await node().container('web', 'side'))?.ready).toBe(true);
      expect(await run('web', 'cat /data/told', 'app')).toBe('init\npost');
      expect(await run('web', 'wget -qO- 127.0.0.1/index.html', 'side')).toBe('hi');
    });

    test('tells of every end in the runtime’s words, and restarts what has to be', async () => {
      const last = 'echo why > /dev/termination-log; exit 3';
      const memory = { resources: { limits: { memory: '32Mi' } } };
      await Promise.all([
        kubelet().apply(manifest('crash', [{ command: sh(last) }])),
        kubelet().apply(
          manifest('logged', [
            { command: sh('echo last words; exit 4'), terminationMessagePolicy: 'FallbackToLogsOnError' },
          ]),
        ),
        kubelet().apply(
          manifest('greedy', [{ command: sh('head -c 200000000 /dev/zero | tail'), ...memory }], {
            restartPolicy: 'Never',
          }),
        ),
        kubelet().apply(manifest('done', [{ command: ['true'] }], { restartPolicy: 'OnFailure' })),
      ]);
      const crashed = await node().until('crash', ({ restartCount }) => restartCount > 0);
      expect(crashed.lastState.terminated).toMatchObject({ exitCode: 3, reason: 'Error', message: 'why\n' });
      const logged = await node().until('logged', ({ lastState }) => lastState.terminated !== undefined);
      expect(logged.lastState.terminated).toMatchObject({ exitCode: 4, message: 'last words\n' });
      const greedy = await node().until('greedy', ({ state }) => state.terminated !== undefined);
      expect(greedy.state.terminated).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
      const done = await node().until('done', ({ state }) => state.terminated !== undefined);
      expect(done.state.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' });
    });

    test('restarts a container whose liveness probe times out', async () => {
      const livenessProbe = {
        exec: { command: sh('sleep 10') },
        timeoutSeconds: 1,
        periodSeconds: 1,
        failureThreshold: 1,
      };
      await kubelet().apply(manifest('stuck', [{ command: asleep, livenessProbe }]));
      await node().until('stuck', ({ restartCount }) => restartCount > 0);
      await kubelet().remove('stuck');
    });

    test('gives user namespaces, image volumes, fsGroup and a read-only root as asked for', async () => {
      const volumes = [
        { name: 'data', emptyDir: {} },
        { name: 'image', image: { reference: image.busyboxLatest } },
      ];
      const volumeMounts = [
        { name: 'data', mountPath: '/data' },
        { name: 'image', mountPath: '/image', subPath: 'etc' },
      ];
      const securityContext = {
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
      };
      await kubelet().apply(
        manifest('confined', [{ command: asleep, volumeMounts, securityContext }], {
          hostUsers: false,
          volumes,
          securityContext: {
            runAsUser: 1000,
            runAsGroup: 1000,
            fsGroup: 2000,
            supplementalGroupsPolicy: 'Strict',
          },
        }),
      );
      await node().ready('confined');
      expect(await run('confined', 'id -G')).toBe('1000 2000');
      expect(await run('confined', 'ls /image')).toBe('group\npasswd');
      expect(await run('confined', 'cat /proc/self/uid_map')).toMatch(/^0\s+[1-9]\d*\s+65536$/);
      await run('confined', 'touch /data/x');
      expect(await run('confined', 'stat -c %g /data/x')).toBe('2000');
      const status = await run('confined', 'cat /proc/self/status');
      expect(status).toMatch(/^CapEff:\s+0+$/m);
      expect(status).toMatch(/^Seccomp:\s+2$/m);
    });
  });

  test('tells why an image cannot be had, in its own words', async () => {
    const { rig } = node();
    const policy = { type: 'reject' };
    await writeFile(
      rig.machine.path('policy.json'),
      JSON.stringify({
        default: [{ type: 'insecureAcceptAnything' }],
        transports: { docker: { 'docker.io/cri-ts/plain': [policy] } },
      }),
    );
    const wanted: readonly (readonly [name: string, container: Record<string, unknown>, reason: string])[] = [
      ['unreachable', { image: '127.0.0.1:5999/x/y:1' }, 'RegistryUnavailable'],
      ['refused', { image: image.plain }, 'SignatureValidationFailed'],
      ['unknown', { image: `${rig.registry.address}/no/such:1` }, 'ErrImagePull'],
      ['absent', { image: 'docker.io/cri-ts/absent:1', imagePullPolicy: 'Never' }, 'ErrImageNeverPull'],
    ];
    for (const [name, container] of wanted) await kubelet().apply(manifest(name, [container]));
    for (const [name, , reason] of wanted) {
      const { state } = await node().until(
        name,
        ({ state: { waiting } }) =>
          // Between two attempts the reason is the back-off, which quotes it.
          waiting?.reason === reason || waiting?.message?.includes(reason) === true,
      );
      expect(state.waiting?.message).not.toMatch(/(: .+)\1/);
      await kubelet().remove(name);
    }
  });

  describe('through its port', () => {
    const exec = (...command: readonly string[]): string => {
      const query = command.map((word) => `command=${encodeURIComponent(word)}`).join('&');
      return `/exec/default/web-node/app?${query}&input=1&output=1&error=1`;
    };

    test('executes over SPDY, with input, both outputs and the exit code', async () => {
      const path = exec('sh', '-c', 'cat; echo wrong >&2; exit 7');
      const { socket, head } = await kubelet().api.upgrade(path, [
        ...spdyUpgrade,
        'X-Stream-Protocol-Version: v4.channel.k8s.io',
      ]);
      expect(head).toMatch(/^HTTP\/1.1 101 /);
      const client = new TestSpdyClient(socket);
      const open = async (streamtype: string): Promise<number> => await client.open({ streamtype });
      const [error, stdin, stdout, stderr] = [
        await open('error'),
        await open('stdin'),
        await open('stdout'),
        await open('stderr'),
      ];
      client.data(stdin, 'said', true);
      await client.until('the status', () => client.of(error).isFin);
      await client.until('the outputs', () => client.of(stdout).isFin && client.of(stderr).isFin);
      expect([client.of(stdout).text, client.of(stderr).text]).toEqual(['said', 'wrong\n']);
      expect(JSON.parse(client.of(error).text)).toMatchObject({ reason: 'NonZeroExitCode' });
      client.duplex.destroy();
    });

    test.each(['v4.channel.k8s.io', 'v5.channel.k8s.io'])('executes over WebSocket, %s', async (protocol) => {
      const path = exec('sh', '-c', 'echo hello; exit 7');
      const connection = await kubelet().api.connect();
      const socket = new WebSocket(`wss://127.0.0.1${path}`, protocol, {
        createConnection: () => connection,
      });
      const channels = new TestChannels({ socket, connection, isBase64: false });
      await once(socket, 'open');
      await eventually('the status', () => channels.of(3) !== '');
      expect(channels.of(1)).toBe('hello\n');
      expect(JSON.parse(channels.of(3))).toMatchObject({ reason: 'NonZeroExitCode' });
      socket.terminate();
    });

    test('forwards ports, and says so when nobody listens there', async () => {
      const { socket } = await kubelet().api.upgrade('/portForward/default/web-node', [
        ...spdyUpgrade,
        `X-Stream-Protocol-Version: ${forwardProtocol}`,
      ]);
      const client = new TestSpdyClient(socket);
      const pair = async (port: string, requestid: string): Promise<readonly [number, number]> => [
        await client.open({ streamtype: 'error', port, requestid }),
        await client.open({ streamtype: 'data', port, requestid }),
      ];
      const [, data] = await pair('80', '0');
      client.data(data, 'GET /index.html HTTP/1.0\r\n\r\n');
      await client.until('the page', () => client.of(data).text.endsWith('hi\n'));
      const [error] = await pair('81', '1');
      await client.until('the refusal', () => client.of(error).text.includes('ECONNREFUSED'));
      client.duplex.destroy();
    });

    test('shows logs', async () => {
      const log = await kubelet().api.get('/containerLogs/default/web-node/app?tailLines=2');
      expect(log).toBe('tick\ntick\n');
    });
  });

  describe('with statistics from the runtime', () => {
    test('has a summary of each pod with everything that cgroups, disk and network tell', async () => {
      const isComplete = (seen: PodStats | undefined): boolean =>
        seen?.containers?.every(({ rootfs, cpu }) => rootfs?.usedBytes !== undefined && cpu !== undefined) ===
          true &&
        seen.volume !== undefined &&
        seen.cpu?.['usageNanoCores'] !== undefined;
      const seen = await settle(() => summaryOf('web'), isComplete, { timeoutMs: 30_000, everyMs: 500 });
      const some = expect.any(Number);
      expect(seen).toMatchObject({
        cpu: { usageNanoCores: some, usageCoreNanoSeconds: some },
        memory: { usageBytes: some, workingSetBytes: some, rssBytes: some, pageFaults: some },
        network: { name: 'eth0', rxBytes: some, txBytes: some, interfaces: [{ name: 'lo' }] },
        volume: [{ name: 'data', usedBytes: some }],
        'ephemeral-storage': { usedBytes: some, inodesUsed: some },
        process_stats: { process_count: some },
      });
      const app = seen?.containers?.find(({ name }) => name === 'app');
      expect(app).toMatchObject({
        cpu: { usageNanoCores: some, usageCoreNanoSeconds: some },
        memory: { availableBytes: some, workingSetBytes: some, majorPageFaults: some },
        rootfs: { usedBytes: some, capacityBytes: some, availableBytes: some, inodesUsed: some },
        logs: { usedBytes: some },
      });
      // Only who has a limit has something left of it.
      const side = seen?.containers?.find(({ name }) => name === 'side');
      expect(side?.memory?.availableBytes).toBeUndefined();
      expect(seen?.memory?.availableBytes).toBeUndefined();
      const { node: machine } = await kubelet().api.json<Summary>('/stats/summary');
      expect(machine.runtime.imageFs).toMatchObject({
        usedBytes: some,
        capacityBytes: some,
        inodesUsed: some,
      });
    });

    test('has the series that dashboards ask for, labelled by namespace, pod and container', async () => {
      const series = seriesOf(await kubelet().api.get('/metrics/cadvisor'));
      const of = (name: string) =>
        series.filter((each) => each.name === name && each.labels['pod'] === 'web-node');
      expect(of('container_memory_working_set_bytes').map(({ labels }) => labels['container'])).toEqual([
        'app',
        'side',
      ]);
      expect(of('container_cpu_usage_seconds_total')[0]?.labels).toMatchObject({
        namespace: 'default',
        image: image.busybox,
        cpu: 'total',
      });
      expect(of('container_network_receive_bytes_total')[0]?.labels).toMatchObject({ interface: 'eth0' });
      const limits = of('container_spec_memory_limit_bytes').map(({ value }) => value);
      expect(limits).toEqual([128 * 1024 * 1024, 0]);
      const resource = seriesOf(await kubelet().api.get('/metrics/resource'));
      const names = resource.filter(({ labels }) => labels['pod'] === 'web-node').map(({ name }) => name);
      expect(names).toEqual(
        expect.arrayContaining([
          'container_cpu_usage_seconds_total',
          'container_memory_working_set_bytes',
          'pod_cpu_usage_seconds_total',
          'pod_memory_working_set_bytes',
        ]),
      );
      expect(resource.find(({ name }) => name === 'resource_scrape_error')?.value).toBe(0);
    });
  });

  test('that is started anew, and listens to events, leaves what runs, and restarts at once what dies', async () => {
    const before = await running();
    const told = await summaryOf('confined');
    await kubelet().stop('SIGKILL');
    // Without our statistics it counts by itself: both must mean the same.
    await kubelet().start({ featureGates: { EventedPLEG: true, PodAndContainerStatsFromCRI: false } });
    await node().ready('web', 'side');
    // One without init containers: with events kubelet 1.37 knows of none that has run, and runs them again.
    const victim = await node().ready('confined');
    expect(await running()).toEqual(before);
    const counted = await settle(
      () => summaryOf('confined'),
      (seen) => seen?.memory !== undefined,
      { timeoutMs: 30_000, everyMs: 500 },
    );
    const figures = (stats: PodStats | undefined): readonly string[] =>
      Object.keys({ ...stats?.memory, ...stats?.cpu })
        .filter((name) => name !== 'psi')
        .toSorted();
    expect(figures(counted)).toEqual(figures(told));

    const { info } = await node().rig.call('ContainerStatus', {
      containerId: Node.idOf(victim),
      verbose: true,
    });
    const { pid } = JSON.parse(info['info'] ?? '{}') as { readonly pid: number };
    signalQuietly(pid, 'SIGKILL');
    // Without events it would learn of it in five minutes.
    const again = await node().until(
      'confined',
      ({ restartCount, ready }) => ready && restartCount > victim.restartCount,
      { timeoutMs: 10_000 },
    );
    expect(again.lastState.terminated).toMatchObject({ exitCode: 137 });
  });

  test('loses nothing when the daemon is killed under it', async () => {
    await kubelet().stop();
    await kubelet().start({ featureGates: { CRIListStreaming: true } });
    await node().ready('web', 'app');
    const before = await running();
    expect(await node().complaints()).toEqual([]);
    await node().rig.daemon.kill9();
    await node().rig.daemon.start();
    await eventually(
      'the kubelet is connected again',
      async () => (await run('web', 'echo alive', 'app')) === 'alive',
    );
    await node().ready('web', 'app');
    expect(await running()).toEqual(before);
    // Of what it said meanwhile the daemon's death is the reason.
    await node().complaints();
  });

  test('that is short of disk collects images that nobody uses, and no pinned one', async () => {
    const { rig } = node();
    for (const name of [pinned, image.configured]) await rig.pull(name);
    await kubelet().stop();
    await kubelet().start({
      more: { evictionHard: { 'nodefs.available': '99.9%' }, imageMinimumGCAge: '1s' },
    });
    const names = async (): Promise<readonly string[]> =>
      (await rig.call('ListImages', {})).images.flatMap(({ repoTags }) => repoTags);
    await eventually('the unused image goes', async () => !(await names()).includes(image.configured), {
      timeoutMs: 60_000,
      everyMs: 500,
    });
    expect(await names()).toEqual(expect.arrayContaining([image.busybox, pinned]));
    await node().ready('web', 'app');
  });

  test('that loses its manifests stops their pods with grace, and nothing is left', async () => {
    for (const name of await readdir(node().rig.machine.path('kubelet/manifests')))
      await kubelet().remove(name.replace('.json', ''));
    await eventually(
      'all pods end',
      async () => (await node().rig.listPods({ state: { state: 0 } })).length === 0,
      {
        timeoutMs: 30_000,
        everyMs: 200,
      },
    );
    expect(await readFile(node().rig.machine.path('host/told'), 'utf8')).toBe('stopping\nended\n');
    expect(await node().complaints()).toEqual([]);
    expect(await node().leftovers()).toEqual([]);
  });
});
