/**
 * Which protocol a client and we speak: header fields in, a choice or a refusal out. Pure.
 * Source: cri.md 2.9 (SPDY handshake; WebSocket subprotocols); KEP-4006.
 */
import type { IncomingHttpHeaders } from 'node:http';

/** How exec and attach are spoken. */
export type CommandProtocol = {
  readonly name: string;
  /** v4 and later tell the exit status as JSON. */
  readonly hasJsonStatus: boolean;
  readonly hasResize: boolean;
};

/** Over SPDY; v5 is a protocol of WebSockets. */
export const spdyCommandProtocols: readonly CommandProtocol[] = [
  { name: 'v4.channel.k8s.io', hasJsonStatus: true, hasResize: true },
  { name: 'v3.channel.k8s.io', hasJsonStatus: false, hasResize: true },
  { name: 'v2.channel.k8s.io', hasJsonStatus: false, hasResize: false },
  { name: 'channel.k8s.io', hasJsonStatus: false, hasResize: false },
];

export const spdyPortForwardProtocol = 'portforward.k8s.io';
/** A SPDY connection inside of a WebSocket. */
export const tunnelProtocol = 'SPDY/3.1+portforward.k8s.io';

/** Messages of channels over a WebSocket. */
export type ChannelProtocol = {
  /** Empty: the client named none. */
  readonly name: string;
  readonly isBase64: boolean;
  readonly hasJsonStatus: boolean;
  /** The client can end a channel by a message. */
  readonly hasCloseSignal: boolean;
};

export const webSocketCommandProtocols: readonly ChannelProtocol[] = [
  { name: 'v5.channel.k8s.io', isBase64: false, hasJsonStatus: true, hasCloseSignal: true },
  { name: 'v4.channel.k8s.io', isBase64: false, hasJsonStatus: true, hasCloseSignal: false },
  { name: 'v4.base64.channel.k8s.io', isBase64: true, hasJsonStatus: true, hasCloseSignal: false },
  { name: 'channel.k8s.io', isBase64: false, hasJsonStatus: false, hasCloseSignal: false },
  { name: 'base64.channel.k8s.io', isBase64: true, hasJsonStatus: false, hasCloseSignal: false },
  { name: '', isBase64: false, hasJsonStatus: false, hasCloseSignal: false },
];

export const webSocketForwardProtocols: readonly ChannelProtocol[] = webSocketCommandProtocols.filter(
  ({ name }) => name === '' || name === 'v4.channel.k8s.io' || name === 'v4.base64.channel.k8s.io',
);

export type Transport = 'spdy' | 'websocket';

/** Null: no upgrade that we know is asked for. */
export function transportOf(headers: IncomingHttpHeaders): Transport | null {
  if (!listOf(headers.connection).some((word) => word.toLowerCase() === 'upgrade')) return null;
  const wanted = listOf(headers.upgrade).map((word) => word.toLowerCase());
  if (wanted.includes('spdy/3.1')) return 'spdy';
  return wanted.includes('websocket') ? 'websocket' : null;
}

/** A header's values, whether it was repeated or divided by commas. */
export function listOf(value: string | readonly string[] | undefined): readonly string[] {
  const lines = value === undefined ? [] : typeof value === 'string' ? [value] : value;
  return lines
    .flatMap((line) => line.split(','))
    .flatMap((word) => (word.trim() === '' ? [] : [word.trim()]));
}

/** The first that the client names and we speak; null: none. */
export function choose<P extends { readonly name: string }>(
  offered: readonly string[],
  spoken: readonly P[],
): P | null {
  for (const name of offered) {
    const found = spoken.find((protocol) => protocol.name === name);
    if (found !== undefined) return found;
  }
  return null;
}
