/**
 * What the kubelet asks every second: lists and statuses, with few and with many containers. The client is this process, the
 * server another.
 */
import { inParallel, Samples, timed, type Summary } from './samples.ts';
import { sleeper, type Subject } from './subjects.ts';

const containersPerPod = 10;

export type QueryResult = Readonly<Record<string, Readonly<Record<string, Summary>>>>;

/** `ListContainers` and the others by number of containers: `50`, `500`. */
export async function measureQueries(
  subject: Subject,
  handler: string,
  how: { readonly sizes: readonly number[]; readonly calls: number },
): Promise<QueryResult> {
  const result: Record<string, Readonly<Record<string, Summary>>> = {};
  const ids: string[] = [];
  try {
    for (const size of how.sizes) {
      await grow(subject, handler, { ids, size });
      result[String(size)] = await ask(subject, ids, how.calls);
    }
  } finally {
    await subject.removeAll();
  }
  return result;
}

/** Containers are created and not started: what a list costs does not depend on it. */
async function grow(
  subject: Subject,
  handler: string,
  want: { readonly ids: string[]; readonly size: number },
): Promise<void> {
  const pods = Math.ceil((want.size - want.ids.length) / containersPerPod);
  await inParallel(pods, 8, async () => {
    const pod = await subject.runPod(handler);
    for (let index = 0; index < containersPerPod; index += 1) {
      want.ids.push(await subject.createContainer(pod, sleeper()));
    }
  });
}

async function ask(
  subject: Subject,
  ids: readonly string[],
  calls: number,
): Promise<Readonly<Record<string, Summary>>> {
  const { client } = subject.server;
  const samples = new Samples();
  for (let index = 0; index < calls; index += 1) {
    const containerId = ids[index % ids.length] ?? '';
    samples.add('ListContainers', await timed(() => client.call('ListContainers', {})));
    samples.add('ListPodSandbox', await timed(() => client.call('ListPodSandbox', {})));
    samples.add('ContainerStatus', await timed(() => client.call('ContainerStatus', { containerId })));
    samples.add('Status', await timed(() => client.call('Status', {})));
  }
  return samples.summaries();
}
