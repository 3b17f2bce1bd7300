import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import '../images/testing/realm.ts';
import { ConfigError, printFault } from './faults.ts';
import { loadConfig, type LoadedConfig } from './loader.ts';

let dir = '';
let file = '';

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cri-ts-config-'));
  file = join(dir, 'cri-ts.toml');
  await mkdir(`${file}.d`);
});

afterEach(async () => {
  await rm(dir, { recursive: true });
});

type Given = {
  readonly main?: string;
  readonly dropIns?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: Readonly<Record<string, string>>;
};

async function load(given: Given): Promise<LoadedConfig> {
  await writeFile(file, given.main ?? '');
  for (const [name, text] of Object.entries(given.dropIns ?? {}))
    await writeFile(join(`${file}.d`, name), text);
  return await loadConfig({ file, env: given.env ?? {}, flags: new Map(Object.entries(given.flags ?? {})) });
}

async function faultsOf(given: Given): Promise<readonly string[]> {
  try {
    await load(given);
  } catch (error) {
    if (error instanceof ConfigError)
      return error.faults.map((fault) => printFault(fault).replaceAll(dir, ''));
    throw error;
  }
  return [];
}

describe('loading the configuration', () => {
  test('gives every option its default when nothing is configured', async () => {
    const { config } = await load({});
    expect(config).toMatchObject({
      daemon: {
        socketPath: '/run/cri-ts/cri-ts.sock',
        rootDir: '/var/lib/cri-ts',
        logLevel: 'info',
        shutdownTimeoutMs: 10_000,
      },
      runtime: { defaultRuntime: 'crun', cgroupDriver: 'auto', cgroupParent: '/cri-ts', initPath: null },
      cni: { pluginDirs: ['/opt/cni/bin', '/usr/lib/cni'], network: null },
      limits: { execOutputBytes: 16_711_680n },
    });
    expect([...config.runtimes.keys()]).toEqual(['crun', 'runc']);
  });

  test('lays drop-ins in lexical order, then variables, then flags over the file', async () => {
    const { config, settings } = await load({
      main: '[cni]\nnetwork = "file"\nconf_dir = "/file"\nadd_timeout = "1s"\n[images]\npinned = ["a"]\nauth_file = "/file"',
      dropIns: {
        '20-b.toml': '[cni]\nconf_dir = "/b"\n[images]\npinned = ["b"]',
        '10-a.toml': '[cni]\nconf_dir = "/a"\nadd_timeout = "2s"',
        '.hidden.toml': 'broken',
        README: 'broken',
      },
      env: { CRI_TS_IMAGES_PINNED: 'c, d', CRI_TS_CNI_NETWORK: 'env' },
      flags: { '--cni-network': 'flag' },
    });
    expect({ cni: config.cni, images: config.images }).toMatchObject({
      cni: { network: 'flag', confDir: '/b', addTimeoutMs: 2000 },
      images: { pinned: ['c', 'd'], authFile: '/file' },
    });
    expect(settings.get('cni.conf_dir')?.source).toBe(join(`${file}.d`, '20-b.toml'));
    expect(settings.get('cni.network')?.source).toBe('--cni-network');
  });

  test('reads a file through a link, as configuration tools make them', async () => {
    await writeFile(join(dir, 'real'), '[daemon]\nlog_level = "debug"');
    await symlink(join(dir, 'real'), join(`${file}.d`, '1.toml'));
    expect((await load({})).config.daemon.logLevel).toBe('debug');
  });

  test('knows a runtime from its table alone and fills in the rest', async () => {
    const { config } = await load({
      main: '[runtimes.kata]\n[runtimes.crun]\npath = "/opt/crun"\n[runtime]\ndefault_runtime = "kata"',
    });
    expect(Object.fromEntries([...config.runtimes].map(([name, { path }]) => [name, path]))).toEqual({
      crun: '/opt/crun',
      runc: null,
      kata: null,
    });
  });

  test('reports every fault of every source at once, with key, what was found and what was expected', async () => {
    expect(
      await faultsOf({
        main: '[daemon]\nlog_level = "loud"\n[streaming]\ntls_client_ca = "/ca.pem"\n[cni]\nconf_dri = "/x"\nadd_timeout = 5\n[imagse]\n[runtimes."a/b"]\n[runtimes.crun]\npaht = "x"',
        dropIns: { '1.toml': 'x = [', '2.toml': 'cni = 3' },
        env: { CRI_TS_RUNTIME_MONITOR_PODS: 'many' },
        flags: { '--runtime-default-runtime': 'nope' },
      }),
    ).toEqual([
      '/cri-ts.toml: daemon.log_level: found "loud", expected one of "debug", "info", "warn", "error", "silent"',
      '/cri-ts.toml: cni.conf_dri: unknown, did you mean "cni.conf_dir"?',
      '/cri-ts.toml: cni.add_timeout: found 5, expected a duration from "1s" to "4m"',
      '/cri-ts.toml: imagse: unknown, did you mean "images"?',
      '/cri-ts.toml: runtimes.a/b: expected a handler name of a-z, 0-9 and "-"',
      '/cri-ts.toml: runtimes.crun.paht: unknown, did you mean "runtimes.crun.path"?',
      expect.stringMatching(/^\/cri-ts\.toml\.d\/1\.toml: line 1, column \d+: /),
      '/cri-ts.toml.d/2.toml: cni: found 3, expected a table [cni]',
      'CRI_TS_RUNTIME_MONITOR_PODS: runtime.monitor_pods: found "many", expected an integer from 1 to 1000 (pods)',
      '--runtime-default-runtime: runtime.default_runtime: found "nope", expected a name of the runtimes tables ("crun", "runc")',
      '/cri-ts.toml: streaming.tls_client_ca: expected tls_cert and tls_key with it',
    ]);
  });

  test('takes no poison from keys that JavaScript knows', async () => {
    const faults = await faultsOf({
      main: '[__proto__]\nx = 1\n[daemon.constructor]\n[runtimes.__proto__]\npath = "/x"',
    });
    expect(faults).toHaveLength(3);
    expect({}).not.toHaveProperty('x');
  });

  test('says so when a file that was asked for is missing, a directory, or too large', async () => {
    const missing = loadConfig({ file: join(dir, 'none'), env: {}, flags: new Map() });
    await expect(missing).rejects.toThrow(/none: no such file/);
    await expect(loadConfig({ file: dir, env: {}, flags: new Map() })).rejects.toThrow(/regular file/);
    expect(await faultsOf({ main: '#'.repeat(1024 * 1024 + 1) })).toEqual([
      expect.stringContaining('at most 1048576 are read'),
    ]);
  });
});
