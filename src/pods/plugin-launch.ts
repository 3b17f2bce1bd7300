/**
 * How the daemon starts CNI plugins: by posix_spawn, with their input in a pipe. It knows nothing of what they do.
 */
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Launch } from '../../cni/launch.ts';
import { errnoOf, messageOf } from '../base/errors.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Piped, Programs } from '../runtime/programs/programs.ts';

export function pluginLaunch(means: {
  readonly kernel: Pick<Kernel, 'pipe'>;
  readonly programs: Programs;
}): Launch {
  const { kernel, programs } = means;
  return async ({ path, env, stdin }) => {
    const pipe = kernel.pipe();
    using ends = new DisposableStack();
    const [read, write] = [ends.use(pipe.read), ends.use(pipe.write)];
    const input = Buffer.from(stdin);
    const isShort = input.length <= heldBytes;
    if (isShort) writeSync(write.number, input);
    const piped = start(() => programs.startPiped({ argv: [path], env, cwd: '/' }, read.number));
    const writer = isShort ? null : feed(write.release(), input);
    const close = (): void => {
      writer?.destroy();
      piped[Symbol.dispose]();
    };
    const { stdout, stderr, ended, kill } = piped;
    return await Promise.resolve({ stdout, stderr, ended, kill, close });
  };
}

/** Held by every pipe, whatever the limits; inputs are seldom longer. Source: pipe(7). */
const heldBytes = 4096;

function feed(fd: number, input: Buffer): Socket {
  const writer = new Socket({ fd, readable: false, writable: true });
  // A plugin may end without having read its input.
  writer.on('error', () => undefined);
  writer.end(input);
  return writer;
}

/** The library wants to see the errno. */
function start(launch: () => Piped): Piped {
  try {
    return launch();
  } catch (error) {
    const cause = error instanceof Error ? error.cause : error;
    throw Object.assign(new Error(messageOf(cause), { cause: error }), { code: errnoOf(cause) });
  }
}
