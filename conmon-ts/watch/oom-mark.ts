/**
 * What a container's slice had counted, in its run directory: a successor who finds both process and cgroup gone can tell by
 * it whether memory was the cause.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../failure.ts';
import { log } from '../log.ts';
import { runFile } from '../protocol.ts';
import type { SliceMark } from './slice-kills.ts';

/** A failure costs the successor this one piece of knowledge. */
export function keepMark(runDir: string, mark: SliceMark): void {
  try {
    writeFileSync(join(runDir, runFile.oomMark), JSON.stringify(mark), { mode: 0o600 });
  } catch (error) {
    log.warn('keep what a slice counted', { runDir, error: messageOf(error) });
  }
}

/** Null: there is none, or it was not written to its end. */
export function readMark(runDir: string): SliceMark | null {
  try {
    const mark: unknown = JSON.parse(readFileSync(join(runDir, runFile.oomMark), 'utf8'));
    const directory: unknown = Reflect.get(Object(mark), 'directory');
    const settled: unknown = Reflect.get(Object(mark), 'settled');
    return typeof directory === 'string' && typeof settled === 'number' ? { directory, settled } : null;
  } catch {
    // The usual case: no systemd made the cgroup.
    return null;
  }
}

export function removeMark(runDir: string): void {
  rmSync(join(runDir, runFile.oomMark), { force: true });
}
