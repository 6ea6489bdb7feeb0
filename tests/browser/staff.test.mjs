// Accounts of staff: signing in and out, codes of an authenticator app, guessing, forged requests, session fixation,
// and what disabling an account or changing its password does to sessions.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { launch, Program, signedIn, signIn, violations, visitor } from './support.mjs';

let program;
let browser;
before(async () => {
  [program, browser] = await Promise.all([Program.start(), launch()]);
});
after(async () => {
  await browser?.close();
  await program?.end();
});

/** RFC 6238 with SHA-1, six digits, thirty seconds. */
function totp(secret, at = Date.now()) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret.replace(/=+$/, '')].map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const offset = mac.at(-1) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

let accounts = 0;
async function account(role = 'agent') {
  accounts += 1;
  return program.account(`Staff ${accounts}`, role);
}

const refusals = /40[0-9]|429|Failed to load resource/;
const visit = (options = {}) => visitor(browser, program, { expected: refusals, ...options });

const cookieOf = async (context) => (await context.cookies()).find(({ name }) => name.endsWith('fte_session'));

test('staff sign in and out; no script can read the cookie; a signed-out visitor is sent to the login page', async () => {
  const member = await account('admin');
  const { page, context, close } = await visit();
  await page.goto('/console');
  await page.waitForURL('**/console/login');
  await signIn(page, member);
  await signedIn(page);
  assert.match(await page.getByTestId('signed-in').textContent(), new RegExp(`${member.name}.*Administrator`));
  const cookie = await cookieOf(context);
  assert.equal(cookie.httpOnly, true);
  assert.equal(cookie.sameSite, 'Strict');
  assert.equal(await page.evaluate(() => document.cookie), '');
  assert.deepEqual(await violations(page), []);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL('**/console/login');
  const replay = await fetch(`${program.base}/staff/session`, { headers: { Cookie: `${cookie.name}=${cookie.value}` } });
  assert.equal(replay.status, 401);
  await close();
});

test('the first start prints the password of the first account once', async () => {
  const [, password] = /admin@localhost\D*?(\S{12,})/.exec(program.output) ?? [];
  assert.ok(password, program.output);
  await program.restart();
  const { page, close } = await visit();
  await signIn(page, { email: 'admin@localhost', password });
  await signedIn(page);
  assert.equal(program.output.split(password).length, 2, 'printed once');
  await close();
});

test('a wrong password, an unknown account and a disabled one get the same answer', async () => {
  const member = await account();
  const disabled = await account();
  await program.command('staff', 'disable', disabled.email);
  for (const tried of [{ ...member, password: 'not the password' }, { email: 'nobody@example.com', password: 'x' }, disabled]) {
    const { page, close } = await visit();
    await signIn(page, tried);
    await page.getByText('E-mail address or password is wrong.').waitFor();
    await close();
  }
});

test('disabling an account ends its sessions', async () => {
  const member = await account();
  const { page, close } = await visit();
  await signIn(page, member);
  await signedIn(page);
  await program.command('staff', 'disable', member.email);
  await page.reload();
  await page.waitForURL('**/console/login');
  await close();
});

test('a changed password ends the other sessions', async () => {
  const member = await account();
  const [here, there] = [await visit(), await visit()];
  for (const { page } of [here, there]) {
    await signIn(page, member);
    await signedIn(page);
  }
  const next = 'correct horse battery staple';
  await here.page.goto('/console/account');
  await here.page.getByLabel('Current password').fill(member.password);
  await here.page.getByLabel('New password', { exact: true }).fill(next);
  await here.page.getByLabel('New password again').fill('something else');
  await here.page.getByRole('button', { name: 'Change password' }).click();
  await here.page.getByText('New password again must be the same as the new password.').waitFor();
  await here.page.getByLabel('New password again').fill(next);
  await here.page.getByRole('button', { name: 'Change password' }).click();
  await here.page.getByText(/Your password was changed/).waitFor();
  await there.page.reload();
  await there.page.waitForURL('**/console/login');
  await signIn(there.page, { ...member, password: next });
  await signedIn(there.page);
  await here.close();
  await there.close();
});

test('a second factor is set up, asked for, and turned off again', async () => {
  const member = await account();
  const { page, close } = await visit();
  await signIn(page, member);
  await signedIn(page);
  await page.getByRole('link', { name: member.name }).click();
  await page.getByTestId('totp-state').getByText('Off').waitFor();
  await page.getByRole('button', { name: 'Set up' }).click();
  const secret = (await page.getByTestId('totp-secret').textContent()).trim();
  await page.getByRole('img', { name: 'QR code for an authenticator app' }).waitFor();
  assert.deepEqual(await violations(page), []);
  await page.getByLabel('Code that the app shows').fill('000000');
  await page.getByRole('button', { name: 'Turn on' }).click();
  await page.getByText('This code is not valid.', { exact: false }).waitFor();
  await page.getByLabel('Code that the app shows').fill(totp(secret));
  await page.getByRole('button', { name: 'Turn on' }).click();
  await page.getByText('Two-factor authentication is now on.').waitFor();
  await page.getByTestId('totp-state').getByText('On').waitFor();
  await page.getByText('10 recovery codes are left.').waitFor();
  const recovery = await page.getByTestId('recovery-codes').locator('li').allTextContents();
  assert.ok(recovery.length >= 8, 'recovery codes are shown');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL('**/console/login');

  // The next code: one that was used is not taken again.
  await signIn(page, member);
  await page.getByLabel('Code', { exact: true }).waitFor();
  await page.getByLabel('Code', { exact: true }).fill('000000');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('This code is not valid.', { exact: false }).waitFor();
  await page.getByLabel('Code', { exact: true }).fill(totp(secret, Date.now() + 30_000));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await signedIn(page);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL('**/console/login');

  // A recovery code works once.
  await signIn(page, member, recovery[0]);
  await signedIn(page);
  await page.getByRole('link', { name: member.name }).click();
  await page.getByText('9 recovery codes are left.').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL('**/console/login');
  await signIn(page, member, recovery[0]);
  await page.getByText('This code is not valid.', { exact: false }).waitFor();

  await signIn(page, member, recovery[1]);
  await signedIn(page);
  await page.getByRole('link', { name: member.name }).click();
  await page.getByText('Turn off', { exact: true }).first().click();
  await page.getByLabel('Code', { exact: true }).fill(recovery[2]);
  await page.getByRole('button', { name: 'Turn off' }).click();
  await page.getByText('Two-factor authentication is now off.').waitFor();
  await page.getByRole('button', { name: 'Set up' }).waitFor();
  await close();
});

test('guessing is throttled', async () => {
  const member = await account();
  const { page, close } = await visit();
  for (let n = 0; n < 5; n += 1) {
    const response = await program.post('/staff/session', { email: member.email, password: `guess number ${n}` });
    assert.equal(response.status, 401);
  }
  await signIn(page, member);
  await page.getByText('Too many failed attempts.', { exact: false }).waitFor();
  assert.equal(await page.getByTestId('signed-in').count(), 0);
  await close();
});

test('a forged request without the token is refused, and changes nothing', async () => {
  const member = await account();
  const { page, close } = await visit();
  await signIn(page, member);
  await signedIn(page);
  const statuses = await page.evaluate(async () => {
    const body = JSON.stringify({});
    const headers = { 'Content-Type': 'application/json' };
    const without = await fetch('/staff/totp', { method: 'POST', headers, body });
    const wrong = await fetch('/staff/totp', { method: 'POST', headers: { ...headers, 'X-CSRF-Token': 'guessed' }, body });
    const out = await fetch('/staff/session', { method: 'DELETE' });
    return [without.status, wrong.status, out.status, (await without.json()).code];
  });
  assert.deepEqual(statuses, [403, 403, 403, 'csrf']);
  await page.reload();
  await signedIn(page);
  await close();
});

test('a session that was set before signing in is worth nothing afterwards', async () => {
  const member = await account();
  const { page, context, close } = await visit();
  await signIn(page, member);
  await signedIn(page);
  const first = await cookieOf(context);
  // An attacker who plants the cookie of a session of his own, or a made-up one, gets another one at login.
  for (const planted of [first.value, 'made-up-by-an-attacker']) {
    const victim = await visit();
    await victim.context.addCookies([{ ...first, value: planted, url: program.base, domain: undefined, path: undefined }]);
    await victim.page.goto('/console/login');
    const { status } = await victim.page.evaluate(async ({ email, password }) => {
      const headers = { 'Content-Type': 'application/json' };
      const session = await fetch('/staff/session').then((response) => (response.ok ? response.json() : null));
      if (session) headers['X-CSRF-Token'] = session.csrf_token;
      const response = await fetch('/staff/session', { method: 'POST', headers, body: JSON.stringify({ email, password }) });
      return { status: response.status };
    }, member);
    assert.equal(status, 201);
    const given = await cookieOf(victim.context);
    assert.notEqual(given.value, planted);
    if (planted !== first.value) {
      const replay = await fetch(`${program.base}/staff/session`, { headers: { Cookie: `${first.name}=${planted}` } });
      assert.equal(replay.status, 401);
    }
    await victim.close();
  }
  await close();
});
