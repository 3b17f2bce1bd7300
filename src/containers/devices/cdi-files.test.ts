/** CDI files as vendors and others write them: read, chosen from, refused. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { absolutePath, type AbsolutePath } from '../../base/ids.ts';
import { chooseCdiEdits } from '../../spec/cdi/cdi-choice.ts';
import type { CdiEdits, CdiFile } from '../../spec/cdi/cdi-spec.ts';
import { CdiFiles, parseCdiText } from './cdi-files.ts';
import { completeCdiEdits } from './cdi-nodes.ts';

let cdi = new CdiFiles();
let root = '';
let dirs: readonly AbsolutePath[] = [];
beforeEach(() => {
  cdi = new CdiFiles();
  root = mkdtempSync(join(tmpdir(), 'cdi-'));
  dirs = ['etc', 'run'].map((name) => absolutePath(join(root, name)));
  for (const dir of dirs) mkdirSync(dir);
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const document = (changes: object = {}): object => ({
  cdiVersion: '0.5.0',
  kind: 'vendor.com/net',
  devices: [{ name: 'one', containerEdits: { env: ['ONE=1'] } }],
  ...changes,
});
const edited = (containerEdits: object, cdiVersion = '1.1.0'): object =>
  document({ cdiVersion, devices: [{ name: 'one', containerEdits }] });

function write(name: string, content: object | string): string {
  const path = join(root, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

function faultOf(file: CdiFile | undefined): string {
  return file !== undefined && 'fault' in file ? file.fault : 'none';
}

async function choose(...names: readonly string[]): Promise<readonly CdiEdits[]> {
  return chooseCdiEdits(names, await cdi.read(dirs), dirs);
}

/** Why a document is refused. */
function refusal(content: object | string): string {
  try {
    parseCdiText(
      typeof content === 'string' ? content : JSON.stringify(content),
      typeof content === 'string',
    );
    return 'accepted';
  } catch (error) {
    return Error.isError(error) ? error.message : 'no error';
  }
}

describe('a CDI document', () => {
  test('has everything that it says, in JSON and in YAML alike', () => {
    const yaml = `
cdiVersion: 1.1.0
kind: vendor.com/gpu
annotations: { made-by: hand }
devices:
  - name: 0
    containerEdits:
      deviceNodes:
        - { path: /dev/gpu0, hostPath: /dev/real0, type: c, major: 195, minor: 0x1, fileMode: 0666, permissions: rw, uid: 0 }
containerEdits:
  env: [ "A=1", 'B=no' ]
  mounts:
    - { hostPath: /usr/lib/gpu, containerPath: /usr/lib//gpu/, options: [ro, bind] }
  hooks:
    - { hookName: createContainer, path: /usr/bin/hook, args: [hook, x], env: [E=1], timeout: 5 }
  additionalGids: [44, 0]
  intelRdt: { closID: fast, schemata: ['L3:0=f'], enableMonitoring: true }
  netDevices:
    - { hostInterfaceName: eth7, name: net0 }
`;
    const spec = parseCdiText(yaml, true);
    expect([...spec.devices]).toEqual([
      [
        '0',
        expect.objectContaining({
          deviceNodes: [
            {
              path: '/dev/gpu0',
              hostPath: '/dev/real0',
              type: 'c',
              major: 195,
              minor: 1,
              fileMode: 0o666,
              permissions: 'rw',
              uid: 0,
              gid: null,
            },
          ],
        }),
      ],
    ]);
    expect(spec.edits).toEqual({
      env: ['A=1', 'B=no'],
      deviceNodes: [],
      mounts: [
        { hostPath: '/usr/lib/gpu', containerPath: '/usr/lib/gpu', type: '', options: ['ro', 'bind'] },
      ],
      hooks: [
        {
          hookName: 'createContainer',
          path: '/usr/bin/hook',
          args: ['hook', 'x'],
          env: ['E=1'],
          timeoutS: 5,
        },
      ],
      additionalGids: [44, 0],
      intelRdt: {
        closId: 'fast',
        l3CacheSchema: '',
        memBwSchema: '',
        schemata: ['L3:0=f'],
        isMonitored: true,
      },
      netDevices: [{ hostName: 'eth7', name: 'net0' }],
    });
    expect(parseCdiText(JSON.stringify(document()), false).devices.get('one')?.env).toEqual(['ONE=1']);
  });

  test.each<[string, object | string, string]>([
    ['no object', '- a', 'the document'],
    ['no version', document({ cdiVersion: '' }), 'cdiVersion'],
    ['an unknown version', document({ cdiVersion: '9.0.0' }), 'cdiVersion'],
    ['a kind without a vendor', document({ kind: 'net' }), 'kind'],
    ['a kind that leads elsewhere', document({ kind: 'vendor.com/../x' }), 'kind'],
    ['no devices', document({ devices: [] }), 'devices'],
    ['devices that are no list', document({ devices: { one: {} } }), 'devices'],
    [
      'a name twice',
      document({ devices: ['a', 'a'].map((name) => ({ name, containerEdits: { env: ['A=1'] } })) }),
      'devices[1].name',
    ],
    ['a device that edits nothing', document({ devices: [{ name: 'a' }] }), 'devices[0].containerEdits'],
    [
      'an unknown key',
      edited({ env: ['A=1'], envs: [] }),
      'devices[0].containerEdits: expected no key "envs"',
    ],
    ['an environment entry without a name', edited({ env: ['=1'] }), 'devices[0].containerEdits.env'],
    ['a relative device path', edited({ deviceNodes: [{ path: 'dev/x' }] }), 'deviceNodes[0].path'],
    [
      'a device path that climbs',
      edited({ deviceNodes: [{ path: '/dev/../etc/x' }] }),
      'deviceNodes[0].path',
    ],
    ['a wrong type of device', edited({ deviceNodes: [{ path: '/x', type: 'z' }] }), 'deviceNodes[0].type'],
    [
      'a major number that no device has',
      edited({ deviceNodes: [{ path: '/x', major: 2 ** 40 }] }),
      'deviceNodes[0].major',
    ],
    ['a number that is none', edited({ deviceNodes: [{ path: '/x', minor: 1.5 }] }), 'deviceNodes[0].minor'],
    [
      'wrong permissions',
      edited({ deviceNodes: [{ path: '/x', permissions: 'x' }] }),
      'deviceNodes[0].permissions',
    ],
    ['an unknown hook', edited({ hooks: [{ hookName: 'never', path: '/x' }] }), 'hooks[0].hookName'],
    ['a hook by a relative path', edited({ hooks: [{ hookName: 'poststop', path: 'x' }] }), 'hooks[0].path'],
    [
      'a hook with no time',
      edited({ hooks: [{ hookName: 'poststop', path: '/x', timeout: 0 }] }),
      'hooks[0].timeout',
    ],
    ['a mount of nothing', edited({ mounts: [{ containerPath: '/x' }] }), 'mounts[0].hostPath'],
    ['a class that leads elsewhere', edited({ intelRdt: { closID: '../x' } }), 'intelRdt.closID'],
    [
      'an interface twice',
      edited({
        netDevices: [
          { hostInterfaceName: 'a', name: 'x' },
          { hostInterfaceName: 'b', name: 'x' },
        ],
      }),
      'netDevices',
    ],
    ['a NUL', edited({ env: ['A=\0'] }), 'env[0]'],
    ['a group that is no number', edited({ additionalGids: ['all'] }), 'additionalGids[0]'],
    [
      'host paths before they came',
      edited({ deviceNodes: [{ path: '/x', hostPath: '/y' }] }, '0.4.0'),
      'cdiVersion',
    ],
    ['groups before they came', edited({ additionalGids: [1] }, '0.6.0'), 'cdiVersion'],
    [
      'interfaces before they came',
      edited({ netDevices: [{ hostInterfaceName: 'a', name: 'x' }] }, '1.0.0'),
      'cdiVersion',
    ],
  ])('with %s is refused by the name of the key', (_name, content, key) => {
    expect(refusal(content)).toContain(key);
  });

  test('that is made to fill the memory, or to nest without end, is refused', () => {
    const laughs = Array.from(
      { length: 9 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(',')}]`,
    );
    expect(refusal(`l0: &l0 [lol]\n${laughs.join('\n')}\n`)).toMatch(/alias/i);
    expect(refusal('['.repeat(50_000))).not.toBe('accepted');
    expect(refusal('a: 1\na: 2\n')).toMatch(/unique/);
    expect(refusal('__proto__: { kind: x }')).toContain('cdiVersion');
    expect(refusal('a: [')).not.toBe('accepted');
  });
});

describe('the CDI directories', () => {
  test('hold files of two kinds; what is broken, strange or writable by all has a fault and hurts no other', async () => {
    write('etc/good.json', document());
    write('etc/broken.json', '{');
    write('etc/notes.txt', 'no spec');
    write('etc/big.yaml', 'x'.repeat(2 ** 18 + 1));
    mkdirSync(join(root, 'etc/dir.json'));
    execFileSync('mkfifo', [join(root, 'etc/fifo.yaml')]);
    chmodSync(write('etc/open.json', document({ kind: 'vendor.com/open' })), 0o666);
    symlinkSync(join(root, 'etc/good.json'), join(root, 'run/link.json'));
    const files = await cdi.read([...dirs, absolutePath(join(root, 'missing'))]);
    const faults = files.map((file) => [file.path.slice(root.length), faultOf(file)]);
    expect(faults).toEqual([
      ['/etc/big.yaml', expect.stringContaining('262145 bytes')],
      ['/etc/broken.json', expect.stringContaining('JSON')],
      ['/etc/dir.json', expect.stringContaining('regular file')],
      ['/etc/fifo.yaml', expect.stringContaining('regular file')],
      ['/etc/good.json', 'none'],
      ['/etc/open.json', expect.stringContaining('belongs to root')],
      ['/run/link.json', 'none'],
    ]);
  });

  test('give the edits of a file once, then those of its devices in the order asked', async () => {
    const device = (name: string): object => ({ name, containerEdits: { env: [`${name}=1`] } });
    write(
      'etc/a.json',
      document({ devices: [device('one'), device('two')], containerEdits: { env: ['ALL=1'] } }),
    );
    const edits = await choose('vendor.com/net=two', 'vendor.com/net=one', 'vendor.com/net=two');
    expect(edits.map(({ env }) => env)).toEqual([['ALL=1'], ['two=1'], ['one=1']]);
  });

  test('of a later place win; two of one place are a conflict for that device only', async () => {
    const says = (text: string): object => ({ devices: [{ name: 'one', containerEdits: { env: [text] } }] });
    write('etc/a.json', document(says('FROM=etc')));
    expect(await choose('vendor.com/net=one')).toMatchObject([{}, { env: ['FROM=etc'] }]);
    write('etc/a.json', document(says('FROM=cte')));
    expect(await choose('vendor.com/net=one')).toMatchObject([{}, { env: ['FROM=cte'] }]);
    write('run/a.json', document(says('FROM=run')));
    expect(await choose('vendor.com/net=one')).toMatchObject([{}, { env: ['FROM=run'] }]);
    write(
      'run/b.yaml',
      document({
        devices: [
          { name: 'one', containerEdits: { env: ['X=1'] } },
          { name: 'two', containerEdits: { env: ['T=1'] } },
        ],
      }),
    );
    await expect(choose('vendor.com/net=one')).rejects.toMatchObject({ reason: 'CdiConflict' });
    expect(await choose('vendor.com/net=two')).toMatchObject([{}, { env: ['T=1'] }]);
  });

  test('tell which file may be to blame for a device that is not found', async () => {
    const path = write('etc/broken.yaml', 'kind: [');
    await expect(choose('vendor.com/net=none')).rejects.toMatchObject({
      reason: 'UnknownCdiDevice',
      message: expect.stringContaining(path),
    });
  });
});

describe('a CDI device node', () => {
  const complete = async (node: object): Promise<unknown> => {
    const spec = parseCdiText(JSON.stringify(edited({ deviceNodes: [node] })), false);
    const [edits] = await completeCdiEdits([...spec.devices.values()]);
    return edits?.deviceNodes[0];
  };

  test('is completed from the host, and left as it is when its file says it all', async () => {
    expect(await complete({ path: '/dev/mine', hostPath: '/dev/null' })).toMatchObject({
      type: 'c',
      major: 1,
      minor: 3,
    });
    expect(
      await complete({ path: '/dev/no-such', type: 'b', major: 7, minor: 9, fileMode: 0o600 }),
    ).toMatchObject({
      type: 'b',
      major: 7,
      minor: 9,
      fileMode: 0o600,
    });
  });

  test('of another type than on the host, or missing there, is refused', async () => {
    await expect(complete({ path: '/dev/null', type: 'b' })).rejects.toMatchObject({ reason: 'NoDevice' });
    await expect(complete({ path: '/dev/no-such' })).rejects.toMatchObject({ reason: 'NoDevice' });
    await expect(complete({ path: '/etc/passwd' })).rejects.toMatchObject({ reason: 'NoDevice' });
  });
});
