/**
 * The AppArmor profiles of this node: which are loaded, and our own, loaded when the daemon starts. The policy's compiler
 * is the distribution's apparmor_parser; without it a profile that an administrator has loaded under the same name serves.
 * Source: apparmor_parser(8); securityfs, apparmor/profiles.
 */
import { access, constants, readFile, rm, writeFile } from 'node:fs/promises';
import { messageOf } from '../../base/errors.ts';
import { readBounded } from '../../base/files.ts';
import { joinPath, type AbsolutePath } from '../../base/ids.ts';
import { apparmorProfile } from '../../spec/apparmor-profile.ts';
import type { Programs } from '../programs/programs.ts';

/** The name of the profile that is ours to load; any other is the administrator's. */
const ownProfileName = 'cri-ts-default';

export type ApparmorSources = {
  /** Says `Y` where AppArmor is on. */
  readonly enabledFile: string;
  /** One line a loaded profile: `name (mode)`. */
  readonly profilesFile: string;
  readonly parsers: readonly string[];
};

const systemSources: ApparmorSources = {
  enabledFile: '/sys/module/apparmor/parameters/enabled',
  profilesFile: '/sys/kernel/security/apparmor/profiles',
  parsers: ['/usr/sbin/apparmor_parser', '/sbin/apparmor_parser'],
};

export type ApparmorOptions = {
  readonly programs: Pick<Programs, 'run'>;
  /** For the profile's text while it is loaded. */
  readonly dir: AbsolutePath;
  /** The profile behind RuntimeDefault. */
  readonly profileName: string;
  readonly sources?: ApparmorSources;
};

export type ApparmorState = {
  readonly hasApparmor: boolean;
  readonly defaultProfile: string | null;
  /** What is missing, in words; null: nothing. */
  readonly restriction: string | null;
};

const loadTimeoutMs = 30_000;
const maxProfilesBytes = 1024 * 1024;

/** Finds AppArmor and loads our profile where there is one. Never fails: what is missing is told. */
export async function prepareApparmor(options: ApparmorOptions): Promise<ApparmorState> {
  const sources = options.sources ?? systemSources;
  const { profileName } = options;
  if (!(await isOn(sources))) return { hasApparmor: false, defaultProfile: null, restriction: null };
  const fault = profileName === ownProfileName ? await load(options, sources) : 'it is not loaded';
  const isThere = fault === null || (await isProfileLoaded(profileName, sources));
  if (isThere) return { hasApparmor: true, defaultProfile: profileName, restriction: null };
  const restriction = `AppArmor is on, but containers have no default profile: "${profileName}": ${fault}`;
  return { hasApparmor: true, defaultProfile: null, restriction };
}

/** Whether the kernel knows a profile of that name. */
export async function isProfileLoaded(
  name: string,
  sources: ApparmorSources = systemSources,
): Promise<boolean> {
  const content = await readBounded(sources.profilesFile, maxProfilesBytes);
  const lines = content?.toString('utf8').split('\n') ?? [];
  return lines.some((line) => line.includes(' (') && line.slice(0, line.lastIndexOf(' (')) === name);
}

async function isOn(sources: ApparmorSources): Promise<boolean> {
  return (await readFile(sources.enabledFile, 'utf8').catch(() => '')).trim() === 'Y';
}

/** @returns why it could not be loaded; null: it is */
async function load(options: ApparmorOptions, sources: ApparmorSources): Promise<string | null> {
  const parser = await firstProgram(sources.parsers);
  if (parser === null) return 'apparmor_parser is not installed';
  const file = joinPath(options.dir, `${ownProfileName}.apparmor`);
  try {
    await writeFile(file, apparmorProfile(ownProfileName), { mode: 0o600 });
    const argv = [parser, '--replace', '--skip-cache', file] as const;
    const result = await options.programs.run({ argv: [...argv], timeoutMs: loadTimeoutMs });
    return result.exitCode === 0 ? null : `apparmor_parser: ${result.stderr.trim().slice(-500)}`;
  } catch (error) {
    return messageOf(error);
  } finally {
    await rm(file, { force: true });
  }
}

async function firstProgram(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return null;
}
