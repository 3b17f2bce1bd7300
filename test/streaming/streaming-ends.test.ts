/**
 * One session is one scope: whichever end of it goes first, at whatever step, everything of it goes. An end that is cut off
 * is a connection that the kernel closes or resets, as it does for a process that is killed with -9.
 */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { dataHeader } from '../../src/server/streaming/spdy/frames.ts';
import { codeOf } from '../harness/client.ts';
import { signalQuietly } from '../harness/machine.ts';
import { shell, sleeper } from '../harness/requests.ts';
import { handlers } from '../harness/rig.ts';
import {
  all,
  outputs,
  terminal,
  useStreamClients,
  type StreamClients,
  type Wanted,
} from '../harness/stream-clients.ts';
import { forwardProtocol, spdyUpgrade } from '../harness/stream-dial.ts';
import { openPair } from '../harness/stream-pair.ts';
import { useRig } from '../harness/use-rig.ts';
import { eventually } from '../harness/wait.ts';

const rig = useRig();
const clients = useStreamClients(rig);
let on: StreamClients;

beforeEach(() => {
  on = clients();
});

const v4 = 'X-Stream-Protocol-Version: v4.channel.k8s.io';

/** Files of execs in a container's run directory. */
async function execFiles(containerId: string): Promise<readonly string[]> {
  const dir = rig().machine.outside(`${rig().daemon.dirs.runDir}/containers/${containerId}`);
  return (await readdir(dir)).filter((name) => /^exec-\w+-\d+\./.test(name));
}

async function nothingLeft(containerId: string, fds: number): Promise<void> {
  await eventually('its processes are gone', async () => (await on.alive('sleep 4730')) === 0);
  await eventually('its files are gone', async () => (await execFiles(containerId)).length === 0);
  await eventually('its descriptors are gone', async () => (await on.daemonFds()) <= fds);
}

/** What a killed client has done until then; each returns the connection that breaks. */
type Step = (containerId: string) => Promise<Duplex>;

const sleep = ['sh', '-c', 'sleep 4730 & sleep 4730'];

async function running(): Promise<void> {
  await eventually('it runs', async () => (await on.alive('sleep 4730')) === 2);
}

function execSteps(wanted: Wanted): Readonly<Record<string, Step>> {
  const upgraded = async (id: string): ReturnType<StreamClients['spdy']> =>
    await on.spdy(await on.execUrl(id, sleep, wanted));
  return {
    'it has connected': async (id) => await on.dial(await on.execUrl(id, sleep, wanted)),
    'it has sent a part of its request': async (id) => {
      const url = await on.execUrl(id, sleep, wanted);
      const socket = await on.dial(url);
      socket.write(`POST ${url.pathname} HTTP/1.1\r\nConnection: Upg`);
      return socket;
    },
    'it has upgraded': async (id) => (await upgraded(id)).duplex,
    'it has opened one stream': async (id) => {
      const client = await upgraded(id);
      await client.open({ streamtype: 'error' });
      return client.duplex;
    },
    'the process runs': async (id) => {
      const { client } = await on.exec(id, sleep, wanted);
      await running();
      return client.duplex;
    },
    'it is in the middle of a frame': async (id) => {
      const { client, stdin } = await on.exec(id, sleep, wanted);
      await running();
      client.duplex.write(Buffer.concat([dataHeader(stdin, 1000, false), Buffer.alloc(10)]));
      return client.duplex;
    },
    'it has ended its input': async (id) => {
      const { client, stdin } = await on.exec(id, sleep, wanted);
      await running();
      client.data(stdin, '', true);
      return client.duplex;
    },
    'it is being told the status': async (id) => {
      const { client, error } = await on.exec(id, ['true'], wanted);
      await client.until('the status', () => client.of(error).isFin);
      return client.duplex;
    },
  };
}

const webSocketSteps: Readonly<Record<string, Step>> = {
  'it has begun the handshake': async (id) => {
    const socket = await on.dial(await on.execUrl(id, sleep));
    socket.write('GET / HTTP/1.1\r\nUpgrade: websocket\r\n');
    return socket;
  },
  'the process runs': async (id) => {
    const { connection } = await on.webSocket(await on.execUrl(id, sleep), 'v5.channel.k8s.io');
    await running();
    return connection;
  },
  'it is in the middle of a frame': async (id) => {
    const { connection } = await on.webSocket(await on.execUrl(id, sleep), 'v4.channel.k8s.io');
    await running();
    connection.write(Buffer.of(0x82, 0xfe, 0x10, 0x00, 1, 2, 3, 4, 0, 0));
    return connection;
  },
  'it has ended its input': async (id) => {
    const { connection, socket } = await on.webSocket(await on.execUrl(id, sleep), 'v5.channel.k8s.io');
    await running();
    socket.send(Buffer.of(255, 0));
    return connection;
  },
};

/** Closed as at exit; reset as at exit with bytes that nobody has read. */
const breaks: Readonly<Record<string, (connection: Duplex) => void>> = {
  closed: (connection) => void connection.destroy(),
  reset: (connection) => void (isSocket(connection) ? connection.resetAndDestroy() : connection.destroy()),
};

function isSocket(connection: Duplex): connection is Socket {
  return 'resetAndDestroy' in connection;
}

describe('A client that is killed', () => {
  async function killAtEach(steps: Readonly<Record<string, Step>>): Promise<void> {
    const id = await rig().run(await rig().runPod(), sleeper());
    await on.run(id, 'true');
    const before = await on.daemonFds();
    for (const step of Object.values(steps))
      for (const end of Object.values(breaks)) {
        end(await step(id));
        await nothingLeft(id, before);
      }
  }

  test('at any step of an exec over SPDY leaves nothing', async () => await killAtEach(execSteps(all)));

  test('at any step of an exec in a terminal leaves nothing', async () => {
    await killAtEach(execSteps(terminal));
  });

  test('at any step of an exec over a WebSocket leaves nothing', async () => {
    await killAtEach(webSocketSteps);
  });

  test('at any moment of an ExecSync leaves nothing', async () => {
    for (const handler of handlers) {
      const id = await rig().run(await rig().runPod({ handler }), sleeper());
      const cmd = ['sleep', '4734'];
      const calls = Array.from({ length: 24 }, async (_, index) =>
        codeOf(
          rig().call('ExecSync', { containerId: id, cmd, timeout: 0n }, { timeoutMs: 10 * (index + 1) }),
        ),
      );
      await Promise.all(calls);
      await eventually('its processes are gone', async () => (await on.alive('sleep 4734')) === 0);
      await eventually('its files are gone', async () => (await execFiles(id)).length === 0);
    }
  });

  test('at any step of an attachment leaves nothing but the container', async () => {
    const script = 'while read line; do echo "got $line"; done';
    const id = await rig().run(await rig().runPod(), shell(script, { stdin: true }));
    const before = await on.daemonFds();
    for (const end of Object.values(breaks)) {
      end((await on.spdy(await on.attachUrl(id))).duplex);
      const { client, stdin, stdout } = await on.attach(id);
      client.data(stdin, 'one\n');
      await client.until('an echo', () => client.of(stdout).text === 'got one\n');
      client.duplex.write(dataHeader(stdin, 1000, false));
      end(client.duplex);
      await eventually('its descriptors are gone', async () => (await on.daemonFds()) <= before);
    }
    const { client, stdin, stdout } = await on.attach(id);
    client.data(stdin, 'two\n', true);
    await client.until('an echo', () => client.of(stdout).text === 'got two\n');
    client.duplex.destroy();
    await rig().call('StopContainer', { containerId: id, timeout: 0n });
  });

  test('at any step of a port-forward leaves no connection in the pod', async () => {
    const pod = await rig().runPod();
    const id = await rig().run(pod, shell('trap "exit 0" TERM; nc -ll -p 8080 -e cat & wait'));
    const sockets = async (): Promise<string> =>
      await rig().sh(id, 'netstat -tn | grep :8080 | grep -cE "ESTABLISHED|CLOSE_WAIT" || true');
    const before = await on.daemonFds();
    for (const isTunnelled of [false, true])
      for (const end of Object.values(breaks)) {
        const open = async (): Promise<{
          readonly client: Awaited<ReturnType<typeof on.spdy>>;
          duplex: Duplex;
        }> => {
          const url = await on.forwardUrl(pod.id);
          if (isTunnelled) return await on.tunnel(url);
          const client = await on.spdy(url, forwardProtocol);
          return { client, duplex: client.duplex };
        };
        end((await open()).duplex);
        const half = await open();
        await half.client.open({ streamtype: 'error', port: '8080', requestid: '1' });
        end(half.duplex);
        const { client, duplex } = await open();
        for (const name of ['1', '2']) {
          const { data } = await openPair(client, 8080, name);
          client.data(data, 'something');
          await client.until('an echo', () => client.of(data).text === 'something');
          if (name === '2') client.duplex.write(dataHeader(data, 1000, true));
        }
        end(duplex);
        await eventually('its descriptors are gone', async () => (await on.daemonFds()) <= before);
      }
    await eventually('the pod has no connections', async () => (await sockets()) === '0');
  });
});

describe('A daemon that is killed', () => {
  test.each(handlers)('takes its clients along; the next one ends the processes in %s', async (handler) => {
    const pod = await rig().runPod({ handler });
    const id = await rig().run(pod, sleeper());
    const piped = await on.exec(id, sleep);
    await running();
    const inTerminal = await on.exec(id, ['sleep', '4731'], terminal);
    const sync = codeOf(rig().call('ExecSync', { containerId: id, cmd: ['sleep', '4732'], timeout: 0n }));
    for (const [argv, count] of [
      ['sleep 4731', 1],
      ['sleep 4732', 1],
    ] as const)
      await eventually(`${argv} runs`, async () => (await on.alive(argv)) === count);
    const attached = await on.attach(id, outputs);
    const forwarded = await on.spdy(await on.forwardUrl(pod.id), forwardProtocol);
    // A process of the container itself stays, whatever it is called.
    await rig().sh(id, 'setsid sleep 4733 >/dev/null 2>&1 &');
    expect((await execFiles(id)).length).toBeGreaterThanOrEqual(3);
    await rig().daemon.kill9();
    await sync;
    const clientsOfIt = [piped.client, inTerminal.client, attached.client, forwarded];
    for (const client of clientsOfIt) await client.until('the end', () => client.isClosed);
    await rig().daemon.start();
    for (const argv of ['sleep 4730', 'sleep 4731', 'sleep 4732'])
      await eventually(`${argv} is gone`, async () => (await on.alive(argv)) === 0);
    await eventually('their files are gone', async () => (await execFiles(id)).length === 0);
    expect(await on.alive('sleep 4733')).toBe(1);
    expect((await on.run(id, 'echo again')).stdout).toBe('again\n');
    const again = await on.attach(id, outputs);
    await again.client.until('a reply', () => again.client.of(again.stdout).reply !== null);
    again.client.duplex.destroy();
  });

  test('while the runtime starts an exec leaves nothing either', async () => {
    const id = await rig().run(await rig().runPod(), sleeper());
    for (let round = 0; round < 5; round += 1) {
      const { client } = await on.exec(id, sleep, outputs);
      await eventually('the exec begins', async () => (await execFiles(id)).length > 0, { everyMs: 1 });
      await rig().daemon.kill9();
      await client.until('the end', () => client.isClosed);
      await rig().daemon.start();
      await eventually('its files are gone', async () => (await execFiles(id)).length === 0);
      await eventually('it is gone', async () => (await on.alive('sleep 4730')) === 0);
    }
  });
});

describe('The end of what a session is about', () => {
  test('of a container ends its execs and attachments with a status', async () => {
    const id = await rig().run(await rig().runPod(), shell('sleep 100000', { stdin: true }));
    const before = await on.daemonFds();
    const exec = await on.exec(id, ['sleep', '4730']);
    const attached = await on.attach(id);
    await eventually('it runs', async () => (await on.alive('sleep 4730')) === 1);
    await rig().call('StopContainer', { containerId: id, timeout: 0n });
    for (const { client, error } of [exec, attached])
      await client.until('the status', () => client.of(error).isFin);
    expect(exec.client.of(exec.error).text).toContain('"message":"137"');
    expect(attached.client.of(attached.error).text).toBe('{"metadata":{},"status":"Success"}');
    for (const { client } of [exec, attached]) client.duplex.destroy();
    await eventually('their descriptors are gone', async () => (await on.daemonFds()) <= before);
  });

  test('of a pod ends what is forwarded to it', async () => {
    const pod = await rig().runPod();
    await rig().run(pod, shell('trap "exit 0" TERM; nc -ll -p 8080 -e cat & wait'));
    const client = await on.spdy(await on.forwardUrl(pod.id), forwardProtocol);
    const { data } = await openPair(client, 8080, '1');
    client.data(data, 'something');
    await client.until('an echo', () => client.of(data).text === 'something');
    await rig().call('StopPodSandbox', { podSandboxId: pod.id });
    await client.until('the end', () => client.isClosed);
  });

  test('a monitor that is killed loses its attachments and no exec', async () => {
    const id = await rig().run(await rig().runPod(), shell('sleep 100000', { stdin: true }));
    const exec = await on.exec(id, ['cat']);
    const attached = await on.attach(id);
    const monitors = (await rig().machine.members()).filter(({ argv }) =>
      argv.some((word) => word.includes('conmon-ts')),
    );
    expect(monitors.length).toBeGreaterThan(0);
    for (const { pid } of monitors) signalQuietly(pid, 'SIGKILL');
    await attached.client.until('the status', () => attached.client.of(attached.error).isFin);
    expect(attached.client.of(attached.error).text).toContain('attach ended before the container');
    exec.client.data(exec.stdin, 'still there', true);
    await exec.client.until('the status', () => exec.client.of(exec.error).isFin);
    expect(exec.client.of(exec.stdout).text).toBe('still there');
    for (const { client } of [exec, attached]) client.duplex.destroy();
  });

  test('a request is granted to nobody when it comes too late', async () => {
    const id = await rig().run(await rig().runPod(), sleeper());
    const url = await on.execUrl(id, ['true']);
    await rig().call('StopContainer', { containerId: id, timeout: 0n });
    const { client, error } = await on.openStreams(url);
    await client.until('the status', () => client.of(error).isFin);
    expect(JSON.parse(client.of(error).text)).toMatchObject({ status: 'Failure', reason: 'InternalError' });
    client.duplex.destroy();
    const { head, socket } = await on.upgrade(url, [...spdyUpgrade, v4]);
    expect(head).toMatch(/^HTTP\/1.1 404 /);
    socket.destroy();
  });
});
