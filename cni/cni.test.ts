/**
 * The life of attachments: order, chaining, records, restarts, `kill -9`, turns, garbage collection, versions.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { openCni, type Cni } from './cni.ts';
import { Lab, processesWith } from './lab.ts';
import type { AttachRequest } from './request.ts';

let lab: Lab;
let cni: Cni;

/** Notes the call with its input, and answers ADD with one address more than it was given. */
const recorder = `
input=$(cat)
me=$(basename $0)
printf '%s' "$input" > $LAB/$me.$CNI_COMMAND
echo "$me $CNI_COMMAND $CNI_CONTAINERID netns=$CNI_NETNS" >> $LAB/calls
[ $CNI_COMMAND = ADD ] || exit 0
count=$(printf '%s' "$input" | jq '.prevResult.ips // [] | length')
printf '%s' "$input" | jq "(.prevResult // {interfaces: []}) + {cniVersion, ips: ((.prevResult.ips // []) + [{version: \\"4\\", address: \\"10.0.0.$((count + 1))/24\\"}])}"
`;

beforeEach(async () => {
  lab = await Lab.open();
  for (const name of ['first', 'second', 'third']) await lab.script(name, recorder);
  await lab.configure('10.conflist', conf());
  cni = await openCni(lab.options());
});

afterEach(async () => {
  await cni.close();
  const left = await processesWith(lab.directory);
  await lab.close();
  expect(left).toEqual([]);
});

function conf(changes: object = {}): object {
  return {
    cniVersion: '1.0.0',
    name: 'lab',
    plugins: [
      { type: 'first', capabilities: { portMappings: true } },
      { type: 'second', own: ['kept'], capabilities: { mac: true, portMappings: false } },
      { type: 'third' },
    ],
    ...changes,
  };
}

function pod(containerId = 'pod1', changes: Partial<AttachRequest> = {}): AttachRequest {
  return {
    containerId,
    netnsPath: '/run/no-such-namespace',
    ifName: 'eth0',
    podNamespace: 'default',
    podName: 'web',
    podUid: 'uid-1',
    capabilities: {
      mac: '02:00:00:00:00:01',
      portMappings: [{ hostPort: 8080, containerPort: 80, protocol: 'tcp', hostIp: null }],
      aliases: ['never-asked-for'],
    },
    ...changes,
  };
}

async function restart(): Promise<void> {
  await cni.close();
  cni = await openCni(lab.options());
}

async function input(name: string): Promise<Record<string, unknown>> {
  return JSON.parse(await lab.read(name)) as Record<string, unknown>;
}

async function calls(): Promise<readonly string[]> {
  return (await lab.read('calls')).trim().split('\n');
}

const gone = { containerId: 'pod1', ifName: null, netnsPath: null } as const;
const ips = (count: number): object[] =>
  Array.from({ length: count }, (_, at) => ({ address: `10.0.0.${at + 1}/24` }));

describe('a chain', () => {
  test('passes each result on, and to each plugin only what it declares', async () => {
    const attached = await cni.attach(pod());
    expect(attached.ips.map((ip) => ip.address)).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
    const common = { cniVersion: '1.0.0', name: 'lab' };
    expect(await input('first.ADD')).toEqual({
      ...common,
      type: 'first',
      runtimeConfig: { portMappings: [{ hostPort: 8080, containerPort: 80, protocol: 'tcp' }] },
    });
    expect(await input('second.ADD')).toEqual({
      ...common,
      type: 'second',
      own: ['kept'],
      runtimeConfig: { mac: '02:00:00:00:00:01' },
      prevResult: { cniVersion: '1.0.0', interfaces: [], ips: ips(1), routes: [], dns: {} },
    });
    expect(await input('third.ADD')).toMatchObject({ prevResult: { ips: ips(2) } });
    expect(await input('third.ADD')).not.toHaveProperty('runtimeConfig');
  });

  test('is undone last first, each with the final result and its capabilities', async () => {
    await cni.attach(pod());
    await cni.detach(gone);
    expect((await calls()).slice(3)).toEqual([
      'third DEL pod1 netns=',
      'second DEL pod1 netns=',
      'first DEL pod1 netns=',
    ]);
    expect(await input('first.DEL')).toMatchObject({
      prevResult: { ips: ips(3) },
      runtimeConfig: { portMappings: [{ hostPort: 8080 }] },
    });
    expect(await lab.files('cache')).toEqual([]);
  });

  test('stops at the first failing DEL, so that an address is not free while rules point to it', async () => {
    await cni.attach(pod());
    await lab.script('second', 'exit 1');
    await expect(cni.detach(gone)).rejects.toMatchObject({ reason: 'PluginFailed', plugin: 'second' });
    expect((await calls()).at(-1)).toContain('third DEL');
  });

  test('of version 0.3.1 has results of that form and gives none to DEL', async () => {
    await lab.configure('10.conflist', conf({ cniVersion: '0.3.1' }));
    await cni.refresh();
    await cni.attach(pod());
    expect(await input('second.ADD')).toMatchObject({
      prevResult: { cniVersion: '0.3.1', ips: [{ version: '4', address: '10.0.0.1/24' }] },
    });
    await expect(cni.check({ containerId: 'pod1', ifName: 'eth0' })).rejects.toMatchObject({
      reason: 'VersionUnsupported',
    });
    await cni.detach(gone);
    expect(await input('first.DEL')).not.toHaveProperty('prevResult');
  });

  test('is checked in order with the final result, and not when the list forbids it', async () => {
    await cni.attach(pod());
    await cni.check({ containerId: 'pod1', ifName: 'eth0' });
    expect((await calls()).slice(3).map((line) => line.split(' ')[0])).toEqual(['first', 'second', 'third']);
    expect(await input('first.CHECK')).toMatchObject({ prevResult: { ips: ips(3) } });
    await lab.configure('10.conflist', conf({ disableCheck: true }));
    await cni.refresh();
    await cni.attach(pod('pod2'));
    await cni.check({ containerId: 'pod2', ifName: 'eth0' });
    expect((await calls()).filter((line) => line.includes('CHECK pod2'))).toEqual([]);
    await expect(cni.check({ containerId: 'pod3', ifName: 'eth0' })).rejects.toMatchObject({
      reason: 'NotAttached',
    });
  });
});

describe('the version', () => {
  const withVersions = (body: string): string =>
    `[ $CNI_COMMAND = VERSION ] && { echo V >> $LAB/asked; ${body}; exit 0; }\n`;
  const supports = (versions: string): string =>
    withVersions(`echo '{"cniVersion":"1.1.0","supportedVersions":${versions}}'`);

  test('is the highest that all plugins of a list with a choice support; each is asked once', async () => {
    await lab.script('first', supports('["0.4.0","1.0.0","1.1.0"]') + recorder);
    await lab.script('second', supports('["0.4.0","1.0.0"]') + recorder);
    const plugins = [{ type: 'first' }, { type: 'second' }];
    await lab.configure('10.conflist', conf({ cniVersions: ['1.1.0', '0.4.0'], plugins }));
    await cni.refresh();
    await cni.attach(pod('pod1'));
    await cni.attach(pod('pod2'));
    expect(await input('first.ADD')).toMatchObject({ cniVersion: '1.0.0' });
    expect(await lab.read('asked')).toBe('V\nV\n');
    await lab.script('second', supports('["0.4.0"]') + recorder);
    await cni.attach(pod('pod3'));
    expect(await input('first.ADD')).toMatchObject({ cniVersion: '0.4.0' });
    expect(await lab.read('asked')).toBe('V\nV\nV\n');
  });

  test('of the plugin for addresses counts too', async () => {
    await lab.script('first', supports('["1.0.0","1.1.0"]') + recorder);
    await lab.script('addresses', supports('["1.0.0"]'));
    const plugins = [{ type: 'first', ipam: { type: 'addresses' } }];
    await lab.configure('10.conflist', conf({ cniVersions: ['1.1.0'], plugins }));
    await cni.refresh();
    await cni.attach(pod());
    expect(await input('first.ADD')).toMatchObject({ cniVersion: '1.0.0' });
  });

  test('that no plugin speaks is told before anything is done', async () => {
    await lab.script('first', supports('["0.1.0"]'));
    await lab.configure('10.conflist', conf({ cniVersions: ['0.4.0'], plugins: [{ type: 'first' }] }));
    await cni.refresh();
    await expect(cni.attach(pod())).rejects.toMatchObject({ reason: 'VersionUnsupported' });
    expect(await lab.files('cache')).toEqual([]);
  });

  test('is not asked for where there is no choice', async () => {
    await lab.script('first', supports('["1.0.0"]') + recorder);
    await cni.attach(pod());
    expect(await lab.read('asked')).toBe('');
  });

  test('that the plugin refuses is its error 1', async () => {
    await lab.script('first', `echo '{"code":1,"msg":"incompatible CNI versions"}'; exit 1`);
    await expect(cni.attach(pod())).rejects.toMatchObject({ reason: 'PluginFailed', code: 1 });
  });
});

describe('after a restart', () => {
  test('DEL runs with the configuration of ADD, though the file has changed or gone', async () => {
    await cni.attach(pod());
    await rm(join(lab.confDir, '10.conflist'));
    await restart();
    expect(await cni.attachments()).toMatchObject([
      { containerId: 'pod1', ifName: 'eth0', networkName: 'lab', result: { ips: [{}, {}, {}] } },
    ]);
    expect((await cni.result('pod1', 'eth0'))?.ips[0]).toMatchObject({ address: '10.0.0.1' });
    expect(await cni.result('pod2', 'eth0')).toBeNull();
    await cni.detach(gone);
    expect(await input('second.DEL')).toMatchObject({ own: ['kept'], prevResult: { ips: ips(3) } });
    expect(await cni.attachments()).toEqual([]);
  });

  test('an attachment cannot be made twice', async () => {
    await cni.attach(pod());
    await restart();
    await expect(cni.attach(pod())).rejects.toMatchObject({ reason: 'AlreadyAttached' });
  });

  test('a torn result is no result; DEL runs with what was known before', async () => {
    await cni.attach(pod());
    const file = join(lab.cacheDir, 'pod1@eth0@lab.json');
    await truncate(file, (await readFile(file)).length - 20);
    await restart();
    expect(await cni.attachments()).toMatchObject([{ containerId: 'pod1', result: null }]);
    await cni.detach(gone);
    expect(await input('first.DEL')).toMatchObject({ prevResult: { ips: ips(2) } });
    expect(await lab.files('cache')).toEqual([]);
  });

  test('a damaged record goes to quarantine, is told, and DEL runs with what is left', async () => {
    await cni.attach(pod('pod1'));
    await cni.attach(pod('pod2'));
    await writeFile(join(lab.cacheDir, 'pod1@eth0@lab.json'), 'damaged');
    await writeFile(join(lab.cacheDir, 'a stranger'), 'damaged');
    await restart();
    const listed = (await cni.attachments()).map(({ containerId, netnsPath }) => ({
      containerId,
      netnsPath,
    }));
    expect(listed).toEqual([
      { containerId: 'pod1', netnsPath: null },
      { containerId: 'pod2', netnsPath: '/run/no-such-namespace' },
    ]);
    await cni.detach(gone);
    expect((await calls()).at(-1)).toBe('first DEL pod1 netns=');
    expect(await lab.files('cache')).toEqual(['a stranger', 'pod2@eth0@lab.json', 'quarantine']);
    expect(await lab.files('cache/quarantine')).toHaveLength(1);
    expect(lab.logged).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        message: 'attachment record is damaged',
        fields: expect.objectContaining({ containerId: 'pod1' }),
      }),
    );
  });

  test('a pinned namespace that is no namespace any more counts as gone', async () => {
    await cni.attach(pod());
    const file = join(lab.directory, 'pin');
    await writeFile(file, '');
    await cni.detach({ ...gone, netnsPath: file });
    expect((await calls()).at(-1)).toBe('first DEL pod1 netns=');
  });

  test('a living namespace is given to DEL', async () => {
    const namespace = await lab.podNamespace();
    await cni.attach(pod('pod1', { netnsPath: namespace.path }));
    await cni.detach({ ...gone, netnsPath: namespace.path });
    expect((await calls()).at(-1)).toBe(`first DEL pod1 netns=${namespace.path}`);
  });
});

test('kill -9 in the middle of ADD: the plugin is ended, DEL runs, nothing is left', async () => {
  await cni.close();
  await lab.script(
    'second',
    `[ $CNI_COMMAND = ADD ] && { touch $LAB/hangs; sleep 1000; touch $LAB/late; }; ${recorder}`,
  );
  const program = join(lab.directory, 'life.ts');
  await writeFile(
    program,
    `import { openCni } from ${JSON.stringify(join(import.meta.dirname, 'cni.ts'))};
     const quiet = () => undefined;
     const options = ${JSON.stringify({ ...lab.options(), log: null })};
     const cni = await openCni({ ...options, log: { info: quiet, warn: quiet } });
     await cni.attach(${JSON.stringify(pod())}, { timeoutMs: 600000 });`,
  );
  const life = spawn(process.execPath, [program], { stdio: 'inherit', env: { PATH: '/usr/bin:/bin' } });
  while (!(await lab.files('.')).includes('hangs')) await sleepFor(5);
  life.kill('SIGKILL');
  await once(life, 'exit');
  expect(await processesWith(`${lab.pluginDir}/second`)).toHaveLength(1);
  cni = await openCni(lab.options());
  expect(await cni.attachments()).toMatchObject([{ containerId: 'pod1', result: null }]);
  await cni.detach(gone);
  expect(await input('first.DEL')).toMatchObject({ prevResult: { ips: ips(1) } });
  expect(await processesWith(lab.pluginDir)).toEqual([]);
  expect(await calls()).toEqual([
    'first ADD pod1 netns=/run/no-such-namespace',
    'third DEL pod1 netns=',
    'second DEL pod1 netns=',
    'first DEL pod1 netns=',
  ]);
  expect(await lab.files('.')).not.toContain('late');
  expect(await lab.files('cache')).toEqual([]);
});

describe('turns', () => {
  const slow = `echo "start $CNI_COMMAND $CNI_CONTAINERID" >> $LAB/turns; sleep 0.1
    echo "end $CNI_COMMAND $CNI_CONTAINERID" >> $LAB/turns; cat > /dev/null; echo '{}'`;

  beforeEach(async () => {
    await lab.script('first', slow);
    await lab.configure('10.conflist', conf({ cniVersion: '1.1.0', plugins: [{ type: 'first' }] }));
    await lab.script('gc', 'exit 0');
    await cni.refresh();
    await rm(join(lab.directory, 'turns'), { force: true });
  });

  test('of one container come one after another, those of several go together', async () => {
    // The ADD of a ends only when that of b has started.
    await lab.script(
      'first',
      `echo "start $CNI_COMMAND $CNI_CONTAINERID" >> $LAB/turns
       while [ $CNI_COMMAND = ADD ] && ! grep -q 'start ADD b' $LAB/turns; do sleep 0.02; done
       echo "end $CNI_COMMAND $CNI_CONTAINERID" >> $LAB/turns; cat > /dev/null; echo '{}'`,
    );
    await Promise.all([
      cni.attach(pod('a')),
      cni.detach({ ...gone, containerId: 'a' }),
      cni.attach(pod('b')),
    ]);
    const turns = (await lab.read('turns')).trim().split('\n');
    expect(turns.filter((line) => line.endsWith(' a'))).toEqual([
      'start ADD a',
      'end ADD a',
      'start DEL a',
      'end DEL a',
    ]);
  });

  test('of a waiting caller end at its deadline and hold up nobody', async () => {
    const attaching = cni.attach(pod('a'));
    await expect(cni.attach(pod('a'), { timeoutMs: 1 })).rejects.toMatchObject({ reason: 'PluginTimedOut' });
    await attaching;
    await cni.detach({ ...gone, containerId: 'a' });
  });

  test('of GC are its own', async () => {
    const attaching = cni.attach(pod('a'));
    const collecting = cni.collectGarbage([]);
    while (!(await lab.read('turns')).includes('start GC')) await sleepFor(1);
    await Promise.all([attaching, cni.attach(pod('b'))]);
    expect(await collecting).toEqual({ detached: [], failures: [] });
    const turns = (await lab.read('turns')).trim().split('\n');
    const at = turns.findIndex((line) => line.startsWith('start GC'));
    expect(turns[at + 1]).toMatch(/^end GC/);
    expect(turns.indexOf('end ADD a')).toBeLessThan(at);
    expect(turns.indexOf('start ADD b')).toBeGreaterThan(at);
  });

  test('end with close: what runs is waited for, what comes is refused', async () => {
    const attaching = cni.attach(pod('a'));
    await cni.close();
    expect(await lab.read('turns')).toContain('end ADD a');
    await attaching;
    await expect(cni.attach(pod('b'))).rejects.toMatchObject({ reason: 'Closed' });
  });
});

describe('garbage collection', () => {
  test('detaches what an earlier life attached and nobody claims, and tells 1.1 plugins what is valid', async () => {
    await lab.configure('10.conflist', conf({ cniVersion: '1.1.0' }));
    await cni.refresh();
    for (const id of ['stale', 'kept']) await cni.attach(pod(id));
    await restart();
    await cni.refresh();
    await cni.attach(pod('mine'));
    const collected = await cni.collectGarbage([{ containerId: 'kept', ifName: 'eth0' }]);
    expect(collected).toEqual({
      detached: [{ containerId: 'stale', ifName: 'eth0', networkName: 'lab' }],
      failures: [],
    });
    for (const name of ['first', 'second', 'third']) {
      expect(await input(`${name}.GC`)).toMatchObject({
        'cni.dev/valid-attachments': [
          { containerID: 'kept', ifname: 'eth0' },
          { containerID: 'mine', ifname: 'eth0' },
        ],
      });
    }
    expect((await cni.attachments()).map((one) => one.containerId).sort()).toEqual(['kept', 'mine']);
  });

  test('runs every plugin though one fails, and is left out where the list forbids it', async () => {
    await lab.configure('10.conflist', conf({ cniVersion: '1.1.0' }));
    await lab.script('first', `[ $CNI_COMMAND = GC ] && exit 3; exit 0`);
    await cni.refresh();
    const { failures } = await cni.collectGarbage([]);
    expect(failures).toMatchObject([{ reason: 'PluginFailed', plugin: 'first' }]);
    expect(await input('third.GC')).toMatchObject({ 'cni.dev/valid-attachments': [] });
    await rm(join(lab.directory, 'third.GC'));
    await lab.configure('10.conflist', conf({ cniVersion: '1.1.0', disableGC: true }));
    await cni.refresh();
    expect(await cni.collectGarbage([])).toEqual({ detached: [], failures: [] });
    expect(await lab.read('third.GC')).toBe('');
  });

  test('of a DEL that fails keeps the record and goes on', async () => {
    for (const id of ['bad', 'good']) await cni.attach(pod(id));
    await restart();
    await lab.script('third', `[ $CNI_CONTAINERID = bad ] && exit 1; exit 0`);
    const collected = await cni.collectGarbage([]);
    expect(collected.detached).toMatchObject([{ containerId: 'good' }]);
    expect(collected.failures).toMatchObject([{ reason: 'PluginFailed' }]);
    expect((await cni.attachments()).map((one) => one.containerId)).toEqual(['bad']);
  });
});

test('records are private, and a cache that cannot be written stops an attach before any plugin runs', async () => {
  await cni.attach(pod());
  const { stat } = await import('node:fs/promises');
  expect((await stat(lab.cacheDir)).mode & 0o777).toBe(0o700);
  expect((await stat(join(lab.cacheDir, 'pod1@eth0@lab.json'))).mode & 0o777).toBe(0o600);
  await rm(lab.cacheDir, { recursive: true });
  await appendFile(lab.cacheDir, '');
  await expect(cni.attach(pod('pod2'))).rejects.toMatchObject({ reason: 'CacheFailed' });
  expect((await calls()).filter((line) => line.includes('pod2'))).toEqual([]);
});
