/**
 * Whether a path still is a namespace: a pin that was unmounted leaves an ordinary file behind, a process that ended
 * leaves nothing. Plugins differ in what they make of such a path; an empty one they all understand.
 */
import { statfs } from 'node:fs/promises';

/** NSFS_MAGIC of linux/magic.h. Source: statfs(2). */
const nsfsMagic = 0x6e736673;

/** The path, or the empty text (CNI_NETNS of a DEL whose namespace is gone). */
export async function livingNamespace(path: string | null): Promise<string> {
  if (path === null || path === '') return '';
  try {
    return (await statfs(path)).type === nsfsMagic ? path : '';
  } catch {
    // It cannot be reached any more, for whichever reason: to the plugins that is the same.
    return '';
  }
}
