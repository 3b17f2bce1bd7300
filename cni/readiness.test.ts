/**
 * What the library says of the network's state while its configuration comes, breaks and goes.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleepFor } from 'node:timers/promises';
import type { CniOptions } from './api.ts';
import { openCni, type Cni } from './cni.ts';
import { inside, Lab } from './lab.ts';
import type { NetworkStatus } from './readiness.ts';

let lab: Lab;
let cni: Cni | null = null;

beforeEach(async () => {
  lab = await Lab.open();
  await lab.script('plug', 'exit 0');
});

afterEach(async () => {
  await cni?.close();
  await lab.close();
});

function conf(name: string, changes: object = {}): object {
  return { cniVersion: '1.0.0', name, plugins: [{ type: 'plug' }], ...changes };
}

async function open(changes: Partial<CniOptions> = {}): Promise<Cni> {
  cni = await openCni(lab.options(changes));
  await cni.refresh();
  return cni;
}

/** Asks until the state is so; the directory's watch has to bring it, not the asking. */
async function until(opened: Cni, test: (status: NetworkStatus) => boolean): Promise<NetworkStatus> {
  for (;;) {
    const status = opened.status();
    if (test(status)) return status;
    await sleepFor(10);
  }
}

describe('without a configuration the network is not ready', () => {
  test('and the message names the directory that is empty', async () => {
    const opened = await open();
    expect(opened.status()).toEqual({
      isReady: false,
      reason: 'NoNetworkConfiguration',
      message: `no network configuration in "${lab.confDir}"; there is no .conflist, .conf or .json file in it`,
      network: null,
    });
  });

  test('and the message names the directory that is missing', async () => {
    const opened = await open({ confDir: join(lab.directory, 'a/b') });
    expect(opened.status().message).toBe(
      `no network configuration: "${join(lab.directory, 'a/b')}" does not exist`,
    );
  });

  test('and the message says what is wrong in which file', async () => {
    await lab.configure('1.conflist', '{"name": ');
    await lab.configure('2.conf', { cniVersion: '0.1.0', name: 'x', type: 'plug' });
    await writeFile(join(lab.confDir, '3.json'), Buffer.from([0xff, 0xfe]));
    await lab.configure('4.conflist', ' '.repeat(1024 * 1024 + 1));
    await inside('/proc/self/ns/net', ['mkfifo', join(lab.confDir, '5.conflist')]);
    await symlink('/nowhere', join(lab.confDir, '6.conflist'));
    const { message } = (await open()).status();
    expect(message).toMatch(/1\.conflist": configuration: /);
    expect(message).toMatch(/2\.conf": cniVersion "0\.1\.0" is not supported: expected one of 0\.3\.0/);
    expect(message).toMatch(/3\.json": /);
    expect(message).toMatch(/4\.conflist": 1048577 bytes, at most 1048576/);
    expect(message).toMatch(/5\.conflist": expected a regular file/);
    expect(message).toMatch(/and 1 more faulty files$/);
    expect(lab.logged.filter((line) => line.message === 'network configuration is faulty')).toHaveLength(6);
  });

  test('and an attach says so too', async () => {
    const opened = await open();
    const attach = opened.attach({
      containerId: 'c1',
      netnsPath: '/ns',
      ifName: 'eth0',
      podNamespace: 'a',
      podName: 'b',
      podUid: 'c',
      capabilities: {},
    });
    await expect(attach).rejects.toMatchObject({ reason: 'NotReady' });
    expect(await lab.files('cache')).toEqual([]);
  });
});

describe('the network in use', () => {
  test('is the first valid one in lexical order, whatever the extension', async () => {
    await lab.configure('10-broken.conflist', '{');
    await lab.configure('20-b.json', { cniVersion: '1.0.0', name: 'second', type: 'plug' });
    await lab.configure('30-c.conflist', conf('third'));
    await lab.configure('15-not.txt', conf('never'));
    await mkdir(join(lab.confDir, '16-folder.conf'));
    expect((await open()).status().network?.name).toBe('second');
  });

  test('is the one that was named', async () => {
    await lab.configure('10.conflist', conf('first'));
    await lab.configure('20.conflist', conf('second'));
    expect((await open({ networkName: 'second' })).status().network?.name).toBe('second');
    await cni?.close();
    const { message } = (await open({ networkName: 'third' })).status();
    expect(message).toContain(`no network named "third" in "${lab.confDir}"`);
    expect(message).toContain('found networks "first", "second"');
  });

  test('has the plugins of its folder behind its own, unless it forbids that', async () => {
    await lab.script('more', 'exit 0');
    await lab.configure('10.conflist', conf('net', { plugins: undefined }));
    expect((await open()).status().message).toContain('there are no "plugins"');
    await cni?.close();
    await mkdir(join(lab.confDir, 'net'));
    await lab.configure('net/1.conf', { type: 'more' });
    await lab.configure('net/2.conf', { type: 'absent' });
    expect((await open()).status()).toMatchObject({ reason: 'PluginMissing' });
    await cni?.close();
    await lab.configure('10.conflist', conf('net', { loadOnlyInlinedPlugins: true }));
    expect((await open()).status()).toMatchObject({ isReady: true });
    await cni?.close();
    await lab.configure('10.conflist', conf('net'));
    await lab.configure('net/2.conf', '{');
    expect((await open()).status().message).toContain('net/2.conf');
  });
});

describe('a change is noticed', () => {
  test('when a file appears, changes, breaks and goes', async () => {
    const opened = await open();
    await lab.configure('10.conflist', conf('one'));
    await until(opened, (status) => status.network?.name === 'one' && status.isReady);
    await lab.configure('tmp', conf('two'));
    await rename(join(lab.confDir, 'tmp'), join(lab.confDir, '10.conflist'));
    await until(opened, (status) => status.network?.name === 'two');
    await lab.configure('10.conflist', '{');
    await until(opened, (status) => status.message.includes('10.conflist'));
    await rm(join(lab.confDir, '10.conflist'));
    await until(opened, (status) => status.message.includes('there is no .conflist'));
  });

  test('when the directory itself and its parents appear, go, and come again', async () => {
    const confDir = join(lab.directory, 'etc/cni/net.d');
    const opened = await open({ confDir });
    for (const name of ['one', 'two']) {
      await mkdir(confDir, { recursive: true });
      await writeFile(join(confDir, '10.conflist'), JSON.stringify(conf(name)));
      await until(opened, (status) => status.network?.name === name);
      await rm(join(lab.directory, 'etc'), { recursive: true });
      await until(opened, (status) => status.message.includes('does not exist'));
    }
  });

  test('when a missing plugin is installed and somebody asks', async () => {
    await lab.configure('10.conflist', conf('one', { plugins: [{ type: 'late' }] }));
    const opened = await open();
    expect(opened.status()).toMatchObject({ isReady: false, reason: 'PluginMissing' });
    await lab.script('late', 'exit 0');
    await until(opened, (status) => status.isReady);
  });
});

describe('STATUS of version 1.1', () => {
  test.each([
    [50, 'PluginNotAvailable'],
    [51, 'PluginLimitedConnectivity'],
    [7, 'PluginStatusFailed'],
  ])('with code %d is a network that is not ready: %s', async (code, reason) => {
    await lab.script(
      'plug',
      `env > $LAB/env; cat > $LAB/stdin; echo '{"code":${code},"msg":"no link"}'; exit 1`,
    );
    await lab.configure('10.conflist', conf('net', { cniVersion: '1.1.0' }));
    const status = (await open()).status();
    expect(status).toMatchObject({ isReady: false, reason, network: { name: 'net' } });
    expect(status.message).toContain('no link');
    const env = (await lab.read('env')).split('\n').filter((line) => line.startsWith('CNI_'));
    expect(env.sort()).toEqual(['CNI_COMMAND=STATUS', `CNI_PATH=${lab.pluginDir}:/usr/lib/cni`]);
    expect(JSON.parse(await lab.read('stdin'))).toEqual({ type: 'plug', cniVersion: '1.1.0', name: 'net' });
  });

  test('that succeeds is ready, and one that hangs delays nobody who asks', async () => {
    await lab.configure('10.conflist', conf('net', { cniVersion: '1.1.0' }));
    const opened = await open();
    expect(opened.status()).toMatchObject({ isReady: true });
    await lab.script('plug', 'touch $LAB/hangs; exec sleep 1000');
    const looking = opened.refresh();
    while (!(await lab.files('.')).includes('hangs')) await sleepFor(5);
    expect(opened.status()).toMatchObject({ isReady: true });
    await opened.close();
    await looking;
  });

  test('that hangs does not hide that the configuration has gone', async () => {
    await lab.script('plug', 'touch $LAB/hangs; exec sleep 1000');
    await lab.configure('10.conflist', conf('net', { cniVersion: '1.1.0' }));
    cni = await openCni(lab.options());
    while (!(await lab.files('.')).includes('hangs')) await sleepFor(5);
    await rm(join(lab.confDir, '10.conflist'));
    await until(cni, (status) => status.reason === 'NoNetworkConfiguration');
    expect(lab.logged.filter((line) => line.message === 'network is not ready')).toHaveLength(1);
  });

  test('is not asked of a list of an older version', async () => {
    await lab.script('plug', 'touch $LAB/asked; exit 1');
    await lab.configure('10.conflist', conf('net'));
    expect((await open()).status()).toMatchObject({ isReady: true });
    expect(await lab.files('.')).not.toContain('asked');
  });
});
