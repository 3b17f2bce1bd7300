/**
 * Certificates for tests, made by openssl: an authority, and what it signs for localhost.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from '../../src/base/process.ts';
import { plainEnv } from './machine.ts';

export type Issued = { readonly certificate: string; readonly key: string };

/** An authority whose files lie in a directory. */
export class Authority {
  readonly #dir: string;
  #serial = 1;

  private constructor(dir: string) {
    this.#dir = dir;
  }

  static async create(dir: string): Promise<Authority> {
    const authority = new Authority(dir);
    await openssl(
      ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ['-subj', '/CN=test authority', '-keyout', join(dir, 'ca.key'), '-out', authority.certificate],
    );
    return authority;
  }

  get certificate(): string {
    return join(this.#dir, 'ca.pem');
  }

  /** A certificate for localhost and its key, as files. */
  async issue(name: string): Promise<Issued> {
    const [certificate, key] = [join(this.#dir, `${name}.pem`), join(this.#dir, `${name}.key`)];
    const [request, extensions] = [join(this.#dir, `${name}.csr`), join(this.#dir, `${name}.ext`)];
    await writeFile(extensions, 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
    await openssl(
      ['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ['-subj', `/CN=${name}`, '-keyout', key, '-out', request],
    );
    this.#serial += 1;
    await openssl(
      ['x509', '-req', '-in', request, '-days', '2', '-set_serial', String(this.#serial)],
      ['-CA', this.certificate, '-CAkey', join(this.#dir, 'ca.key'), '-extfile', extensions],
      ['-out', certificate],
    );
    return { certificate, key };
  }
}

async function openssl(...lines: readonly (readonly string[])[]): Promise<void> {
  await mustRun({ argv: ['openssl', ...lines.flat()], env: plainEnv, timeoutMs: 30_000 });
}
