// Copies Swagger UI, which shows the API reference at /docs, into the export beside the page of public/docs.
import { copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const target = join(dirname(fileURLToPath(import.meta.url)), '..', 'out', 'docs');
const source = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js']) copyFileSync(join(source, name), join(target, name));
// Its licence (Apache-2.0) goes with it.
copyFileSync(join(source, 'LICENSE'), join(target, 'swagger-ui-license.txt'));
