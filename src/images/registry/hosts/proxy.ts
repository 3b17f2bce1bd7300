/**
 * Which proxy a URL is asked through, by the environment, as Go's programs read it (so that a node's settings for another
 * runtime hold). Pure but for the environment that it is given.
 * Source: golang.org/x/net/http/httpproxy: HTTP_PROXY, HTTPS_PROXY, NO_PROXY and their lower-case forms.
 */
import { BlockList, isIP } from 'node:net';
import { isLoopback } from '../endpoint.ts';

export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/** The proxy's URL, or null: none. Loopback is never asked through one. */
export function proxyFor(url: URL, environment: ProxyEnvironment): string | null {
  const kind = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const proxy = valueOf(environment, kind);
  if (proxy === '' || isLoopback(url.host) || isExempt(url, valueOf(environment, 'no_proxy'))) return null;
  return /^[a-z0-9]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

function valueOf(environment: ProxyEnvironment, name: string): string {
  return (environment[name] ?? environment[name.toUpperCase()] ?? '').trim();
}

/** `*`, `10.0.0.0/8`, `10.1.2.3`, `example.com` (and what is below it), `.example.com` (only what is below), each with a port. */
function isExempt(url: URL, list: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return list
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .filter((each) => each !== '')
    .some((each) => each === '*' || matches(each, host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry.includes('/')) return isWithin(entry, host);
  const parts = /^(\[[^\]]+\]|[^:]+)(?::([0-9]+))?$/.exec(entry);
  const name = (parts?.[1] ?? entry).replace(/^\[|\]$/g, '').replace(/^\*\./, '.');
  if (parts?.[2] !== undefined && parts[2] !== port) return false;
  if (isIP(name) !== 0 || isIP(host) !== 0) return name === host;
  return name.startsWith('.') ? host.endsWith(name) : host === name || host.endsWith(`.${name}`);
}

function isWithin(network: string, host: string): boolean {
  const [address = '', bits = ''] = network.split('/');
  const family = isIP(address);
  const width = family === 4 ? 32 : 128;
  if (family === 0 || isIP(host) !== family || !/^[0-9]{1,3}$/.test(bits) || Number(bits) > width)
    return false;
  const list = new BlockList();
  const type = family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(address, Number(bits), type);
  return list.check(host, type);
}
