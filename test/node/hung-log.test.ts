/**
 * A journal that hangs: whoever reads the daemon's log stops reading. The node goes on.
 */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { Daemon } from '../harness/daemon.ts';
import { Machine } from '../harness/machine.ts';
import { eventually } from '../harness/wait.ts';

/** Each is told in a line: more of them than a pipe holds. */
const failures = 2000;
const timeoutMs = 20_000;

test('goes on when nobody reads its log', async () => {
  await using machine = await Machine.create();
  const daemon = await Daemon.prepare(machine, { registry: null, hasNetwork: false });
  const path = machine.path('daemon.log');
  // The daemon's log is opened by this name. Both ends are held here, so that it never hears of a reader that left.
  await machine.run('mkfifo', path);
  await using pipe = await open(path, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    expect(pipe.fd).toBeGreaterThan(0);
    daemon.launch();
    await eventually('the daemon answers', async () => await hasAnswered(daemon));
    for (let made = 0; made < failures; made += 100)
      await Promise.all(Array.from({ length: 100 }, async () => await expectNotFound(daemon)));
    expect((await daemon.client.call('ListContainers', { filter: null }, { timeoutMs })).containers).toEqual(
      [],
    );
  } finally {
    // To end by SIGTERM it would have to write its last lines.
    await daemon.close();
  }
});

async function hasAnswered(daemon: Daemon): Promise<boolean> {
  const { runtimeName } = await daemon.client.call('Version', { version: '' }, { timeoutMs: 1000 });
  return runtimeName !== '';
}

async function expectNotFound(daemon: Daemon): Promise<void> {
  const request = { containerId: 'f'.repeat(64), verbose: false };
  const call = daemon.client.call('ContainerStatus', request, { timeoutMs });
  await expect(call).rejects.toMatchObject({ code: 'NOT_FOUND' });
}
