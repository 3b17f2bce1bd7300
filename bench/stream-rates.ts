/**
 * How fast bytes go through a session: standard output of an exec, and a port of a pod in both directions; and how much
 * later an answer comes through a forwarded connection than from the port itself. The client is this process; it counts
 * bytes and does not look at frames.
 */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { dataHeader } from '../src/server/streaming/spdy/frames.ts';
import { TestSpdyClient } from '../src/server/streaming/spdy/test-client.ts';
import { containerConfig } from '../test/harness/requests.ts';
import { openPair } from '../test/harness/stream-pair.ts';
import { forwardProtocol, spdyUpgrade, StreamDialer } from '../test/harness/stream-dial.ts';
import { cpuSecondsOf } from './process-figures.ts';
import { Samples, timed, type Summary } from './samples.ts';
import { eventually } from '../test/harness/wait.ts';
import type { Subject } from './subjects.ts';

export type Rate = {
  readonly megabytesPerSecond: number;
  /** Of the daemon and its monitors, per GB. */
  readonly cpuSecondsPerGb: number;
};

export type RateName = 'exec stdout' | 'forward from the pod' | 'forward to the pod';

export type StreamResult = {
  readonly rates: Readonly<Record<RateName, readonly Rate[]>>;
  /** Milliseconds of a round trip of one byte. */
  readonly echo: Readonly<Record<string, Summary>>;
};

const port = { source: 8080, sink: 8081, echo: 8082 } as const;

/** Servers in one container: one that sends so many bytes to whoever connects, one that takes so many, one that echoes. */
function servers(bytes: number): ReturnType<typeof containerConfig> {
  const script = [
    `nc -ll -p ${port.source} -e dd if=/dev/zero bs=1M count=${bytes >> 20} &`,
    `nc -ll -p ${port.sink} -e sh -c "dd of=/dev/null bs=64k count=${bytes >> 16} iflag=fullblock 2>/dev/null; echo done" &`,
    `nc -ll -p ${port.echo} -e cat &`,
    'trap "exit 0" TERM; wait',
  ];
  return containerConfig({ command: ['sh', '-c', script.join(' ')] });
}

type Place = { readonly pod: string; readonly container: string; readonly netns: string };

/** One subject with its pod: the pieces of work are done in turns with those of the others. */
class StreamBench implements AsyncDisposable {
  readonly name: string;
  readonly #subject: Subject;
  readonly #dialer = new StreamDialer();
  readonly #place: Place;
  readonly #bytes: number;

  private constructor(subject: Subject, bytes: number, place: Place) {
    this.name = subject.name;
    this.#subject = subject;
    this.#bytes = bytes;
    this.#place = place;
  }

  static async open(subject: Subject, handler: string, bytes: number): Promise<StreamBench> {
    const pod = await subject.runPod(handler);
    const container = await subject.createContainer(pod, servers(bytes));
    await subject.startContainer(container);
    const { info } = await subject.server.client.call('ContainerStatus', {
      containerId: container,
      verbose: true,
    });
    const { pid } = JSON.parse(info['info'] ?? '{}') as { pid: number };
    const bench = new StreamBench(subject, bytes, { pod, container, netns: `/proc/${pid}/ns/net` });
    await eventually('the servers listen', async () => {
      for (const each of Object.values(port))
        (await bench.#dialer.connect(bench.#place.netns, each)).destroy();
      return true;
    });
    return bench;
  }

  async rate(work: RateName): Promise<Rate> {
    if (work === 'exec stdout') return await this.#execStdout();
    return work === 'forward from the pod' ? await this.#forwardFrom() : await this.#forwardTo();
  }

  async #execStdout(): Promise<Rate> {
    const { url } = await this.#subject.server.client.call('Exec', {
      containerId: this.#place.container,
      cmd: ['dd', 'if=/dev/zero', 'bs=1M', `count=${this.#bytes >> 20}`],
      stdout: true,
      stderr: true,
    });
    const { socket, client } = await this.#session(url, 'v4.channel.k8s.io');
    return await this.#rate(socket, async () => {
      for (const streamtype of ['error', 'stdout', 'stderr']) await client.open({ streamtype });
      await counted(socket, this.#bytes);
    });
  }

  async #forwardFrom(): Promise<Rate> {
    const { socket, client } = await this.#forward();
    return await this.#rate(socket, async () => {
      await openPair(client, port.source, '1');
      await counted(socket, this.#bytes);
    });
  }

  async #forwardTo(): Promise<Rate> {
    const { socket, client } = await this.#forward();
    const { data } = await openPair(client, port.sink, '1');
    return await this.#rate(socket, async () => await this.#send(socket, data));
  }

  /** Round trips of one byte, directly and through a session, in turns. */
  async echo(samples: Samples, count: number): Promise<void> {
    const direct = await this.#dialer.connect(this.#place.netns, port.echo);
    direct.setNoDelay(true);
    const { socket, client } = await this.#forward();
    socket.setNoDelay(true);
    const { data } = await openPair(client, port.echo, '1');
    const byte = Buffer.concat([dataHeader(data, 1, false), Buffer.of(1)]);
    // Replies to the streams come first.
    await answer(socket, byte, 9);
    for (let index = 0; index < count; index += 1) {
      samples.add('direct', await timed(async () => await answer(direct, Buffer.of(1), 1)));
      samples.add('forwarded', await timed(async () => await answer(socket, byte, 9)));
    }
    direct.destroy();
    socket.destroy();
  }

  async close(): Promise<void> {
    await this.#subject.removePod(this.#place.pod);
    await this.#dialer.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #forward(): Promise<{ readonly socket: Socket; readonly client: TestSpdyClient }> {
    const { url } = await this.#subject.server.client.call('PortForward', { podSandboxId: this.#place.pod });
    return await this.#session(url, forwardProtocol);
  }

  async #session(
    text: string,
    protocol: string,
  ): Promise<{ readonly socket: Socket; readonly client: TestSpdyClient }> {
    const url = new URL(text);
    const socket = await this.#dialer.dial(this.#subject.machine, url);
    const lines = ['POST', ...spdyUpgrade, `X-Stream-Protocol-Version: ${protocol}`];
    const { head } = await this.#dialer.upgrade(socket, url, lines);
    if (!head.startsWith('HTTP/1.1 101 ')) throw new Error(`${this.name} answered ${head.split('\r\n')[0]}`);
    return { socket, client: new TestSpdyClient(socket, false) };
  }

  async #rate(socket: Socket, work: () => Promise<void>): Promise<Rate> {
    const pids = [this.#subject.server.pid, ...(await this.#subject.monitorPids())];
    const cpuBefore = await cpuSecondsOf(pids);
    const ms = await timed(work);
    const cpuSeconds = (await cpuSecondsOf(pids)) - cpuBefore;
    socket.destroy();
    return {
      megabytesPerSecond: this.#bytes / 1e6 / (ms / 1000),
      cpuSecondsPerGb: cpuSeconds / (this.#bytes / 1e9),
    };
  }

  /** Ends when the server says that it has got all. */
  async #send(socket: Socket, streamId: number): Promise<void> {
    const pieceBytes = 64 * 1024;
    const frame = Buffer.concat([dataHeader(streamId, pieceBytes, false), Buffer.alloc(pieceBytes)]);
    const told = new Promise<void>((resolve, reject) => {
      socket.on('data', (chunk: Buffer) => chunk.includes('done\n') && resolve());
      socket.on('close', () => reject(new Error('the session has ended too early')));
    });
    for (let sent = 0; sent < this.#bytes; sent += pieceBytes)
      if (!socket.write(frame)) await once(socket, 'drain');
    await told;
  }
}

export type StreamPlan = { readonly bytes: number; readonly rounds: number; readonly echoes: number };

/** By subject; each piece of work is done by all of them before the next. */
export async function measureStreams(
  subjects: readonly Subject[],
  handlerOf: (subject: Subject) => string,
  plan: StreamPlan,
): Promise<Readonly<Record<string, StreamResult>>> {
  await using stack = new AsyncDisposableStack();
  const benches: StreamBench[] = [];
  for (const subject of subjects)
    benches.push(stack.use(await StreamBench.open(subject, handlerOf(subject), plan.bytes)));
  const found = new Map(benches.map(({ name }) => [name, { rates: emptyRates(), echo: new Samples() }]));
  for (let round = 0; round < plan.rounds; round += 1)
    for (const work of ['exec stdout', 'forward from the pod', 'forward to the pod'] as const)
      for (const bench of benches) found.get(bench.name)?.rates[work].push(await bench.rate(work));
  for (const bench of benches) await bench.echo(found.get(bench.name)?.echo ?? new Samples(), plan.echoes);
  return Object.fromEntries(
    [...found].map(([name, { rates, echo }]) => [name, { rates, echo: echo.summaries() }]),
  );
}

function emptyRates(): Record<RateName, Rate[]> {
  return { 'exec stdout': [], 'forward from the pod': [], 'forward to the pod': [] };
}

/** Settles when so many bytes have come, frames' headers included. */
async function counted(socket: Socket, bytes: number): Promise<void> {
  let count = 0;
  await new Promise<void>((resolve, reject) => {
    socket.on('data', (chunk: Buffer) => {
      count += chunk.length;
      if (count >= bytes) resolve();
    });
    socket.on('close', () => reject(new Error('the session has ended too early')));
  });
}

/** Sends, and waits until so many bytes have come, the last one a 1. */
async function answer(socket: Socket, bytes: Buffer, answerBytes: number): Promise<void> {
  socket.write(bytes);
  for (let length = 0; ;) {
    const chunk: unknown = socket.read();
    if (Buffer.isBuffer(chunk)) {
      length += chunk.length;
      if (length >= answerBytes && chunk.at(-1) === 1) return;
    } else await once(socket, 'readable');
  }
}

/** The one that was disturbed least. */
export function bestRate(rates: readonly Rate[]): Rate {
  const [first, ...others] = rates;
  if (first === undefined) return { megabytesPerSecond: NaN, cpuSecondsPerGb: NaN };
  return others.reduce(
    (best, rate) => (rate.megabytesPerSecond > best.megabytesPerSecond ? rate : best),
    first,
  );
}
