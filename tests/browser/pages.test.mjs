// What holds for every page: accessibility in both themes, no sideways scrolling, languages, reading direction, print,
// the content security policy, caching, and no request to another host.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Program, question, sidewaysScroll, until, visitor, violations } from './support.mjs';

let program;
let browser;
let ticket;
before(async () => {
  [program, browser] = await Promise.all([Program.start(), launch()]);
  ticket = await program.submit();
  await program.answered(ticket.ticket_id);
});
after(async () => {
  await browser?.close();
  await program?.end();
});

const article = 'product-docs.md#reset-a-forgotten-password';
/** Each page, what shows that it is complete, and what it may report. */
const pages = () => [
  { path: '/', ready: 'button[type=submit]' },
  { path: '/?embed=1', ready: 'button[type=submit]' },
  { path: `/ticket?id=${ticket.ticket_id}`, ready: '[data-testid=message][data-role=agent]' },
  { path: '/ticket', ready: 'h1' },
  { path: '/ticket?id=nonsense', ready: 'h1', expected: /404/ },
  { path: '/help', ready: 'section h2' },
  { path: '/help?q=password', ready: '#results' },
  { path: '/help?q=zzzzzzzz', ready: 'main h2' },
  { path: `/help?id=${encodeURIComponent(article)}`, ready: '.prose li' },
  { path: '/console/login', ready: 'button[type=submit]', expected: /40[14].*session/ },
  { path: '/no-such-page', ready: 'h1', expected: /404/ },
];

for (const colorScheme of ['light', 'dark']) {
  test(`every page is accessible in the ${colorScheme} theme, also with errors and dialogs`, async () => {
    for (const { path, ready, expected } of pages()) {
      const { page, close } = await visitor(browser, program, { colorScheme, expected, reducedMotion: 'reduce' });
      await page.goto(path);
      await page.locator(ready).first().waitFor();
      assert.equal(await page.locator('html').getAttribute('data-theme'), colorScheme);
      assert.deepEqual(await violations(page), [], path);
      if (path === '/') {
        await page.getByRole('button', { name: 'Send question' }).click();
        await page.getByText('Category is required.').waitFor();
        assert.deepEqual(await violations(page), [], 'the form with errors');
      }
      if (path.startsWith('/ticket?id=') && !expected) {
        await page.getByRole('button', { name: 'Talk to a person' }).click();
        await page.getByRole('dialog').waitFor();
        assert.deepEqual(await violations(page), [], 'the dialog');
        const overflow = () => page.evaluate(() => getComputedStyle(document.body).overflowY);
        assert.equal(await overflow(), 'hidden', 'the page behind the dialog does not scroll');
        await page.keyboard.press('Escape');
        await until('the end of the dialog', async () => (await overflow()) === 'visible');
      }
      await close();
    }
  });
}

test('no page scrolls sideways: 360 px, 320 px (1280 px at 400 % zoom), German, right to left', async () => {
  for (const { path, ready, expected } of pages()) {
    for (const locale of ['en-GB', 'de-DE']) {
      const { page, close } = await visitor(browser, program, { viewport: { width: 360, height: 740 }, locale, expected });
      await page.goto(path);
      await page.locator(ready).first().waitFor();
      for (const direction of ['ltr', 'rtl']) {
        await page.evaluate((dir) => document.documentElement.setAttribute('dir', dir), direction);
        for (const width of [360, 320]) {
          await page.setViewportSize({ width, height: 740 });
          assert.equal(await sidewaysScroll(page), 0, `${path} at ${width} px, ${locale}, ${direction}`);
        }
      }
      await close();
    }
  }
});

test('at 200 % zoom everything stays in reach', async () => {
  const { page, close } = await visitor(browser, program, { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 });
  await page.goto('/');
  assert.equal(await sidewaysScroll(page), 0);
  await page.getByRole('button', { name: 'Send question' }).click();
  await page.locator('#name-error').waitFor();
  const box = await page.locator('#name').boundingBox();
  assert.ok(box.y >= 0 && box.y + box.height <= 450, 'the first wrong field is in view');
  await close();
});

test('a German reader gets German, and can choose English', async () => {
  const { page, close } = await visitor(browser, program, { locale: 'de-AT' });
  await page.goto('/');
  await page.getByRole('heading', { name: 'Wie können wir helfen?' }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'de');
  await page.getByRole('button', { name: 'Frage senden' }).click();
  await page.getByText('Name muss 1 bis 100 Zeichen haben.').waitFor();
  await page.getByLabel('Sprache').selectOption('en');
  await page.getByRole('heading', { name: 'How can we help?' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'How can we help?' }).waitFor();
  await close();

  const other = await visitor(browser, program, { locale: 'fi-FI' });
  await other.page.goto('/');
  await other.page.getByRole('heading', { name: 'How can we help?' }).waitFor();
  await other.close();
});

test('a page in another language is not shown before its texts are there', async () => {
  const { page, close } = await visitor(browser, program, { locale: 'de-DE' });
  await page.addInitScript(() => {
    globalThis.seen = new Set();
    const look = () => {
      const heading = document.querySelector('h1');
      if (heading && getComputedStyle(document.body).visibility === 'visible') globalThis.seen.add(heading.textContent);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto('/');
  await page.getByRole('heading', { name: 'Wie können wir helfen?' }).waitFor();
  assert.deepEqual(await page.evaluate(() => [...globalThis.seen].filter((text) => text !== 'Wie können wir helfen?')), []);
  await close();
});

test('times are in the reader’s zone', async () => {
  const at = async (timezoneId) => {
    const { page, close } = await visitor(browser, program, { timezoneId });
    await page.goto(`/ticket?id=${ticket.ticket_id}`);
    const title = await page.locator('[data-testid=message] time').first().getAttribute('title');
    await close();
    return title;
  };
  assert.notEqual(await at('Asia/Tokyo'), await at('America/New_York'));
});

test('the theme is kept, and reduced motion is respected', async () => {
  const { page, close } = await visitor(browser, program, { colorScheme: 'light', reducedMotion: 'reduce' });
  await page.goto('/help');
  await page.getByLabel('Appearance').selectOption('dark');
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
  await page.goto('/');
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
  const duration = await page.locator('.btn-primary').first().evaluate((button) => getComputedStyle(button).transitionDuration);
  assert.ok(Number.parseFloat(duration) < 0.001, duration);
  await close();
});

test('the print view is the conversation alone', async () => {
  const { page, close } = await visitor(browser, program, { colorScheme: 'dark' });
  await page.goto(`/ticket?id=${ticket.ticket_id}`);
  await page.locator('[data-testid=message][data-role=agent]').waitFor();
  await page.emulateMedia({ media: 'print' });
  for (const hidden of ['header nav', 'form textarea', 'footer']) {
    assert.equal(await page.locator(hidden).first().isVisible(), false, hidden);
  }
  assert.ok(await page.locator('[data-testid=message]').first().isVisible());
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor), 'rgb(255, 255, 255)');
  const pdf = await page.pdf({ format: 'A4' });
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  await close();
});

test('stored scripts are shown as text in every field', async () => {
  const attack = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
  const text = `${attack} [click](javascript:alert(3)) "><svg onload=alert(4)>`;
  // A question that gets an answer, which can be rated; what is written after it is the attack.
  const stored = await program.submit({ name: attack, subject: attack, message: `${question.message} ${attack}`, email: 'attack@example.com' });
  const rate = () => program.post(`/support/ticket/${stored.ticket_id}/rating`, { score: 1, comment: text });
  await until('the rating', async () => (await rate()).status === 200);
  await program.post(`/support/ticket/${stored.ticket_id}/messages`, { message: text });
  const { page, close } = await visitor(browser, program);
  await page.goto(`/ticket?id=${stored.ticket_id}`);
  await page.getByRole('heading', { level: 1, name: attack }).waitFor();
  const bubbles = page.locator('[data-testid=message][data-role=customer] .message-bubble');
  assert.equal((await bubbles.nth(1).textContent()).trim(), text);
  assert.equal(await bubbles.locator('img, script, svg, a').count(), 0);
  const comment = page.locator('aside').getByText(text, { exact: true });
  await comment.waitFor();
  assert.equal(await comment.locator('img, script, svg, a').count(), 0);
  await page.goto('/ticket');
  await page.getByText(attack).waitFor();
  await page.goto(`/?subject=${encodeURIComponent(attack)}#name=${encodeURIComponent(attack)}`);
  await page.locator('#name').waitFor();
  await page.goto(`/help?q=${encodeURIComponent(attack)}`);
  await page.getByText(attack).first().waitFor();
  await close();
});

test('the reference of the API lists the operations, under the same policy', async () => {
  const { page, close } = await visitor(browser, program, { reducedMotion: 'reduce' });
  await page.goto('/docs');
  await page.locator('.opblock').first().waitFor();
  const document = await (await fetch(`${program.base}/openapi.json`)).json();
  const wanted = Object.values(document.paths).flatMap((path) => Object.keys(path)).length;
  await until('every operation', async () => (await page.locator('.opblock').count()) === wanted);
  await page.locator('.opblock', { hasText: '/support/submit' }).first().locator('button').first().click();
  await page.locator('.opblock.is-open .responses-table').waitFor();
  await close();
});

test('the policy allows no inline script, and pages and their files are cached as they should be', async () => {
  const response = await fetch(`${program.base}/`, { headers: { 'Accept-Encoding': 'br' } });
  const policy = response.headers.get('content-security-policy');
  assert.match(policy, /default-src 'self'/);
  const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? /default-src ([^;]*)/.exec(policy)[1];
  assert.ok(!/unsafe|sha256|nonce/.test(scripts), policy);
  assert.match(policy, /style-src 'self';/);
  assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
  assert.equal(response.headers.get('content-encoding'), 'br');
  const html = await response.text();
  const inline = [...html.matchAll(/<script(?![^>]*\bsrc=)([^>]*)>/g)].filter(([, attributes]) => !attributes.includes('application/json'));
  assert.deepEqual(inline, []);

  const tag = response.headers.get('etag');
  const again = await fetch(`${program.base}/`, { headers: { 'If-None-Match': tag, 'Accept-Encoding': 'br' } });
  assert.equal(again.status, 304);

  const script = /src="(\/_next\/static\/chunks\/main-[^"]+)"/.exec(html)[1];
  for (const encoding of ['br', 'gzip', 'identity']) {
    const file = await fetch(program.base + script, { headers: { 'Accept-Encoding': encoding } });
    assert.match(file.headers.get('cache-control'), /immutable/);
    assert.equal(file.headers.get('content-encoding') ?? 'identity', encoding);
    assert.match(await file.text(), /function/);
  }
});
