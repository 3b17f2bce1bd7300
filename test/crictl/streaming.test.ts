/**
 * crictl's streams over both transports: exec and attach in a terminal that tmux drives, input and exit codes, port-forward.
 */
import { expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findCrictl } from '../harness/crictl.ts';
import { describeWalk } from '../harness/crictl-walk.ts';
import { plainEnv, signalQuietly } from '../harness/machine.ts';
import { shell, sleeper, uniqueName } from '../harness/requests.ts';
import { StreamDialer } from '../harness/stream-dial.ts';
import { Tmux } from '../harness/tmux.ts';
import { eventually } from '../harness/wait.ts';

const found = await findCrictl();

describeWalk('crictl', ({ rig }) => {
  /** The whole command line, to be run inside of the machine. */
  function argv(...args: readonly string[]): [string, ...string[]] {
    const endpoint = `unix://${rig().server.socketPath}`;
    return rig().machine.enter([found.path ?? '', '-r', endpoint, '-i', endpoint, ...args]);
  }

  async function terminal(...args: readonly string[]): Promise<Tmux> {
    const socket = rig().machine.path(uniqueName('tmux'));
    return await Tmux.open(socket, argv(...args), { width: 91, height: 31 });
  }

  /** Runs it with an input. */
  async function run(
    input: string,
    ...args: readonly string[]
  ): Promise<{ readonly stdout: string; readonly code: unknown }> {
    const [program, ...rest] = argv(...args);
    const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'ignore'], env: { ...plainEnv } });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stdin.end(input);
    const [code]: unknown[] = await once(child, 'close');
    return { stdout, code };
  }

  const transports = ['spdy', 'websocket'] as const;

  test.each(transports)('exec -it by %s is a terminal', async (transport) => {
    const id = await rig().run(await rig().runPod(), sleeper());
    await using tmux = await terminal('exec', '--transport', transport, '-it', id, 'sh');
    await tmux.shows(/# *$/m);
    await tmux.type('stty size; tty');
    await tmux.shows(/^31 91\n\/dev\/pts\/\d/m);
    await tmux.resize(77, 22);
    await eventually('the new size', async () => {
      await tmux.type('clear; stty size');
      await tmux.shows(/^22 77$/m);
      return true;
    });
    await tmux.type('clear; sleep 4740');
    const asleep = async (): Promise<boolean> =>
      (await rig().machine.members()).some((member) => member.argv.join(' ') === 'sleep 4740');
    await eventually('it sleeps', asleep);
    await tmux.press('C-c');
    await eventually('Ctrl-C wakes it', async () => !(await asleep()));
    await tmux.type('echo "code $?"');
    await tmux.shows(/^code 130$/m);
    await tmux.type('exit 7');
    expect(await tmux.exit()).toBe(execFailure);
  });

  /** crictl ends with 1 whatever the command's exit code; it prints that. */
  const execFailure = 1;

  test.each(transports)('exec by %s carries input, outputs and exit code', async (transport) => {
    const id = await rig().run(await rig().runPod(), sleeper());
    const by = ['exec', '--transport', transport];
    expect(await run('some input', ...by, '-i', id, 'cat')).toEqual({ stdout: 'some input', code: 0 });
    expect(await run('', ...by, id, 'sh', '-c', 'echo out; exit 3')).toEqual({
      stdout: 'out\n',
      code: execFailure,
    });
  });

  test.each(transports)(
    'attach -it by %s types into the container, and leaves it when it is killed',
    async (transport) => {
      const id = await rig().run(await rig().runPod(), shell('exec sh', { stdin: true, tty: true }));
      {
        await using tmux = await terminal('attach', '--transport', transport, '-it', id);
        await eventually('the size has come', async () => {
          await tmux.type('clear; stty size');
          await tmux.shows(/^31 91$/m);
          return true;
        });
        await tmux.type('clear; greeting=hello');
        signalQuietly(await tmux.pid(), 'SIGKILL');
        expect(await tmux.exit()).toBe('signal 9');
      }
      await using again = await terminal('attach', '--transport', transport, '-it', id);
      await eventually('it is the same shell', async () => {
        await again.type('clear; echo $greeting again');
        await again.shows(/^hello again$/m);
        return true;
      });
      await again.type('exit');
      await again.exit();
      expect((await rig().exited(id)).exitCode).toBe(0);
    },
  );

  test.each(transports)('port-forward by %s reaches a server, and gives the port back', async (transport) => {
    const pod = await rig().runPod();
    const script =
      'echo page >/tmp/index.html; httpd -p 8080 -h /tmp; trap "exit 0" TERM; sleep 100000 & wait';
    await rig().run(pod, shell(script));
    const [program, ...args] = argv('port-forward', '--transport', transport, pod.id, '18080:8080');
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], env: { ...plainEnv } });
    const ended = once(child, 'exit');
    await using dialer = new StreamDialer();
    const page = async (): Promise<string> => {
      const socket = await dialer.connect(rig().machine, 18_080);
      socket.end('GET / HTTP/1.0\r\n\r\n');
      let text = '';
      for await (const chunk of socket) text += String(chunk);
      return text;
    };
    await eventually('the page', async () => (await page()).endsWith('page\n'));
    const pages = await Promise.all(Array.from({ length: 10 }, page));
    expect(pages.every((text) => text.endsWith('page\n'))).toBe(true);
    child.kill('SIGKILL');
    await ended;
    await expect(page()).rejects.toMatchObject({ errno: 'ECONNREFUSED' });
  });
});
