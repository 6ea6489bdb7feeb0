// The page with the numbers: every number opens its conversations, by day and channel too, and the CSV is of the same range.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { launch, Program, sidewaysScroll, signedIn, signIn, until, violations, visitor } from './support.mjs';

let program;
let browser;
let maria;
before(async () => {
  [program, browser] = await Promise.all([Program.start(), launch()]);
  maria = await program.account('Maria Weber');
});
after(async () => {
  await browser?.close();
  await program?.end();
});

/** The question for a session before there is one. */
const expected = /40[0-9]|Failed to load resource|ERR_/;

test('every number opens its conversations, and the page is accessible, in German and on a phone', async () => {
  const answered = await program.submit({ email: 'one@example.com', subject: 'Password of one' });
  await program.answered(answered.ticket_id);
  const price = { subject: 'Price for fifty', message: 'How much does the Enterprise plan cost for 50 people?' };
  const priced = await program.submit({ ...price, email: 'two@example.com' });
  await until('the escalation', async () => (await program.ticket(priced.ticket_id)).status === 'escalated');
  await program.post(`/support/ticket/${answered.ticket_id}/rating`, { score: 4 });

  const { page, close } = await visitor(browser, program, { expected, reducedMotion: 'reduce' });
  await signIn(page, maria);
  await signedIn(page);
  await page.getByRole('link', { name: 'Numbers' }).click();
  await page.getByRole('heading', { name: 'Numbers', level: 1 }).waitFor();

  const figure = (name) => page.locator(`[data-figure="${name}"]`);
  const counted = page.getByTestId('counted');
  const heading = (text) => page.getByTestId('behind').getByRole('heading', { name: text }).waitFor();
  await figure('conversations').filter({ hasText: '2' }).waitFor();
  await figure('csat').filter({ hasText: '4.0' }).waitFor();
  await figure('resolution.handed_off').click();
  await heading('Handed to people: 1');
  assert.match(await counted.innerText(), /Price for fifty/);
  await figure('resolution.autonomous').click();
  await heading('Without people: 1');
  assert.match(await counted.innerText(), /Password of one/);
  await page.getByRole('link', { name: 'Pricing 1' }).click();
  await heading('Pricing: 1');
  const webForm = page.getByRole('row', { name: /^Web form/ });
  await webForm.getByRole('link').first().click();
  await heading('Conversations, Web form: 2');
  await page.getByText('As a table').click();
  const today = new Date().toISOString().slice(0, 10);
  await page.locator(`a[href*="day=${today}"]`).first().click();
  await heading(new RegExp(`Conversations, ${today}: 2`));
  assert.deepEqual(await violations(page), []);
  assert.equal(await sidewaysScroll(page), 0);

  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download CSV' }).click()]);
  assert.match(file.suggestedFilename(), /^report-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
  const rows = readFileSync(await file.path(), 'utf8').trim().split('\r\n');
  assert.equal(rows.length, 1 + 1 + 3 + 7);
  assert.match(rows[1], /^total,,2,/);

  await page.getByLabel('From').fill('2001-01-01');
  await page.getByLabel('To', { exact: true }).fill('2001-01-02');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByText('No conversation began in these days').waitFor();

  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(`/console/numbers?lang=de&figure=conversations`);
  await page.getByTestId('behind').getByRole('heading', { name: 'Gespräche: 2' }).waitFor();
  assert.equal(await sidewaysScroll(page), 0);
  await counted.first().click();
  await page.waitForURL(/\/console\?.*c=/);
  await close();
});
