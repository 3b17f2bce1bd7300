/**
 * `cri-ts images …` with the configuration of a rig's daemon.
 */
import type { CommandResult } from '../../src/base/process.ts';
import type { Rig } from './rig.ts';

/** The command, to be run inside the machine. */
export function imagesCommand(rig: Rig, ...args: readonly string[]): readonly string[] {
  const { argv } = rig.daemon;
  const serve = argv.indexOf('serve');
  return [...argv.slice(0, serve), 'images', ...args, ...argv.slice(serve + 1)];
}

export async function imagesCli(rig: Rig, ...args: readonly string[]): Promise<CommandResult> {
  return await rig.machine.try(...imagesCommand(rig, ...args));
}
