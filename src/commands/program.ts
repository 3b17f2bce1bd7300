/**
 * The command line of `cri-ts`: subcommands, flags made from the table of options, and what is printed when a command
 * fails. Each command is one function that returns its exit code; it is imported only when it is used.
 */
import { Command, Option } from 'commander';
import { CriError, explain } from '../base/errors.ts';
import { ConfigError } from '../config/faults.ts';
import { listOptions, type ListedOption } from '../config/layer.ts';
import type { ConfigInputs } from '../config/loader.ts';
import { flagOf, variableOf } from '../config/option.ts';
import { defaultConfigFile, sections } from '../config/options.ts';
import { printToml } from '../config/print.ts';
import { buildInfo, printBuild } from '../build-info.ts';
import { exitCode } from './exit-code.ts';
import { addImages } from './images/images-program.ts';

/** Runs a command line (without `node` and the script's name) and returns the exit code. */
export async function runProgram(args: readonly string[]): Promise<number> {
  let code: number = exitCode.fine;
  const program = buildProgram((result) => {
    code = result;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return reportFailure(error);
  }
}

function reportFailure(error: unknown): number {
  // Commander has printed its own sentence already.
  if (isCommanderError(error)) return error.exitCode === 0 ? exitCode.fine : exitCode.usage;
  process.stderr.write(`cri-ts: ${explain(error)}\n`);
  if (error instanceof ConfigError) return exitCode.usage;
  if (error instanceof CriError && error.reason === 'Interrupted') return exitCode.interrupted;
  const isUnreachable = error instanceof Error && 'reason' in error && error.reason === 'DaemonUnreachable';
  return isUnreachable ? exitCode.unreachable : exitCode.failed;
}

function isCommanderError(error: unknown): error is { readonly exitCode: number } {
  return (
    error instanceof Error &&
    'exitCode' in error &&
    'code' in error &&
    String(error.code).startsWith('commander.')
  );
}

type Done = (code: number) => void;

function buildProgram(done: Done): Command {
  const program = new Command('cri-ts')
    .description(
      'A Kubernetes container runtime. Exit codes: 0 fine, 1 failed, 2 wrong usage or configuration, 3 no daemon answers.',
    )
    .version(printBuild(buildInfo()), '-V, --version', 'print the version')
    .enablePositionalOptions()
    .exitOverride();
  addServe(program, done);
  addConfig(program, done);
  addVersion(program, done);
  addAskingCommands(program, done);
  addDoctor(program, done);
  const addImageFlags = (command: Command): void =>
    addFlags(command, [...placeOptions(), ...sectionOptions('images')]);
  addImages({ program, done, addFlags: addImageFlags, inputsOf });
  return program;
}

function addServe(program: Command, done: Done): void {
  const serve = program
    .command('serve', { isDefault: true })
    .description('serve the CRI until SIGTERM; SIGHUP reloads the configuration (the default command)');
  addFlags(serve, listOptions());
  // A word that is no subcommand lands here, because this is the default one.
  serve.allowExcessArguments(true).action(async (values: unknown) => {
    const [word] = serve.args;
    if (word !== undefined) serve.error(`cri-ts: unknown command "${word}", see cri-ts --help`);
    const command = await import('./serve.ts');
    done(await command.serve(inputsOf(values)));
  });
}

function addConfig(program: Command, done: Done): void {
  const config = program
    .command('config')
    .description('print the configuration in use and where each value comes from')
    .option('--default', 'print the commented template of a configuration file instead');
  addFlags(config, listOptions());
  config.action(async (values: unknown) => {
    const command = await import('./config.ts');
    done(await command.printConfig(inputsOf(values), { isTemplate: hasSwitch(values, 'default') }));
  });
}

function addVersion(program: Command, done: Done): void {
  program
    .command('version')
    .description('print the version')
    .option('--json', 'as JSON')
    .action((values: unknown) => {
      const info = buildInfo();
      process.stdout.write(
        `${hasSwitch(values, 'json') ? JSON.stringify(info, null, 2) : printBuild(info)}\n`,
      );
      done(exitCode.fine);
    });
}

function addAskingCommands(program: Command, done: Done): void {
  const selftest = program
    .command('selftest')
    .description('run one pod through the socket as a client would, and remove it')
    .option('--json', 'as JSON');
  addFlags(selftest, placeOptions());
  selftest.action(async (values: unknown) => {
    const command = await import('./selftest.ts');
    done(await command.selftest(inputsOf(values), { isJson: hasSwitch(values, 'json') }));
  });
  const status = program
    .command('status')
    .description('ask the daemon for conditions, handlers, pods, containers and monitors')
    .option('--json', 'as JSON');
  addFlags(status, placeOptions());
  status.action(async (values: unknown) => {
    const command = await import('./status.ts');
    done(await command.printStatus(inputsOf(values), { isJson: hasSwitch(values, 'json') }));
  });
}

function addDoctor(program: Command, done: Done): void {
  const doctor = program
    .command('doctor')
    .description(
      'look for what belongs to nobody or is damaged: records, mounts, namespaces, cgroups, monitors, images; works without the daemon',
    )
    .option('--repair', 'remove what was found; refused while the daemon runs')
    .option('--deep', 'compare every byte of the image store with its digests, too')
    .option('--json', 'as JSON');
  addFlags(doctor, placeOptions());
  doctor.action(async (values: unknown) => {
    const command = await import('./doctor.ts');
    const options = {
      isRepair: hasSwitch(values, 'repair'),
      isDeep: hasSwitch(values, 'deep'),
      isJson: hasSwitch(values, 'json'),
    };
    done(await command.doctor(inputsOf(values), options));
  });
}

function sectionOptions(name: string): readonly ListedOption[] {
  return listOptions().filter(({ section }) => section === name);
}

/** The options that say where a daemon's socket, files and cgroups are. */
function placeOptions(): readonly ListedOption[] {
  const names = ['socketPath', 'rootDir', 'runDir', 'cgroupParent'];
  return listOptions().filter(({ property }) => names.includes(property));
}

function addFlags(command: Command, options: readonly ListedOption[]): void {
  command.addOption(
    new Option('--config <file>', `the configuration file (default: ${defaultConfigFile})`).env(
      'CRI_TS_CONFIG',
    ),
  );
  for (const { section, option } of options) {
    const title = Object.entries(sections).find(([name]) => name === section)?.[1].title ?? section;
    const standard = printToml(option.kind.toPlain(option.default));
    const text = `${option.description} Default: ${standard} [${variableOf(section, option.key)}]`;
    command.addOption(new Option(`${flagOf(section, option.key)} <value>`, text).helpGroup(`${title}:`));
  }
}

function hasSwitch(values: unknown, name: string): boolean {
  return Object.entries(values ?? {}).some(([key, value]) => key === name && value === true);
}

/** Commander names values in camel case (`--cni-conf-dir` → `cniConfDir`). */
function inputsOf(values: unknown): ConfigInputs {
  const given = new Map(Object.entries(values ?? {}));
  const flags = new Map<string, string>();
  for (const { section, option } of listOptions()) {
    const flag = flagOf(section, option.key);
    const value: unknown = given.get(new Option(`${flag} <value>`).attributeName());
    if (typeof value === 'string') flags.set(flag, value);
  }
  const file: unknown = given.get('config');
  return { file: typeof file === 'string' ? file : null, env: process.env, flags };
}
