/**
 * A process of its own that opens an image store and pulls, so that a test can kill it at any moment.
 * Arguments: root directory, image name.
 */
import { createLog } from '../../base/log.ts';
import { ThreadedKernel } from '../../kernel/threaded-kernel.ts';
import { openImages } from '../images.ts';
import { pullImage } from '../pull-image.ts';
import { defaultImageSettings } from '../settings.ts';

const [, , rootDir = '', name = ''] = process.argv;
const log = createLog('silent');
const settings = {
  ...defaultImageSettings,
  registriesConf: '/nonexistent',
  registriesConfDir: '/nonexistent',
  certsDirs: [],
  signaturePolicy: '/nonexistent',
};
const images = await openImages({ rootDir, kernel: new ThreadedKernel(), log, settings: () => settings });
const image = { image: name, annotations: {}, userSpecifiedImage: '', runtimeHandler: '', imageRef: '' };
const call = { signal: new AbortController().signal, log, remainingMs: () => null };
process.stdout.write('pulling\n');
await pullImage(images, { image, auth: null, sandboxConfig: null }, call);
process.stdout.write('pulled\n');
// The test kills us.
setInterval(() => undefined, 60_000);
