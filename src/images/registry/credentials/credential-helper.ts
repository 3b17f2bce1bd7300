/**
 * Programs that keep credentials: `docker-credential-NAME get`, the registry on standard input, JSON on standard output.
 * What they print is never shown: it may hold what they keep.
 * Source: github.com/docker/docker-credential-helpers, "Development".
 */
import { failedPrecondition, messageOf } from '../../../base/errors.ts';
import { type CommandResult, runCommand } from '../../../base/process.ts';
import { type JsonObject, parseJson } from '../../documents/document.ts';
import { anonymous, type Credentials, passwordOf } from './credentials.ts';

export type HelperAsk = {
  /** NAME of `docker-credential-NAME`. */
  readonly helper: string;
  /** `registry.example:5000`. */
  readonly registry: string;
  readonly timeoutMs: number;
};

const maxAnswerBytes = 64 * 1024;

/** What helpers say, by protocol, when they keep nothing for a registry. */
const nothingKept = 'credentials not found in native keychain';

/** The credentials that a helper keeps, or nobody's. @throws CredentialHelperFailed */
export async function askHelper(ask: HelperAsk, signal: AbortSignal): Promise<Credentials> {
  const program = programOf(ask.helper);
  const result = await run(ask, program, signal);
  const stdout = result.stdout.toString('utf8');
  if (result.exitCode !== 0) {
    if (stdout.includes(nothingKept)) return anonymous;
    const end = result.isTimedOut
      ? `no answer within ${ask.timeoutMs} ms`
      : `exit code ${result.exitCode ?? result.signal}`;
    refuse(program, ask, `${end} (try: echo ${ask.registry} | ${program} get)`);
  }
  const { username, secret } = readAnswer(program, ask, result.stdout);
  return passwordOf(username, secret);
}

/** The program of a helper's name. @throws CredentialHelperFailed when it is no plain word */
function programOf(helper: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(helper)) return `docker-credential-${helper}`;
  throw failedPrecondition(
    'CredentialHelperFailed',
    `credential helper ${JSON.stringify(helper.slice(0, 100))}: expected the NAME of a program docker-credential-NAME`,
  );
}

async function run(ask: HelperAsk, program: string, signal: AbortSignal): Promise<CommandResult> {
  try {
    return await runCommand({
      argv: [program, 'get'],
      env: environment(),
      input: keyOf(ask.registry),
      timeoutMs: ask.timeoutMs,
      maxStdoutBytes: maxAnswerBytes,
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    return refuse(program, ask, messageOf(error));
  }
}

/** Ours: helpers find their keys by HOME, AWS_PROFILE and the like. */
function environment(): Readonly<Record<string, string>> {
  const entries = Object.entries(process.env);
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function readAnswer(
  program: string,
  ask: HelperAsk,
  stdout: Buffer,
): { readonly username: string; readonly secret: string } {
  let answer: JsonObject;
  try {
    answer = parseJson(stdout, 'answer');
    return { username: answer.string('Username'), secret: answer.string('Secret') };
  } catch {
    // The parser's words could quote the secret.
    return refuse(program, ask, 'expected JSON with "Username" and "Secret"');
  }
}

/** Helpers know Docker Hub by its old address. */
function keyOf(registry: string): string {
  return registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry;
}

function refuse(program: string, ask: HelperAsk, why: string): never {
  throw failedPrecondition(
    'CredentialHelperFailed',
    `credentials for "${ask.registry}": run "${program}": ${why}`,
  );
}
