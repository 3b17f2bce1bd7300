/**
 * The `[streaming]` table: where and how exec, attach and port-forward are served, and what its options demand of each other.
 */
import { fixed, type Values } from './option.ts';
import { duration } from './units.ts';
import { integer, optional, pathKind, textKind } from './value.ts';

export const streamingSection = {
  address: fixed({
    key: 'address',
    kind: textKind({
      expected: 'an IP address',
      read: (text) => (/^[0-9a-fA-F.:]{2,45}$/.test(text) ? text : undefined),
    }),
    default: '127.0.0.1',
    description: 'The address on which exec, attach and port-forward are served to the kubelet.',
  }),
  port: fixed({
    key: 'port',
    kind: integer({ min: 0, max: 65_535 }),
    default: 0,
    description: 'Its port; 0 is any free one.',
  }),
  idleTimeoutMs: fixed({
    key: 'idle_timeout',
    kind: duration('1s', '24h'),
    default: 4 * 3_600_000,
    description: 'A streaming connection on which nothing moved for this long is closed.',
  }),
  tlsCertificate: fixed({
    key: 'tls_cert',
    kind: optional(pathKind, 'plain HTTP'),
    default: null,
    description:
      'The certificate of the streaming server, with its chain, in PEM. With it URLs are https. It is read again when it has changed.',
  }),
  tlsKey: fixed({
    key: 'tls_key',
    kind: optional(pathKind, 'none; it has to be given with tls_cert'),
    default: null,
    description: 'The private key of tls_cert, in PEM.',
  }),
  tlsClientCa: fixed({
    key: 'tls_client_ca',
    kind: optional(pathKind, 'clients need no certificate'),
    default: null,
    description:
      'Certificates in PEM that clients of the streaming server must be signed by. Kubelets present none.',
  }),
};

/** The option that is wrong beside the others, and why; null: they go together. */
export function streamingFault(
  streaming: Values<typeof streamingSection>,
): { readonly key: string; readonly problem: string } | null {
  const { tlsCertificate, tlsKey, tlsClientCa } = streaming;
  if (tlsCertificate !== null && tlsKey === null)
    return { key: 'streaming.tls_cert', problem: 'expected tls_key with it' };
  if (tlsCertificate === null && tlsKey !== null)
    return { key: 'streaming.tls_key', problem: 'expected tls_cert with it' };
  if (tlsCertificate === null && tlsClientCa !== null)
    return { key: 'streaming.tls_client_ca', problem: 'expected tls_cert and tls_key with it' };
  return null;
}
