import { expect, test } from '@jest/globals';
import { ServiceNotifier } from './notify.ts';

test('the service notifier takes NOTIFY_SOCKET out of the environment that programs inherit', () => {
  const env: Record<string, string | undefined> = { NOTIFY_SOCKET: '/run/notify', PATH: '/bin' };
  ServiceNotifier.takeFrom(env);
  expect(env).toEqual({ PATH: '/bin' });
});

test('the service notifier says nothing where no service manager listens', async () => {
  await expect(ServiceNotifier.takeFrom({}).tell('READY=1')).resolves.toBeUndefined();
});
