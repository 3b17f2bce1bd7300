/**
 * `npm run bench`: sets up and runs bench/bench.ts on the locked Node. Runs on Node 20, without dependencies.
 */
import { join } from 'node:path';
import { main, title } from './console.js';
import { runPackages, testPackages } from './packages.js';
import { runHere } from './programs.js';
import { lockedNode, project, requireRoot, setUp } from './setup.js';

await main(async () => {
  requireRoot('npm run bench');
  title('Setting up');
  await setUp({ ...runPackages, ...testPackages });
  const entry = join(project, 'bench/bench.ts');
  return await runHere([
    lockedNode,
    '--disable-warning=ExperimentalWarning',
    entry,
    ...process.argv.slice(2),
  ]);
});
