/**
 * The kubelet's own API, over HTTPS from inside the machine's network. Source: pkg/kubelet/server of Kubernetes.
 */
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { StreamDialer, type Upgraded } from '../harness/stream-dial.ts';
import type { Machine } from '../harness/machine.ts';

export type Answer = { readonly status: number; readonly body: string };

export class KubeletApi {
  readonly #machine: Machine;
  readonly #port: number;
  readonly #dialer = new StreamDialer();

  constructor(machine: Machine, port: number) {
    this.#machine = machine;
    this.#port = port;
    // It signs its certificate itself.
    this.#dialer.tls = { rejectUnauthorized: false };
  }

  /** @throws when the status is not 200, with the body */
  async get(path: string): Promise<string> {
    const { status, body } = await this.ask('GET', path);
    if (status !== 200) throw new Error(`GET ${path}: ${status}: ${body}`);
    return body;
  }

  async json<T>(path: string): Promise<T> {
    return JSON.parse(await this.get(path)) as T;
  }

  async ask(method: 'GET' | 'POST', path: string): Promise<Answer> {
    const url = this.#url(path);
    const socket = await this.#dialer.dial(this.#machine, url);
    const answered = Promise.withResolvers<Answer>();
    const asked = request(
      { method, host: url.hostname, path, createConnection: () => socket },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', answered.reject);
        response.on('end', () =>
          answered.resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
        );
      },
    );
    asked.on('error', answered.reject);
    asked.setTimeout(20_000, () => asked.destroy(new Error(`${method} ${path}: no answer in 20 s`)));
    asked.end();
    return await answered.promise;
  }

  /** A connection whose upgrade has been asked for. */
  async upgrade(path: string, headers: readonly string[]): Promise<Upgraded> {
    const url = this.#url(path);
    return await this.#dialer.upgrade(await this.#dialer.dial(this.#machine, url), url, ['POST', ...headers]);
  }

  /** For clients that speak for themselves. */
  async connect(): Promise<Socket> {
    return await this.#dialer.dial(this.#machine, this.#url('/'));
  }

  #url(path: string): URL {
    return new URL(path, `https://127.0.0.1:${this.#port}`);
  }

  async close(): Promise<void> {
    await this.#dialer.close();
  }
}
