/**
 * `node cri-api/generate.ts` writes `generated/` out of `runtime-v1/*.proto`. The output is plain functions over `wire/`:
 * nothing is parsed, built or evaluated when the daemon starts. A test holds the files against what this would write.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codecsSource } from './generator/codecs.ts';
import { methodsSource } from './generator/methods.ts';
import { typesSource } from './generator/types.ts';
import { readOwnProto, readSchema } from './schema.ts';

/** File name in `generated/` → its content. */
export function generate(): Readonly<Record<string, string>> {
  const schema = readSchema(readOwnProto());
  return {
    'types.ts': typesSource(schema),
    'codecs.ts': codecsSource(schema),
    'methods.ts': methodsSource(schema),
  };
}

if (import.meta.main) {
  for (const [name, source] of Object.entries(generate())) {
    writeFileSync(join(import.meta.dirname, 'generated', name), source);
  }
}
