/**
 * A thousand execs over SPDY one after the other, and what they leave of the daemon: descriptors and memory before and after.
 */
import { readdir } from 'node:fs/promises';
import { TestSpdyClient } from '../src/server/streaming/spdy/test-client.ts';
import { spdyUpgrade, StreamDialer } from '../test/harness/stream-dial.ts';
import { memoryOf } from './process-figures.ts';
import { timed } from './samples.ts';
import { sleeper, type Subject } from './subjects.ts';

type Moment = { readonly descriptors: number; readonly rssBytes: number };

export type CensusResult = {
  readonly count: number;
  readonly seconds: number;
  readonly before: Moment;
  readonly after: Moment;
};

/** What is there only from the first sessions on is no leak. */
const warmUps = 100;

export async function measureCensus(subject: Subject, handler: string, count: number): Promise<CensusResult> {
  await using dialer = new StreamDialer();
  const pod = await subject.runPod(handler);
  const containerId = await subject.createContainer(pod, sleeper());
  await subject.startContainer(containerId);
  const one = async (): Promise<void> => await runTrue(subject, dialer, containerId);
  for (let index = 0; index < warmUps; index += 1) await one();
  const before = await look(subject);
  const ms = await timed(async () => {
    for (let index = 0; index < count; index += 1) await one();
  });
  const after = await look(subject);
  await subject.removePod(pod);
  return { count, seconds: ms / 1000, before, after };
}

async function runTrue(subject: Subject, dialer: StreamDialer, containerId: string): Promise<void> {
  const call = { containerId, cmd: ['true'], stdout: true };
  const url = new URL((await subject.server.client.call('Exec', call)).url);
  const socket = await dialer.dial(subject.machine, url);
  const lines = ['POST', ...spdyUpgrade, 'X-Stream-Protocol-Version: v4.channel.k8s.io'];
  await dialer.upgrade(socket, url, lines);
  const client = new TestSpdyClient(socket);
  const error = await client.open({ streamtype: 'error' });
  await client.open({ streamtype: 'stdout' });
  await client.until('the status', () => client.of(error).isFin);
  socket.destroy();
}

async function look(subject: Subject): Promise<Moment> {
  const { pid } = subject.server;
  const [descriptors, { rssBytes }] = await Promise.all([readdir(`/proc/${pid}/fd`), memoryOf([pid])]);
  return { descriptors: descriptors.length, rssBytes };
}
