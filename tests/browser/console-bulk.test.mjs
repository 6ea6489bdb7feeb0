// Many conversations at once, merges and side conversations in the console.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Program, signedIn, signIn, until, violations, visitor } from './support.mjs';

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

const expected = /40[0-9]|Failed to load resource|ERR_/;

async function escalated(subject, email) {
  const { ticket_id: ticket } = await program.submit({ subject, email });
  assert.equal((await program.post(`/support/ticket/${ticket}/human`, {})).status, 200);
  const { items } = await program.staff('GET', '/staff/conversations?queue=all&limit=100');
  return items.find((item) => item.ticket.ticket_id === ticket);
}

async function desk() {
  const visit = await visitor(browser, program, { expected });
  await signIn(visit.page, maria);
  await signedIn(visit.page);
  await visit.page.locator('[data-testid=connection][data-state=live]').waitFor();
  return visit;
}

const line = (page, { conversation_id: id }) => page.locator(`[data-line="${id}"]`);
const ticketOf = async ({ conversation_id: id }) => (await program.staff('GET', `/conversations/${id}`)).ticket;

test('selected conversations are resolved at once, one that has changed is left alone, and undo brings them back', async () => {
  const three = [];
  for (const n of [1, 2, 3]) three.push(await escalated(`Outage ${n} of the day`, `outage${n}@example.com`));
  const [first, second, third] = three;
  const { page, close } = await desk();
  await line(page, first).getByRole('checkbox').check();
  await line(page, second).locator('a').focus();
  await page.keyboard.press('x');
  await line(page, third).getByRole('checkbox').check();
  const bar = page.getByTestId('bulk-bar');
  await bar.getByText('3 selected').waitFor();
  assert.deepEqual(await violations(page), []);
  // A tag for all three, by a dialog.
  await bar.getByRole('button', { name: 'Tag' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('outage');
  await page.keyboard.press('Enter');
  await page.getByText('3 conversations were changed.').waitFor();
  await bar.waitFor({ state: 'detached' });
  for (const one of three) await line(page, one).getByText('#outage').waitFor();

  for (const one of three) await line(page, one).getByRole('checkbox').check();
  // The browser does not hear of the change: the server finds it.
  await page.route('**/staff/conversations?**', (route) => route.abort());
  await program.staff('POST', `/staff/conversations/${third.conversation_id}/note`, { text: 'I am on it.' });
  await bar.getByRole('button', { name: 'Resolve' }).click();
  await page.getByText('2 conversations were changed.').waitFor();
  await page.getByText('1 was left alone: it has changed since you saw it.').waitFor();
  await page.unroute('**/staff/conversations?**');
  assert.deepEqual((await Promise.all(three.map(ticketOf))).map(({ status }) => status), ['resolved', 'resolved', 'escalated']);
  await page.keyboard.press('z');
  await page.getByText('2 conversations are as they were before.').waitFor();
  assert.deepEqual((await Promise.all(three.map(ticketOf))).map(({ status }) => status), ['escalated', 'escalated', 'escalated']);
  for (const one of three) await line(page, one).waitFor();
  await close();
});

test('a conversation is merged into another one and separated again, and its page names the number', async () => {
  const source = await escalated('The same thing twice', 'twice@example.com');
  const target = await escalated('The same thing once', 'twice@example.com');
  const { page, close } = await desk();
  await page.goto(`/console?c=${source.conversation_id}`);
  await page.locator('#conversation-title').waitFor();
  const run = async (command) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill(command);
    await page.getByRole('option', { name: command }).click();
  };
  await run('Merge into another conversation');
  await page.getByRole('option', { name: /The same thing once/ }).click();
  await page.getByText(`goes on as ${target.ticket.ticket_number}`).waitFor();
  await page.getByTestId('merged').waitFor();
  assert.deepEqual(await violations(page), []);
  const customer = await visitor(browser, program, { expected });
  await customer.page.goto(`/ticket?id=${source.ticket.ticket_id}`);
  await customer.page.getByText(`This ticket goes on as ${target.ticket.ticket_number}`).waitFor();
  assert.equal((await customer.page.content()).includes(target.ticket.ticket_id), false);
  await customer.close();
  await page.getByTestId('merged').getByRole('button', { name: 'Undo the merge' }).click();
  await page.getByText('is a conversation of its own again').waitFor();
  await until('the ticket waits again', async () => (await ticketOf(source)).status === 'escalated');

  await run('Ask a third party');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('To').fill('vendor@parts.example');
  await dialog.getByLabel('Subject').fill('Part 7');
  await dialog.getByLabel('Text').fill('When does it ship?');
  const plan = { name: 'plan.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 part 7') };
  await dialog.getByLabel('Files').setInputFiles([plan, { ...plan, name: 'wrong.pdf' }]);
  await dialog.getByRole('button', { name: 'Remove wrong.pdf' }).click();
  await dialog.getByTestId('files').getByText('plan.pdf', { exact: true }).waitFor();
  assert.deepEqual(await violations(page), []);
  const send = dialog.getByRole('button', { name: 'Send' });
  // A phone on its side: what is below the edge is reached by scrolling.
  await page.setViewportSize({ width: 640, height: 300 });
  await send.scrollIntoViewIfNeeded();
  const { y, height } = await send.boundingBox();
  assert.ok(y >= 0 && y + height <= 300, `the button is at ${y}`);
  // Two clicks, and the answer comes late: one message.
  await page.route('**/side', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    await route.continue();
  });
  await send.dblclick();
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.getByTestId('side').getByText('When does it ship?').waitFor();
  const href = await page.getByTestId('side-file').getAttribute('href');
  assert.deepEqual(await page.getByTestId('side-file').allInnerTexts(), ['plan.pdf']);
  assert.equal(await page.evaluate(async (path) => (await fetch(path)).text(), href), '%PDF-1.4 part 7');
  const { side } = await program.staff('GET', `/conversations/${source.conversation_id}`);
  assert.equal(side.length, 1);
  await close();
});
