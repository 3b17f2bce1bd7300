/**
 * The `[metrics]` table: where Prometheus finds them.
 */
import { fixed } from './option.ts';
import { optional, textKind } from './value.ts';

const hostPortForm = /^(?:[A-Za-z0-9.-]{1,253}|\[[0-9a-fA-F:.]{2,45}\]):([0-9]{1,5})$/;
const socketForm = /^(?:\/[A-Za-z0-9._-]+)+$/;
const maxPort = 65_535;
/** Source: unix(7), sun_path, without its NUL. */
const maxSocketBytes = 107;

/** Undefined: neither a host with a port nor the path of a socket. */
export function readMetricsAddress(text: string): string | undefined {
  const [, port] = hostPortForm.exec(text) ?? [];
  if (port !== undefined) return Number(port) <= maxPort ? text : undefined;
  const isNormal = !text.split('/').some((part) => part === '.' || part === '..');
  return socketForm.test(text) && isNormal && text.length <= maxSocketBytes ? text : undefined;
}

export const metricsSection = {
  address: fixed({
    key: 'address',
    kind: optional(
      textKind({
        expected: 'a "host:port" like "127.0.0.1:9090", or the absolute path of a unix socket',
        read: readMetricsAddress,
      }),
      'no metrics',
    ),
    default: null,
    description:
      'Where Prometheus finds `GET /metrics`. Nobody is asked who they are there: use a loopback address or a socket.',
  }),
};
