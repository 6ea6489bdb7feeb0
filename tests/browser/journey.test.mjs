// A customer's way: question, answer, follow-up, person, rating; and what happens when the program or the network fails.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fillForm, launch, Program, question, sidewaysScroll, until, visitor } from './support.mjs';

let program;
let browser;
before(async () => {
  [program, browser] = await Promise.all([Program.start(), launch()]);
});
after(async () => {
  await browser?.close();
  await program?.end();
});

const status = (page) => page.getByTestId('status').first().getAttribute('data-status');
const messagesBy = (page, role) => page.locator(`[data-testid=message][data-role=${role}]`);

test('a customer asks, is answered live, asks on, gets a person and rates', async () => {
  const { page, close } = await visitor(browser, program);
  await page.goto('/');
  await fillForm(page);
  await page.getByRole('button', { name: 'Send question' }).click();
  const number = await page.getByTestId('ticket-number').textContent();
  assert.match(number, /^T-\d+$/);

  await page.getByRole('button', { name: 'Copy link' }).click();
  await page.getByText('Copied').waitFor();
  const link = await page.getByLabel('Your page for this ticket').inputValue();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);

  await page.getByRole('link', { name: 'Open the ticket' }).click();
  assert.equal(page.url(), link);
  await messagesBy(page, 'agent').first().waitFor();
  assert.equal(await status(page), 'waiting_customer');
  const source = page.getByRole('link', { name: 'Reset a forgotten password' }).first();
  assert.match(await source.getAttribute('href'), /^\/help\?id=product-docs\.md%23reset-a-forgotten-password$/);

  await page.getByLabel('Write a message').fill('And how do I change it while I am signed in?');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await until('a second answer', async () => (await messagesBy(page, 'agent').count()) === 2);
  assert.equal(await page.getByLabel('Write a message').inputValue(), '');

  await page.getByRole('button', { name: 'Talk to a person' }).click();
  await page.getByRole('button', { name: 'Yes, please' }).click();
  await page.locator('[data-testid=status][data-status=escalated]').waitFor();
  await page.getByText(/A person from our team will answer here, by/).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Talk to a person' }).count(), 0);

  await page.locator('label', { hasText: '4 stars' }).click();
  await page.getByLabel('What could be better?').fill('The second answer was long.');
  await page.getByRole('button', { name: 'Send rating' }).click();
  await page.getByText('Thank you for your rating.').waitFor();
  const ticket = await program.ticket(new URL(link).searchParams.get('id'));
  assert.equal(ticket.rating.score, 4);
  assert.equal(ticket.rating.comment, 'The second answer was long.');
  await close();
});

test('an open ticket page reports a lost connection and catches up after a restart', async () => {
  const { ticket_id: id } = await program.submit();
  await program.answered(id);
  const { page, close } = await visitor(browser, program, { expected: /Failed to load resource|ERR_CONNECTION/ });
  await page.goto(`/ticket?id=${id}`);
  await page.locator('[data-testid=connection][data-state=live]').waitFor();

  await program.stop();
  await page.locator('[data-testid=connection][data-state=reconnecting]').waitFor();
  await page.getByText('Reconnecting…', { exact: false }).waitFor();
  await page.getByLabel('Write a message').fill('Where is the page for two-factor codes?');

  await program.run();
  await program.post(`/support/ticket/${id}/messages`, { message: 'Written from another device' });
  await page.getByText('Written from another device').waitFor();
  await page.locator('[data-testid=connection][data-state=live]').waitFor();
  assert.equal(await page.getByLabel('Write a message').inputValue(), 'Where is the page for two-factor codes?');
  await close();
});

test('a lost answer is asked for again and opens no second ticket', async () => {
  const { page, close } = await visitor(browser, program, { expected: /Failed to load resource|ERR_/ });
  const stored = [];
  let isLost = true;
  await page.route('**/support/submit', async (route) => {
    const response = await route.fetch();
    stored.push((await response.json()).ticket_number);
    if (isLost) await route.abort();
    else await route.fulfill({ response });
  });
  await page.goto('/');
  await fillForm(page, { email: 'lost@example.com' });
  await page.getByRole('button', { name: 'Send question' }).click();
  await page.getByText('Your question was not sent').waitFor();
  assert.equal(await page.getByLabel('Message').inputValue(), question.message);

  // Not even a reload loses a word, and the key stays the same.
  await page.reload();
  await page.getByText('We kept what you wrote last time.').waitFor();
  assert.equal(await page.getByLabel('Message').inputValue(), question.message);
  isLost = false;
  await page.getByRole('button', { name: 'Send question' }).click();
  const shown = await page.getByTestId('ticket-number').textContent();
  assert.deepEqual([...new Set(stored)], [shown]);
  assert.ok(stored.length > 1);

  await page.goto('/');
  assert.equal(await page.getByLabel('Message').inputValue(), '');
  await close();
});

test('an edited question after a failure is a question of its own', async () => {
  const { page, close } = await visitor(browser, program, { expected: /Failed to load resource|ERR_/ });
  await page.route('**/support/submit', (route) => route.abort());
  await page.goto('/');
  await fillForm(page, { email: 'edited@example.com' });
  await page.getByRole('button', { name: 'Send question' }).click();
  await page.getByText('Your question was not sent').waitFor();
  await page.unroute('**/support/submit');
  await page.getByLabel('Message').fill('Something else entirely, after all.');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByTestId('ticket-number').waitFor();
  await close();
});

test('an unsent message on a ticket is kept', async () => {
  const { ticket_id: id } = await program.submit();
  const { page, close } = await visitor(browser, program, { expected: /Failed to load resource|ERR_/ });
  await page.goto(`/ticket?id=${id}`);
  await page.route('**/messages', (route) => route.abort());
  await page.getByLabel('Write a message').fill('Is anybody there?');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByText('Your message was not sent').waitFor();
  await page.reload();
  await until('the draft', async () => (await page.getByLabel('Write a message').inputValue()) === 'Is anybody there?');
  await page.unroute('**/messages');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await messagesBy(page, 'customer').nth(1).waitFor();
  const sent = (await program.ticket(id)).messages.filter(({ content }) => content === 'Is anybody there?');
  assert.equal(sent.length, 1);
  await close();
});

test('articles are suggested while the subject is typed, and can be dismissed', async () => {
  const { page, close } = await visitor(browser, program);
  await page.goto('/');
  await page.getByLabel('Subject').pressSequentially('reset forgotten password', { delay: 15 });
  const offered = page.getByRole('link', { name: /Reset a forgotten password/ });
  await offered.waitFor();
  assert.ok((await page.locator('form a[target=_blank]').count()) <= 3);
  await page.getByRole('button', { name: 'Hide suggestions' }).click();
  await offered.waitFor({ state: 'detached' });
  await page.getByLabel('Subject').pressSequentially(' again', { delay: 15 });
  await page.waitForTimeout(800);
  assert.equal(await offered.count(), 0);
  await close();
});

test('the form works at 360 px by keyboard alone, and says what is wrong', async () => {
  const { page, close } = await visitor(browser, program, { viewport: { width: 360, height: 740 } });
  await page.goto('/');
  assert.equal(await sidewaysScroll(page), 0);
  const press = (key) => page.keyboard.press(key);
  const focused = () => page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent);
  const tabTo = async (wanted) => {
    for (let n = 0; n < 40 && (await focused()) !== wanted; n += 1) await press('Tab');
    assert.equal(await focused(), wanted);
  };

  await press('Tab');
  assert.equal(await focused(), 'Skip to content');
  await press('Enter');
  await tabTo('Send question');
  await press('Enter');
  await page.getByText('Name must have 1 to 100 characters.').waitFor();
  // The first wrong field has the focus, its error belongs to it, and the number of errors is announced.
  assert.equal(await focused(), 'name');
  const described = await page.locator('#name').getAttribute('aria-describedby');
  assert.equal((await page.locator(`#${described}`).textContent()).trim(), 'Name must have 1 to 100 characters.');
  await page.getByText('5 fields need your attention.').waitFor({ state: 'attached' });
  await page.getByText('Message must have 10 to 10,000 characters.').waitFor();
  assert.equal(await sidewaysScroll(page), 0);

  await page.keyboard.type('Kim Keyboard');
  await tabTo('email');
  await page.keyboard.type('kim@example.com');
  await tabTo('subject');
  await page.keyboard.type('No mouse here');
  for (let n = 0; n < 10 && (await page.evaluate(() => document.activeElement?.name)) !== 'category'; n += 1) await press('Tab');
  await press('Space');
  await press('ArrowRight');
  await tabTo('message');
  await page.keyboard.type('How do I create a project with the keyboard?');
  assert.equal(await page.getByTestId('counter').textContent(), '44 of 10,000');
  await tabTo('Send question');
  await press('Enter');
  await page.getByTestId('ticket-number').waitFor();
  assert.equal(await focused(), 'We have your question');
  await close();
});

test('tickets on this device are listed and can be forgotten', async () => {
  const { page, close } = await visitor(browser, program);
  await page.goto('/ticket');
  await page.getByText('No tickets on this device yet').waitFor();
  const first = await program.submit({ subject: 'The first of two' });
  const second = await program.submit({ subject: 'The second of two' });
  for (const { ticket_id: id } of [first, second]) {
    await page.goto(`/ticket?id=${id}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
  }
  await page.goto('/ticket');
  await page.getByText('The second of two').waitFor();
  await page.getByRole('button', { name: `Forget ${first.ticket_number}` }).click();
  await page.getByText('The first of two').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Forget all' }).click();
  await page.getByRole('button', { name: 'Forget all tickets' }).click();
  await page.getByText('No tickets on this device yet').waitFor();
  await page.reload();
  await page.getByText('No tickets on this device yet').waitFor();
  await close();
});

test('a wrong link explains itself', async () => {
  const { page, close } = await visitor(browser, program, { expected: /404/ });
  for (const id of ['5e5b2e2e-0000-4000-8000-000000000000', 'nonsense']) {
    await page.goto(`/ticket?id=${id}`);
    await page.getByText('There is no ticket at this link').waitFor();
  }
  await close();
});

test('older messages come by page', async () => {
  const { ticket_id: id } = await program.submit({ message: 'The very first line' });
  // A person takes over, so that no answers come between.
  await program.post(`/support/ticket/${id}/human`, {});
  // With the opening message these are as many as may wait for an answer; the acknowledgement makes the page overflow.
  for (let n = 1; n <= 99; n += 1) {
    const { status } = await program.post(`/support/ticket/${id}/messages`, { message: `Line ${n} of many` });
    assert.equal(status, 201);
  }
  const { page, close } = await visitor(browser, program);
  await page.goto(`/ticket?id=${id}`);
  await page.getByText('Line 99 of many').waitFor();
  assert.equal(await page.getByText('The very first line', { exact: true }).count(), 0);
  await page.getByRole('button', { name: 'Show earlier messages' }).click();
  await page.getByText('The very first line', { exact: true }).waitFor();
  const lines = await messagesBy(page, 'customer').allTextContents();
  assert.equal(new Set(lines).size, lines.length);
  assert.equal(lines.length, 100);
  await close();
});

test('the help centre is searched, read and linked to, and carries a search over to the form', async () => {
  const { page, close } = await visitor(browser, program, { expected: /404/ });
  await page.goto('/help');
  await page.getByRole('heading', { name: 'Account and password' }).waitFor();
  await page.getByLabel('Search the help centre').fill('forgotten password');
  // The list of all articles has the same link.
  await page.locator('#results').waitFor();
  await page.getByRole('link', { name: /Reset a forgotten password/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Reset a forgotten password' }).waitFor();
  await page.locator('.prose strong', { hasText: 'Forgot password' }).waitFor();
  assert.ok((await page.locator('.prose ol li').count()) >= 4);
  const deepLink = page.url();
  await page.getByRole('button', { name: 'No', exact: true }).click();
  await page.getByRole('link', { name: 'Ask us', exact: true }).last().click();
  await page.waitForURL('**/?subject=*');
  await until('the search in the form', async () => (await page.getByLabel('Subject').inputValue()) === 'forgotten password');

  await page.goto(deepLink);
  await page.getByRole('heading', { level: 1, name: 'Reset a forgotten password' }).waitFor();
  // A fragment that is no encoding names no heading; the article is there all the same.
  await page.goto('/help?id=product-docs.md%23reset-a-forgotten-password#%');
  await page.locator('#article-title').waitFor();
  await page.goto('/help?id=product-docs.md%23no-such-section');
  await page.getByText('This article does not exist').waitFor();
  await close();
});
