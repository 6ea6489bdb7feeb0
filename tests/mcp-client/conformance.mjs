// Runs the official conformance suite against the program (`make mcp-check`): starts `fte serve --mcp-fixtures` on a data
// folder of its own, and a proxy that adds the token, which the suite cannot send.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const REVISION = '2026-07-28';
const program = process.env.FTE_PROGRAM ?? join(root, 'target', 'debug', 'fte');

const data = mkdtempSync(join(tmpdir(), 'fte-mcp-'));
// Run by root, PostgreSQL runs as another user, who must be able to reach its data.
chmodSync(data, 0o755);
const environment = {
  ...process.env,
  FTE_DATA_DIR: data,
  API_PORT: '0',
  CONTEXT_PATH: join(root, 'context'),
  EMBEDDER: 'none',
  LOG_LEVEL: 'warn',
};
const server = spawn(program, ['serve', '--mcp-fixtures'], { env: environment, cwd: data, stdio: ['ignore', 'pipe', 'inherit'] });
const ended = new Promise((resolve) => server.once('exit', resolve));

async function listening() {
  const lines = createInterface({ input: server.stdout });
  for await (const line of lines) {
    const [, base] = /^listening on (\S+)/.exec(line) ?? [];
    if (base) return base;
  }
  throw new Error('the program does not start; it must be built with the feature `fakes`');
}

/**
 * Passes everything on with the token. Where the suite names the proxy in Host and Origin, the program is told its own name;
 * foreign ones are passed on as they are.
 */
function proxy(base, token) {
  const { hostname, port } = new URL(base);
  const passed = createServer((asked, answer) => {
    const headers = { ...asked.headers, authorization: `Bearer ${token}` };
    for (const name of ['host', 'origin']) {
      const own = `:${passed.address().port}`;
      if (headers[name]?.endsWith(own)) headers[name] = headers[name].slice(0, -own.length) + `:${port}`;
    }
    const forward = request({ hostname, port, path: asked.url, method: asked.method, headers }, (given) => {
      answer.writeHead(given.statusCode, given.headers);
      given.pipe(answer);
    });
    forward.on('error', () => answer.destroy());
    answer.on('close', () => forward.destroy());
    asked.pipe(forward);
  });
  return new Promise((resolve) => passed.listen(0, '127.0.0.1', () => resolve(passed)));
}

let status = 1;
try {
  const base = await listening();
  const passed = await proxy(base, readFileSync(join(data, 'api-token'), 'utf8').trim());
  const url = `http://127.0.0.1:${passed.address().port}/mcp`;
  const cli = join(here, 'node_modules', '@modelcontextprotocol', 'conformance', 'dist', 'index.js');
  const options = ['server', '--url', url, '--requirements', REVISION, '--expected-failures', join(here, 'expected-failures.yml')];
  const suite = spawn(process.execPath, [cli, ...options, ...process.argv.slice(2)], { stdio: 'inherit' });
  status = await new Promise((resolve) => suite.once('close', resolve));
  passed.close();
  passed.closeAllConnections();
} finally {
  server.kill('SIGTERM');
  await ended;
  rmSync(data, { recursive: true, force: true });
}
process.exit(status ?? 1);
