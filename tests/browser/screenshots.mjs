// Pictures of every page, as the README shows them. `make screenshots` writes them to docs/images.
import { after, before, test } from 'node:test';
import { fillForm, launch, picture, Program, until, visitor } from './support.mjs';

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

test('a picture of the console', async () => {
  const { password } = JSON.parse(
    await program.command('staff', 'add', 'maria@example.com', '--name', 'Maria Weber', '--role', 'admin', '--json'),
  );
  const { page, close } = await visitor(browser, program, { viewport: desktop, expected: /401/ });
  await page.goto('/console/login');
  await page.getByLabel('E-mail').fill('maria@example.com');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByTestId('signed-in').waitFor();
  await picture(page, 'console');
  await close();
});
