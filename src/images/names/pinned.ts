/**
 * Which images the kubelet must not collect. Pure. Patterns as in CRI-O: an exact name, `prefix*`, `*keyword*`.
 */
import { CriError } from '../../base/errors.ts';
import type { ImageRecord } from '../catalog/image-record.ts';
import { canonicalName, parseReference } from './reference.ts';

export function isPinned(
  image: Pick<ImageRecord, 'repoTags' | 'repoDigests'>,
  patterns: readonly string[],
): boolean {
  const names = [...image.repoTags, ...image.repoDigests];
  return patterns.some((pattern) =>
    pattern.includes('*')
      ? names.some((name) => matches(name, pattern))
      : names.includes(fullName(pattern)) || names.includes(pattern),
  );
}

function fullName(pattern: string): string {
  try {
    return canonicalName(parseReference(pattern));
  } catch (error) {
    // A pattern that is no name matches nothing.
    if (error instanceof CriError) return pattern;
    throw error;
  }
}

/** `*` stands for any characters; no regular expression, so that no pattern can be slow. */
function matches(name: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop() ?? '';
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last))
    return false;
  const end = name.length - last.length;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
