/**
 * Whom a TLS connection trusts and how it shows who we are: read from an operator's files when a pull starts, checked
 * there, so that an error names the file and not a handshake. Keys stay in memory and out of messages.
 */
import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { failedPrecondition, messageOf } from '../../../base/errors.ts';
import { readLinked } from '../../../base/files.ts';

export type ClientFiles = { readonly certificateFile: string; readonly keyFile: string };

export type ClientPair = { readonly certificate: string; readonly key: string };

export type Trust = {
  /** The same for equal trusts, and for no others. */
  readonly key: string;
  /** False: any certificate will do. */
  readonly isVerified: boolean;
  /** PEM, beside the machine's own authorities. */
  readonly authorities: readonly string[];
  readonly clients: readonly ClientPair[];
};

export type TrustFiles = {
  readonly isVerified: boolean;
  readonly caFiles: readonly string[];
  readonly clientFiles: readonly ClientFiles[];
};

/** The machine's authorities, and nobody to show. */
export const commonTrust: Trust = trustOf({ isVerified: true, authorities: [], clients: [] });

const maxPemBytes = 1024 * 1024;

/** @throws CertificatesInvalid naming the file and what was expected in it */
export async function readTrust(files: TrustFiles): Promise<Trust> {
  const authorities = await Promise.all(files.caFiles.map((file) => readCertificate(file)));
  const clients = await Promise.all(files.clientFiles.map((pair) => readPair(pair)));
  return trustOf({ isVerified: files.isVerified, authorities, clients });
}

/** The same trust in a server, without telling it who we are. */
export function withoutClients(trust: Trust): Trust {
  return trust.clients.length === 0
    ? trust
    : trustOf({ isVerified: trust.isVerified, authorities: trust.authorities, clients: [] });
}

function trustOf(words: Omit<Trust, 'key'>): Trust {
  return { ...words, key: createHash('sha256').update(JSON.stringify(words)).digest('hex') };
}

async function readPair({ certificateFile, keyFile }: ClientFiles): Promise<ClientPair> {
  const certificate = await readCertificate(certificateFile);
  const key = await readPem(keyFile, 'a private key in PEM form');
  if (!new X509Certificate(certificate).checkPrivateKey(parseKey(key, keyFile)))
    refuse(keyFile, `the private key of the certificate "${certificateFile}"`);
  return { certificate, key };
}

function parseKey(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // Node's words could quote the key.
    return refuse(file, 'a private key in PEM form, without a passphrase');
  }
}

async function readCertificate(file: string): Promise<string> {
  const expected = 'a certificate in PEM form';
  const pem = await readPem(file, expected);
  try {
    return new X509Certificate(pem).raw.length > 0 ? pem : refuse(file, expected);
  } catch (error) {
    return refuse(file, `${expected} (${messageOf(error)})`);
  }
}

async function readPem(file: string, expected: string): Promise<string> {
  const bytes = await readLinked(file, maxPemBytes);
  return bytes === null ? refuse(file, `${expected}, and there is no such file`) : bytes.toString('latin1');
}

function refuse(file: string, expected: string): never {
  throw failedPrecondition('CertificatesInvalid', `read "${file}": expected ${expected}`);
}
