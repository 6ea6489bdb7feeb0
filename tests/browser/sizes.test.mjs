// The size of the pages' scripts, and that the types of the API are those of the program.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './support.mjs';

const run = (script, ...args) => spawnSync(process.execPath, [join(root, 'web-form', 'scripts', script), ...args], { encoding: 'utf8' });

test('first-load JavaScript is within its limits, and no page names another host', () => {
  const { status, stdout, stderr } = run('sizes.mjs');
  console.log(stdout);
  assert.equal(status, 0, stdout + stderr);
});

test('the types of the API are current', () => {
  const { status, stdout, stderr } = run('api-types.mjs', '--check');
  assert.equal(status, 0, stdout + stderr);
});
