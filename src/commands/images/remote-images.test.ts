import '../../images/testing/realm.ts';
import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { absolutePath } from '../../base/ids.ts';
import { loadConfig } from '../../config/loader.ts';
import { adminSocket } from '../../server/admin/admin-socket.ts';
import { RemoteImages } from './remote-images.ts';

test('a pull can be given up while the daemon hangs', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'remote-'));
  const { directory: folder, path } = adminSocket(absolutePath(directory));
  await mkdir(folder);
  const sockets: { destroy(): void }[] = [];
  const silent = createServer((socket) => sockets.push(socket)).listen({ path });
  await once(silent, 'listening');
  const file = join(directory, 'cri-ts.toml');
  await writeFile(file, `[daemon]\nrun_dir = "${directory}"\nsocket = "${directory}/cri.sock"\n`);
  try {
    const { config } = await loadConfig({ file, env: {}, flags: new Map() });
    await using images = await RemoteImages.connect(config);
    const stop = new AbortController();
    const pulled = images?.pull({
      name: 'app',
      auth: null,
      observe: () => undefined,
      signal: stop.signal,
    });
    stop.abort(new Error('Ctrl-C'));
    await expect(pulled).rejects.toThrow('Ctrl-C');
  } finally {
    for (const socket of sockets) socket.destroy();
    silent.close();
    await rm(directory, { recursive: true, force: true });
  }
});
