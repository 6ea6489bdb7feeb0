// Saved views without a mouse, the scorecard of a reply, and the breakdowns of the numbers with their tables.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { launch, Program, sidewaysScroll, signedIn, signIn, until, violations, visitor } from './support.mjs';

let program;
let browser;
let maria;
let omar;
before(async () => {
  [program, browser] = await Promise.all([Program.start(), launch()]);
  [maria, omar] = await Promise.all([program.account('Maria Weber'), program.account('Omar Haddad')]);
});
after(async () => {
  await browser?.close();
  await program?.end();
});

const expected = /40[0-9]|Failed to load resource|ERR_/;

async function desk(who, options = {}) {
  const visit = await visitor(browser, program, { expected, reducedMotion: 'reduce', ...options });
  await signIn(visit.page, who);
  await signedIn(visit.page);
  await visit.page.locator('[data-testid=connection][data-state=live]').waitFor();
  return visit;
}

const lines = (page) => page.getByTestId('queue-item');
const dialog = (page, name) => page.getByRole('dialog', { name });

test('a view is saved, found and shared by keyboard, and shows exactly its conversations', async () => {
  for (const subject of ['A bill for VIPs', 'A bill for others']) {
    const { ticket_id: ticket } = await program.submit({ subject, email: `${subject.replaceAll(' ', '.')}@example.com` });
    await program.post(`/support/ticket/${ticket}/human`, {});
  }
  const { items } = await program.staff('GET', '/staff/conversations?queue=needs_me');
  const vip = items.find(({ ticket }) => ticket.subject === 'A bill for VIPs').conversation_id;
  await program.staff('PATCH', `/staff/conversations/${vip}`, { add_tags: ['vip'] });

  const { page, close } = await desk(maria);
  await until('both lines', async () => (await lines(page).count()) === 2);
  await page.keyboard.press('v');
  await dialog(page, 'Saved views').getByText('There are no saved views yet').waitFor();
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const editor = dialog(page, 'Save as a view');
  await editor.getByLabel('Name').waitFor();
  await page.keyboard.type('Important bills');
  await editor.getByLabel('Tag').fill('vip');
  await editor.getByLabel('For the whole team').check();
  assert.deepEqual(await violations(page), []);
  await editor.getByLabel('Name').press('Enter');
  await page.getByTestId('more-filters').getByText('#vip').waitFor();
  await until('the one line', async () => (await lines(page).count()) === 1);
  assert.match(await lines(page).innerText(), /A bill for VIPs/);
  assert.match(page.url(), /tag=vip/);
  assert.deepEqual(await violations(page), []);
  await page.getByRole('button', { name: 'Remove the filter #vip' }).click();
  await until('both lines', async () => (await lines(page).count()) === 2);

  // The same name again is refused in words.
  await page.keyboard.press('v');
  await page.getByRole('option', { name: /Important bills/ }).waitFor();
  await page.getByRole('button', { name: 'Save as a view' }).click();
  await editor.getByLabel('Name').fill('important bills');
  await editor.getByLabel('For the whole team').check();
  await editor.getByLabel('Name').press('Enter');
  await editor.getByRole('alert').getByText('There is a view with this name').waitFor();
  await close();

  const colleague = await desk(omar, { viewport: { width: 360, height: 740 } });
  await colleague.page.keyboard.press('Control+k');
  await colleague.page.getByRole('combobox').fill('important');
  await colleague.page.getByRole('option', { name: 'Important bills' }).waitFor();
  await colleague.page.keyboard.press('Enter');
  await colleague.page.getByTestId('more-filters').getByText('#vip').waitFor();
  assert.equal(await sidewaysScroll(colleague.page), 0);
  await colleague.page.keyboard.press('v');
  await colleague.page.getByRole('option', { name: /Important bills/ }).waitFor();
  assert.equal(await colleague.page.getByRole('button', { name: /^Remove “/ }).count(), 0, 'it is not his');
  await colleague.close();
});

test('a reply is judged by a colleague, and the numbers say who replied and what was not delivered', async () => {
  const { ticket_id: ticket } = await program.submit({ email: 'judge@example.com', subject: 'To be judged' });
  await program.answered(ticket);
  const author = await desk(maria);
  const { items } = await program.staff('GET', '/staff/conversations?queue=needs_me');
  const id = items[0].conversation_id;
  const { messages } = await program.staff('GET', `/conversations/${id}`);
  const body = { text: 'I have looked at your bill, and it is right.', seen_through: messages.findLast(({ kind }) => kind !== 'note').id, send_after_seconds: 0 };
  const status = await author.page.evaluate(async ([path, reply]) => {
    const { csrf_token: csrf } = await (await fetch('/staff/session')).json();
    const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf };
    return (await fetch(path, { method: 'POST', headers, body: JSON.stringify(reply) })).status;
  }, [`/staff/conversations/${id}/reply`, body]);
  assert.equal(status, 201);
  await author.page.goto('/console/quality');
  await author.page.getByLabel('Replies of').selectOption('staff');
  await author.page.getByText('Nothing to review').waitFor();
  await author.close();

  const { page, close } = await desk(omar);
  await page.getByRole('link', { name: 'Numbers' }).click();
  const agents = page.getByTestId('agents');
  await agents.getByRole('row', { name: /^Maria Weber/ }).getByRole('link', { name: '1', exact: true }).first().click();
  await page.getByTestId('behind').getByRole('heading', { name: 'Conversations, Maria Weber: 1' }).waitFor();
  await page.getByTestId('failures').getByText('Every reply was delivered.').waitFor();
  assert.deepEqual(await violations(page), []);
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download this list (CSV)' }).click()]);
  const rows = readFileSync(await file.path(), 'utf8').trim().split('\r\n');
  assert.equal(rows.length, 2);
  assert.match(rows[1], /A bill for/);

  await page.getByRole('link', { name: 'Quality review' }).click();
  await page.getByRole('heading', { name: 'Quality review', level: 1 }).waitFor();
  await page.getByLabel('Replies of').selectOption('staff');
  await page.getByTestId('reply-text').getByText('I have looked at your bill').waitFor();
  await page.getByRole('button', { name: 'Save and show the next one' }).click();
  await page.getByRole('alert').getByText('Answer at least one').waitFor();
  const answer = (question, text) => page.getByRole('group', { name: question }).getByText(text, { exact: true }).click();
  await answer(/^Grounded/, 'Partly');
  await answer(/^Tone/, 'Yes');
  await page.getByLabel('Comment').fill('Which bill? It does not say.');
  assert.deepEqual(await violations(page), []);
  await page.getByRole('button', { name: 'Save and show the next one' }).click();
  await page.getByText('Nothing to review').waitFor();
  const staff = page.getByTestId('quality-results').getByRole('row', { name: /^All Staff/ });
  await until('the result', async () => /All\s+Staff\s+1\s+1\.00 \(1\)\s+–\s+2\.00 \(1\)\s+–/.test(await staff.innerText()));
  await page.getByTestId('reviews').getByText('Which bill? It does not say.').waitFor();
  await page.getByLabel('Replies of').selectOption('bot');
  await page.getByTestId('reply-text').waitFor();

  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto('/console/quality?lang=de');
  await page.getByRole('heading', { name: 'Qualitätsprüfung', level: 1 }).waitFor();
  await page.getByTestId('reviews').getByText('Which bill?').waitFor();
  assert.equal(await sidewaysScroll(page), 0);
  assert.deepEqual(await violations(page), []);
  await close();
});
