// The pages check a form by the rules of the server, with the same messages: one table of inputs is given to both.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Program, question, require, root } from './support.mjs';

const source = join(root, 'web-form', 'src');
// Below web-form, so that the compiled files find its packages.
const folder = join(root, 'web-form', '.rules-test');

/** Compiles the page's own files for Node.js, which does not read TypeScript. */
async function pageRules() {
  const typescript = require('typescript');
  const options = { module: typescript.ModuleKind.ESNext, target: typescript.ScriptTarget.ES2022 };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = { rules: 'lib/rules', faults: 'lib/faults', characters: 'lib/characters', fill: 'lib/fill', texts: 'texts/en' };
  for (const [name, path] of Object.entries(files)) {
    const { outputText } = typescript.transpileModule(readFileSync(join(source, `${path}.ts`), 'utf8'), { compilerOptions: options });
    const imports = outputText.replaceAll("'@/texts'", "'./texts.mjs'").replace(/from '\.\/(\w+)'/g, "from './$1.mjs'");
    writeFileSync(join(folder, `${name}.mjs`), imports);
  }
  const [rules, faults, texts] = await Promise.all(['rules', 'faults', 'texts'].map((name) => import(join(folder, `${name}.mjs`))));
  return { rules, faults, texts };
}

let program;
let page;
before(async () => {
  [program, page] = await Promise.all([Program.start({ AGENT_POOL_SIZE: '0' }), pageRules()]);
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await program?.end();
});

const long = (n) => 'x'.repeat(n);
const label = (n) => 'b'.repeat(n);
const table = [
  {},
  { name: '' },
  { name: 'A' },
  { name: 'Al' },
  { name: ' A ' },
  { name: '  Al  ' },
  { name: 'ü' },
  { name: 'üü' },
  { name: '👩‍🚒' },
  { name: long(100) },
  { name: long(101) },
  { name: `  ${long(100)} ` },
  { name: 'Ann\nLee' },
  { name: 'Ann\r\nBcc: all@example.com' },
  { name: 'Ann\tLee' },
  { name: 'Ann\u0000Lee' },
  { name: 'Ann\n' },
  { name: '\ufeffA' },
  { name: '\u00a0A\u00a0' },
  { name: '\u2003A' },
  { name: '\u0085Ann' },
  { name: '\u200b' },
  { name: '\u2800' },
  { email: '' },
  { email: 'ann' },
  { email: 'ann@host' },
  { email: 'ann@example.com ' },
  { email: ' ann@example.com' },
  { email: 'ANN@EXAMPLE.COM' },
  { email: 'ann.lee+tag@mail.example.co.uk' },
  { email: "o'brien@example.com" },
  { email: '.ann@example.com' },
  { email: 'ann.@example.com' },
  { email: 'an..n@example.com' },
  { email: 'ann@.example.com' },
  { email: 'ann@example..com' },
  { email: 'ann@example.com.' },
  { email: 'ann@-example.com' },
  { email: 'ann@example-.com' },
  { email: 'ann@exa_mple.com' },
  { email: 'ann@@example.com' },
  { email: 'ann@lee@example.com' },
  { email: 'Ann <ann@example.com>' },
  { email: '"ann"@example.com' },
  { email: '"a b"@example.com' },
  { email: 'ann(comment)@example.com' },
  { email: 'ann@[127.0.0.1]' },
  { email: 'ann@127.0.0.1' },
  { email: 'ann@example.c' },
  { email: 'ann@example.123' },
  { email: 'ann@exämple.de' },
  { email: 'änn@example.de' },
  { email: 'ann lee@example.com' },
  { email: 'ann@exam ple.com' },
  { email: 'ann,lee@example.com' },
  { email: 'ann;lee@example.com' },
  { email: 'ann\\lee@example.com' },
  { email: 'ann:lee@example.com' },
  { email: 'ann@example.com\n' },
  { email: `${label(64)}@example.com` },
  { email: `${label(65)}@example.com` },
  { email: `ann@${label(63)}.com` },
  { email: `ann@${label(64)}.com` },
  { email: `ann@${[63, 63, 63, 50].map(label).join('.')}.com` },
  { email: `ann@${[63, 63, 63, 60].map(label).join('.')}.com` },
  { subject: '' },
  { subject: 'Four' },
  { subject: 'Fiver' },
  { subject: ' Four ' },
  { subject: long(200) },
  { subject: long(201) },
  { subject: '\u200b'.repeat(5) },
  { subject: 'Two\nlines' },
  { subject: 'A bell\u0007 rings' },
  { category: undefined },
  { category: 'general' },
  { category: 'billing' },
  { category: 'feedback' },
  { category: 'bug_report' },
  { category: 'sales' },
  { category: 'Technical' },
  { priority: 'low' },
  { priority: 'high' },
  { priority: 'urgent' },
  { message: '' },
  { message: 'too short' },
  { message: 'ten chars!' },
  { message: '  too short  ' },
  { message: 'line one\nline two\tend' },
  { message: 'a bell \u0007 in the text' },
  { message: 'a NUL \u0000 in the text' },
  { message: 'a C1 \u0090 in the text' },
  { message: '\u2800'.repeat(10) },
  { message: '\u001b[31mred\u001b[0m error' },
  { message: '\u001b[31mten chars!\u001b[0m' },
  { message: long(10_000) },
  { message: long(10_001) },
  { message: '🙂'.repeat(10_000) },
  { message: '🙂'.repeat(10_001) },
  { phone: '' },
  { phone: '   ' },
  { phone: '+4915112345678' },
  { phone: ' +4915112345678 ' },
  { phone: '015112345678' },
  { phone: '+49 151 12345678' },
  { phone: '+0151123456' },
  { phone: '+123456' },
  { phone: '+1234567' },
  { phone: '+123456789012345' },
  { phone: '+1234567890123456' },
  { phone: '+49151x2345678' },
  { phone: '+٤٩١٥١١٢٣٤٥' },
  { name: 'A', email: 'x', subject: 'Four', category: 'x', priority: 'x', message: 'short', phone: 'x' },
];

const sorted = (errors) => errors.map(({ field, message }) => `${field} ${message}`).sort();

test('the page finds the same faults as the server, in the same words', async () => {
  const { rules, faults, texts } = page;
  const differences = [];
  for (const over of table) {
    const form = { priority: 'medium', phone: '', ...question, ...over };
    const parsed = rules.submission.safeParse(form);
    const inPage = (parsed.error?.issues ?? []).map(({ path, message }) => ({
      field: path[0],
      message: faults.faultText(faults.faultOf(message), texts.en),
    }));

    // The page leaves an empty phone number out, and trims what it sends.
    const body = { ...form };
    if (form.phone.trim() === '') delete body.phone;
    const response = await program.post('/support/submit', body);
    const answer = await response.json();
    const onServer = response.status === 422 ? answer.errors : [];
    if (!parsed.success !== (response.status === 422) || sorted(inPage).join() !== sorted(onServer).join()) {
      differences.push({ over: JSON.stringify(over).slice(0, 120), page: sorted(inPage), server: sorted(onServer) });
    }
  }
  assert.deepEqual(differences, []);
});

test('every message of the server is recognised, so that it can be shown in another language', () => {
  const { faults } = page;
  for (const [message, fault] of [
    ['must have 1 to 100 characters', { text: 'length', values: { min: '1', max: '100' } }],
    ['is required', { text: 'required', values: {} }],
    ['must be one line without control characters', { text: 'line', values: {} }],
    ['must be one of low, medium, high', { text: 'oneOf', values: { values: 'low, medium, high' } }],
    ['must be a phone number in E.164 form, like +4915112345678', { text: 'phone', values: {} }],
  ]) {
    assert.deepEqual(faults.faultFromServer(message), fault);
  }
  assert.equal(faults.faultFromServer('something new'), null);
});
