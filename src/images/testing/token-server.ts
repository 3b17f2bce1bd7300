/**
 * A token server that a real docker-registry believes: it sells JSON web tokens, signed with a key whose certificate the
 * registry was given, for a password, a refresh token, or (of public repositories) to anybody.
 * Source: Docker registry, "Token Authentication Implementation".
 */
import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { Pair } from './certificates.ts';

export const tokenService = 'test-registry';
export const tokenIssuer = 'test-issuer';

export type Sale = {
  readonly method: string;
  readonly scopes: readonly string[];
  readonly buyer: 'user' | 'refresh' | 'nobody';
};

export type TokenServer = AsyncDisposable & { readonly realm: string; readonly sales: Sale[] };

export type TokenServerOptions = {
  readonly signer: Pair;
  readonly user: string;
  readonly password: string;
  readonly refreshToken: string;
  /** Repositories that anybody may pull. */
  readonly publicRepositories: readonly string[];
};

export async function startTokenServer(options: TokenServerOptions): Promise<TokenServer> {
  const key = createPrivateKey(await readFile(options.signer.key));
  const certificate = new X509Certificate(await readFile(options.signer.certificate));
  const header = { typ: 'JWT', alg: 'ES256', x5c: [certificate.raw.toString('base64')] };
  const sales: Sale[] = [];
  const server = createServer((request, response) => {
    void readForm(request).then((form) => {
      const sale = saleOf(options, request, form);
      sales.push(sale);
      const refusal = sale.buyer === 'nobody' && (form.has('refresh_token') || request.headers.authorization);
      if (refusal !== false && refusal !== undefined) return response.writeHead(401).end();
      const claims = claimsOf(options, sale);
      const text = [header, claims].map((each) => encode(JSON.stringify(each))).join('.');
      const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
      return response.end(JSON.stringify({ token: `${text}.${signature.toString('base64url')}` }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    realm: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/token`,
    sales,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function saleOf(options: TokenServerOptions, request: IncomingMessage, form: URLSearchParams): Sale {
  const query = new URL(request.url ?? '', 'http://x').searchParams;
  const isPost = request.method === 'POST';
  const scopes = isPost ? (form.get('scope') ?? '').split(' ') : query.getAll('scope');
  const basic = `Basic ${Buffer.from(`${options.user}:${options.password}`).toString('base64')}`;
  const isUser = request.headers.authorization === basic;
  const isRefresh = isPost && form.get('refresh_token') === options.refreshToken;
  return {
    method: request.method ?? '',
    scopes,
    buyer: isUser ? 'user' : isRefresh ? 'refresh' : 'nobody',
  };
}

function claimsOf(options: TokenServerOptions, sale: Sale): Readonly<Record<string, unknown>> {
  const now = Math.floor(Date.now() / 1000);
  const access = sale.scopes.flatMap((scope) => {
    const [type = '', name = '', actions = ''] = scope.split(':');
    const isAllowed = sale.buyer !== 'nobody' || options.publicRepositories.includes(name);
    return isAllowed ? [{ type, name, actions: actions.split(',') }] : [];
  });
  const times = { iat: now, nbf: now - 5, exp: now + 60 };
  return { iss: tokenIssuer, sub: sale.buyer, aud: tokenService, jti: `${now}`, ...times, access };
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return new URLSearchParams(text);
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}
