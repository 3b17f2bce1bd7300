/**
 * Where the conformance run keeps what is slow to make: programs, packages, filled registries. All of it can be deleted.
 */
import { join } from 'node:path';

export const project = join(import.meta.dirname, '../..');
export const cacheDir = join(project, '.cache/critest');
