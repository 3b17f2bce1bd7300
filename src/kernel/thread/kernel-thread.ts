/**
 * The entry of a kernel thread: a worker of the daemon that makes the system calls which may block, or which change the
 * thread that makes them. It does one request after the other and never waits for anything but the kernel.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { umask, unshareFs } from '../calls/attribute-calls.ts';
import { createOperations, type Operations, type ThreadOptions } from './thread-operations.ts';
import { packError, type Request, type Response } from './thread-protocol.ts';

function isThreadOptions(data: unknown): data is ThreadOptions {
  return typeof data === 'object' && data !== null && 'isOldMountApiForced' in data;
}

function serve(): void {
  const port = parentPort;
  if (port === null || !isThreadOptions(workerData))
    throw new Error('the kernel thread was not started by the daemon');
  // A current directory, a root and a umask of its own; the mount namespace stays the daemon's.
  unshareFs();
  umask(0);
  const operations = createOperations(workerData);
  port.on('message', (request: Request) => port.postMessage(answer(operations, request)));
}

function answer(operations: Operations, { id, method, params }: Request): Response {
  try {
    return { id, value: run(operations, method, params) };
  } catch (error) {
    return { id, failure: packError(error) };
  }
}

function run(operations: Operations, method: string, params: unknown): unknown {
  if (!Object.hasOwn(operations, method)) throw new Error(`the kernel thread has no operation "${method}"`);
  // The types were checked where the request was made: `ThreadLane.call` takes only what `Operations` takes.
  const operation: unknown = Reflect.get(operations, method);
  return typeof operation === 'function' ? Reflect.apply(operation, undefined, [params]) : null;
}

serve();
