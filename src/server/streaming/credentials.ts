/**
 * The certificate, key and client CA of the streaming server: read at the start, and again when their files have changed,
 * which is looked at each time a URL is given out. Files that do not go together (one of them is just being replaced) change
 * nothing.
 */
import { realpath, stat } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { invalid } from '../../base/errors.ts';
import { readBounded } from '../../base/files.ts';
import type { AbsolutePath } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';

export type CredentialFiles = {
  /** PEM, with its chain. */
  readonly certificate: AbsolutePath;
  readonly key: AbsolutePath;
  /** Null: clients need no certificate. */
  readonly clientCa: AbsolutePath | null;
};

const maxFileBytes = 1024 * 1024;

export class Credentials {
  readonly #files: CredentialFiles;
  readonly #log: Log;
  #seen: string;
  #looking: Promise<SecureContextOptions | null> | null = null;

  private constructor(files: CredentialFiles, seen: string, log: Log) {
    this.#files = files;
    this.#seen = seen;
    this.#log = log;
  }

  /** @throws BadCredentials */
  static async open(
    files: CredentialFiles,
    log: Log,
  ): Promise<{ readonly credentials: Credentials; readonly context: SecureContextOptions }> {
    const seen = await signature(files);
    return { credentials: new Credentials(files, seen, log), context: await read(files) };
  }

  /** What is to be used from now on; null: nothing has changed, or it cannot be used. Never throws. */
  async renewed(): Promise<SecureContextOptions | null> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return await this.#looking;
  }

  async #look(): Promise<SecureContextOptions | null> {
    try {
      const seen = await signature(this.#files);
      if (seen === this.#seen) return null;
      this.#seen = seen;
      const context = await read(this.#files);
      this.#log.info({ certificate: this.#files.certificate }, 'streaming certificate read again');
      return context;
    } catch (error) {
      // Told once for each state of the files; the old ones serve on.
      this.#log.error({ err: error }, 'streaming certificate not renewed');
      return null;
    }
  }
}

function pathsOf({ certificate, key, clientCa }: CredentialFiles): readonly AbsolutePath[] {
  return clientCa === null ? [certificate, key] : [certificate, key, clientCa];
}

/** Changes whenever a file is written or replaced, or a link on the way to it. */
async function signature(files: CredentialFiles): Promise<string> {
  const each = pathsOf(files).map(async (path) => {
    const info = await stat(path, { bigint: true }).catch(() => null);
    return info === null ? 'none' : `${info.dev}:${info.ino}:${info.size}:${info.mtimeNs}:${info.ctimeNs}`;
  });
  return (await Promise.all(each)).join(' ');
}

/** @throws BadCredentials */
async function read(files: CredentialFiles): Promise<SecureContextOptions> {
  const [cert, key, ca] = await Promise.all(pathsOf(files).map(readPem));
  const context: SecureContextOptions = {
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(ca === undefined ? {} : { ca }),
  };
  try {
    createSecureContext(context);
  } catch (cause) {
    throw invalid('BadCredentials', `"${files.certificate}" and "${files.key}": they are not usable`, {
      cause,
    });
  }
  return context;
}

async function readPem(path: AbsolutePath): Promise<Buffer> {
  // Certificates are often links, which their renewal exchanges.
  const content = await realpath(path)
    .then(async (real) => await readBounded(real, maxFileBytes))
    .catch((cause: unknown) => {
      throw invalid('BadCredentials', `"${path}": expected a readable file`, { cause });
    });
  if (content === null || content.length === 0)
    throw invalid('BadCredentials', `"${path}": expected PEM, found nothing`);
  return content;
}
