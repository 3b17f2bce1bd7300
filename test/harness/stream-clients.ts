/**
 * Clients of exec, attach and port-forward that speak byte by byte, from inside of a rig's machine, and what they look at:
 * processes of the machine, descriptors and memory of the daemon.
 */
import { afterAll, beforeAll, expect } from '@jest/globals';
import { once } from 'node:events';
import { readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { TestSpdyClient } from '../../src/server/streaming/spdy/test-client.ts';
import { RawWebSocket } from './raw-web-socket.ts';
import type { Rig } from './rig.ts';
import { forwardProtocol, spdyUpgrade, StreamDialer, type Upgraded } from './stream-dial.ts';

export type Wanted = {
  readonly stdin?: boolean;
  readonly stdout?: boolean;
  readonly stderr?: boolean;
  readonly tty?: boolean;
};

export const outputs = { stdout: true, stderr: true };
export const all = { stdin: true, ...outputs };
export const terminal = { stdin: true, stdout: true, tty: true };

/** A client with the numbers of its streams; 0 for those that were not wanted. */
export type Streams = { readonly client: TestSpdyClient } & Readonly<
  Record<'error' | 'stdin' | 'stdout' | 'stderr' | 'resize', number>
>;

export type RunResult = { readonly stdout: string; readonly stderr: string; readonly status: unknown };

/** @returns the clients; call it inside tests only */
export function useStreamClients(rig: () => Rig): () => StreamClients {
  let clients: StreamClients | null = null;
  beforeAll(() => {
    clients = new StreamClients(rig);
  });
  afterAll(async () => {
    await clients?.close();
  });
  return () => {
    if (clients === null) throw new Error('the clients are not there before the first test');
    return clients;
  };
}

export class StreamClients {
  readonly #rig: () => Rig;
  readonly #dialer = new StreamDialer();

  constructor(rig: () => Rig) {
    this.#rig = rig;
  }

  /** Set: connections are TLS, and these are the client's own credentials. */
  set tls(options: ConnectionOptions | null) {
    this.#dialer.tls = options;
  }

  async close(): Promise<void> {
    await this.#dialer.close();
  }

  async execUrl(containerId: string, cmd: readonly string[], wanted: Wanted = all): Promise<URL> {
    return new URL((await this.#rig().call('Exec', { containerId, cmd, ...wanted })).url);
  }

  async attachUrl(containerId: string, wanted: Wanted = all): Promise<URL> {
    return new URL((await this.#rig().call('Attach', { containerId, ...wanted })).url);
  }

  async forwardUrl(podSandboxId: string, port: readonly number[] = []): Promise<URL> {
    return new URL((await this.#rig().call('PortForward', { podSandboxId, port: [...port] })).url);
  }

  /** A connection to the daemon's streaming port, from inside of its machine. */
  async dial(url: URL): Promise<Socket> {
    return await this.#dialer.dial(this.#rig().machine, url);
  }

  /** Sends a request and returns the answer's head. */
  async upgrade(url: URL, headers: readonly string[], method = 'POST'): Promise<Upgraded> {
    return await this.#dialer.upgrade(await this.dial(url), url, [method, ...headers]);
  }

  async spdy(url: URL, protocol = 'v4.channel.k8s.io'): Promise<TestSpdyClient> {
    const { socket, head } = await this.upgrade(url, [
      ...spdyUpgrade,
      `X-Stream-Protocol-Version: ${protocol}`,
    ]);
    expect(head).toMatch(/^HTTP\/1.1 101 /);
    expect(head).toContain(`X-Stream-Protocol-Version: ${protocol}\r\n`);
    return new TestSpdyClient(socket);
  }

  async openStreams(url: URL, wanted: Wanted = all, protocol?: string): Promise<Streams> {
    const client = await this.spdy(url, protocol);
    const error = await client.open({ streamtype: 'error' });
    const ids = { error, stdin: 0, stdout: 0, stderr: 0, resize: 0 };
    for (const name of ['stdin', 'stdout', 'stderr'] as const)
      if (wanted[name] === true) ids[name] = await client.open({ streamtype: name });
    if (wanted.tty === true) ids.resize = await client.open({ streamtype: 'resize' });
    return { client, ...ids };
  }

  /** An exec with its streams. */
  async exec(containerId: string, cmd: readonly string[], wanted: Wanted = all): Promise<Streams> {
    return await this.openStreams(await this.execUrl(containerId, cmd, wanted), wanted);
  }

  async attach(containerId: string, wanted: Wanted = all): Promise<Streams> {
    return await this.openStreams(await this.attachUrl(containerId, wanted), wanted);
  }

  /** Runs a script to its end over SPDY. */
  async run(containerId: string, script: string, input?: string): Promise<RunResult> {
    const { client, error, stdin, stdout, stderr } = await this.exec(containerId, ['sh', '-c', script]);
    if (input !== undefined) client.data(stdin, input, true);
    await client.until('the status', () => client.of(error).isFin);
    await client.until('the outputs end', () => client.of(stdout).isFin && client.of(stderr).isFin);
    client.duplex.destroy();
    return {
      stdout: client.of(stdout).text,
      stderr: client.of(stderr).text,
      status: JSON.parse(client.of(error).text),
    };
  }

  async webSocket(url: URL, protocol: string): Promise<TestChannels> {
    const connection = await this.dial(url);
    const socket = new WebSocket(url.href.replace(/^http/, 'ws'), protocol === '' ? [] : [protocol], {
      createConnection: () => connection,
    });
    const channels = new TestChannels({ socket, connection, isBase64: protocol.includes('base64') });
    await once(socket, 'open');
    expect(socket.protocol).toBe(protocol);
    return channels;
  }

  /** Port-forward as SPDY inside of a WebSocket; `duplex` is the connection below both. */
  async tunnel(url: URL): Promise<{ readonly client: TestSpdyClient; readonly duplex: Duplex }> {
    const duplex = await this.rawWebSocket(url, `SPDY/3.1+${forwardProtocol}`);
    return { client: new TestSpdyClient(new RawWebSocket(duplex)), duplex };
  }

  /** A connection on which the handshake is done: whole frames are the caller's to write. */
  async rawWebSocket(url: URL, protocol: string): Promise<Duplex> {
    const { socket, head } = await this.upgrade(
      url,
      [
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==',
        `Sec-WebSocket-Protocol: ${protocol}`,
      ],
      'GET',
    );
    expect(head).toMatch(/^HTTP\/1.1 101 /);
    expect(head).toContain(`Sec-WebSocket-Protocol: ${protocol}\r\n`);
    return socket;
  }

  /** Processes of the machine with exactly this command line. */
  async alive(argv: string): Promise<number> {
    const members = await this.#rig().machine.members();
    return members.filter((member) => member.argv.join(' ') === argv && member.state !== 'Z').length;
  }

  /** Sockets, pipes and terminals of the daemon: a session must leave none. */
  async daemonFds(): Promise<number> {
    const { pid } = this.#rig().server;
    const links = await readdir(`/proc/${pid}/fd`);
    const targets = await Promise.all(
      links.map(async (fd) => await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')),
    );
    return targets.filter((target) => /^(socket|pipe):|ptmx/.test(target)).length;
  }

  /** From here on its peak is counted anew. Source: proc_pid_clear_refs(5). */
  async forgetPeak(): Promise<void> {
    await writeFile(`/proc/${this.#rig().server.pid}/clear_refs`, '5');
  }

  /** What the daemon's memory takes, or has taken at most, in MB. Source: proc_pid_status(5). */
  async daemonMemoryMb(field: 'VmHWM' | 'VmRSS'): Promise<number> {
    const status = await readFile(`/proc/${this.#rig().server.pid}/status`, 'utf8');
    return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? NaN) / 1024;
  }
}

/** Speaks channels over a WebSocket. */
export class TestChannels {
  readonly messages: { readonly channel: number; readonly bytes: Buffer }[] = [];
  readonly closed: Promise<number>;
  readonly socket: WebSocket;
  /** Below the WebSocket. */
  readonly connection: Duplex;

  constructor(of: { readonly socket: WebSocket; readonly connection: Duplex; readonly isBase64: boolean }) {
    const { socket, isBase64 } = of;
    this.socket = socket;
    this.connection = of.connection;
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      const bytes = isBase64 ? Buffer.from(data.subarray(1).toString(), 'base64') : data.subarray(1);
      const channel = isBase64 ? Number(String.fromCharCode(data[0] ?? 0)) : (data[0] ?? -1);
      this.messages.push({ channel, bytes });
    });
    this.closed = new Promise((resolve) => socket.on('close', (code) => resolve(code)));
  }

  of(channel: number): string {
    const bytes = this.messages.flatMap((each) => (each.channel === channel ? [each.bytes] : []));
    return Buffer.concat(bytes).toString();
  }
}
