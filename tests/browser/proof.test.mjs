// A customer confirms an address on a ticket's page, sees all tickets, and nobody else opens the confirmed one.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, Program, sidewaysScroll, until, violations, visitor } from './support.mjs';

const EMAIL = 'ann@example.com';
const REFUSED = { expected: /status of 403/ };

let program;
let browser;
before(async () => {
  [program, browser] = await Promise.all([Program.start(), launch()]);
});
after(async () => {
  await browser?.close();
  await program?.end();
});

/** The codes that were mailed, oldest first: without a mailbox the program writes its mails into a folder. */
async function codes(count) {
  const folder = join(program.data, 'mail');
  return until(`${count} mails`, () => {
    const mails = readdirSync(folder).filter((name) => name.endsWith('.eml')).sort();
    const texts = mails.map((name) => readFileSync(join(folder, name), 'utf8'));
    const found = texts.map((text) => /^\d{6}$/m.exec(text.split('\n\n').slice(1).join('\n\n'))[0]);
    return found.length >= count && found;
  });
}

test('a mailed code shows all tickets, by keyboard and on a phone', async () => {
  const first = await program.submit();
  const second = await program.submit({ subject: 'The second question' });
  const foreign = await program.submit({ email: 'bob@example.com', subject: 'A question of Bob' });
  await Promise.all([first, second].map(({ ticket_id: id }) => program.answered(id)));
  const { page, close } = await visitor(browser, program, { ...REFUSED, viewport: { width: 360, height: 740 } });
  await page.goto(`/ticket?id=${first.ticket_id}`);
  const start = page.getByRole('button', { name: 'Confirm my address' });
  await start.focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('E-mail address').focus();
  await page.keyboard.type('nobody');
  await page.keyboard.press('Enter');
  await page.getByText('Please enter an e-mail address').waitFor();
  await page.getByLabel('E-mail address').fill(EMAIL);
  await page.keyboard.press('Enter');
  await page.getByText(`If we know ${EMAIL}`).waitFor();
  const [code] = await codes(1);
  await page.keyboard.type(code === '000000' ? '000001' : '000000');
  await page.keyboard.press('Enter');
  await page.getByText('That code is not valid').waitFor();
  assert.deepEqual(await violations(page), []);
  await page.getByLabel('Code from the e-mail').fill(`${code.slice(0, 3)} ${code.slice(3)}`);
  await page.keyboard.press('Enter');

  const list = page.getByTestId('own-tickets');
  await list.waitFor();
  const lines = await list.getByRole('listitem').allTextContents();
  assert.equal(lines.length, 2);
  assert.match(lines[0], /The second question.*Answered/s);
  assert.match(lines[1], /Cannot sign in.*This ticket/s);
  assert.equal(lines.join().includes(foreign.ticket_number), false);
  assert.equal(await sidewaysScroll(page), 0);
  assert.deepEqual(await violations(page), []);

  await page.getByLabel('Write a message').fill('What is the status of my other tickets?');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByText(`${second.ticket_number}: we have answered`).waitFor();

  await page.goto('/ticket');
  await page.getByTestId('own-tickets').waitFor();
  await page.getByRole('button', { name: 'Forget this confirmation' }).click();
  await page.getByRole('button', { name: 'Confirm my address' }).waitFor();
  await close();

  // Its link alone opens the confirmed ticket no more.
  const other = await visitor(browser, program, REFUSED);
  await other.page.goto(`/ticket?id=${first.ticket_id}`);
  await other.page.getByRole('heading', { name: 'This ticket is protected' }).waitFor();
  assert.equal(await other.page.getByText('I forgot my password').count(), 0);
  await other.page.getByLabel('E-mail address').fill(EMAIL);
  await other.page.keyboard.press('Enter');
  const [, again] = await codes(2);
  await other.page.getByLabel('Code from the e-mail').fill(again);
  await other.page.keyboard.press('Enter');
  await other.page.getByText('I forgot my password').first().waitFor();
  await other.close();
});
