/**
 * policy.json: what a node demands of an image before it takes it. From an operator's file to the demands on one name.
 *
 *   transports.docker: the most exact of  host/repo:tag → host/repo → host/namespace → host → *.domain → ""   else default
 *
 * Several demands of one scope have all to be met. What cannot be checked here is never taken as met.
 * Source: containers-policy.json(5).
 */
import { isAbsolute } from 'node:path';
import { CriError, failedPrecondition } from '../../base/errors.ts';
import { readLinked } from '../../base/files.ts';
import { type JsonObject, parseJson } from '../documents/document.ts';
import { canonicalName, type Reference, repositoryOf } from '../names/reference.ts';

/** Which identities in a signature are right for an image. */
export type SignedIdentity =
  | { readonly type: 'matchExact' | 'matchRepoDigestOrExact' | 'matchRepository' }
  | { readonly type: 'exactReference' | 'exactRepository'; readonly name: string }
  | { readonly type: 'remapIdentity'; readonly prefix: string; readonly signedPrefix: string };

export type Demand =
  | { readonly type: 'insecureAcceptAnything' | 'reject' }
  /** Signed with one of the keys. */
  | {
      readonly type: 'sigstoreSigned';
      readonly keys: readonly KeySource[];
      readonly identity: SignedIdentity;
    }
  /** One that this program cannot check. */
  | { readonly type: 'unknown'; readonly name: string };

export type KeySource = { readonly file: string } | { readonly pem: string };

const maxFileBytes = 1024 * 1024;
const maxDemands = 64;
const accept: readonly Demand[] = [{ type: 'insecureAcceptAnything' }];

/** The demands on a name; without a file none. @throws SignaturePolicyInvalid naming file and key */
export async function demandsOn(path: string, reference: Reference): Promise<readonly Demand[]> {
  const bytes = await readLinked(path, maxFileBytes);
  if (bytes === null) return accept;
  try {
    return choose(parseJson(bytes, 'policy'), reference);
  } catch (error) {
    if (!(error instanceof CriError)) throw error;
    throw failedPrecondition('SignaturePolicyInvalid', `read "${path}": ${error.message}`, { cause: error });
  }
}

function choose(policy: JsonObject, reference: Reference): readonly Demand[] {
  const scopes = policy.objectOrNull('transports')?.objectOrNull('docker') ?? null;
  const scope = scopesOf(reference).find((each) => scopes?.has(each) ?? false);
  return scope === undefined || scopes === null
    ? parseDemands(policy, 'default')
    : parseDemands(scopes, scope);
}

/** From the most exact to everything of the transport. */
function scopesOf(reference: Reference): readonly string[] {
  const parts = repositoryOf(reference).split('/');
  const prefixes = parts.map((_, at) => parts.slice(0, parts.length - at).join('/'));
  const labels = (reference.domain.split(':')[0] ?? '').split('.');
  const wildcards = labels.slice(1).map((_, at) => `*.${labels.slice(at + 1).join('.')}`);
  return [canonicalName(reference), ...prefixes, ...wildcards, ''];
}

function parseDemands(owner: JsonObject, key: string): readonly Demand[] {
  const demands = owner.objects(key, maxDemands).map(parseDemand);
  // An empty list would be met by everything.
  return demands.length > 0 ? demands : owner.refuse(key, 'at least one requirement');
}

function parseDemand(object: JsonObject): Demand {
  const name = object.string('type');
  if (name === 'insecureAcceptAnything' || name === 'reject') return { type: name };
  if (name !== 'sigstoreSigned') return { type: 'unknown', name };
  const beyond = object.names().find((key) => !sigstoreKeys.has(key));
  if (beyond !== undefined) return { type: 'unknown', name: `sigstoreSigned with ${beyond}` };
  const keys = parseKeys(object);
  if (keys.length === 0) object.refuse('keyPath', 'a key: keyPath, keyPaths, keyData or keyDatas');
  return { type: name, keys, identity: parseIdentity(object.objectOrNull('signedIdentity')) };
}

const sigstoreKeys: ReadonlySet<string> = new Set([
  'type',
  'keyPath',
  'keyPaths',
  'keyData',
  'keyDatas',
  'signedIdentity',
]);

function parseKeys(object: JsonObject): readonly KeySource[] {
  const one = (key: string): readonly string[] => (object.has(key) ? [object.string(key)] : []);
  const files = [...one('keyPath'), ...object.strings('keyPaths', maxDemands)];
  if (!files.every((file) => isAbsolute(file))) object.refuse('keyPath', 'absolute paths');
  const data = [...one('keyData'), ...object.strings('keyDatas', maxDemands)];
  return [
    ...files.map((file) => ({ file })),
    ...data.map((text) => ({ pem: Buffer.from(text, 'base64').toString('latin1') })),
  ];
}

function parseIdentity(object: JsonObject | null): SignedIdentity {
  if (object === null) return { type: 'matchRepoDigestOrExact' };
  const type = object.string('type');
  switch (type) {
    case 'matchExact':
    case 'matchRepoDigestOrExact':
    case 'matchRepository':
      return { type };
    case 'exactReference':
      return { type, name: object.string('dockerReference') };
    case 'exactRepository':
      return { type, name: object.string('dockerRepository') };
    case 'remapIdentity':
      return { type, prefix: object.string('prefix'), signedPrefix: object.string('signedPrefix') };
    default:
      return object.refuse('type', 'a known kind of identity');
  }
}
