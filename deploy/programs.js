/**
 * Runs programs for the scripts of this folder. Runs on Node 20, without dependencies.
 */
// oxlint-disable-next-line no-restricted-imports -- these scripts run before anything is installed, on an older Node
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { dim, Failure, say } from './console.js';

const systemDirs = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The first place where a program is, or null. `name` may be a path. */
export function findProgram(name) {
  if (name.startsWith('/')) return isExecutable(name) ? name : null;
  const dirs = [...(process.env['PATH'] ?? '').split(delimiter), ...systemDirs];
  const found = dirs.find((dir) => dir !== '' && isExecutable(join(dir, name)));
  return found === undefined ? null : join(found, name);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Runs a program with the terminal as its own; resolves with its exit code (128 + n for signal n). */
export async function runHere(argv, options = {}) {
  const child = spawn(argv[0], argv.slice(1), { stdio: 'inherit', ...options });
  return await endOf(child, argv);
}

/** Runs a program whose lines are shown, dimmed and indented, as progress. Its last lines are kept for an error. */
export async function runShown(argv, options = {}) {
  const child = spawn(argv[0], argv.slice(1), { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const tail = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      if (line.trim() === '') return;
      say(dim(`    ${line.slice(0, 160)}`));
      tail.push(line);
      if (tail.length > 12) tail.shift();
    });
  }
  return { code: await endOf(child, argv), tail };
}

/** Runs a program and returns what it printed. */
export async function readOutput(argv, options = {}) {
  const child = spawn(argv[0], argv.slice(1), { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += chunk));
  const code = await endOf(child, argv);
  if (code !== 0) throw new Failure(`${argv.join(' ')} failed: ${errors.trim().split('\n').at(-1) ?? ''}`);
  return output;
}

/** Starts a program that goes on beside us, out of reach of the terminal's Ctrl-C, with its output in a file. */
export function startBeside(argv, logDescriptor) {
  const stdio = ['ignore', logDescriptor, logDescriptor];
  const child = spawn(argv[0], argv.slice(1), { stdio, detached: true });
  const started = { pid: child.pid, hasEnded: false, kill: (signal) => child.kill(signal) };
  const ended = endOf(child, argv).finally(() => (started.hasEnded = true));
  return Object.assign(started, { ended });
}

function endOf(child, argv) {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Failure(`cannot run ${argv[0]}: ${error.message}`)));
    child.once('close', (code, signal) =>
      resolve(signal === null ? (code ?? 1) : 128 + signalNumber(signal)),
    );
  });
}

function signalNumber(signal) {
  return { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 1;
}
