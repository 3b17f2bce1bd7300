/**
 * What the prefixes of registries.conf, and the hosts of `images.insecure_registries`, cover of a name. Pure.
 * Source: containers-registries.conf(5), "Choosing a [[registry]] TOML table".
 */

/** How much of a name a prefix covers (`host[:port]`, `host/path`, `host/path:tag`, `*.domain/path`); 0: it does not match. */
export function matchedLength(prefix: string, name: string): number {
  const covered = prefix.startsWith('*.') ? coveredBy(prefix, name) : prefix;
  if (covered === null || !name.startsWith(covered)) return 0;
  const rest = name.slice(covered.length);
  // A ":" behind a whole repository begins a tag; behind a bare host it would be a port, which is another registry.
  const isEnd = covered.includes('/') ? /^(?:[/:@]|$)/ : /^(?:\/|$)/;
  return isEnd.test(rest) ? covered.length : 0;
}

/** Whether `host[:port]` is the one of the pattern, or lies below its `*.domain`. */
export function matchesHost(host: string, pattern: string): boolean {
  return pattern.startsWith('*.') ? isBelow(host, pattern.slice(1)) : host === pattern;
}

/** What a `*.domain/path` would have to cover of this name. */
function coveredBy(prefix: string, name: string): string | null {
  const [host = ''] = name.split('/', 1);
  const [domain = '', ...path] = prefix.slice(1).split('/');
  return isBelow(host, domain) ? [host, ...path].join('/') : null;
}

/** A domain without a port means its hosts at any port: else naming one would lead around what was said of them. */
function isBelow(host: string, domain: string): boolean {
  const port = /:[0-9]+$/;
  const compared = port.test(domain) ? host : host.replace(port, '');
  return compared.endsWith(domain) && compared.length > domain.length;
}
