// Checks the exported pages: first-load JavaScript of each page in KB of brotli (the scripts that its HTML names, without
// those for browsers that know no modules), and that no page names another host. Fails above the limits.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const out = join(dirname(fileURLToPath(import.meta.url)), '..', 'out');
const LIMIT_KB = 150;
// The API reference is for developers, and Swagger UI is one bundle.
const LIMITS_KB = { 'index.html': 130, 'ticket.html': 130, 'docs/index.html': 450 };
// Names of namespaces and specifications that the libraries contain; none of them is ever fetched.
const NOT_FETCHED = /^https?:\/\/(www\.w3\.org|json-schema\.org|react\.dev|nextjs\.org|example\.com|github\.com|radix-ui\.com)/;

function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}

function brotliBytes(path) {
  const raw = readFileSync(path);
  return brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

let failed = false;
const pages = files(out).filter((path) => path.endsWith('.html'));
for (const path of pages) {
  const name = relative(out, path);
  const html = readFileSync(path, 'utf8');
  const scripts = [...html.matchAll(/<script\b([^>]*)>/g)]
    .map(([, attributes]) => attributes)
    .filter((attributes) => !/\bnomodule\b/i.test(attributes))
    .flatMap((attributes) => /\bsrc="([^"]+)"/.exec(attributes)?.[1] ?? []);
  const bytes = scripts.reduce((sum, src) => sum + brotliBytes(join(out, src.split('?')[0])), 0);
  const limit = LIMITS_KB[name] ?? LIMIT_KB;
  const kb = bytes / 1000;
  if (kb > limit) failed = true;
  console.log(`${kb > limit ? 'TOO BIG ' : 'ok      '}${name.padEnd(22)} ${kb.toFixed(1).padStart(6)} KB of ${limit} KB brotli`);
  for (const [, url] of html.matchAll(/\b(?:src|href|action|poster|data)="((?:https?:)?\/\/[^"]+)"/g)) {
    failed = true;
    console.log(`OTHER HOST ${name}: ${url}`);
  }
}

for (const path of files(out).filter((name) => name.endsWith('.css'))) {
  for (const [, url] of readFileSync(path, 'utf8').matchAll(/url\(["']?((?:https?:)?\/\/[^)"']+)/g)) {
    if (NOT_FETCHED.test(url)) continue;
    failed = true;
    console.log(`OTHER HOST ${relative(out, path)}: ${url}`);
  }
}

const total = files(out).filter((path) => !/\.(br|gz)$/.test(path)).reduce((sum, path) => sum + statSync(path).size, 0);
console.log(`${pages.length} pages, ${(total / 1e6).toFixed(1)} MB uncompressed`);
process.exit(failed ? 1 : 0);
