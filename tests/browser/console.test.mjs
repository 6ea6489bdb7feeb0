// The console: from an escalation to a rating, take-over and guard, undo, work by keyboard alone, and what happens when
// events arrive, the connection breaks or two people answer at once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { enterAccount, launch, Program, sidewaysScroll, signedIn, signIn, until, violations, visitor } from './support.mjs';

let program;
let browser;
let maria;
let omar;
before(async () => {
  [program, browser] = await Promise.all([Program.start(), launch()]);
  maria = await program.account('Maria Weber');
  omar = await program.account('Omar Haddad');
});
after(async () => {
  await browser?.close();
  await program?.end();
});

/** What the tests provoke: refused actions, the question for a session before there is one, an ended connection. */
const expected = /40[0-9]|Failed to load resource|ERR_/;

async function desk(who = maria, path = '/console', options = {}) {
  const visit = await visitor(browser, program, { expected, ...options });
  await signIn(visit.page, who);
  await signedIn(visit.page);
  if (path !== '/console') await visit.page.goto(path);
  await visit.page.locator('[data-testid=connection][data-state=live]').waitFor();
  return visit;
}

let asked = 0;
/** A ticket that waits for staff, and its conversation. */
async function escalated(over = {}) {
  asked += 1;
  const subject = over.subject ?? `Question number ${asked}`;
  const { ticket_id: ticket, ticket_number: number } = await program.submit({ email: `customer${asked}@example.com`, ...over, subject });
  await program.post(`/support/ticket/${ticket}/human`, {});
  const item = await until('the conversation in a queue', async () => {
    const { items } = await program.staff('GET', '/staff/conversations?queue=all&sort=-last_message&limit=100');
    return items.find((one) => one.ticket.ticket_id === ticket && one.ticket.status === 'escalated');
  });
  return { ticket, number, subject, id: item.conversation_id };
}

const conversation = (id) => program.staff('GET', `/conversations/${id}`);
const staffMessages = async (id) =>
  (await conversation(id)).messages.filter(({ role, kind, delivery_status: state }) => role === 'staff' && kind === 'message' && state !== 'withdrawn');
const line = (page, { subject }) => page.getByTestId('queue-item').filter({ hasText: subject });
const status = (page, state) => page.locator(`[data-testid=status][data-status=${state}]`).waitFor();
const replyField = (page) => page.getByRole('textbox', { name: /^Reply to/ });
const send = (page) => page.getByRole('button', { name: 'Send', exact: true });
const openConversation = (page) => page.locator('#conversation-title').waitFor();

test('a question of price reaches staff at once, is claimed, answered, resolved and rated', async () => {
  const staff = await desk();
  const { ticket_id: ticket, ticket_number: number } = await program.submit({
    email: 'price@example.com',
    subject: 'Price for fifty people',
    message: 'How much does the Enterprise plan cost for 50 people?',
  });
  const customer = await visitor(browser, program);
  await customer.page.goto(`/ticket?id=${ticket}`);
  await until('the escalation', async () => (await program.ticket(ticket)).status === 'escalated');
  const since = Date.now();
  await line(staff.page, { subject: 'Price for fifty people' }).waitFor();
  console.log(`in the queue ${Date.now() - since} ms after the ticket was seen as escalated`);
  await staff.page.getByTestId('toast').filter({ hasText: `Escalation ${number}: Pricing` }).waitFor();
  assert.match(await staff.page.title(), /^\(\d+\) Console/);

  await line(staff.page, { subject: 'Price for fifty people' }).click();
  await staff.page.getByTestId('thread').getByText('How much does the Enterprise plan cost').waitFor();
  await staff.page.getByTestId('brief').getByText('Pricing').waitFor();
  await staff.page.getByRole('button', { name: 'Claim' }).click();
  await staff.page.getByTestId('receipt').waitFor();
  await status(staff.page, 'in_progress');
  await customer.page.locator('[data-testid=status][data-status=in_progress]').waitFor();

  await replyField(staff.page).fill('For fifty people our sales team makes you an offer. May they call you?');
  await send(staff.page).click();
  await staff.page.getByTestId('toast').getByRole('button', { name: 'Undo' }).waitFor();
  // While it can be taken back, the customer sees nothing of it.
  assert.equal((await program.ticket(ticket)).messages.filter(({ role }) => role === 'staff').length, 0);
  await customer.page.getByText('May they call you?').waitFor();
  await staff.page.locator('[data-testid=message][data-role=staff] [data-testid=delivery]').filter({ hasText: /Sent|Delivered/ }).waitFor();

  await staff.page.getByRole('button', { name: 'Resolve', exact: true }).click();
  await status(staff.page, 'resolved');
  await customer.page.locator('[data-testid=status][data-status=resolved]').waitFor();
  await customer.page.locator('label', { hasText: '5 stars' }).click();
  await customer.page.getByRole('button', { name: 'Send rating' }).click();
  await customer.page.getByText('Thank you for your rating.').waitFor();
  assert.equal((await program.ticket(ticket)).rating.score, 5);
  await customer.close();
  await staff.close();
});

test('a reply can be taken back for some seconds; its text returns, and the customer never sees it', async () => {
  const one = await escalated();
  const { page, close } = await desk(maria, `/console?c=${one.id}`);
  await replyField(page).fill('This was too early.');
  await page.keyboard.press('Control+Enter');
  await page.getByTestId('toast').getByRole('button', { name: 'Undo' }).click();
  await page.locator('[data-testid=delivery][data-state=withdrawn]').waitFor();
  assert.equal(await replyField(page).inputValue(), 'This was too early.');
  await page.waitForTimeout(11_000);
  const ticket = await program.ticket(one.ticket);
  assert.equal(ticket.messages.some(({ content }) => content.includes('too early')), false);
  await close();
});

test('two people answer at once: one reply is sent, the other is stopped and says why', async () => {
  const one = await escalated();
  const sides = [await desk(maria, `/console?c=${one.id}`), await desk(omar, `/console?c=${one.id}`)];
  for (const [n, { page }] of sides.entries()) await replyField(page).fill(`Answer of person ${n + 1}`);
  await Promise.all(sides.map(({ page }) => send(page).click()));
  const stopped = await until('a stopped reply', async () => {
    const shown = await Promise.all(sides.map(({ page }) => page.getByTestId('stopped').count()));
    return shown.some(Boolean) && shown;
  });
  assert.deepEqual([...stopped].sort(), [0, 1]);
  assert.equal((await staffMessages(one.id)).length, 1);
  const { page: warned } = sides[stopped.indexOf(1)];
  // What was written is still there.
  assert.match(await replyField(warned).inputValue(), /^Answer of person/);
  assert.deepEqual(await violations(warned), []);
  for (const side of sides) await side.close();
});

test('a reply written without the newest message is stopped and shows it', async () => {
  const one = await escalated();
  const { page, close } = await desk(maria, `/console?c=${one.id}`);
  await openConversation(page);
  // What is new does not reach this page.
  await page.route(`**/conversations/${one.id}*`, (route) => (route.request().method() === 'GET' ? route.abort() : route.continue()));
  await program.post(`/support/ticket/${one.ticket}/messages`, { message: 'Wait, I have found it myself.' });
  await replyField(page).fill('You find it in the settings.');
  await send(page).click();
  const stopped = page.locator('[data-testid=stopped][data-why=unseen]');
  await stopped.getByText('Wait, I have found it myself.').waitFor();
  assert.equal((await staffMessages(one.id)).length, 0);
  assert.equal(await replyField(page).inputValue(), 'You find it in the settings.');
  assert.deepEqual(await violations(page), []);
  await page.unroute(`**/conversations/${one.id}*`);
  await replyField(page).fill('Good to hear!');
  await stopped.getByRole('button', { name: 'Send anyway' }).click();
  await page.locator('[data-testid=message][data-role=staff]').filter({ hasText: 'Good to hear!' }).waitFor();
  assert.equal((await staffMessages(one.id)).length, 1);
  await close();
});

test('the receipt of a take-over is said in words', async () => {
  const one = await escalated();
  const { page, close } = await desk(maria, `/console?c=${one.id}`);
  const receipts = [
    [{ result: 'cancelled', message_id: null, at: null, withdrawn: [] }, 'The bot’s turn was cancelled, nothing was sent.'],
    [{ result: 'sent_before', message_id: one.id, at: '2026-11-30T09:03:21Z', withdrawn: [] }, /was sent at 10:03:21.*, before your click/],
  ];
  for (const [receipt, words] of receipts) {
    await page.route('**/claim', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), receipt } });
    });
    await page.getByRole('button', { name: 'Claim' }).click();
    await page.locator(`[data-testid=receipt][data-result=${receipt.result}]`).getByText(words).waitFor();
    await page.unroute('**/claim');
    await page.getByRole('button', { name: 'Release' }).click();
    await page.getByRole('button', { name: 'Claim' }).waitFor();
  }
  await close();
});

test('what a colleague has claimed is taken over only on purpose', async () => {
  const one = await escalated();
  const [first, second] = [await desk(maria, `/console?c=${one.id}`), await desk(omar, `/console?c=${one.id}`)];
  await first.page.getByRole('button', { name: 'Claim' }).click();
  await first.page.getByTestId('assignee').getByText('Assigned to You').waitFor();
  await second.page.getByTestId('assignee').getByText('Assigned to Maria Weber').waitFor();
  await second.page.getByRole('button', { name: 'Claim' }).click();
  await second.page.getByText('Maria Weber has claimed this conversation.').waitFor();
  await second.page.getByRole('button', { name: 'Take it over' }).click();
  await second.page.getByTestId('assignee').getByText('Assigned to You').waitFor();
  await first.page.getByTestId('assignee').getByText('Assigned to Omar Haddad').waitFor();
  await first.close();
  await second.close();
});

test('notes, tags, priority, severity, snooze and hand-back, each with its way back', async () => {
  const one = await escalated();
  const { page, close } = await desk(maria, `/console?c=${one.id}`);
  const undo = () => page.getByTestId('toast').last().getByRole('button', { name: 'Undo' });
  const read = () => conversation(one.id);

  await page.getByRole('button', { name: 'Note', exact: true }).click();
  await page.getByRole('textbox', { name: 'Note, for staff only' }).fill('Asked sales about this.');
  await page.getByRole('button', { name: 'Save note' }).click();
  await page.locator('[data-testid=message][data-kind=note]').getByText('Asked sales about this.').waitFor();
  assert.equal((await program.ticket(one.ticket)).messages.some(({ content }) => content.includes('Asked sales')), false);

  await page.getByLabel('Add a tag').fill('Not a tag!');
  await page.keyboard.press('Enter');
  await page.getByText('A tag has 1 to 40 small letters').waitFor();
  await page.getByLabel('Add a tag').fill('vip');
  await page.keyboard.press('Enter');
  await page.getByTestId('tags').getByText('vip').waitFor();
  await page.getByRole('button', { name: 'Remove the tag vip' }).click();
  await until('the tag gone', async () => (await read()).tags.length === 0);
  await undo().click();
  await page.getByTestId('tags').getByText('vip').waitFor();

  await page.locator('#priority').selectOption('high');
  await until('the priority', async () => (await read()).ticket.priority === 'high');
  await undo().click();
  await until('the old priority', async () => (await read()).ticket.priority === 'medium');
  await page.locator('#severity').selectOption('urgent');
  await until('the severity', async () => (await read()).severity === 'urgent');

  await page.getByRole('button', { name: 'Snooze', exact: true }).click();
  await page.getByRole('button', { name: 'In three hours' }).click();
  await until('the snooze', async () => (await read()).snoozed_until !== null);
  await line(page, one).waitFor({ state: 'detached' });
  await undo().click();
  await until('the end of the snooze', async () => (await read()).snoozed_until === null);
  await line(page, one).waitFor();

  await page.getByRole('button', { name: 'Hand back' }).click();
  await page.getByLabel('Instruction').fill('Tell them that sales will call.');
  await page.getByRole('dialog').getByRole('button', { name: 'Hand back' }).click();
  await until('the bot', async () => (await read()).status === 'active');
  await line(page, one).waitFor({ state: 'detached' });
  await close();
});

test('a draft is kept over a reload', async () => {
  const one = await escalated();
  const { page, close } = await desk(maria, `/console?c=${one.id}`);
  await replyField(page).fill('I will look this up and');
  await page.getByText('Draft saved').waitFor();
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await until('the draft', async () => (await replyField(page).inputValue()) === 'I will look this up and');
  await close();
});

const keptHere = (page) => page.evaluate(() => Object.keys(localStorage).filter((key) => /^fte\.(draft|note)\.console/.test(key)));
const noteField = (page) => page.locator('#note-text');

test('what one account was writing is not the next one’s in the same browser', async () => {
  const one = await escalated();
  const { page, close } = await desk(maria, `/console?c=${one.id}`);
  await replyField(page).fill('Between me and the customer');
  await page.getByText('Draft saved').waitFor();
  await page.getByRole('button', { name: /^Note/ }).click();
  await noteField(page).fill('Between me and my team');
  await until('the note on this device', async () => (await keptHere(page)).some((key) => key.includes('note')));
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL('**/console/login*');
  await until('nothing of it on this device', async () => (await keptHere(page)).length === 0);

  await enterAccount(page, omar);
  await signedIn(page);
  await page.goto(`/console?c=${one.id}`);
  await openConversation(page);
  await page.waitForTimeout(1_500);
  assert.equal(await replyField(page).inputValue(), '');
  await page.getByRole('button', { name: /^Note/ }).click();
  assert.equal(await noteField(page).inputValue(), '');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL('**/console/login*');

  await enterAccount(page, maria);
  await signedIn(page);
  await page.goto(`/console?c=${one.id}`);
  await until('the draft of the account', async () => (await replyField(page).inputValue()) === 'Between me and the customer');
  await close();
});

test('a draft that is older than that of another device does not replace it', async () => {
  const one = await escalated();
  const [desktop, phone] = [await desk(maria, `/console?c=${one.id}`), await desk(maria)];
  const draft = () => phone.page.evaluate(async (id) => (await (await fetch(`/staff/conversations/${id}/draft`)).json()).text, one.id);
  await replyField(desktop.page).fill('Old words');
  await desktop.page.getByText('Draft saved').waitFor();
  await desktop.page.goto('/console/account');
  await phone.page.goto(`/console?c=${one.id}`);
  await until('the draft of the desktop', async () => (await replyField(phone.page).inputValue()) === 'Old words');
  await replyField(phone.page).fill('New words');
  await until('the draft of the phone', async () => (await draft()) === 'New words');

  await desktop.page.goto(`/console?c=${one.id}`);
  await until('the newer draft', async () => (await replyField(desktop.page).inputValue()) === 'New words');
  await desktop.page.waitForTimeout(1_500);
  assert.equal(await draft(), 'New words');
  await phone.close();
  await desktop.close();
});

test('a deep link leads through the login page to the conversation', async () => {
  const one = await escalated();
  const { page, close } = await visitor(browser, program, { expected });
  await page.goto(`/console?queue=all&c=${one.id}`);
  await page.waitForURL('**/console/login?*');
  await enterAccount(page, maria);
  await page.locator('#conversation-title', { hasText: one.subject }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get('c'), one.id);
  await close();
});

test('an unknown conversation says so, and the rest of the console works', async () => {
  const { page, close } = await desk(maria, '/console?c=5e5b2e2e-0000-7000-8000-000000000000');
  await page.getByText('This conversation does not exist').waitFor();
  await page.getByTestId('queue').waitFor({ state: 'attached' });
  await close();
});

test('a lost connection is shown, and what was missed is caught up', async () => {
  const one = await escalated();
  const { page, close } = await desk(maria, `/console?c=${one.id}`);
  await replyField(page).fill('Half a sentence');
  await program.stop();
  await page.locator('[data-testid=connection][data-state=reconnecting]').waitFor();
  await page.getByText('Reconnecting…', { exact: false }).waitFor();
  await program.run();
  await program.post(`/support/ticket/${one.ticket}/messages`, { message: 'Written while the page was away' });
  await page.getByTestId('thread').getByText('Written while the page was away').waitFor();
  await page.locator('[data-testid=connection][data-state=live]').waitFor();
  assert.equal(await replyField(page).inputValue(), 'Half a sentence');
  await close();
});

test('staff without the role of an administrator cannot manage accounts', async () => {
  const { page, close } = await desk(omar);
  const answers = await page.evaluate(async () => {
    const { csrf_token: token } = await (await fetch('/staff/session')).json();
    const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': token };
    const body = JSON.stringify({ email: 'new@example.com', name: 'New', role: 'admin' });
    const create = await fetch('/staff/members', { method: 'POST', headers, body });
    const promote = await fetch('/staff/session', { method: 'PATCH', headers, body: JSON.stringify({ role: 'admin' }) });
    return [create.status, promote.status];
  });
  for (const answer of answers) assert.ok([403, 404, 405].includes(answer), String(answer));
  const { items } = await program.staff('GET', '/staff/members');
  assert.equal(items.some(({ email }) => email === 'new@example.com'), false);
  assert.equal(items.find(({ email }) => email === omar.email).role, 'agent');
  await page.goto('/console/account');
  assert.equal(await page.getByText('Administrator').count(), 0);
  await close();
});

test('an ended session leads to the login page', async () => {
  const gone = await program.account('Lena Gone');
  const { page, close } = await desk(gone);
  await program.command('staff', 'disable', gone.email);
  await escalated();
  await page.waitForURL('**/console/login*');
  await close();
});

test('the keys are listed, and the palette finds tickets and commands', async () => {
  const one = await escalated({ subject: 'Where are the invoices kept' });
  const { page, close } = await desk();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).getByText('Next in the queue').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await page.keyboard.press('/');
  await page.getByRole('combobox').fill(one.number);
  await page.getByRole('option').filter({ hasText: one.subject }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator('#conversation-title', { hasText: one.subject }).waitFor();

  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('claim');
  await page.keyboard.press('Enter');
  await page.getByTestId('assignee').waitFor();
  await close();
});

test('a suggested reply is edited and sent by a person, canned replies are filled in, and an answer is judged', async () => {
  const { page } = await desk();
  const ticket = await escalated({ name: 'Ada Lowe', subject: 'Audit', message: 'Can I see who changed what?' });
  // In human hands, so that the bot does not answer it itself.
  await program.post(`/support/ticket/${ticket.ticket}/messages`, { message: 'How do I reset my password?' });
  await page.goto(`/console?c=${ticket.id}`);
  await page.getByTestId('thread').getByText('How do I reset my password?').waitFor();

  await page.keyboard.press('g');
  await page.getByTestId('suggestion').getByText('Sources:').waitFor();
  assert.deepEqual(await violations(page), []);
  await page.getByRole('button', { name: 'Edit this reply' }).click();
  await until('the suggestion in the field', async () => (await replyField(page).inputValue()).length > 20);
  await replyField(page).press('End');
  await replyField(page).press('Escape');

  await page.keyboard.press(';');
  await page.getByRole('button', { name: 'New canned reply' }).click();
  await page.getByLabel('Name').fill('Closing words');
  await page.getByLabel('Text', { exact: true }).fill('Kind regards to {{customer.name}}, about {{ticket.number}}');
  await page.getByLabel('Tags to add').fill('greeted');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('combobox', { name: 'Canned replies' }).fill('closing');
  await page.getByRole('option', { name: /Closing words/ }).waitFor();
  await page.keyboard.press('Enter');
  await until('the canned reply in the field', async () => (await replyField(page).inputValue()).endsWith(`Kind regards to Ada Lowe, about ${ticket.number}`));
  await until('its tag', async () => (await conversation(ticket.id)).tags.includes('greeted'));
  await send(page).click();
  await until('the reply', async () => {
    const [reply] = await staffMessages(ticket.id);
    return reply?.content.endsWith(`about ${ticket.number}`);
  });

  const { ticket_id: answered } = await program.submit({ email: 'judged@example.com' });
  await program.answered(answered);
  const { items } = await program.staff('GET', '/staff/conversations?queue=all&sort=-last_message&limit=20');
  await page.goto(`/console?c=${items.find((item) => item.ticket.ticket_id === answered).conversation_id}`);
  const verdict = page.getByTestId('verdict').first();
  await verdict.getByRole('button', { name: 'This is wrong' }).click();
  await verdict.getByLabel('What is wrong with it?').fill('It names the old page.');
  await verdict.getByRole('button', { name: 'Report' }).click();
  await verdict.getByText('Noted.').waitFor();
});
