/**
 * `npm run docs`: writes docs/configuration.md from the table of options. Needs the locked Node (it loads TypeScript).
 */
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { printReference } from '../src/config/print.ts';

const file = join(dirname(import.meta.dirname), 'docs/configuration.md');
await writeFile(file, printReference());
