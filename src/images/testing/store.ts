/**
 * An image store in a directory of its own, for tests, and calls as the server makes them.
 */
import './realm.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuthConfig, PullImageRequest } from '../../../cri-api/runtime-v1.ts';
import type { Call } from '../../base/call.ts';
import { createLog } from '../../base/log.ts';
import { ThreadedKernel } from '../../kernel/threaded-kernel.ts';
import { type Images, type ImagesOptions, openImages } from '../images.ts';
import { pullImage } from '../pull-image.ts';
import { defaultImageSettings, type ImageSettings } from '../settings.ts';

export type TestStore = AsyncDisposable & {
  readonly directory: string;
  images: Images;
  settings: ImageSettings;
  /** Closes and opens the store, as a restart does, and waits until it has cleaned up. */
  restart(): Promise<void>;
};

export async function openTestStore(options: Partial<ImagesOptions> = {}): Promise<TestStore> {
  const directory = await mkdtemp(join(tmpdir(), 'images-'));
  const kernel = new ThreadedKernel();
  const settings: ImageSettings = {
    ...defaultImageSettings,
    registriesConf: join(directory, 'registries.conf'),
    registriesConfDir: join(directory, 'registries.conf.d'),
    certsDirs: [join(directory, 'certs.d')],
    signaturePolicy: join(directory, 'policy.json'),
  };
  const open = async (): Promise<Images> => {
    const images = await openImages({
      rootDir: join(directory, 'state'),
      kernel,
      log: createLog('silent'),
      settings: () => store.settings,
      ...options,
    });
    await images.parts.collections.settled();
    return images;
  };
  const store: TestStore = {
    directory,
    settings,
    images: await open(),
    restart: async () => {
      await store.images.close();
      store.images = await open();
    },
    [Symbol.asyncDispose]: async () => {
      await store.images.close();
      await kernel[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return store;
}

export function testCall(signal: AbortSignal = new AbortController().signal): Call {
  return { signal, log: createLog('silent'), remainingMs: () => null };
}

export function imageRequest(image: string): { image: NonNullable<PullImageRequest['image']> } {
  return { image: { image, annotations: {}, userSpecifiedImage: '', runtimeHandler: '', imageRef: '' } };
}

export const noAuth: AuthConfig = {
  username: '',
  password: '',
  auth: '',
  serverAddress: '',
  identityToken: '',
  registryToken: '',
};

/** Pulls as the kubelet does. @returns the image's id */
export async function pull(
  store: TestStore,
  image: string,
  options: { readonly auth?: Partial<AuthConfig>; readonly signal?: AbortSignal } = {},
): Promise<string> {
  const auth = options.auth === undefined ? null : { ...noAuth, ...options.auth };
  const request: PullImageRequest = { ...imageRequest(image), auth, sandboxConfig: null };
  return (await pullImage(store.images, request, testCall(options.signal))).imageRef;
}
