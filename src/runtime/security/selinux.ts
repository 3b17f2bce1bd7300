/**
 * Whether SELinux labels containers on this node, and with which contexts of its policy. Source: selinux(8), selinuxfs;
 * /etc/selinux/config, contexts/lxc_contexts of a policy.
 */
import { access, readFile } from 'node:fs/promises';
import { defaultContexts, parseContexts, type SelinuxContexts } from '../../spec/selinux.ts';

export type SelinuxSources = {
  /** There when a policy is loaded. */
  readonly statusFile: string;
  /** `/etc/selinux`: `config` names the policy, `POLICY/contexts/lxc_contexts` has its contexts for containers. */
  readonly policyDir: string;
};

const selinuxSources: SelinuxSources = {
  statusFile: '/sys/fs/selinux/status',
  policyDir: '/etc/selinux',
};

export type SelinuxState = {
  /** Null: containers are not labelled. */
  readonly contexts: SelinuxContexts | null;
  /** What was asked for and is missing, in words; null: nothing. */
  readonly restriction: string | null;
};

/** Whether there is a policy, whoever is labelled by it. */
export async function isSelinuxLoaded(sources: SelinuxSources = selinuxSources): Promise<boolean> {
  return await access(sources.statusFile).then(
    () => true,
    () => false,
  );
}

/** @param isWanted `security.enable_selinux` */
export async function findSelinux(
  isWanted: boolean,
  sources: SelinuxSources = selinuxSources,
): Promise<SelinuxState> {
  if (!isWanted) return { contexts: null, restriction: null };
  if (!(await isSelinuxLoaded(sources)))
    return { contexts: null, restriction: 'enable_selinux is set, but this kernel has no SELinux policy' };
  const config = await readFile(`${sources.policyDir}/config`, 'utf8').catch(() => '');
  const [, policy] = /^\s*SELINUXTYPE\s*=\s*([A-Za-z0-9_-]{1,64})\s*$/m.exec(config) ?? [];
  const file = `${sources.policyDir}/${policy ?? 'targeted'}/contexts/lxc_contexts`;
  const content = await readFile(file, 'utf8').catch(() => null);
  return { contexts: content === null ? defaultContexts : parseContexts(content), restriction: null };
}
