// Writes a brotli and a gzip version beside every text file of the export, so that the program serves them as they are.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const out = join(dirname(fileURLToPath(import.meta.url)), '..', 'out');
const TEXT = new Set(['.html', '.js', '.css', '.json', '.svg', '.txt', '.map']);
/** A smaller file gains nothing: it fits in one packet. */
const MIN_BYTES = 512;

function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}

async function compress(path) {
  const raw = readFileSync(path);
  if (raw.length < MIN_BYTES) return;
  const brotli = await promisify(brotliCompress)(raw, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length },
  });
  writeFileSync(`${path}.br`, brotli);
  writeFileSync(`${path}.gz`, await promisify(gzip)(raw, { level: 9 }));
}

await Promise.all(files(out).filter((path) => TEXT.has(extname(path))).map(compress));
