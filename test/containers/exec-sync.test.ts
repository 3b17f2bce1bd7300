/**
 * ExecSync, the call of probes and hooks: exit codes, output as bytes, bounds, deadlines. Reference: cri.md 2.10, 4.7.
 */
import { describe, expect, test } from '@jest/globals';
import { codeOf } from '../harness/client.ts';
import { secured, shell, sleeper } from '../harness/requests.ts';
import { handlers } from '../harness/rig.ts';
import { useRig } from '../harness/use-rig.ts';
import { eventually } from '../harness/wait.ts';

const rig = useRig();

async function runSleeper(handler: string): Promise<string> {
  return await rig().run(await rig().runPod({ handler }), sleeper());
}

describe.each(handlers)('ExecSync with %s', (handler) => {
  test('returns standard output, standard error and the exit code', async () => {
    const id = await runSleeper(handler);
    const script = 'echo -n out; echo -n err >&2; exit 42';
    expect(await rig().exec(id, ['sh', '-c', script])).toEqual({
      stdout: 'out',
      stderr: 'err',
      exitCode: 42,
    });
    expect((await rig().exec(id, ['true'])).exitCode).toBe(0);
    expect((await rig().exec(id, ['sh', '-c', 'kill -9 $$'])).exitCode).toBe(137);
  });

  test('returns bytes as they are', async () => {
    const id = await runSleeper(handler);
    const script = 'i=0; while [ $i -lt 256 ]; do printf "\\\\$(printf %03o $i)"; i=$((i+1)); done';
    const { stdout } = await rig().call('ExecSync', { containerId: id, cmd: ['sh', '-c', script] });
    expect(Buffer.from(stdout)).toEqual(Buffer.from(Array.from({ length: 256 }, (_, index) => index)));
  });

  test('keeps nearly 16 MiB of both streams together, drops the rest, and lets the command end', async () => {
    const id = await runSleeper(handler);
    const script = 'head -c 20000000 /dev/zero; head -c 20000000 /dev/zero >&2; exit 3';
    const { stdout, stderr, exitCode } = await rig().call('ExecSync', {
      containerId: id,
      cmd: ['sh', '-c', script],
    });
    expect(exitCode).toBe(3);
    expect(stdout.length + stderr.length).toBeGreaterThan(15_000_000);
    expect(stdout.length + stderr.length).toBeLessThan(16 * 1024 * 1024);
  });

  test('at its timeout kills the command with its children, and nothing else', async () => {
    const id = await runSleeper(handler);
    const started = performance.now();
    const call = rig().exec(id, ['sh', '-c', 'sleep 4321 & sleep 4321'], 1n);
    expect(await codeOf(call)).toBe('DEADLINE_EXCEEDED');
    expect(performance.now() - started).toBeLessThan(10_000);
    await eventually('the command is gone', async () => {
      const members = await rig().machine.members();
      return !members.some(({ argv, state }) => argv.join(' ') === 'sleep 4321' && state !== 'Z');
    });
    expect((await rig().exec(id, ['true'])).exitCode).toBe(0);
  });

  test('returns soon after the command has ended although a grandchild keeps its output open', async () => {
    const id = await runSleeper(handler);
    const started = performance.now();
    const { stdout, exitCode } = await rig().exec(id, ['sh', '-c', 'echo first; setsid sleep 3000 & exit 5']);
    expect({ stdout, exitCode }).toEqual({ stdout: 'first\n', exitCode: 5 });
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('of a program that is not there is an error, or 126 or 127 of a shell', async () => {
    const id = await runSleeper(handler);
    await expect(rig().exec(id, ['/no/such/program'])).rejects.toThrow(/no such file|not found/i);
    expect((await rig().exec(id, ['sh', '-c', '/no/such/program'])).exitCode).toBe(127);
  });

  test("runs with the container's user, environment, directory and namespaces", async () => {
    const pod = await rig().runPod({ handler });
    const config = secured(
      sleeper({ workingDir: '/var', envs: [{ key: 'MINE', value: Buffer.from('yes') }] }),
      {
        runAsUser: { value: 1001n },
        runAsGroup: { value: 1002n },
        supplementalGroups: [1234n],
      },
    );
    const id = await rig().run(pod, config);
    expect(await rig().sh(id, 'pwd; echo $MINE; id -u; id -g; id -G')).toBe(
      '/var\nyes\n1001\n1002\n1002 1234',
    );
    const same =
      'for k in mnt pid net ipc uts; do [ $(readlink /proc/1/ns/$k) = $(readlink /proc/self/ns/$k) ] || echo $k; done';
    expect(await rig().sh(id, same)).toBe('');
  });

  test('has no input and no terminal', async () => {
    const id = await runSleeper(handler);
    expect(await rig().exec(id, ['cat'])).toEqual({ stdout: '', stderr: '', exitCode: 0 });
    expect((await rig().exec(id, ['tty'])).exitCode).toBe(1);
  });

  test('twenty at a time answer each with its own output', async () => {
    const id = await runSleeper(handler);
    const numbers = Array.from({ length: 20 }, (_, index) => `${index}`);
    const answers = await Promise.all(numbers.map((number) => rig().sh(id, `echo ${number}`)));
    expect(answers).toEqual(numbers);
  });

  test('of a container that does not run is refused', async () => {
    const pod = await rig().runPod({ handler });
    const created = await rig().create(pod, sleeper());
    const ended = await rig().run(pod, shell('true'));
    await rig().exited(ended);
    expect(await codeOf(rig().exec(created, ['true']))).not.toBe('OK');
    expect(await codeOf(rig().exec(ended, ['true']))).not.toBe('OK');
  });

  test('fails when the container ends under it', async () => {
    const id = await runSleeper(handler);
    const exec = rig()
      .exec(id, ['sleep', '1000'])
      .then(
        ({ exitCode }) => exitCode,
        () => 'error' as const,
      );
    await rig().sh(id, 'true');
    await rig().call('StopContainer', { containerId: id, timeout: 0n });
    expect([137, 'error']).toContain(await exec);
  });
});
