/**
 * The subcommands of `cri-ts images` and their flags.
 */
import type { Command } from 'commander';
import type { ConfigInputs } from '../../config/loader.ts';

export type ImagesProgram = {
  readonly program: Command;
  readonly done: (code: number) => void;
  /** Adds the flags that say where a daemon's socket and files are, and those of images. */
  readonly addFlags: (command: Command) => void;
  readonly inputsOf: (values: unknown) => ConfigInputs;
};

export function addImages(parts: ImagesProgram): void {
  const images = parts.program
    .command('images')
    .description(
      'pull, list, remove, inspect, import, export and prune images; through the daemon when one runs, else in its store',
    );
  const add = (text: string, description: string): Command => {
    const command = images.command(text).description(description);
    parts.addFlags(command);
    return command;
  };
  addPull(add('pull <name>', 'pull an image or an artifact, with its progress on standard error'), parts);
  addQueries(add, parts);
  addArchives(add, parts);
  addPrune(
    add(
      'prune',
      'remove images whose tag went to another one and that nothing uses, and what no image needs',
    ),
    parts,
  );
}

type Add = (text: string, description: string) => Command;

function addPull(command: Command, { done, inputsOf }: ImagesProgram): void {
  command
    .option('--username <name>', 'for the registry; the password is read from standard input')
    .option('--json', 'as JSON')
    .action(async (name: string, values: unknown) => {
      const { pullImage } = await import('./image-commands.ts');
      const wish = { name, username: textOf(values, 'username'), isJson: isSet(values, 'json') };
      done(await pullImage(inputsOf(values), wish));
    });
}

function addQueries(add: Add, { done, inputsOf }: ImagesProgram): void {
  add('ls', 'list images')
    .option('--json', 'as JSON')
    .action(async (values: unknown) => {
      const { listImages } = await import('./image-commands.ts');
      done(await listImages(inputsOf(values), { isJson: isSet(values, 'json') }));
    });
  add('rm <name...>', 'remove images, each with all its names; containers that use them go on').action(
    async (names: readonly string[], values: unknown) => {
      const { removeImages } = await import('./image-commands.ts');
      done(await removeImages(inputsOf(values), names));
    },
  );
  add('inspect <name>', "print an image's names, size and configuration as JSON").action(
    async (name: string, values: unknown) => {
      const { inspectImage } = await import('./image-commands.ts');
      done(await inspectImage(inputsOf(values), name));
    },
  );
}

function addArchives(add: Add, { done, inputsOf }: ImagesProgram): void {
  add(
    'import <path>',
    'take images from an OCI archive, an OCI directory or a docker archive; - is standard input',
  )
    .option(
      '--name <name>',
      'what the image shall be called; without a tag: latest, or each mere tag of the archive; default: as the archive says',
    )
    .option('--ref <tag>', 'take only what has this tag, name or digest in the archive')
    .option('--json', 'as JSON')
    .action(async (path: string, values: unknown) => {
      const { importImages } = await import('./image-commands.ts');
      const [name, ref] = [textOf(values, 'name'), textOf(values, 'ref')];
      done(await importImages(inputsOf(values), { path, name, ref, isJson: isSet(values, 'json') }));
    });
  add('export <name...>', 'write images as one archive that is both an OCI and a docker archive')
    .option('--output <file>', 'where to; - is standard output', '-')
    .option('--directory', 'make a directory in OCI layout instead of an archive')
    .action(async (names: readonly string[], values: unknown) => {
      const { exportImages } = await import('./image-commands.ts');
      const output = textOf(values, 'output') ?? '-';
      done(await exportImages(inputsOf(values), { names, output, isDirectory: isSet(values, 'directory') }));
    });
}

function addPrune(command: Command, { done, inputsOf }: ImagesProgram): void {
  command
    .option('--all', 'all images that nothing uses; pinned ones stay')
    .option('--json', 'as JSON')
    .action(async (values: unknown) => {
      const { pruneImages } = await import('./image-commands.ts');
      done(
        await pruneImages(inputsOf(values), { isAll: isSet(values, 'all'), isJson: isSet(values, 'json') }),
      );
    });
}

function textOf(values: unknown, name: string): string | null {
  const found: unknown = new Map(Object.entries(values ?? {})).get(name);
  return typeof found === 'string' ? found : null;
}

function isSet(values: unknown, name: string): boolean {
  return new Map(Object.entries(values ?? {})).get(name) === true;
}
