/**
 * Certificates for tests, made on the spot by openssl: an authority, a server on 127.0.0.1, a client.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from '../../base/process.ts';

export type Pair = { readonly certificate: string; readonly key: string };

/** Paths of PEM files. */
export type Certificates = { readonly authority: string; readonly server: Pair; readonly client: Pair };

export async function makeCertificates(directory: string): Promise<Certificates> {
  const authority = await sign(directory, {
    name: 'authority',
    extension: 'basicConstraints=critical,CA:TRUE',
  });
  const by = authority;
  const server = await sign(directory, {
    name: 'server',
    extension: 'subjectAltName=IP:127.0.0.1,DNS:quay.test',
    by,
  });
  const client = await sign(directory, { name: 'client', extension: 'extendedKeyUsage=clientAuth', by });
  return { authority: authority.certificate, server, client };
}

type Wish = { readonly name: string; readonly extension: string; readonly by?: Pair };

async function sign(directory: string, { name, extension, by }: Wish): Promise<Pair> {
  const [certificate, key] = [join(directory, `${name}.crt`), join(directory, `${name}.pem`)];
  const signer = by === undefined ? [] : ['-CA', by.certificate, '-CAkey', by.key];
  await mustRun({
    argv: [
      'openssl',
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
      '-addext',
      extension,
      '-keyout',
      key,
      '-out',
      certificate,
      ...signer,
    ],
    timeoutMs: 20_000,
  });
  return { certificate, key };
}

/** Copies certificates under the names that certs.d gives them. */
export async function layOut(directory: string, names: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, from] of Object.entries(names))
    await writeFile(join(directory, name), await readFile(from));
}
