// The form inside a page of another origin: allowed, refused, with values filled in.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { freePort, launch, Program, question, until, visitor } from './support.mjs';

let program;
let browser;
let [allowed, refused] = [];

/** A company's site: any path answers with a page that holds the script. */
async function site(port, attributes) {
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    const script = `<script src="${program.base}/embed.js" ${attributes}></script>`;
    response.end(`<!doctype html><html lang="en"><title>Shop</title><body><h1>Our shop</h1>${script}<p id="below">Below</p></body></html>`);
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${port}`, server };
}

before(async () => {
  const port = await freePort();
  [program, browser] = await Promise.all([Program.start({ CORS_ORIGINS: `http://127.0.0.1:${port}` }), launch()]);
  allowed = await site(port, 'data-name="Ann Lee" data-email="ann@example.com" data-subject="From the shop" data-lang="de"');
  refused = await site(await freePort(), '');
});
after(async () => {
  allowed?.server.close();
  refused?.server.close();
  await browser?.close();
  await program?.end();
});

test('an allowed site shows the form, filled in, in its language, as high as it needs', async () => {
  const { page, close } = await visitor(browser, program, { hosts: [new URL(allowed.origin).host], expected: /favicon/ });
  await page.goto(`${allowed.origin}/contact`);
  const frame = page.frameLocator('iframe');
  await frame.getByRole('heading', { name: 'Wie können wir helfen?' }).waitFor();
  await until('the name', async () => (await frame.getByLabel('Name', { exact: true }).inputValue()) === 'Ann Lee');
  assert.equal(await frame.getByLabel('Betreff').inputValue(), 'From the shop');
  assert.equal(await frame.getByRole('link', { name: 'Hilfe', exact: true }).count(), 0, 'no navigation in the frame');

  // The values are behind the #: the server never sees them.
  const address = new URL(await page.locator('iframe').getAttribute('src'));
  assert.ok(!address.search.includes('ann'), address.search);

  const fits = () =>
    page.locator('iframe').evaluate((element) => element.getBoundingClientRect().height).then(async (height) => {
      const inside = await frame.locator('body').evaluate((body) => body.scrollHeight);
      return Math.abs(height - inside) < 2 && height;
    });
  const before = await until('the height', fits);
  await frame.getByText('Technik', { exact: true }).click();
  await frame.getByRole('button', { name: 'Frage senden' }).click();
  await frame.locator('#message-error').waitFor();
  const withError = await until('the new height', async () => {
    const height = await fits();
    return height > before && height;
  });
  assert.ok(withError > before);

  await frame.getByLabel('Nachricht').fill(question.message);
  await frame.getByRole('button', { name: 'Frage senden' }).click();
  await frame.getByTestId('ticket-number').waitFor();
  const link = frame.getByRole('link', { name: 'Ticket öffnen' });
  assert.equal(await link.getAttribute('target'), '_blank');
  await close();
});

test('another site gets no form, and a link to it instead', async () => {
  const { page, close } = await visitor(browser, program, {
    hosts: [new URL(refused.origin).host],
    expected: /frame-ancestors|favicon|Content Security Policy|ERR_BLOCKED_BY_RESPONSE/,
  });
  await page.clock.install();
  await page.goto(refused.origin);
  await page.clock.fastForward(11_000);
  const link = page.getByRole('link', { name: 'Open the support form' });
  await link.waitFor();
  assert.equal(await link.getAttribute('href'), `${program.base}/`);
  assert.equal(await page.locator('iframe').count(), 0);
  await close();
});

test('only the form can be framed, by allowed origins', async () => {
  const ancestors = async (path) => /frame-ancestors ([^;]*)/.exec((await fetch(program.base + path)).headers.get('content-security-policy'))[1];
  assert.ok((await ancestors('/')).includes(allowed.origin));
  assert.ok(!(await ancestors('/')).includes('*'));
  for (const path of ['/ticket', '/console', '/console/login', '/console/account', '/help']) {
    assert.ok(!(await ancestors(path)).includes(allowed.origin), path);
  }
});
