// Working in the console for a day: twenty tickets without a mouse, a queue that stays still and stays right while events
// arrive, phones, both themes, and German.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Program, sidewaysScroll, signedIn, signIn, until, violations, visitor } from './support.mjs';

const TICKETS = 20;
const EVENTS = 1_000;

let program;
let browser;
let maria;
const tickets = [];
before(async () => {
  [program, browser] = await Promise.all([Program.start(), launch()]);
  maria = await program.account('Maria Weber');
  for (let n = 1; n <= TICKETS; n += 1) tickets.push(await escalated(`Ticket ${String(n).padStart(2, '0')} of the day`));
});
after(async () => {
  await browser?.close();
  await program?.end();
});

const expected = /40[0-9]|Failed to load resource|ERR_/;

let asked = 0;
/** A ticket that waits for staff; with a turn of the bot if it has answered first. */
async function escalated(subject, isAnsweredFirst = false) {
  asked += 1;
  const { ticket_id: ticket } = await program.submit({ subject, email: `customer${asked}@example.com` });
  if (isAnsweredFirst) await program.answered(ticket);
  const response = await program.post(`/support/ticket/${ticket}/human`, {});
  assert.equal(response.status, 200);
  return { ticket, subject };
}

async function desk(path = '/console', options = {}) {
  const visit = await visitor(browser, program, { expected, ...options });
  await signIn(visit.page, maria);
  await signedIn(visit.page);
  if (path !== '/console') await visit.page.goto(path);
  await visit.page.locator('[data-testid=connection][data-state=live]').waitFor();
  return visit;
}

async function listed(query) {
  const items = [];
  let cursor = null;
  do {
    const page = await program.staff('GET', `/staff/conversations?${query}&limit=100${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return items;
}
const lines = (page) => page.getByTestId('queue-item');
const shownIds = (page) => page.locator('[data-line]').evaluateAll((all) => all.map(({ dataset }) => dataset.line));
const idOf = async ({ ticket }) => (await listed('queue=all')).find((item) => item.ticket.ticket_id === ticket).conversation_id;

test('the line under the pointer stays where it is when the queue changes', async () => {
  const { page, close } = await desk('/console', { viewport: { width: 1280, height: 620 } });
  await lines(page).nth(TICKETS - 1).waitFor();
  const aimed = lines(page).nth(3);
  const [subject] = /Ticket \d\d of the day/.exec(await aimed.textContent());
  await aimed.hover();
  const before = await aimed.boundingBox();
  const shown = page.locator('[data-testid=queue-item]', { hasText: subject });

  // A more urgent one arrives above, and the first one leaves.
  const urgent = await escalated('An urgent ticket');
  await program.staff('PATCH', `/staff/conversations/${await idOf(urgent)}`, { severity: 'urgent' });
  await page.locator('[data-line]', { hasText: 'An urgent ticket' }).waitFor();
  const [first] = await shownIds(page);
  await program.staff('POST', `/staff/conversations/${first}/snooze`, { until: new Date(Date.now() + 3_600_000).toISOString() });
  await page.locator(`[data-line="${first}"]`).waitFor({ state: 'detached' });
  const after = await shown.boundingBox();
  assert.ok(Math.abs(after.y - before.y) <= 1, `moved by ${after.y - before.y} px`);
  await close();
});

test(`after ${EVENTS} live events with a filter, queue and counts are those of a fresh query`, async () => {
  const { page, close } = await desk('/console?severity=high');
  const items = await listed('queue=needs_me');
  const severities = ['low', 'normal', 'high', 'urgent'];
  const since = Date.now();
  for (let done = 0; done < EVENTS; done += 10) {
    const batch = Array.from({ length: 10 }, (_, n) => {
      const at = done + n;
      const item = items[at % items.length];
      return program.staff('PATCH', `/staff/conversations/${item.conversation_id}`, { severity: severities[(at * 7 + Math.floor(at / 13)) % 4] });
    });
    await Promise.all(batch);
  }
  console.log(`${EVENTS} changes in ${Date.now() - since} ms`);
  const fresh = await program.staff('GET', '/staff/conversations?queue=needs_me&severity=high&limit=100');
  assert.ok(fresh.items.length > 0);
  const wanted = fresh.items.map(({ conversation_id: id }) => id);
  await until('the same list', async () => JSON.stringify(await shownIds(page)) === JSON.stringify(wanted));
  for (const [queue, n] of Object.entries(fresh.counts)) {
    // Counts of `mine` and `needs_me` depend on who asks; nothing is assigned in this test.
    const count = page.locator(`[data-queue="${queue}"] [data-testid=count]`);
    if (await count.count()) assert.equal(Number(await count.textContent()), n, queue);
  }
  await close();
});

test(`${TICKETS} tickets are triaged without a mouse`, async () => {
  const { page, close } = await desk();
  const work = await listed('queue=needs_me');
  const press = (key) => page.keyboard.press(key);
  const isWriting = () => page.evaluate(() => document.activeElement?.id === 'reply-text');
  const since = Date.now();
  const answered = [];
  for (let n = 0; n < work.length; n += 1) {
    await until('a line with the focus', async () => {
      await press('j');
      return page.evaluate(() => document.activeElement?.closest('[data-line]') !== null);
    });
    const id = await page.evaluate(() => document.activeElement.closest('[data-line]').dataset.line);
    await press('Enter');
    await page.waitForURL(`**c=${id}*`);
    // Until it is loaded, the conversation before is still there.
    const head = page.locator(`header[data-conversation="${id}"]`);
    await head.waitFor();
    await until('a claim', async () => {
      await press('c');
      return head.getByTestId('assignee').getByText('Assigned to You').isVisible();
    });
    await until('the field', async () => (await isWriting()) || (await press('r'), false));
    await page.keyboard.type(`Answer ${n + 1}, written without a mouse.`);
    // Some are answered and closed in one step, some are answered first and resolved by key.
    if (n % 2 === 0) await press('Control+Shift+Enter');
    else {
      await press('Control+Enter');
      await until('an empty field', async () => (await page.locator('#reply-text').inputValue()) === '');
      await until('keys that count', async () => !(await isWriting()) || (await press('Escape'), false));
      const resolved = head.locator('[data-testid=status][data-status=resolved]');
      await until('the resolution', async () => (await resolved.count()) > 0 || (await press('e'), false));
    }
    await page.locator(`[data-line="${id}"]`).waitFor({ state: 'detached' });
    await press('Escape');
    answered.push(id);
  }
  console.log(`${work.length} tickets in ${Date.now() - since} ms`);
  assert.ok(work.length >= TICKETS);
  assert.equal(new Set(answered).size, work.length);
  for (const id of answered) {
    // A reply takes its line out of the queue already; the resolution of the last one may be on its way.
    const { messages } = await until('a resolved ticket', async () => {
      const detail = await program.staff('GET', `/conversations/${id}`);
      return detail.ticket.status === 'resolved' && detail;
    });
    assert.equal(messages.filter(({ role, kind }) => role === 'staff' && kind === 'message').length, 1);
  }
  await page.getByText('Nothing waits for you').waitFor();
  await close();
});

test('at 360 px one pane is shown at a time, and nothing scrolls sideways', async () => {
  const one = await escalated('A question on the phone that has a very long subject indeed, longer than the line');
  const id = await idOf(one);
  for (const locale of ['en-GB', 'de-DE']) {
    const { page, close } = await visitor(browser, program, { expected, viewport: { width: 360, height: 740 } });
    await signIn(page, maria);
    await signedIn(page);
    await page.goto(`/console?lang=${locale.slice(0, 2)}`);
    await page.locator(`[data-line="${id}"] a`).click();
    await page.locator('#conversation-title').waitFor();
    assert.equal(await page.locator('[data-testid=queue]').isVisible(), false);
    assert.equal(await sidewaysScroll(page), 0, locale);
    await page.locator('.pane-conversation header .not-desktop').click();
    await page.getByTestId('identities').waitFor();
    assert.equal(await page.locator('#conversation-title').isVisible(), false);
    assert.equal(await sidewaysScroll(page), 0, locale);
    assert.deepEqual(await violations(page), []);
    await page.locator('.pane-context button').first().click();
    await page.locator('.pane-conversation header .phone-only').click();
    await page.getByTestId('queue').waitFor();
    assert.equal(await sidewaysScroll(page), 0, locale);
    await close();
  }
});

for (const colorScheme of ['light', 'dark']) {
  test(`the console is accessible in the ${colorScheme} theme, dialogs and empty queues included`, async () => {
    const one = await escalated(`Colours in the ${colorScheme} theme`, true);
    const { page, close } = await desk('/console', { colorScheme, reducedMotion: 'reduce' });
    const check = async (what) => assert.deepEqual(await violations(page), [], what);
    await lines(page).first().waitFor();
    await check('the queue');
    await page.goto(`/console?c=${await idOf(one)}`);
    await page.getByTestId('thread').locator('[data-testid=message]').first().waitFor();
    await check('a conversation');
    await page.locator('[data-testid=turn] summary').first().click();
    await page.getByRole('button', { name: 'Claim' }).click();
    await page.getByTestId('receipt').waitFor();
    await check('a turn, a receipt');
    for (const [key, dialog] of [['?', 'Keys'], ['/', 'Search or run a command'], ['s', 'Snooze until'], ['a', 'Assign to'], ['b', 'Hand back to the bot']]) {
      await page.keyboard.press(key);
      await page.getByRole('dialog', { name: dialog }).waitFor();
      await check(dialog);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await page.goto('/console?queue=snoozed&channel=whatsapp');
    await page.getByText('Nothing matches the filter').waitFor();
    await check('an empty queue');
    await close();
  });
}

test('the summary of a long thread leads to its messages, is kept, and is renewed when there is more', async () => {
  const { page, close } = await desk();
  const one = await escalated('A long thread', true);
  const say = (n) => program.post(`/support/ticket/${one.ticket}/messages`, { message: `Detail number ${n} of the matter` });
  await page.goto(`/console?c=${await idOf(one)}`);
  await page.getByTestId('thread').getByTestId('message').first().waitFor();
  assert.equal(await page.getByRole('button', { name: 'Summary' }).count(), 0, 'a short thread needs none');
  // More than one page of messages, so that older ones have to be loaded; a customer may not write so many unanswered ones.
  for (let n = 1; n <= 45; n += 1) await program.staff('POST', `/staff/conversations/${await idOf(one)}/note`, { text: `Note ${n}` });
  for (let n = 1; n <= 60; n += 1) await say(n);
  await page.goto(`/console?c=${await idOf(one)}`);
  await page.getByTestId('thread').getByText('Detail number 60 of the matter').waitFor();

  await page.getByRole('button', { name: 'Summary' }).click();
  const dialog = page.getByRole('dialog', { name: 'Summary of the thread' });
  const point = (kind) => dialog.locator(`[data-testid=summary-point][data-kind=${kind}]`);
  await point('open_question').getByText('Detail number 60 of the matter').waitFor();
  await dialog.getByText('Quoted from the thread').waitFor();
  assert.deepEqual(await violations(page), []);
  await point('wish').getByRole('button', { name: 'An older message' }).click();
  await dialog.waitFor({ state: 'detached' });
  await until('the first message with the focus', () =>
    page.getByTestId('message').first().evaluate((card) => card === document.activeElement && card.dataset.role === 'customer'),
  );

  await say(61);
  await page.getByTestId('thread').getByText('Detail number 61 of the matter').waitFor();
  await page.keyboard.press('i');
  await dialog.getByTestId('summary-newer').getByText('1 newer message').waitFor();
  await dialog.getByRole('button', { name: 'Renew' }).click();
  await point('open_question').getByText('Detail number 61 of the matter').waitFor();
  await dialog.getByTestId('summary-newer').waitFor({ state: 'detached' });
  await point('open_question').getByRole('button', { name: /^Customer, / }).click();
  await until('the newest message with the focus', () => page.evaluate(() => document.activeElement?.textContent.includes('Detail number 61')));
  await close();
});

test('a German member of staff gets German', async () => {
  const { page, close } = await desk('/console?lang=de');
  await page.getByRole('link', { name: /Für mich/ }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Tasten' }).getByText('Nächste in der Warteschlange').waitFor();
  await close();
});
