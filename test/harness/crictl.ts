/**
 * The real crictl, built once from its Go module into the project's cache where `go` is installed. Where it cannot be had
 * the reason is told, and the tests that need it are skipped with it.
 */
import { describe } from '@jest/globals';
import { messageOf } from '../../src/base/errors.ts';
import { buildCrictl } from '../critest/cri-tools.ts';
import { findGo } from '../critest/go.ts';
import type { Machine } from './machine.ts';

export type Crictl = { readonly path: string } | { readonly path: null; readonly reason: string };

/** CRICTL=PATH names one that exists already. */
export async function findCrictl(): Promise<Crictl> {
  const own = process.env['CRICTL'];
  if (own !== undefined) return { path: own };
  if (findGo() === null) return { path: null, reason: 'crictl is not tried: go is not installed' };
  try {
    return { path: await buildCrictl() };
  } catch (error) {
    return { path: null, reason: `crictl is not tried: ${messageOf(error).slice(-300)}` };
  }
}

/** A `describe` that is skipped, with the reason printed, where crictl cannot be had. */
export function describeWith(crictl: Crictl): typeof describe | typeof describe.skip {
  if (crictl.path !== null) return describe;
  process.stderr.write(`${crictl.reason}\n`);
  return describe.skip;
}

export type CrictlRun = (...args: readonly string[]) => Promise<string>;

/** A function that runs crictl inside the machine against a socket and returns its standard output. @throws when it fails */
export function crictlIn(machine: Machine, path: string, socketPath: string): CrictlRun {
  const endpoint = `unix://${socketPath}`;
  return async (...args) => {
    const { stdout } = await machine.run(path, '-r', endpoint, '-i', endpoint, '-t', '20s', ...args);
    return stdout.toString('utf8').trim();
  };
}
