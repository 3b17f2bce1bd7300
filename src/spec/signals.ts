/**
 * Signals under their three names: the CRI's enumeration, the kernel's number, and the text of an image's STOPSIGNAL.
 * Numbers are those of x86-64 and arm64, which agree. Source: signal(7); CRI Signal; cri.md 0.1, 4.6.
 */
import { invalid } from '../base/errors.ts';

/** CRI number (the index) → name → kernel number; `SIGNAL_RUNTIME_DEFAULT` is 0 and has none. */
const plain: readonly (readonly [name: string, kernel: number])[] = [
  ['SIGABRT', 6],
  ['SIGALRM', 14],
  ['SIGBUS', 7],
  ['SIGCHLD', 17],
  ['SIGCLD', 17],
  ['SIGCONT', 18],
  ['SIGFPE', 8],
  ['SIGHUP', 1],
  ['SIGILL', 4],
  ['SIGINT', 2],
  ['SIGIO', 29],
  ['SIGIOT', 6],
  ['SIGKILL', 9],
  ['SIGPIPE', 13],
  ['SIGPOLL', 29],
  ['SIGPROF', 27],
  ['SIGPWR', 30],
  ['SIGQUIT', 3],
  ['SIGSEGV', 11],
  ['SIGSTKFLT', 16],
  ['SIGSTOP', 19],
  ['SIGSYS', 31],
  ['SIGTERM', 15],
  ['SIGTRAP', 5],
  ['SIGTSTP', 20],
  ['SIGTTIN', 21],
  ['SIGTTOU', 22],
  ['SIGURG', 23],
  ['SIGUSR1', 10],
  ['SIGUSR2', 12],
  ['SIGVTALRM', 26],
  ['SIGWINCH', 28],
  ['SIGXCPU', 24],
  ['SIGXFSZ', 25],
];

/** The C library keeps 32 and 33 for itself. Source: signal(7), real-time signals. */
const rtMin = 34;
const rtMax = 64;

const sigterm = 15;
export const sigkill = 9;

/** CRI number → kernel number, by place. Real-time signals follow each other in both orders. */
const kernelByCri: readonly number[] = [0, ...plain.map(([, kernel]) => kernel), ...realTimeNumbers()];

function realTimeNumbers(): readonly number[] {
  return Array.from({ length: rtMax - rtMin + 1 }, (_none, index) => rtMin + index);
}

const kernelByName: ReadonlyMap<string, number> = new Map(plain);

/** Names that stand for the number in messages and statuses: the first by number, aliases left out. */
const aliases = new Set(['SIGCLD', 'SIGIOT', 'SIGPOLL']);
const criByKernel: ReadonlyMap<number, number> = new Map(
  [...kernelByCri.entries()]
    .filter(([cri]) => cri !== 0 && !aliases.has(plain[cri - 1]?.[0] ?? ''))
    .map(([cri, kernel]) => [kernel, cri]),
);

/**
 * The kernel's number of a CRI signal; null for SIGNAL_RUNTIME_DEFAULT.
 * @throws InvalidSignal for a number that the enumeration does not have
 */
export function signalFromCri(cri: number): number | null {
  const kernel = Number.isInteger(cri) ? kernelByCri[cri] : undefined;
  if (kernel === undefined)
    throw invalid('InvalidSignal', `stop_signal ${cri}: expected a value of the CRI's Signal, 0..65`);
  return kernel === 0 ? null : kernel;
}

/** The CRI number of a kernel signal; 0 (SIGNAL_RUNTIME_DEFAULT) for one that the enumeration cannot name. */
export function signalToCri(kernel: number): number {
  return criByKernel.get(kernel) ?? 0;
}

/** `SIGTERM`, `SIGRTMIN+3`; `signal 99` for what has no name. */
export function signalName(kernel: number): string {
  const found = plain.find(([name, number]) => number === kernel && !aliases.has(name));
  if (found !== undefined) return found[0];
  if (kernel === rtMin) return 'SIGRTMIN';
  if (kernel > rtMin && kernel <= rtMax) return `SIGRTMIN+${kernel - rtMin}`;
  return `signal ${kernel}`;
}

/**
 * An image's STOPSIGNAL: `SIGTERM`, `term`, `15`, `RTMIN+3`, `SIGRTMAX-1`; null when it names no signal.
 * Source: OCI image config, StopSignal.
 */
export function parseStopSignal(text: string): number | null {
  if (/^[0-9]{1,2}$/.test(text)) {
    const number = Number(text);
    return number >= 1 && number <= rtMax && number !== 32 && number !== 33 ? number : null;
  }
  const upper = text.toUpperCase();
  const name = upper.startsWith('SIG') ? upper : `SIG${upper}`;
  return kernelByName.get(name) ?? parseRealTime(name);
}

function parseRealTime(name: string): number | null {
  const match = /^SIGRT(MIN|MAX)(?:([+-])([0-9]{1,2}))?$/.exec(name);
  if (match === null) return null;
  const [, base, sign, offsetText] = match;
  if ((base === 'MIN' && sign === '-') || (base === 'MAX' && sign === '+')) return null;
  const offset = Number(offsetText ?? '0');
  const number = base === 'MIN' ? rtMin + offset : rtMax - offset;
  return number >= rtMin && number <= rtMax ? number : null;
}

/** The signal that StopContainer sends first: the request's, else the image's, else SIGTERM. */
export function effectiveStopSignal(requested: number | null, imageStopSignal: string | null): number {
  return requested ?? parseStopSignal(imageStopSignal ?? '') ?? sigterm;
}
