/**
 * Connections to a server's streaming port from inside of its machine, upgraded as clients do. For tests and the benchmark.
 */
import { once } from 'node:events';
import { Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { absolutePath } from '../../src/base/ids.ts';
import { ThreadedKernel } from '../../src/kernel/threaded-kernel.ts';
import type { Machine } from './machine.ts';

export const forwardProtocol = 'portforward.k8s.io';
export const spdyUpgrade = ['Connection: Upgrade', 'Upgrade: SPDY/3.1', 'Content-Length: 0'];

export type Upgraded = {
  readonly socket: Socket;
  /** The answer's head; empty when there was none. */ readonly head: string;
};

export class StreamDialer implements AsyncDisposable {
  readonly #kernel = new ThreadedKernel();
  /** Set: connections are TLS with these credentials. */
  tls: ConnectionOptions | null = null;

  async close(): Promise<void> {
    await this.#kernel.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** A connection to a loopback port of a machine, or of any network namespace by path. */
  async connect(machine: Machine | string, port: number): Promise<Socket> {
    const netns = typeof machine === 'string' ? machine : `/proc/${machine.holderPid}/ns/net`;
    const fd = await this.#kernel.connectInside(absolutePath(netns), port, AbortSignal.timeout(5000));
    const socket = new Socket({ fd: fd.release(), readable: true, writable: true, allowHalfOpen: true });
    socket.on('error', () => undefined);
    return socket;
  }

  async dial(machine: Machine, url: URL): Promise<Socket> {
    const socket = await this.connect(machine, Number(url.port));
    if (this.tls === null) return socket;
    const secure = connectTls({ socket, ...this.tls });
    await once(secure, 'secureConnect');
    secure.on('error', () => undefined);
    return secure;
  }

  /** Sends a request by a connection and returns what is answered. */
  async upgrade(socket: Socket, url: URL, lines: readonly string[]): Promise<Upgraded> {
    const [method = '', ...headers] = lines;
    socket.write(
      [`${method} ${url.pathname}${url.search} HTTP/1.1`, `Host: ${url.host}`, ...headers, '', ''].join(
        '\r\n',
      ),
    );
    let head = Buffer.alloc(0);
    while (!head.includes('\r\n\r\n')) {
      const chunk: unknown = socket.read();
      if (Buffer.isBuffer(chunk)) head = Buffer.concat([head, chunk]);
      else if (socket.readableEnded || socket.destroyed) break;
      else await Promise.race([once(socket, 'readable'), once(socket, 'end'), once(socket, 'close')]);
    }
    const end = head.indexOf('\r\n\r\n') + 4;
    if (end > 3 && end < head.length) socket.unshift(head.subarray(end));
    return { socket, head: head.subarray(0, end).toString('latin1') };
  }
}
