/**
 * TLS contexts by whom they trust, kept between pulls: reading a machine's 150 authorities takes milliseconds of the main
 * thread. The machine's own store is the one that its administrators keep (`update-ca-certificates`), as for Go's programs;
 * where there is none, Node's.
 */
import { stat } from 'node:fs/promises';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { readLinked } from '../../../base/files.ts';
import type { Trust } from './trust.ts';

/** Where distributions keep all authorities in one file. */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
] as const;

const maxBundleBytes = 16 * 1024 * 1024;
const maxContexts = 32;

type Roots = { readonly stamp: string; readonly pem: readonly string[] };

export class TlsContexts {
  readonly #contexts = new Map<string, SecureContext>();
  #roots: Roots | null = null;

  /** The trust's files were read and checked before. */
  async of(trust: Trust): Promise<SecureContext> {
    const roots = trust.isVerified ? await this.#currentRoots() : { stamp: '', pem: [] };
    const key = `${roots.stamp} ${trust.key}`;
    const known = this.#contexts.get(key);
    if (known !== undefined) return known;
    const context = createSecureContext({
      ca: [...roots.pem, ...trust.authorities],
      ...(trust.clients.length === 0
        ? {}
        : {
            cert: trust.clients.map((pair) => pair.certificate),
            key: trust.clients.map((pair) => pair.key),
          }),
    });
    const [oldest] = this.#contexts.keys();
    if (this.#contexts.size >= maxContexts && oldest !== undefined) this.#contexts.delete(oldest);
    this.#contexts.set(key, context);
    return context;
  }

  async #currentRoots(): Promise<Roots> {
    const own = process.env['SSL_CERT_FILE'] ?? '';
    for (const path of [...(own === '' ? [] : [own]), ...bundles]) {
      const stamp = await stampOf(path);
      if (stamp === null) continue;
      if (this.#roots?.stamp === stamp) return this.#roots;
      const bytes = await readLinked(path, maxBundleBytes);
      if (bytes === null) continue;
      this.#roots = { stamp, pem: [bytes.toString('latin1')] };
      return this.#roots;
    }
    this.#roots ??= { stamp: 'node', pem: rootCertificates };
    return this.#roots;
  }
}

async function stampOf(path: string): Promise<string | null> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return `${path} ${mtimeMs} ${size} ${ino}`;
  } catch {
    // Not kept there on this distribution.
    return null;
  }
}
