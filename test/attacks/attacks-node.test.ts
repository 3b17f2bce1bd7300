/**
 * What a stranger on the node, or a container on the host's network, can try against the daemon's own files, sockets and
 * processes. The number of the CVE stands in the test's name. Reference: features.md 7.
 */
import { lstat, readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { hostNetworkPod, podConfig, sleeper } from '../harness/requests.ts';
import { handlers } from '../harness/rig.ts';
import { useRig } from '../harness/use-rig.ts';

const rig = useRig();

/** Whoever is neither the owner nor of the group. */
const forOthers = 0o007;
const forGroup = 0o070;

describe('the files of the daemon', () => {
  test('cannot be reached by others, whatever they are (CVE-2021-41103, CVE-2024-25621)', async () => {
    const pod = await rig().runPod();
    await rig().run(pod, sleeper());
    const { rootDir, runDir } = rig().daemon.dirs;
    const open: string[] = [];
    for (const top of [rootDir, runDir].map((dir) => rig().machine.outside(dir))) {
      for (const name of await readdir(top)) {
        const info = await lstat(`${top}/${name}`);
        // The root of a user namespace is a stranger here, and has to get to its own stage: it may search, and no more.
        const searchable = name === 'stages' ? 0o011 : 0;
        if ((info.mode & (forOthers | forGroup) & ~searchable) !== 0)
          open.push(`${name} ${(info.mode & 0o7777).toString(8)}`);
      }
    }
    expect(open).toEqual([]);
    const socket = await lstat(rig().machine.outside(rig().daemon.socketPath));
    expect([socket.isSocket(), socket.mode & 0o777]).toEqual([true, 0o600]);
  });

  test('include no socket that others may open, nor one without a file (CVE-2020-15257)', async () => {
    const pod = await rig().runPod({ config: hostNetworkPod() });
    await rig().run(pod, sleeper());
    const { runDir } = rig().daemon.dirs;
    const table = await readFile(`/proc/${rig().daemon.pid}/net/unix`, 'utf8');
    const paths = table
      .split('\n')
      .slice(1)
      .map((line) => line.split(/\s+/)[7] ?? '');
    expect(paths.filter((path) => path.startsWith('@'))).toEqual([]);
    const ours = new Set(paths.filter((path) => path.startsWith(`${runDir}/`)));
    expect([...ours].some((path) => path.endsWith('/control'))).toBe(true);
    for (const path of ours) {
      const { mode } = await lstat(rig().machine.outside(path));
      expect([path, mode & (forOthers | forGroup)]).toEqual([path, 0]);
    }
  });

  test("include a monitor's socket that asks who is there (CVE-2020-15257)", async () => {
    const pod = await rig().runPod();
    await rig().run(pod, sleeper());
    const { runDir } = rig().daemon.dirs;
    const [slot = ''] = await readdir(rig().machine.outside(`${runDir}/monitors`));
    const control = `${runDir}/monitors/${slot}/control`;
    // Even where every mode is wide open, another user is turned away before a word.
    const script = `
      const { connect } = require('node:net');
      process.setgid(65534); process.setuid(Number(process.argv[2]));
      const socket = connect(process.argv[1], () => socket.write('{"id":1,"method":"hello","params":{}}\\n'));
      let said = '';
      socket.on('data', (data) => { said += data; socket.end(); });
      socket.on('error', () => undefined);
      socket.on('close', () => process.stdout.write(said === '' ? 'nothing' : 'answered'));`;
    const ask = async (uid: number): Promise<string> =>
      (await rig().machine.run(process.execPath, '-e', script, control, String(uid))).stdout.toString();
    const open = async (mode: string): Promise<void> =>
      void (await rig().machine.run(
        'sh',
        '-c',
        `chmod ${mode} ${runDir} ${runDir}/monitors ${runDir}/monitors/${slot}`,
      ));
    await rig().machine.run('chmod', '0777', control);
    await rig().machine.run('chmod', '0755', rig().machine.root);
    await open('0755');
    expect(await ask(65534)).toBe('nothing');
    expect(await ask(0)).toBe('answered');
    await open('0700');
  });
});

describe.each(handlers)('the monitor of a container with %s', (handler) => {
  test('lives outside of the cgroups of pods and daemon, and dies after everything else (CVE-2019-14891)', async () => {
    const pod = await rig().runPod({ handler, config: podConfig({ linux: { cgroupParent: '' } }) });
    const id = await rig().run(pod, sleeper());
    const { info } = await rig().call('ContainerStatus', { containerId: id, verbose: true });
    const { pid, cgroupPath } = JSON.parse(info['info'] ?? '') as { pid: number; cgroupPath: string };
    const monitors = (await rig().machine.members()).filter(({ argv }) =>
      argv.some((word) => word.includes('conmon-ts')),
    );
    expect(monitors.length).toBeGreaterThan(0);
    const memoryOf = async (process: number): Promise<string> =>
      /^\d+:(?:memory|):(.*)$/m.exec(await readFile(`/proc/${process}/cgroup`, 'utf8'))?.[1] ?? '';
    expect(await memoryOf(pid)).toBe(cgroupPath);
    for (const monitor of monitors) {
      const path = await memoryOf(monitor.pid);
      expect(path).toMatch(/\/monitors$/);
      expect(`${path}/`.startsWith(`${dirname(cgroupPath)}/`)).toBe(false);
      // Nor the daemon's, which ends with all that is in it when the service is stopped.
      expect(path).not.toBe(await memoryOf(rig().daemon.pid));
      const score = async (process: number): Promise<number> =>
        Number(await readFile(`/proc/${process}/oom_score_adj`, 'utf8'));
      expect(await score(monitor.pid)).toBeLessThanOrEqual(await score(pid));
    }
  });

  test('leaves the container nothing of its own: descriptors, session, environment', async () => {
    const pod = await rig().runPod({ handler });
    const id = await rig().run(pod, sleeper());
    expect(await rig().sh(id, 'ls /proc/1/fd')).toBe('0\n1\n2');
    expect(await rig().sh(id, 'tr "\\0" "\\n" < /proc/1/environ | cut -d= -f1 | sort')).toBe(
      'HOME\nHOSTNAME\nPATH',
    );
  });
});
