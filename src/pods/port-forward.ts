/**
 * PortForward: grants a session in which a client reaches ports of a pod. Each connection is a socket that is opened inside
 * of the pod's network namespace: no program is run for it. Source: CRI PortForwardRequest; cri.md 2.9.
 */
import type { PortForwardRequest, PortForwardResponseInit } from '../../cri-api/runtime-v1.ts';
import { failedPrecondition, invalid } from '../base/errors.ts';
import { absolutePath } from '../base/ids.ts';
import { PiecesOfFd } from '../runtime/sessions/pieces.ts';
import type { Subject, Upstream } from '../runtime/sessions/sessions.ts';
import type { Services } from '../services.ts';
import type { PodRecord } from '../store/pod-record.ts';

/** Of the daemon itself: pods in the host's network. */
const hostNetwork = absolutePath('/proc/self/ns/net');
const maxPorts = 64;

/** @throws UnknownPod, PodNotReady, BadPort, TooManyTickets */
export async function portForward(
  services: Pick<Services, 'store' | 'kernel' | 'streams'>,
  request: PortForwardRequest,
): Promise<PortForwardResponseInit> {
  const record = services.store.pod(request.podSandboxId);
  if (record.state !== 'ready')
    throw failedPrecondition('PodNotReady', `port-forward to pod "${record.id}": it is stopped`);
  const url = await services.streams.admitPortForward({
    subject: subjectOf(services, record),
    ports: checkPorts(request.port),
    connect: async (port, signal) => await connect(services, record, { port, signal }),
  });
  return { url };
}

/** The pod, with whose readiness the session ends. */
function subjectOf(services: Pick<Services, 'store'>, { id }: PodRecord): Subject {
  const { pods } = services.store;
  return {
    id,
    watchEnd: (onEnded) => {
      const look = (): void => void (pods.get(id)?.state === 'ready' || onEnded());
      look();
      return pods.watch(id, look);
    },
  };
}

function checkPorts(ports: readonly number[]): readonly number[] {
  const isGood = ports.length <= maxPorts && ports.every((port) => port >= 1 && port <= 65_535);
  if (isGood) return ports;
  throw invalid('BadPort', `port-forward: expected at most ${maxPorts} ports from 1 to 65535`);
}

/** @throws SyscallError connect: nobody listens on localhost, neither by IPv4 nor by IPv6 */
async function connect(
  { kernel }: Pick<Services, 'kernel'>,
  record: PodRecord,
  to: { readonly port: number; readonly signal: AbortSignal },
): Promise<Upstream> {
  const fd = await kernel.connectInside(record.pins.net ?? hostNetwork, to.port, to.signal);
  return new PiecesOfFd(fd, true);
}
