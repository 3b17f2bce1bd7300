/**
 * Plugins that hang, lie, flood, die or fail: each ends in one CniError, a record that is still owed a DEL, and no
 * process left.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { openCni, type Cni } from './cni.ts';
import { CniError } from './errors.ts';
import { Lab, processesWith } from './lab.ts';
import type { AttachRequest } from './request.ts';

let lab: Lab;
let cni: Cni;

const result = JSON.stringify({
  cniVersion: '1.0.0',
  interfaces: [{ name: 'eth0', sandbox: '/ns' }],
  ips: [{ address: '10.1.2.3/24', interface: 0 }],
});
const ok = `cat > /dev/null; echo '${result}'`;
const pod: AttachRequest = {
  containerId: 'pod1',
  netnsPath: '/run/no-such-namespace',
  ifName: 'eth0',
  podNamespace: 'default',
  podName: 'web',
  podUid: 'uid-1',
  capabilities: {},
};

beforeEach(async () => {
  lab = await Lab.open();
  await lab.configure('10.conflist', { cniVersion: '1.0.0', name: 'lab', plugins: [{ type: 'evil' }] });
  cni = await openCni(lab.options());
});

afterEach(async () => {
  await cni.close();
  const left = await processesWith(lab.directory);
  await lab.close();
  expect(left).toEqual([]);
});

async function failureOf(work: Promise<unknown>): Promise<CniError> {
  const error: unknown = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (error instanceof CniError) return error;
  throw error;
}

/** A failed attach must be detachable, and then nothing is owed. */
async function expectDetachable(): Promise<void> {
  expect(await cni.attachments()).toMatchObject([{ containerId: 'pod1', result: null }]);
  await lab.script('evil', 'echo "$CNI_COMMAND" >> $LAB/calls');
  await cni.detach({ containerId: 'pod1', ifName: null, netnsPath: null });
  expect(await lab.read('calls')).toContain('DEL');
  expect(await cni.attachments()).toEqual([]);
}

describe('an ADD', () => {
  test('that hangs is killed at the deadline, with its child that holds standard output', async () => {
    await lab.script('evil', `sh -c "sleep 1000; : ${lab.directory}" & sleep 1000`);
    const error = await failureOf(cni.attach(pod, { timeoutMs: 300 }));
    expect(error).toMatchObject({ reason: 'PluginTimedOut', plugin: 'evil' });
    expect(await processesWith(lab.directory)).toEqual([]);
    await expectDetachable();
  });

  test('ends when the caller gives up', async () => {
    await lab.script('evil', 'touch $LAB/started; sleep 1000');
    const abort = new AbortController();
    const attaching = failureOf(cni.attach(pod, { timeoutMs: 60_000, signal: abort.signal }));
    while (!(await lab.files('.')).includes('started')) await sleepFor(5);
    abort.abort(new Error('gone'));
    expect(await attaching).toMatchObject({ reason: 'Aborted' });
    await expectDetachable();
  });

  test('whose detached child keeps standard output open is over when the plugin is', async () => {
    await lab.script('evil', `${ok}; setsid sh -c "sleep 3; : ${lab.directory}" & exit 0`);
    expect((await cni.attach(pod)).ips).toMatchObject([{ address: '10.1.2.3' }]);
    while ((await processesWith(lab.directory)).length > 0) await sleepFor(50);
  });

  test.each([
    ['garbage', 'echo "<html>no</html>"'],
    ['nothing', ':'],
    ['an address that is none', `echo '{"cniVersion":"1.0.0","ips":[{"address":"10.0.0.300/24"}]}'`],
    ['a version nobody knows', `echo '{"cniVersion":"7.0.0"}'`],
    ['an interface that does not exist', `echo '{"ips":[{"address":"10.0.0.3/24","interface":4}]}'`],
    ['a list', `echo '[1]'`],
    ['a nest', `head -c 500000 /dev/zero | tr '\\0' '['`],
  ])('that prints %s with exit code 0 has failed', async (_what, body) => {
    await lab.script('evil', body);
    expect(await failureOf(cni.attach(pod))).toMatchObject({ reason: 'PluginGarbage', code: null });
    await expectDetachable();
  });

  test('that floods standard output with 100 MB is stopped and has failed', async () => {
    await lab.script('evil', 'head -c 104857600 /dev/zero; touch $LAB/not-stopped');
    expect(await failureOf(cni.attach(pod))).toMatchObject({ reason: 'PluginGarbage' });
    expect(await lab.files('.')).not.toContain('not-stopped');
    await expectDetachable();
  });

  test('that floods standard error keeps its last 8 KiB', async () => {
    await lab.script('evil', 'head -c 2000000 /dev/zero | tr "\\0" x >&2; echo last words >&2; exit 3');
    const error = await failureOf(cni.attach(pod));
    expect(error.reason).toBe('PluginFailed');
    expect(error.stderr).toHaveLength(8192);
    expect(error.message).toMatch(/exit code 3: x+ ?last words$/);
    await expectDetachable();
  });

  test('that a signal ends has failed by it', async () => {
    await lab.script('evil', 'echo dying >&2; kill -SEGV $$');
    const error = await failureOf(cni.attach(pod));
    expect(error).toMatchObject({ reason: 'PluginKilled' });
    expect(error.message).toBe('plugin "evil" ADD: ended by SIGSEGV: dying');
    await expectDetachable();
  });

  test('that answers an error of the specification is told with its code, message and details', async () => {
    await lab.script(
      'evil',
      `echo '{"cniVersion":"1.0.0","code":7,"msg":"bad\\u001b[2Jconfig","details":"why"}'; exit 1`,
    );
    expect(await failureOf(cni.attach(pod))).toMatchObject({
      reason: 'PluginFailed',
      code: 7,
      msg: 'bad [2Jconfig',
      details: 'why',
    });
    await expectDetachable();
  });

  test('that says "try again later" is tried again', async () => {
    await lab.script(
      'evil',
      `echo x >> $LAB/tries; [ $(wc -l < $LAB/tries) -ge 3 ] && { ${ok}; exit 0; }
       echo '{"code":11,"msg":"later"}'; exit 1`,
    );
    expect((await cni.attach(pod)).ips).toMatchObject([{ address: '10.1.2.3' }]);
    expect(await lab.read('tries')).toBe('x\nx\nx\n');
  });

  test('that says "try again later" for ever fails with that at its deadline', async () => {
    await lab.script('evil', `echo '{"code":11,"msg":"later"}'; exit 1`);
    // Its last run is over at half of the time; the next one would come too late.
    const error = await failureOf(cni.attach(pod, { timeoutMs: 3000 }));
    expect(error).toMatchObject({ reason: 'PluginFailed', code: 11, msg: 'later' });
    await expectDetachable();
  });

  test('of a plugin that is nowhere has run nothing', async () => {
    await lab.configure('10.conflist', {
      cniVersion: '1.0.0',
      name: 'lab',
      plugins: [{ type: 'evil' }, { type: 'absent' }],
    });
    await lab.script('evil', 'touch $LAB/ran');
    await cni.refresh();
    expect(cni.status()).toMatchObject({ isReady: false, reason: 'PluginMissing' });
    const error = await failureOf(cni.attach(pod));
    expect(error).toMatchObject({ reason: 'PluginMissing', plugin: 'absent' });
    expect(error.message).toContain(lab.pluginDir);
    expect(await lab.files('.')).not.toContain('ran');
  });

  test('of a file that cannot be executed has failed', async () => {
    await lab.script('evil', '');
    await writeFile(`${lab.pluginDir}/evil`, '#!/no/such/interpreter\n');
    expect(await failureOf(cni.attach(pod))).toMatchObject({ reason: 'PluginMissing' });
    await expectDetachable();
  });

  test('gets exactly the variables of the protocol, and an input that can be opened by its name', async () => {
    await lab.script('evil', `env | sort > $LAB/env; cat /dev/stdin > $LAB/stdin; echo '${result}'`);
    await cni.attach(pod);
    const env = (await lab.read('env')).split('\n').filter((line) => !/^(PWD|_|OLDPWD|SHLVL)=|^$/.test(line));
    expect(env).toEqual([
      'CNI_ARGS=IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=web;K8S_POD_INFRA_CONTAINER_ID=pod1;K8S_POD_UID=uid-1',
      'CNI_COMMAND=ADD',
      'CNI_CONTAINERID=pod1',
      'CNI_IFNAME=eth0',
      'CNI_NETNS=/run/no-such-namespace',
      `CNI_PATH=${lab.pluginDir}:/usr/lib/cni`,
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ]);
    expect(JSON.parse(await lab.read('stdin'))).toEqual({ type: 'evil', cniVersion: '1.0.0', name: 'lab' });
  });
});

describe('a DEL', () => {
  test('that fails keeps the record, and succeeds when it is asked again', async () => {
    await lab.script('evil', `[ $CNI_COMMAND = ADD ] || { echo '{"code":100,"msg":"no"}'; exit 1; }; ${ok}`);
    await cni.attach(pod);
    const detach = { containerId: 'pod1', ifName: 'eth0', netnsPath: null };
    expect(await failureOf(cni.detach(detach))).toMatchObject({ reason: 'PluginFailed', code: 100 });
    expect(await cni.attachments()).toMatchObject([
      { containerId: 'pod1', result: { ips: [{ address: '10.1.2.3' }] } },
    ]);
    await lab.script('evil', 'exit 0');
    await cni.detach(detach);
    expect(await cni.attachments()).toEqual([]);
    await cni.detach(detach);
  });

  test('that prints much on standard output is not disturbed', async () => {
    await lab.script('evil', `[ $CNI_COMMAND = ADD ] && { ${ok}; exit 0; }; head -c 500000 /dev/zero`);
    await cni.attach(pod);
    await cni.detach({ containerId: 'pod1', ifName: null, netnsPath: null });
    expect(await cni.attachments()).toEqual([]);
  });

  test('that hangs ends at its own deadline', async () => {
    await lab.script('evil', `[ $CNI_COMMAND = ADD ] && { ${ok}; exit 0; }; sleep 1000`);
    await cni.attach(pod);
    const detach = { containerId: 'pod1', ifName: null, netnsPath: null };
    expect(await failureOf(cni.detach(detach, { timeoutMs: 300 }))).toMatchObject({
      reason: 'PluginTimedOut',
    });
    await expectOwed();
  });
});

async function expectOwed(): Promise<void> {
  expect((await cni.attachments()).map((one) => one.containerId)).toEqual(['pod1']);
}

test('a status is answered while a plugin hangs', async () => {
  await lab.script('evil', 'touch $LAB/started; sleep 1000');
  await cni.refresh();
  const attaching = failureOf(cni.attach(pod, { timeoutMs: 1_000 }));
  while (!(await lab.files('.')).includes('started')) await sleepFor(5);
  expect(cni.status()).toMatchObject({ isReady: true });
  expect(await attaching).toMatchObject({ reason: 'PluginTimedOut' });
});
