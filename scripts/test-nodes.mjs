// Runs the tests on other versions of Node.js, which come from npm, and are kept in node_modules/.cache.
// Usage: npm run test:nodes -- [VERSION...] [-- ARGUMENTS OF VITEST]; without versions on 20, 22 and 24, one after the other.
import { execFileSync, spawnSync } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installNode } from './install-node.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const given = process.argv.slice(2);
const end = given.includes('--') ? given.indexOf('--') : given.length;
const versions = given.slice(0, end).length > 0 ? given.slice(0, end) : ['20', '22', '24'];
const failed = versions.filter((version) => !isGreen(version, given.slice(end + 1)));
console.log(failed.length === 0 ? `green on Node.js ${versions.join(', ')}` : `failed on Node.js ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;

function isGreen(version, args) {
  const node = installNode(version);
  console.log(`Node.js ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()}`);
  // What the tests start, and the program itself, finds the same Node.js.
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
  return (
    spawnSync(node, ['node_modules/vitest/vitest.mjs', 'run', ...args], { cwd: root, env, stdio: 'inherit' }).status ===
    0
  );
}
