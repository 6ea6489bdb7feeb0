// What the browser tests share: the program as a process with its own PostgreSQL, and a browser that reports every
// error, every refusal of the content security policy and every request to another host.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const require = createRequire(join(root, 'web-form', 'package.json'));
const { chromium } = require('playwright-core');

/** How long a test waits for something before it gives up; it says nothing about speed. */
export const LIMIT_MS = 30_000;
const BROWSER = process.env.CHROMIUM ?? '/usr/bin/chromium';
const PROGRAM = process.env.FTE_PROGRAM ?? join(root, 'target', 'debug', 'fte');

const SWITCHES = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits until `probe` returns something true, and returns it. */
export async function until(what, probe) {
  const end = Date.now() + LIMIT_MS;
  let last;
  while (Date.now() < end) {
    try {
      const found = await probe();
      if (found) return found;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`timed out: ${what}${last ? ` (${last.message})` : ''}`);
}

/** `fte serve` on a data folder of its own. The first start prints the password of the first account. */
export class Program {
  static async start(environment = {}, served = [PROGRAM, 'serve'], ready = 'listening on') {
    const program = new Program();
    Object.assign(program, { served, ready });
    program.data = mkdtempSync(join(tmpdir(), 'fte-browser-'));
    // Run by root, PostgreSQL runs as another user, who must be able to reach its data.
    chmodSync(program.data, 0o755);
    // A restarted program must be found at the same address, so the port is chosen here.
    const port = await freePort();
    program.base = `http://127.0.0.1:${port}`;
    program.environment = {
      ...process.env,
      FTE_DATA_DIR: program.data,
      API_PORT: String(port),
      CONTEXT_PATH: join(root, 'context'),
      // Words find the articles of these tests; vectors would only make the first start slower.
      EMBEDDER: 'none',
      LOG_LEVEL: 'warn',
      ...environment,
    };
    program.output = '';
    await program.run();
    return program;
  }

  /** The company of `make demo`, with its conversations. */
  static demo() {
    const token = { FTE_API_TOKEN: 'of-the-demo-'.padEnd(40, '0') };
    return Program.start(token, [join(root, 'scripts', 'demo.py'), PROGRAM], 'the demo is ready at');
  }

  async run() {
    const [file, ...args] = this.served;
    this.child = spawn(file, args, { env: this.environment, cwd: this.data, stdio: ['ignore', 'pipe', 'pipe'] });
    this.ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stderr.on('data', (data) => (this.output += data));
    const lines = createInterface({ input: this.child.stdout });
    await new Promise((resolve, reject) => {
      lines.on('line', (line) => {
        this.output += `${line}\n`;
        if (line.startsWith(this.ready)) resolve();
      });
      void this.ended.then(() => reject(new Error(`the program ended: ${this.output}`)));
    });
  }

  async stop() {
    this.child.kill('SIGTERM');
    await this.ended;
  }

  async restart() {
    await this.stop();
    await this.run();
  }

  async end() {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }

  /** Runs another command of the program beside the server, and returns what it prints. */
  async command(...args) {
    const child = spawn(PROGRAM, args, { env: this.environment, cwd: this.data, stdio: ['ignore', 'pipe', 'pipe'] });
    let [output, errors] = ['', ''];
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (errors += data));
    const code = await new Promise((resolve) => child.once('close', resolve));
    assert.equal(code, 0, `fte ${args.join(' ')}: ${errors}${output}`);
    return output;
  }

  /** Creates an account of staff, with the password that the program gives it. */
  async account(name, role = 'agent') {
    const email = `${name.toLowerCase().replace(/\W+/g, '.')}@staff.example.com`;
    const { password } = JSON.parse(await this.command('staff', 'add', email, '--name', name, '--role', role, '--json'));
    return { email, password, name };
  }

  /** A request with the token of the installation, which may do everything. */
  async staff(method, path, body) {
    const token = this.environment.FTE_API_TOKEN ?? readFileSync(join(this.data, 'api-token'), 'utf8').trim();
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const response = await fetch(this.base + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  post(path, body, headers = {}) {
    const request = { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) };
    return fetch(`${this.base}${path}`, request);
  }

  async submit(over = {}) {
    const response = await this.post('/support/submit', { ...question, ...over });
    assert.equal(response.status, 201, await response.clone().text());
    return response.json();
  }

  async ticket(id) {
    return (await fetch(`${this.base}/support/ticket/${id}`)).json();
  }

  /** Waits until a ticket was answered. */
  answered(id) {
    return until('an answer', async () => {
      const ticket = await this.ticket(id);
      return ticket.messages.some(({ role }) => role !== 'customer') && ticket;
    });
  }
}

export const question = {
  name: 'Ann Lee',
  email: 'ann@example.com',
  subject: 'Cannot sign in',
  category: 'technical',
  message: 'I forgot my password. How can I reset it?',
};

export async function launch() {
  return chromium.launch({ executablePath: BROWSER, args: SWITCHES });
}

/**
 * A page of a new visitor. `faults` collects what must not happen: errors of scripts, violations of the content security
 * policy, requests to another host; `expected` (a pattern) excuses what a test provokes.
 */
export async function visitor(browser, program, { expected, hosts = [], ...options } = {}) {
  const context = await browser.newContext({ baseURL: program.base, locale: 'en-GB', timezoneId: 'Europe/Berlin', ...options });
  context.setDefaultTimeout(LIMIT_MS);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  const faults = [];
  const note = (text) => {
    if (!expected?.test(text)) faults.push(text);
  };
  page.on('pageerror', (error) => note(`script: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && note(`console: ${message.text()} ${message.location().url}`));
  page.on('dialog', (dialog) => {
    note(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const allowed = new Set([new URL(program.base).host, ...hosts]);
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && !allowed.has(url.host)) note(`other host: ${url}`);
  });
  return {
    page,
    context,
    async close() {
      assert.deepEqual(faults, []);
      await context.close();
    },
  };
}

/** Signs in on the login page, with a code if one is given. */
export async function signIn(page, { email, password }, code) {
  await page.goto('/console/login');
  await enterAccount(page, { email, password }, code);
}

export async function enterAccount(page, { email, password }, code) {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  if (code) {
    await page.getByLabel('Code', { exact: true }).fill(code);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }
}

export const signedIn = (page) => page.getByTestId('signed-in').waitFor();

const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Violations of accessibility rules on a page, as one line each. */
export async function violations(page) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const { violations: all } = await globalThis.axe.run();
    return all.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(' | ')}`);
  });
  return found;
}

/** Content wider than the window, which a reader would have to scroll for sideways. */
export async function sidewaysScroll(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Fills the form as a person does and sends it. */
export async function fillForm(page, over = {}) {
  const values = { ...question, ...over };
  await page.getByLabel('Name', { exact: true }).fill(values.name);
  await page.getByLabel('E-mail').fill(values.email);
  await page.getByLabel('Subject').fill(values.subject);
  await page.getByText('Technical', { exact: true }).click();
  await page.getByLabel('Message').fill(values.message);
}

const images = process.env.FTE_IMAGES ?? join(root, 'target', 'browser-images');

export async function picture(page, name, options = {}) {
  if (!existsSync(images)) mkdirSync(images, { recursive: true });
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(images, `${name}.png`), animations: 'disabled', ...options });
}
