// The page of the knowledge base: a question that no document answers becomes an article, from the list of gaps to the
// approval; what a draft says is shown as text; agents may propose and not decide.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Program, sidewaysScroll, signedIn, signIn, until, violations, visitor } from './support.mjs';

let program;
let browser;
let admin;
let agent;
before(async () => {
  [program, browser] = await Promise.all([Program.start(), launch()]);
  admin = await program.account('Maria Weber', 'admin');
  agent = await program.account('Omar Haddad');
});
after(async () => {
  await browser?.close();
  await program?.end();
});

const BLENDER = 'Is there a plugin for Blender?';
const expected = /40[0-9]|Failed to load resource/;

async function knowledge(who, options = {}) {
  const visit = await visitor(browser, program, { expected, ...options });
  await signIn(visit.page, who);
  await signedIn(visit.page);
  await visit.page.goto('/console/knowledge');
  await visit.page.getByRole('heading', { name: 'Knowledge', exact: true }).waitFor();
  return visit;
}

test('a gap is proposed, tried on past questions and approved; then the bot answers', async () => {
  await program.submit({ email: 'blender@example.com', subject: 'A question about it', message: BLENDER });
  await until('the gap', async () => (await program.staff('GET', '/staff/knowledge/gaps')).items.length === 1);

  const staff = await knowledge(agent);
  await staff.page.getByRole('button', { name: 'Not answered' }).click();
  await staff.page.getByText('asked 1 time').waitFor();
  await staff.page.getByRole('button', { name: 'Propose an article' }).click();
  await staff.page.getByLabel('Text (Markdown)').fill('To install the plugin for Blender, open Settings, choose Plugins and press Blender.\n\n<img src=x onerror=alert(1)>');
  await staff.page.getByRole('button', { name: 'Save draft' }).click();
  const diff = staff.page.getByTestId('diff');
  await diff.getByText('press Blender').waitFor();
  assert.match(await diff.textContent(), /<img src=x onerror=alert\(1\)>/);
  assert.equal(await diff.locator('img').count(), 0, 'a draft is text');
  await staff.page.getByText('Administrators approve and reject.').waitFor();
  assert.equal(await staff.page.getByRole('button', { name: /^Approve/ }).count(), 0);
  assert.deepEqual(await violations(staff.page), []);
  await staff.close();

  const chief = await knowledge(admin, { viewport: { width: 360, height: 740 } });
  await chief.page.getByRole('button', { name: /plugin for Blender/ }).click();
  await chief.page.getByRole('button', { name: 'Ask past questions again' }).click();
  const run = chief.page.getByTestId('run');
  await run.getByText('press Blender').waitFor();
  assert.equal(await sidewaysScroll(chief.page), 0);
  assert.deepEqual(await violations(chief.page), []);
  await chief.page.getByRole('button', { name: 'Approve and publish' }).click();
  await chief.page.getByText('· Approved ·').waitFor();
  await chief.page.getByRole('button', { name: 'Articles' }).click();
  await chief.page.getByRole('button', { name: /plugin for Blender/ }).click();
  await chief.page.getByText('Revision 1').waitFor();
  await chief.close();

  const { ticket_id: ticket } = await program.submit({ email: 'later@example.com', subject: 'A question about it', message: BLENDER });
  const { messages } = await program.answered(ticket);
  assert.match(messages.at(-1).content, /press Blender/);
});
