// Pictures of every page, as the README shows them. `make screenshots` writes them to docs/images.
import { after, before, test } from 'node:test';
import { fillForm, launch, picture, Program, signedIn, signIn, until, visitor } from './support.mjs';

let program;
let browser;
before(async () => {
  [program, browser] = await Promise.all([Program.start(), launch()]);
});
after(async () => {
  await browser?.close();
  await program?.end();
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
  const maria = await program.account('Maria Weber', 'admin');
  const omar = await program.account('Omar Haddad');
  await fillQueue();
  const take = async (name, options, act) => {
    const { page, close } = await visitor(browser, program, { viewport: { width: 1440, height: 900 }, expected: /40[0-9]/, ...options });
    await signIn(page, maria);
    await signedIn(page);
    await page.getByTestId('queue-item').first().waitFor();
    await act(page);
    await page.waitForTimeout(800);
    await picture(page, name);
    await close();
  };
  const open = (subject) => async (page) => {
    await page.getByTestId('queue-item').filter({ hasText: subject }).first().click();
    await page.getByTestId('thread').locator('[data-testid=message]').first().waitFor();
    await page.getByTestId('identities').waitFor({ state: 'attached' });
  };
  await take('console', {}, async (page) => {
    await open('Price for fifty people')(page);
    await page.getByRole('button', { name: 'Claim' }).click();
    await page.getByTestId('receipt').waitFor();
    await page.getByRole('textbox', { name: /^Reply to/ }).fill('For fifty people our sales team makes you an offer. Which day suits you for a call?');
  });
  await take('console-dark', { colorScheme: 'dark' }, async (page) => {
    await open('Refund of a double charge')(page);
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

  /** Customers of different kinds, and a colleague at work. */
  async function fillQueue() {
    const customers = [
      ['Ann Lee', 'Price for fifty people', 'How much does the Enterprise plan cost for 50 people?'],
      ['Jürgen Großmann', 'Refund of a double charge', 'I was charged twice in October. Please refund one of the payments.'],
      ['Priya Raman', 'I need to talk to a person', 'Please let me talk to a human, this is about our contract.'],
      ['Tom Okafor', 'Data processing agreement', 'Our lawyers need a signed data processing agreement under the GDPR.'],
      ['Sofia Lindqvist', 'Third time that I write', 'This is ridiculous, nothing works and nobody helps me. I am really angry.'],
      ['Marek Nowak', 'Reset my password', 'I forgot my password. How can I reset it?'],
      ['Lucía Fernández', 'Invite a colleague', 'How do I invite a colleague to my workspace?'],
    ];
    for (const [name, subject, message] of customers) {
      const email = `${subject.replace(/\W+/g, '.').toLowerCase()}@example.com`;
      const { ticket_id: ticket } = await program.submit({ name, subject, message, email });
      await program.answered(ticket);
    }
    const { items } = await program.staff('GET', '/staff/conversations?queue=all&limit=100');
    const find = (subject) => items.find(({ ticket }) => ticket.subject === subject)?.conversation_id;
    const { items: members } = await program.staff('GET', '/staff/members');
    const legal = find('Data processing agreement');
    await program.staff('POST', `/staff/conversations/${legal}/assign`, { staff_id: members.find(({ email }) => email === omar.email).id });
    await program.staff('POST', `/staff/conversations/${find('Price for fifty people')}/note`, { text: 'Sales has a framework offer for schools, ask before quoting.' });
    await program.staff('PATCH', `/staff/conversations/${find('Refund of a double charge')}`, { severity: 'high', add_tags: ['billing'] });
    await program.staff('PATCH', `/staff/conversations/${find('Third time that I write')}`, { severity: 'urgent', add_tags: ['vip'] });
  }
});
