/**
 * The CRI log: its form, long lines, both streams, rotation, what is drained without a log. Reference: cri.md 2.8, 4.13.
 */
import { existsSync } from 'node:fs';
import { readFile, rename, stat } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { ContainerState } from '../../cri-api/runtime-v1.ts';
import { codeOf } from '../harness/client.ts';
import { podConfig, shell } from '../harness/requests.ts';
import { handlers, joined, readLog } from '../harness/rig.ts';
import { useRig } from '../harness/use-rig.ts';
import { eventually } from '../harness/wait.ts';

const rig = useRig();

describe.each(handlers)('the log with %s', (handler) => {
  test('has a time of nine digits, the stream and a whole line in each line, readable by root only', async () => {
    const pod = await rig().runPod({ handler });
    const id = await rig().run(
      pod,
      shell('echo out; echo err >&2; echo; echo "last ü"', { logPath: 'sub/dir/0.log' }),
    );
    const { logPath } = await rig().exited(id);
    expect(logPath).toBe(`${pod.logDir}/sub/dir/0.log`);
    const lines = await readLog(logPath);
    for (const { at } of lines)
      expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}(?:Z|[+-]\d\d:\d\d)$/);
    expect(lines.filter(({ stream }) => stream === 'stdout').map(({ content }) => content)).toEqual([
      'out',
      '',
      'last ü',
    ]);
    expect(lines.filter(({ stream }) => stream === 'stderr').map(({ content }) => content)).toEqual(['err']);
    expect(lines.every(({ tag }) => tag === 'F')).toBe(true);
    expect((await stat(logPath)).mode & 0o007).toBe(0);
  });

  test('is complete as soon as the container is seen to have ended', async () => {
    const pod = await rig().runPod({ handler });
    for (let round = 0; round < 5; round += 1) {
      const id = await rig().run(pod, shell('seq 1 5000'));
      const { logPath } = await rig().exited(id);
      const lines = await readLog(logPath);
      expect(lines).toHaveLength(5000);
      expect(lines.at(-1)?.content).toBe('5000');
    }
  });

  test('splits long lines at 16 KiB into partial ones that join to the same bytes', async () => {
    const pod = await rig().runPod({ handler });
    const script = 'head -c 100000 /dev/zero | tr "\\0" x; echo; echo short';
    const id = await rig().run(pod, shell(script));
    const { logPath } = await rig().exited(id);
    const lines = await readLog(logPath);
    expect(joined(lines)).toBe(`${'x'.repeat(100_000)}\nshort\n`);
    for (const { content } of lines) expect(content.length).toBeLessThanOrEqual(16 * 1024);
    expect(lines.map(({ tag }) => tag).join('')).toMatch(/^P+FF$/);
  });

  test('keeps a last line without a newline, as a partial one', async () => {
    const pod = await rig().runPod({ handler });
    const id = await rig().run(pod, shell('echo whole; echo -n part'));
    const lines = await readLog((await rig().exited(id)).logPath);
    expect(lines.map(({ tag, content }) => `${tag} ${content}`)).toEqual(['F whole', 'P part']);
  });

  test('goes on in a new file after ReopenContainerLog, and loses nothing by it', async () => {
    const pod = await rig().runPod({ handler });
    const script =
      'i=0; while [ $i -lt 3000 ]; do echo "line $i"; i=$((i+1)); [ $((i%50)) = 0 ] && sleep 0.01; done; sleep 1000';
    const id = await rig().run(pod, shell(script));
    const { logPath } = await rig().status(id);
    const old: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      await eventually('lines come', async () => (await readFile(logPath, 'utf8')).length > 0);
      const rotated = `${logPath}.${round}`;
      await rename(logPath, rotated);
      await rig().call('ReopenContainerLog', { containerId: id });
      expect(existsSync(logPath)).toBe(true);
      const size = (await stat(rotated)).size;
      old.push(rotated);
      await rig().sh(id, 'sleep 0.05');
      expect((await stat(rotated)).size).toBe(size);
    }
    const all = async (): Promise<string> =>
      (await Promise.all([...old, logPath].map(async (path) => joined(await readLog(path))))).join('');
    await eventually('all lines are there', async () => (await all()).includes('line 2999\n'));
    expect(await all()).toBe(Array.from({ length: 3000 }, (_, index) => `line ${index}\n`).join(''));
  });

  test('is not truncated by a reopen of a file that is still there', async () => {
    const pod = await rig().runPod({ handler });
    const id = await rig().run(pod, shell('echo before; sleep 1000'));
    const { logPath } = await rig().status(id);
    await eventually('the line is there', async () => (await readFile(logPath, 'utf8')).includes('before'));
    await rig().call('ReopenContainerLog', { containerId: id });
    expect(joined(await readLog(logPath))).toBe('before\n');
  });

  test('of a container without a log path is read and thrown away', async () => {
    const config = podConfig({ logDirectory: '' });
    const { podSandboxId } = await rig().call('RunPodSandbox', { config, runtimeHandler: handler });
    const { containerId } = await rig().call('CreateContainer', {
      podSandboxId,
      config: shell('head -c 10000000 /dev/zero; exit 6', { logPath: '' }),
      sandboxConfig: config,
    });
    await rig().call('StartContainer', { containerId });
    const status = await rig().exited(containerId);
    expect(status).toMatchObject({ state: ContainerState.CONTAINER_EXITED, exitCode: 6, logPath: '' });
  });

  test('of a container with a terminal is all standard output', async () => {
    const pod = await rig().runPod({ handler });
    const id = await rig().run(pod, shell('echo out; echo err >&2; tty', { tty: true }));
    const lines = await readLog((await rig().exited(id)).logPath);
    expect(lines.map(({ stream }) => stream)).toEqual(['stdout', 'stdout', 'stdout']);
    expect(joined(lines)).toMatch(/^out\r\nerr\r\n\/dev\//);
  });

  test('takes binary bytes, and opens as /dev/stdout inside', async () => {
    const pod = await rig().runPod({ handler });
    const id = await rig().run(
      pod,
      shell('printf "\\001\\377\\000x\\n"; echo link > /dev/stdout; echo e2 > /dev/stderr'),
    );
    const { logPath } = await rig().exited(id);
    const log = await readFile(logPath);
    expect(log.includes(Buffer.from([1, 255, 0, 0x78, 0x0a]))).toBe(true);
    expect(log.includes('stdout F link\n')).toBe(true);
    expect(log.includes('stderr F e2\n')).toBe(true);
  });
});

test('a log path that leads out of the log directory is refused', async () => {
  const pod = await rig().runPod();
  expect(await codeOf(rig().create(pod, shell('true', { logPath: '../outside.log' })))).toBe(
    'INVALID_ARGUMENT',
  );
});
