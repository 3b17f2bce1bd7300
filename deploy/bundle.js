/**
 * Makes dist/: the daemon (cri-ts.js), the monitor (conmon-ts.js) and the entries of their worker threads, each one file
 * without dependencies, side by side: code that starts an entry takes `.ts` from the sources and `.js` from beside itself.
 * Run by `npm run build`, and by setup when sources are newer.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';

const project = dirname(import.meta.dirname);

/** Name in dist/ → source. */
export const entries = {
  'cri-ts': 'src/main.ts',
  'conmon-ts': 'conmon-ts/main.ts',
  'kernel-thread': 'src/kernel/thread/kernel-thread.ts',
  'unpack-worker': 'src/images/unpack/unpack-worker.ts',
  'usage-worker': 'src/images/usage/usage-worker.ts',
};

/** CommonJS libraries ask for built-in modules by `require`, which an ES module does not have. */
const requireOfBundle = [
  "import { createRequire as createRequireOfBundle } from 'node:module';",
  'const require = createRequireOfBundle(import.meta.url);',
].join('\n');

/** Bundles all entries into a directory; `print` gets a line for each file made. */
export async function bundleAll(out, print) {
  for (const [name, source] of Object.entries(entries)) {
    const file = join(out, `${name}.js`);
    const bytes = await bundleEntry(source, file);
    print(`${name}.js ${Math.round(bytes / 1024)} KiB`);
  }
}

/** Written beside and renamed: a daemon that starts meanwhile finds the old file or the new one. */
async function bundleEntry(source, file) {
  const draft = file.replace(/\.js$/, '.new.js');
  await build({
    absWorkingDir: project,
    entryPoints: [source],
    outfile: draft,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node26',
    // 5 MB less memory in the daemon; names stay, for stack traces.
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: 'linked',
    legalComments: 'none',
    logLevel: 'warning',
    banner: { js: requireOfBundle },
  });
  const code = await readFile(draft, 'utf8');
  await writeFile(draft, code.replace(`=${basename(draft)}.map`, `=${basename(file)}.map`));
  await rename(`${draft}.map`, `${file}.map`);
  await rename(draft, file);
  return code.length;
}

if (process.argv[1] === import.meta.filename) {
  try {
    await bundleAll(join(project, 'dist'), (line) => console.log(`dist/${line}`));
  } catch {
    // esbuild has printed what is wrong, with file and line.
    process.exitCode = 1;
  }
}
