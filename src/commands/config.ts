/**
 * `cri-ts config`: what the daemon would use, as TOML.
 */
import { loadConfig, type ConfigInputs } from '../config/loader.ts';
import { printEffective, printTemplate } from '../config/print.ts';
import { exitCode } from './exit-code.ts';

/** Prints the configuration in use, or the template. @throws ConfigError */
export async function printConfig(
  inputs: ConfigInputs,
  options: { readonly isTemplate: boolean },
): Promise<number> {
  if (options.isTemplate) {
    process.stdout.write(printTemplate());
    return exitCode.fine;
  }
  const { config, settings } = await loadConfig(inputs);
  process.stdout.write(printEffective(config, settings));
  return exitCode.fine;
}
