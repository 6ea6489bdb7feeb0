// Writes the types of the API (src/lib/api/schema.d.ts) from the OpenAPI document that the program prints; with --check
// it only says whether they are current.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import openapi, { astToString } from 'openapi-typescript';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const program = process.env.FTE_PROGRAM ?? join(root, 'target', 'debug', 'fte');
const target = join(root, 'web-form', 'src', 'lib', 'api', 'schema.d.ts');

const { status, stdout, stderr } = spawnSync(program, ['openapi'], { encoding: 'utf8', maxBuffer: 64 << 20 });
if (status !== 0) {
  console.error(stderr || `could not run ${program}`);
  process.exit(1);
}
// Examples of bodies say nothing about their types.
const document = JSON.parse(stdout, (key, value) => {
  if (!value?.schema || !('example' in value)) return value;
  const { example, ...rest } = value;
  return rest;
});
const types = `// Generated from the program's OpenAPI document by \`make api-types\`; do not edit.\n\n${astToString(await openapi(document))}`;
if (!process.argv.includes('--check')) writeFileSync(target, types);
else if (readFileSync(target, 'utf8') !== types) {
  console.error('src/lib/api/schema.d.ts is not current: run `make api-types`');
  process.exit(1);
}
