// Pictures of every page, as the README shows them; those of the console show the company of `make demo`.
// `make screenshots` writes them to docs/images.
import { after, before, test } from 'node:test';
import { fillForm, launch, picture, Program, signedIn, signIn, until, visitor } from './support.mjs';

let program;
let demo;
let browser;
before(async () => {
  [program, browser] = await Promise.all([Program.start(), launch()]);
});
after(async () => {
  await browser?.close();
  await Promise.all([program?.end(), demo?.end()]);
});

const desktop = { width: 1280, height: 860 };
const phone = { width: 390, height: 844 };

test('pictures of the pages', async () => {
  const { ticket_id: id } = await program.submit({ message: 'I forgot my password. How can I reset it?' });
  await program.answered(id);
  await program.post(`/support/ticket/${id}/messages`, { message: 'Thank you. And how much does the Enterprise plan cost for 50 people?' });
  await until('the hand-over', async () => (await program.ticket(id)).status === 'escalated');

  const take = async (name, path, ready, options, act = async () => undefined) => {
    const { page, close } = await visitor(browser, program, { expected: /40[14]/, ...options });
    await page.goto(path);
    await page.locator(ready).first().waitFor();
    await act(page);
    await picture(page, name);
    await close();
  };
  const ticket = `/ticket?id=${id}`;
  const article = `/help?id=${encodeURIComponent('product-docs.md#reset-a-forgotten-password')}`;
  const suggestions = async (page) => {
    await fillForm(page, { subject: '', message: '' });
    await page.getByLabel('Subject').pressSequentially('I forgot my password');
    await page.getByText('These articles may answer it').waitFor();
  };
  await take('form', '/', 'button[type=submit]', { viewport: desktop }, suggestions);
  await take('form-dark', '/', 'button[type=submit]', { viewport: desktop, colorScheme: 'dark' });
  await take('form-phone', '/', 'button[type=submit]', { viewport: phone });
  await take('ticket', ticket, '[data-testid=message]', { viewport: desktop });
  await take('ticket-dark', ticket, '[data-testid=message]', { viewport: desktop, colorScheme: 'dark' });
  await take('ticket-phone-german', ticket, '[data-testid=message]', { viewport: phone, locale: 'de-DE' });
  await take('help', '/help', 'section h2', { viewport: desktop });
  await take('article', article, '.prose li', { viewport: desktop });
  await take('article-dark', article, '.prose li', { viewport: desktop, colorScheme: 'dark' });
  await take('my-tickets', '/ticket', 'h1', { viewport: desktop });
  await take('login', '/console/login', 'button[type=submit]', { viewport: desktop });
});

test('pictures of the console', async () => {
  demo = await Program.demo();
  const maria = await demo.account('Maria Weber', 'admin');
  const omar = await demo.account('Omar Haddad');
  const { items } = await demo.staff('GET', '/staff/conversations?queue=unassigned&limit=100');
  const { items: members } = await demo.staff('GET', '/staff/members');
  const waiting = items.find(({ channel }) => channel === 'web_form').conversation_id;
  const urgent = items.find(({ channel }) => channel === 'email').conversation_id;
  const other = items.find(({ conversation_id: id }) => id !== waiting && id !== urgent).conversation_id;
  const omarId = members.find(({ email }) => email === omar.email).id;
  await demo.staff('POST', `/staff/conversations/${other}/assign`, { staff_id: omarId });
  await demo.staff('PATCH', `/staff/conversations/${urgent}`, { severity: 'urgent', add_tags: ['vip'] });

  const take = async (name, options, act) => {
    const { page, close } = await visitor(browser, demo, { viewport: { width: 1440, height: 900 }, expected: /40[0-9]/, ...options });
    await signIn(page, maria);
    await signedIn(page);
    await page.getByTestId('queue-item').first().waitFor();
    await act(page);
    await page.waitForTimeout(800);
    await picture(page, name);
    await close();
  };
  const open = async (page, conversation) => {
    await page.goto(`/console?c=${conversation}`);
    await page.getByTestId('thread').locator('[data-testid=message]').first().waitFor();
    await page.getByTestId('identities').waitFor({ state: 'attached' });
  };
  await take('console', {}, async (page) => {
    await open(page, waiting);
    await page.getByRole('button', { name: 'Claim' }).click();
    await page.getByTestId('receipt').waitFor();
    await page.getByRole('textbox', { name: /^Reply to/ }).fill('Thank you for waiting. I am looking into it, and will write to you today.');
  });
  await take('console-dark', { colorScheme: 'dark' }, async (page) => {
    await open(page, urgent);
    await page.getByTestId('turn').locator('summary').first().click();
  });
  await take('console-phone', { viewport: phone }, async () => undefined);
  await take('console-keys', {}, async (page) => {
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
  });
  await take('console-palette', {}, async (page) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('refund');
    await page.getByRole('option').first().waitFor();
  });
});
