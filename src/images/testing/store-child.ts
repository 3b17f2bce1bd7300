/**
 * A process of its own that opens an image store and works in it, so that a test can kill it at any moment.
 * Arguments: root directory, then `pull NAME`, `import FILE` or `export NAME`.
 */
import { createReadStream } from 'node:fs';
import { createLog } from '../../base/log.ts';
import { ThreadedKernel } from '../../kernel/threaded-kernel.ts';
import { exportArchive } from '../archive/export-archive.ts';
import { importArchive } from '../archive/import-archive.ts';
import { openImages } from '../images.ts';
import { pullImage } from '../pull-image.ts';
import { defaultImageSettings } from '../settings.ts';

const [, , rootDir = '', verb = '', what = ''] = process.argv;
const log = createLog('silent');
const settings = {
  ...defaultImageSettings,
  registriesConf: '/nonexistent',
  registriesConfDir: '/nonexistent',
  certsDirs: [],
  signaturePolicy: '/nonexistent',
};
const images = await openImages({ rootDir, kernel: new ThreadedKernel(), log, settings: () => settings });
const { signal } = new AbortController();

async function work(): Promise<void> {
  if (verb === 'import') {
    await importArchive(images.parts, { stream: createReadStream(what), name: null }, signal);
  } else if (verb === 'export') {
    let bytes = 0;
    for await (const chunk of exportArchive(images, [what], signal)) bytes += chunk.length;
    process.stdout.write(`${bytes} bytes\n`);
  } else {
    const image = { image: what, annotations: {}, userSpecifiedImage: '', runtimeHandler: '', imageRef: '' };
    const call = { signal, log, remainingMs: () => null };
    await pullImage(images, { image, auth: null, sandboxConfig: null }, call);
  }
}

process.stdout.write('begun\n');
await work();
process.stdout.write('done\n');
// The test kills us.
setInterval(() => undefined, 60_000);
