/**
 * The content of a pod's /etc/resolv.conf. Source: resolv.conf(5); CRI DNSConfig.
 */
import type { DnsConfig } from './requests/pod-config.ts';

/** @returns null when the request says nothing about DNS: the pod then gets a copy of the host's file */
export function resolvConf(dns: DnsConfig | null): string | null {
  if (dns === null) return null;
  if (dns.servers.length === 0 && dns.searches.length === 0 && dns.options.length === 0) return null;
  const lines = [
    ...(dns.searches.length > 0 ? [`search ${dns.searches.join(' ')}`] : []),
    ...dns.servers.map((server) => `nameserver ${server}`),
    ...(dns.options.length > 0 ? [`options ${dns.options.join(' ')}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}
