/**
 * Streaming over TLS with client certificates, certificates that are renewed while the daemon runs, and a short idle time.
 */
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TLSSocket, type ConnectionOptions } from 'node:tls';
import { Authority, type Issued } from '../harness/certificates.ts';
import { crictlIn, findCrictl } from '../harness/crictl.ts';
import { sleeper } from '../harness/requests.ts';
import { all, outputs, terminal, useStreamClients, type StreamClients } from '../harness/stream-clients.ts';
import { spdyUpgrade } from '../harness/stream-dial.ts';
import { useRig } from '../harness/use-rig.ts';
import { eventually } from '../harness/wait.ts';

const dir = await mkdtemp('/tmp/ct-tls-');
const authority = await Authority.create(dir);
const [first, second, client] = [
  await authority.issue('first'),
  await authority.issue('second'),
  await authority.issue('client'),
];
const used: Issued = { certificate: join(dir, 'used.pem'), key: join(dir, 'used.key') };
await use(first);

const rig = useRig({
  extraConfig: [
    '[streaming]',
    'idle_timeout = "2s"',
    `tls_cert = "${used.certificate}"`,
    `tls_key = "${used.key}"`,
    `tls_client_ca = "${authority.certificate}"`,
  ].join('\n'),
});
const clients = useStreamClients(rig);
let on: StreamClients;

const ca = await readFile(authority.certificate);
const known: ConnectionOptions = {
  ca,
  cert: await readFile(client.certificate),
  key: await readFile(client.key),
};

beforeEach(() => {
  on = clients();
  on.tls = known;
});

afterAll(async () => {
  await rm(dir, { recursive: true });
});

/** As a tool that renews certificates: whole files, one after the other. */
async function use(issued: Issued): Promise<void> {
  for (const part of ['certificate', 'key'] as const) {
    await copyFile(issued[part], `${used[part]}.new`);
    await rename(`${used[part]}.new`, used[part]);
  }
}

async function container(): Promise<string> {
  return await rig().run(await rig().runPod(), sleeper());
}

/** The name in the certificate that the server shows now. */
async function shown(containerId: string): Promise<string> {
  const socket = await on.dial(await on.execUrl(containerId, ['true'], outputs));
  const name = socket instanceof TLSSocket ? String(socket.getPeerCertificate().subject.CN) : 'no TLS';
  socket.destroy();
  return name;
}

describe('Streaming over TLS', () => {
  test('gives https URLs and serves both transports', async () => {
    const id = await container();
    const url = await on.execUrl(id, ['cat']);
    expect(url.href).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/exec\//);
    const { client: spdy, stdin, stdout, error } = await on.openStreams(url);
    spdy.data(stdin, 'some input', true);
    await spdy.until('the status', () => spdy.of(error).isFin && spdy.of(stdout).isFin);
    expect(spdy.of(stdout).text).toBe('some input');
    spdy.duplex.destroy();
    const channels = await on.webSocket(await on.execUrl(id, ['echo', 'hello']), 'v5.channel.k8s.io');
    expect([await channels.closed, channels.of(1)]).toEqual([1000, 'hello\n']);
  });

  test('serves nobody without a certificate of the client authority, and no plain HTTP', async () => {
    const id = await container();
    const stranger = await (await Authority.create(await mkdtemp(join(dir, 'other-')))).issue('client');
    const foreign = { cert: await readFile(stranger.certificate), key: await readFile(stranger.key) };
    for (const tls of [{ ca }, { ca, ...foreign }, null]) {
      on.tls = tls;
      const url = await on.execUrl(id, ['true'], outputs);
      const answer = await on
        .upgrade(url, [...spdyUpgrade, 'X-Stream-Protocol-Version: v4.channel.k8s.io'])
        .then(
          ({ head }) => head,
          () => '',
        );
      expect(answer).not.toMatch(/ 101 /);
    }
  });

  test('shows a new certificate as soon as it is there, and the old one while the new files do not go together', async () => {
    const id = await container();
    const running = await on.exec(id, ['cat']);
    expect(await shown(id)).toBe('first');
    await copyFile(second.certificate, used.certificate);
    expect(await shown(id)).toBe('first');
    await writeFile(used.key, 'nonsense');
    expect(await shown(id)).toBe('first');
    await use(second);
    expect(await shown(id)).toBe('second');
    // Sessions go on under the certificate they began with.
    running.client.data(running.stdin, 'still there', true);
    await running.client.until('the status', () => running.client.of(running.error).isFin);
    expect(running.client.of(running.stdout).text).toBe('still there');
    running.client.duplex.destroy();
    await use(first);
    expect(await shown(id)).toBe('first');
  });

  test('is understood by crictl', async () => {
    const found = await findCrictl();
    if (found.path === null) return;
    const crictl = crictlIn(rig().machine, found.path, rig().server.socketPath);
    const id = await container();
    const tls = [
      '--tls-ca',
      authority.certificate,
      '--tls-cert',
      client.certificate,
      '--tls-key',
      client.key,
    ];
    for (const transport of ['spdy', 'websocket'])
      expect(await crictl('exec', '--transport', transport, ...tls, id, 'echo', 'hello')).toBe('hello');
  });
});

describe('A session on which nothing moves', () => {
  test('ends when the idle time is over, with its processes', async () => {
    const id = await container();
    for (const wanted of [all, terminal]) {
      const { client: idle } = await on.exec(id, ['sleep', '4720'], wanted);
      await eventually('it runs', async () => (await on.alive('sleep 4720')) === 1);
      await idle.until('the end', () => idle.isClosed);
      await eventually('its process is gone', async () => (await on.alive('sleep 4720')) === 0);
    }
    const channels = await on.webSocket(await on.execUrl(id, ['sleep', '4720']), 'v5.channel.k8s.io');
    await channels.closed;
    await eventually('its process is gone', async () => (await on.alive('sleep 4720')) === 0);
  });

  test('ends with all it forwards', async () => {
    const pod = await rig().runPod();
    const forward = await on.spdy(await on.forwardUrl(pod.id), 'portforward.k8s.io');
    const before = await on.daemonFds();
    await forward.until('the end', () => forward.isClosed);
    await eventually('its descriptors are gone', async () => (await on.daemonFds()) < before);
  });

  test('is not one whose process says something now and then', async () => {
    const id = await container();
    const script = 'for i in 1 2 3 4 5 6; do sleep 0.5; echo $i; done; exit 7';
    const { client: busy, error } = await on.exec(id, ['sh', '-c', script], outputs);
    await busy.until('the status', () => busy.of(error).isFin);
    expect(busy.of(error).text).toContain('"message":"7"');
    busy.duplex.destroy();
    await once(busy.duplex, 'close');
  });
});
