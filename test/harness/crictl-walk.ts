/**
 * What every walk with crictl starts with: crictl itself, the rig of the file, and the request files that it reads in the
 * JSON of Go's types.
 */
import { writeFile } from 'node:fs/promises';
import { beforeAll } from '@jest/globals';
import { crictlIn, describeWith, findCrictl, type CrictlRun } from './crictl.ts';
import type { Rig } from './rig.ts';
import { image } from './test-images.ts';
import { useRig } from './use-rig.ts';

export type CrictlWalk = {
  readonly rig: () => Rig;
  readonly crictl: CrictlRun;
  /** crictl's answer to `-o json`. */
  readonly json: (...args: readonly string[]) => Promise<Json>;
  /** Runs what must fail and returns its words. */
  readonly refused: (...args: readonly string[]) => Promise<string>;
  readonly podFile: (name: string, more?: object) => Promise<string>;
  readonly containerFile: (name: string, choice: ContainerChoice) => Promise<string>;
};

export type Json = { readonly [key: string]: unknown };

export type ContainerChoice = {
  readonly command: readonly string[];
  readonly image?: string;
  /** Over what stands in the file otherwise. */
  readonly more?: object;
};

const found = await findCrictl();

/** A `describe` whose tests are skipped, with a printed reason, where crictl cannot be had. */
export function describeWalk(name: string, tell: (walk: CrictlWalk) => void): void {
  describeWith(found)(name, () => {
    const rig = useRig();
    let run: CrictlRun = async () => await Promise.reject(new Error('before the first test'));
    beforeAll(() => {
      run = crictlIn(rig().machine, found.path ?? '', rig().server.socketPath);
    });
    const crictl: CrictlRun = async (...args) => await run(...args);
    tell({ rig, crictl, ...readers(crictl), ...requestFiles(rig) });
  });
}

function readers(crictl: CrictlRun): Pick<CrictlWalk, 'json' | 'refused'> {
  return {
    json: async (...args) => JSON.parse(await crictl(...args)) as Json,
    refused: async (...args) =>
      await crictl(...args).then(
        (output) => Promise.reject(new Error(`crictl ${args.join(' ')} succeeded: ${output}`)),
        (error: unknown) => String(error),
      ),
  };
}

function requestFiles(rig: () => Rig): Pick<CrictlWalk, 'podFile' | 'containerFile'> {
  const write = async (name: string, content: object): Promise<string> => {
    const path = rig().machine.path(`${name}.json`);
    await writeFile(path, JSON.stringify(content));
    return path;
  };
  return {
    podFile: async (name, more = {}) =>
      await write(`pod-${name}`, {
        metadata: { name, namespace: 'default', uid: `uid-${name}`, attempt: 1 },
        log_directory: await rig().makeLogDir(),
        labels: { app: name },
        linux: { cgroup_parent: rig().machine.cgroupParent },
        ...more,
      }),
    containerFile: async (name, choice) =>
      await write(`container-${name}`, {
        metadata: { name },
        image: { image: choice.image ?? image.busybox },
        command: choice.command,
        envs: [{ key: 'GREETING', value: 'hello' }],
        log_path: `${name}.log`,
        linux: {},
        ...choice.more,
      }),
  };
}
