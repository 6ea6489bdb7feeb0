// Mails in the console (folded quotes, the HTML part in a frame that runs and loads nothing, the source), the replay of a
// turn, mentions in notes, watched conversations, and replies that are sent later.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, Program, signedIn, signIn, until, violations, visitor } from './support.mjs';

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

// The last: what this test itself asks the sandboxed frame; that no script is left in it is asserted.
const expected = /40[0-9]|Failed to load resource|ERR_|Blocked script execution in .*\/html' because the document's frame is sandboxed/;

async function desk(who, path) {
  const visit = await visitor(browser, program, { expected });
  await signIn(visit.page, who);
  await signedIn(visit.page);
  await visit.page.goto(path);
  await visit.page.locator('[data-testid=connection][data-state=live]').waitFor();
  return visit;
}

const replyField = (page) => page.getByRole('textbox', { name: /^Reply to/ });
const send = (page) => page.getByRole('button', { name: 'Send', exact: true });

async function conversationOf(subject) {
  const item = await until(`the conversation ${subject}`, async () => {
    const { items } = await program.staff('GET', '/staff/conversations?queue=all&limit=100');
    return items.find((one) => one.ticket.subject === subject);
  });
  return { id: item.conversation_id, number: item.ticket.ticket_number };
}

const HTML = `<html><head><base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example/">
<style>@import url(https://evil.example/a.css);</style></head><body onload="alert(1)"><script>alert(2)</script>
<img src="https://evil.example/pixel.gif" alt="Pixel"><img src="cid:dot@mail" alt="Dot">
<p style="color:rgb(200, 0, 0);background:url(https://evil.example/b.png)">I forgot my password. How can I reset it?</p>
<a href="https://evil.example/phish">our shop</a>
<form action="https://evil.example/"><input name="x"><button>go</button></form><iframe src="https://evil.example/"></iframe>
</body></html>`;
const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const MAIL = `From: Ann Lee <ann.lee@example.com>
To: support@example.com
Subject: Designed mail
Message-ID: <designed@example.com>
MIME-Version: 1.0
Content-Type: multipart/related; boundary=rel

--rel
Content-Type: multipart/alternative; boundary=alt

--alt
Content-Type: text/plain; charset=utf-8

I forgot my password. How can I reset it?

On Mon, 30 Nov 2026 at 08:00, Support <support@example.com> wrote:
> Please say more.

--alt
Content-Type: text/html; charset=utf-8

${HTML}
--alt--
--rel
Content-Type: image/png
Content-ID: <dot@mail>
Content-Transfer-Encoding: base64

${DOT}
--rel--
`.replaceAll('\n', '\r\n');

test('a mail is shown with folded quotes, its design loads and runs nothing, its source is text, and its turn is replayed', async () => {
  const file = join(program.data, 'designed.eml');
  writeFileSync(file, MAIL);
  await program.command('simulate', 'email', '--url', program.base, '--raw', file, '--auth', 'pass', '--json');
  const { id } = await conversationOf('Designed mail');
  const { page, close } = await desk(maria, `/console?c=${id}`);
  const mail = page.getByTestId('mail').first();
  const quotes = mail.getByTestId('mail-quotes');
  assert.equal(await quotes.getByText('Please say more.').isVisible(), false);
  await quotes.locator('summary').click();
  await quotes.getByText('Please say more.').waitFor();

  await mail.getByRole('button', { name: 'Show as it was designed' }).click();
  const frame = page.frameLocator('[data-testid=mail-html]');
  const words = frame.getByText('I forgot my password. How can I reset it?');
  await words.waitFor();
  assert.equal(await page.getByTestId('mail-html').getAttribute('sandbox'), '');
  assert.equal(await words.evaluate((element) => getComputedStyle(element).color), 'rgb(200, 0, 0)');
  assert.equal(await frame.getByAltText('Dot').evaluate((image) => image.complete && image.naturalWidth), 1);
  assert.equal(await frame.getByAltText('Pixel').getAttribute('src'), null);
  assert.equal(await frame.locator('form, input, iframe, script, base').count(), 0);
  // A link can be read, and not followed.
  const link = frame.getByText('our shop');
  assert.match(await link.evaluate((element) => getComputedStyle(element, '::after').content), /evil\.example\/phish/);
  await link.click({ force: true });
  assert.equal(await words.isVisible(), true);

  await mail.getByRole('button', { name: 'Show source' }).click();
  await mail.getByTestId('mail-raw').getByText('Subject: Designed mail').waitFor();
  assert.deepEqual(await violations(page), []);

  await page.getByText('Why did it say this?').first().click();
  await page.getByRole('button', { name: 'Replay this turn' }).click();
  await page.locator('[data-testid=replay][data-verdict=same]').getByText('Same result').waitFor();
  await close();
});

test('a note completes the name of a colleague, who is told and sees it in the timeline', async () => {
  await program.submit({ subject: 'Mention someone', email: 'mention@example.com' });
  const { id, number } = await conversationOf('Mention someone');
  const [{ page, close }, other] = [await desk(maria, `/console?c=${id}`), await desk(omar, '/console')];
  await page.getByRole('button', { name: 'Note', exact: true }).click();
  const field = page.getByRole('textbox', { name: 'Note, for staff only' });
  await field.pressSequentially('Please look at this, @om');
  await page.getByRole('option', { name: /Omar Haddad/ }).waitFor();
  assert.deepEqual(await violations(page), []);
  await field.press('Enter');
  await page.getByRole('option', { name: /Omar Haddad/ }).waitFor({ state: 'detached' });
  await field.pressSequentially('thanks.');
  assert.equal(await field.inputValue(), 'Please look at this, @Omar Haddad thanks.');
  await field.press('Control+Enter');
  await page.locator('[data-testid=message][data-kind=note]').getByTestId('mentions').getByText('@Omar Haddad').waitFor();

  const notice = other.page.getByTestId('toast').filter({ hasText: `A note on ${number} mentions you.` });
  await notice.getByRole('button', { name: 'Show' }).click();
  await other.page.getByTestId('thread').getByText('Please look at this').waitFor();
  // Its author is told nothing.
  assert.equal(await page.getByTestId('toast').filter({ hasText: 'mentions you' }).count(), 0);
  await close();
  await other.close();
});

test('whoever watches a conversation is told of what others do in it, until they stop', async () => {
  const { ticket_id: ticket } = await program.submit({ subject: 'Watch this', email: 'watch@example.com' });
  await program.answered(ticket);
  const { id, number } = await conversationOf('Watch this');
  // Whom the tests before have mentioned watches more than this.
  const nadia = await program.account('Nadia Petrova');
  const [{ page, close }, other] = [await desk(nadia, `/console?c=${id}`), await desk(maria, `/console?c=${id}`)];
  await page.getByRole('toolbar').getByRole('button', { name: /^Watch/ }).click();
  await page.getByRole('toolbar').getByRole('button', { name: /^Stop watching/ }).waitFor();
  assert.deepEqual(await violations(page), []);
  await page.goto('/console?queue=watching');
  await page.locator(`[data-line="${id}"]`).waitFor();
  await page.locator('[data-queue=watching] [data-testid=count]').filter({ hasText: /^1$/ }).waitFor();
  await page.locator('[data-testid=connection][data-state=live]').waitFor();

  const toast = (text) => page.getByTestId('toast').filter({ hasText: text });
  await program.post(`/support/ticket/${ticket}/messages`, { message: 'Is anyone there?' });
  await toast(`The customer has written on ${number}.`).waitFor();
  await toast(`Escalation ${number}`).waitFor();
  const newest = (await program.staff('GET', `/conversations/${id}`)).messages.at(-1).id;
  const reply = { text: 'Yes, a colleague is.', seen_through: newest, send_after_seconds: 0, force: true };
  await program.staff('POST', `/staff/conversations/${id}/reply`, reply);
  await toast(`A colleague has replied on ${number}.`).getByRole('button', { name: 'Show' }).click();
  await page.getByTestId('thread').getByText('Yes, a colleague is.').waitFor();
  // Maria watches nothing.
  assert.equal(await other.page.getByTestId('toast').filter({ hasText: 'A colleague has replied' }).count(), 0);

  await page.locator('h2').first().focus();
  await page.keyboard.press('w');
  await page.getByRole('toolbar').getByRole('button', { name: /^Watch/ }).waitFor();
  await page.goto('/console?queue=watching');
  await page.getByText('You watch nothing').waitFor();
  await close();
  await other.close();
});

test('a reply waits as long as its author says, counts down and can be taken back, or leaves at once', async () => {
  const { ticket_id: ticket } = await program.submit({ subject: 'Not yet', email: 'later@example.com' });
  await program.answered(ticket);
  const { id } = await conversationOf('Not yet');
  const { page, close } = await desk(maria, `/console?c=${id}`);
  const delay = page.getByRole('combobox', { name: 'Send' });
  await delay.selectOption({ label: 'after 2 min' });
  await replyField(page).fill('This waits for two minutes.');
  await send(page).click();
  const sent = page.locator('[data-testid=message][data-role=staff]').filter({ hasText: 'This waits' });
  await sent.getByTestId('countdown').getByText(/^Is sent in (1\d\d|2) (sec|min)$/).waitFor();
  await until('a later second', async () => /1[01]\d sec/.test(await sent.getByTestId('countdown').innerText()));
  await sent.getByRole('button', { name: 'Undo' }).click();
  await page.locator('[data-testid=delivery][data-state=withdrawn]').waitFor();
  assert.equal(await replyField(page).inputValue(), 'This waits for two minutes.');
  assert.equal(await delay.inputValue(), '10', 'the delay is chosen for one reply');

  await delay.selectOption({ label: 'at once' });
  await replyField(page).fill('This leaves at once.');
  await send(page).click();
  await until('the reply', async () => (await program.ticket(ticket)).messages.some(({ content }) => content.includes('leaves at once')));
  await close();
});
