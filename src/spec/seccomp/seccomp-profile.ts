/**
 * The parser of localhost seccomp profiles: the OCI form, and what Docker's form adds (archMap, includes, excludes, a single
 * `name`). Only known fields are copied. A profile may name a listener of the node's own: its files are the operator's words.
 * Source: OCI config-linux.md, seccomp; Docker seccomp profile documentation.
 */
import { invalid } from '../../base/errors.ts';
import type { OciSeccomp, OciSeccompAction, OciSeccompArg, OciSyscallRule } from '../oci-spec.ts';
import { type Architecture, architectures } from './architectures.ts';

/** What conditions of Docker's form are decided by. */
export type SeccompConditions = {
  readonly architecture: Architecture;
  readonly capabilities: readonly string[];
};

const maxRules = 4096;
const maxNames = 4096;
/** Source: unix(7), sun_path. */
const maxPath = 107;
const maxU64 = 2n ** 64n - 1n;

const actions: ReadonlySet<string> = new Set<OciSeccompAction>([
  'SCMP_ACT_ALLOW',
  'SCMP_ACT_ERRNO',
  'SCMP_ACT_KILL',
  'SCMP_ACT_KILL_PROCESS',
  'SCMP_ACT_KILL_THREAD',
  'SCMP_ACT_LOG',
  'SCMP_ACT_NOTIFY',
  'SCMP_ACT_TRACE',
  'SCMP_ACT_TRAP',
]);
const asking = 'SCMP_ACT_NOTIFY' satisfies OciSeccompAction;

/** Runtimes refuse to ask about it: they write while nobody can answer yet. */
export const neverAsked: ReadonlySet<string> = new Set(['write']);

const operators: ReadonlySet<string> = new Set<OciSeccompArg['op']>([
  'SCMP_CMP_EQ',
  'SCMP_CMP_GE',
  'SCMP_CMP_GT',
  'SCMP_CMP_LE',
  'SCMP_CMP_LT',
  'SCMP_CMP_MASKED_EQ',
  'SCMP_CMP_NE',
]);
type Json = Readonly<Record<string, unknown>>;

/** @throws InvalidSeccompProfile that says which field is wrong */
export function parseSeccompProfile(content: unknown, conditions: SeccompConditions): OciSeccomp {
  const profile = object(content, 'the profile');
  const architectures = parseArchitectures(profile, conditions.architecture);
  const flags = optionalTexts(profile['flags'], 'flags', /^SECCOMP_FILTER_FLAG_[A-Z_]{1,40}$/);
  const defaultErrnoRet = optionalErrno(profile['defaultErrnoRet'], 'defaultErrnoRet');
  const parsed: OciSeccomp = {
    defaultAction: action(profile['defaultAction'], 'defaultAction'),
    ...(defaultErrnoRet === null ? {} : { defaultErrnoRet }),
    ...(architectures.length > 0 ? { architectures } : {}),
    ...(flags.length > 0 ? { flags } : {}),
    ...parseListener(profile),
    syscalls: list(profile['syscalls'] ?? [], 'syscalls', maxRules).flatMap((rule, index) =>
      parseRule(object(rule, `syscalls[${index}]`), `syscalls[${index}]`, conditions),
    ),
  };
  checkQuestions(parsed);
  return parsed;
}

const maxMetadata = 64 * 1024;

function parseListener(profile: Json): Pick<OciSeccomp, 'listenerPath' | 'listenerMetadata'> {
  const { listenerPath: path = '', listenerMetadata: metadata = '' } = profile;
  if (
    typeof path !== 'string' ||
    (path !== '' && !/^(\/(?!\.{1,2}(\/|$))[^/\0]+)+$/.test(path)) ||
    path.length > maxPath
  )
    throw wrong('listenerPath', `an absolute path of at most ${maxPath} bytes, in normal form`);
  if (typeof metadata !== 'string' || metadata.length > maxMetadata)
    throw wrong('listenerMetadata', `text of at most ${maxMetadata} characters`);
  if (path === '' && metadata !== '') throw wrong('listenerMetadata', 'listenerPath with it');
  return path === ''
    ? {}
    : { listenerPath: path, ...(metadata === '' ? {} : { listenerMetadata: metadata }) };
}

/** The runtimes would say so less clearly, or not at all. */
function checkQuestions({ defaultAction, syscalls, listenerPath }: OciSeccomp): void {
  if (defaultAction === asking) throw wrong('defaultAction', `another one than ${asking}`);
  const questions = syscalls.filter((rule) => rule.action === asking);
  if (questions.length > 0 && listenerPath === undefined)
    throw wrong('listenerPath', `the socket of a listener with ${asking}`);
  for (const name of neverAsked)
    if (questions.some(({ names }) => names.includes(name)))
      throw wrong('syscalls', `another action for ${name} than ${asking}: the runtime itself needs the call`);
}

/** Without any of them only the native one is filtered, by the runtime's own default. */
function parseArchitectures(profile: Json, architecture: Architecture): readonly string[] {
  const form = /^SCMP_ARCH_[A-Z0-9_]{1,20}$/;
  const named = optionalTexts(profile['architectures'], 'architectures', form);
  if (named.length > 0) return named;
  const { native } = architectures[architecture];
  const entries = list(profile['archMap'] ?? [], 'archMap', maxNames).map((entry, index) =>
    object(entry, `archMap[${index}]`),
  );
  const own = entries.find((entry) => entry['architecture'] === native);
  if (own === undefined) return [];
  return [native, ...optionalTexts(own['subArchitectures'], 'archMap subArchitectures', form)];
}

function parseRule(rule: Json, at: string, conditions: SeccompConditions): readonly OciSyscallRule[] {
  const names = [
    ...optionalTexts(rule['names'], `${at}.names`, /^[a-zA-Z0-9_]{1,64}$/),
    ...optionalTexts(rule['name'] === undefined ? [] : [rule['name']], `${at}.name`, /^[a-zA-Z0-9_]{1,64}$/),
  ];
  if (names.length === 0) throw wrong(`${at}.names`, 'the name of at least one system call');
  const parsedAction = action(rule['action'], `${at}.action`);
  const errnoRet = optionalErrno(rule['errnoRet'], `${at}.errnoRet`);
  const args = list(rule['args'] ?? [], `${at}.args`, 6).map((arg, index) =>
    parseArg(object(arg, `${at}.args[${index}]`), `${at}.args[${index}]`),
  );
  if (!applies(rule, at, conditions)) return [];
  return [
    {
      names,
      action: parsedAction,
      ...(errnoRet === null ? {} : { errnoRet }),
      ...(args.length > 0 ? { args } : {}),
    },
  ];
}

function parseArg(arg: Json, at: string): OciSeccompArg {
  const index = arg['index'];
  const op = arg['op'];
  if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index > 5)
    throw wrong(`${at}.index`, 'a number of 0..5');
  if (typeof op !== 'string' || !isOperator(op)) throw wrong(`${at}.op`, 'an operator such as "SCMP_CMP_EQ"');
  const valueTwo = unsigned(arg['valueTwo'] ?? 0, `${at}.valueTwo`);
  return {
    index,
    value: unsigned(arg['value'] ?? 0, `${at}.value`),
    ...(valueTwo === 0n && op !== 'SCMP_CMP_MASKED_EQ' ? {} : { valueTwo }),
    op,
  };
}

/** Docker's conditions: `includes` must hold, `excludes` must not. Every kernel that we run on is newer than any minKernel. */
function applies(rule: Json, at: string, conditions: SeccompConditions): boolean {
  const includes = object(rule['includes'] ?? {}, `${at}.includes`);
  const excludes = object(rule['excludes'] ?? {}, `${at}.excludes`);
  const has = (condition: Json, key: 'caps' | 'arches', where: string): readonly boolean[] => {
    const held: readonly string[] =
      key === 'caps' ? conditions.capabilities : [architectures[conditions.architecture].dockerName];
    return optionalTexts(condition[key], `${where}.${key}`, /^[A-Za-z0-9_]{1,40}$/).map((name) =>
      held.includes(name),
    );
  };
  const includedArches = has(includes, 'arches', `${at}.includes`);
  return (
    has(includes, 'caps', `${at}.includes`).every(Boolean) &&
    (includedArches.length === 0 || includedArches.some(Boolean)) &&
    !has(excludes, 'caps', `${at}.excludes`).some(Boolean) &&
    !has(excludes, 'arches', `${at}.excludes`).some(Boolean)
  );
}

function action(value: unknown, at: string): OciSeccompAction {
  if (typeof value === 'string' && isAction(value)) return value;
  throw wrong(at, 'an action such as "SCMP_ACT_ERRNO"');
}

function isAction(text: string): text is OciSeccompAction {
  return actions.has(text);
}

function isOperator(text: string): text is OciSeccompArg['op'] {
  return operators.has(text);
}

function optionalErrno(value: unknown, at: string): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 4095) return value;
  throw wrong(at, 'an errno of 0..4095');
}

/** Numbers beyond 2^53 have lost their last digits in JSON.parse and are refused rather than guessed. */
function unsigned(value: unknown, at: string): bigint {
  if (typeof value === 'bigint' && value >= 0n && value <= maxU64) return value;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  throw wrong(at, 'a number of 0..2^53-1');
}

function optionalTexts(value: unknown, at: string, form: RegExp): readonly string[] {
  if (value === undefined || value === null) return [];
  return list(value, at, maxNames).map((item, index) => {
    if (typeof item === 'string' && form.test(item)) return item;
    throw wrong(`${at}[${index}]`, 'a name');
  });
}

function list(value: unknown, at: string, max: number): readonly unknown[] {
  if (Array.isArray(value) && value.length <= max) return value;
  throw wrong(at, `a list of at most ${max}`);
}

function object(value: unknown, at: string): Json {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked on the line itself
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw wrong(at, 'an object');
}

function wrong(at: string, expected: string): Error {
  return invalid('InvalidSeccompProfile', `seccomp profile: ${at}: expected ${expected}`);
}
