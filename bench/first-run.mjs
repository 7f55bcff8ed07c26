// From the packed program to a green first run of each template, as somebody types it: in an empty directory
// `npm install etl-tui`, `npx etl-tui init --template NAME`, `npx etl-tui --ci`; and what is downloaded and installed.
// As root and, when it is started by root, as an ordinary user, each with a fresh home and a fresh cache of npm, which
// the first install of a user fills. Usage: node bench/first-run.mjs [--nodes 20,22,24] [--templates minimal,postgres]
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { installNode } from '../scripts/install-node.mjs';

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '20,22,24' },
    templates: { type: 'string', default: 'minimal,postgres,python,nfl' },
  },
});
const stranger = 65_534;
const isRoot = process.getuid() === 0;
const users = isRoot ? ['root', 'ordinary'] : ['ordinary'];
const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
const directory = mkdtempSync(join(tmpdir(), 'etl-tui-first-run-'));
const failures = [];

try {
  chmodSync(directory, 0o755);
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', directory];
  const [packed] = JSON.parse(execFileSync('npm', args, { encoding: 'utf8' }));
  const tarball = join(directory, packed.filename);
  const rows = [];
  for (const version of values.nodes.split(',')) {
    const node = join(directory, 'nodes', version, 'node');
    mkdirSync(dirname(node), { recursive: true });
    cpSync(installNode(version), node);
    for (const user of users) {
      const home = ownDirectory(`home-${version}-${user}`, user);
      for (const template of values.templates.split(',')) {
        rows.push(firstRun({ user, node, version, template, home, tarball }));
      }
    }
  }
  console.table(rows);
  console.log(`tarball: ${megabytes(statSync(tarball).size)}, unpacked ${megabytes(packed.unpackedSize)}`);
  for (const failure of failures) console.error(failure);
  process.exitCode = failures.length === 0 ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
}

function firstRun({ user, node, version, template, home, tarball }) {
  const project = ownDirectory(`${template}-${version}-${user}`, user);
  const call = (...words) => callAs(user, words, { project, node, home });
  const steps = [
    ['install', ['npm', 'install', '--no-fund', '--no-audit', tarball]],
    ['init', ['npx', 'etl-tui', 'init', '--template', template]],
    ['run', ['npx', 'etl-tui', '--ci']],
  ];
  const row = { 'Node.js': version, user, template };
  let seconds = 0;
  for (const [name, words] of steps) {
    const begun = performance.now();
    const { status, output } = call(...words);
    const taken = (performance.now() - begun) / 1_000;
    row[`${name} s`] = Math.round(taken * 10) / 10;
    seconds += taken;
    if (status !== 0)
      failures.push(`${version} ${user} ${template}: ${words.join(' ')} ended with ${status}\n${output}`);
  }
  const installed = execFileSync('du', ['-sk', join(project, 'node_modules')], { encoding: 'utf8' });
  const own = execFileSync('du', ['-sk', join(project, 'node_modules/etl-tui')], { encoding: 'utf8' });
  rmSync(project, { recursive: true, force: true, maxRetries: 5 });
  const sizes = {
    installed: megabytes(Number.parseInt(installed, 10) * 1_024),
    'etl-tui': megabytes(Number.parseInt(own, 10) * 1_024),
  };
  return { ...row, 'all s': Math.round(seconds * 10) / 10, commands: steps.length, ...sizes };
}

function ownDirectory(name, user) {
  const path = join(directory, name);
  mkdirSync(path);
  if (user === 'ordinary' && isRoot) chownSync(path, stranger, stranger);
  return path;
}

function callAs(user, words, { project, node, home }) {
  const asUser = ['setpriv', '--reuid', `${stranger}`, '--regid', `${stranger}`, '--clear-groups'];
  const all = user === 'ordinary' && isRoot ? [...asUser, ...words] : words;
  const { DATABASE_URL, CI, ...rest } = process.env;
  const env = {
    ...Object.fromEntries(Object.entries(rest).filter(([name]) => !/^(npm_|PG[A-Z])/i.test(name))),
    HOME: home,
    PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
    npm_config_registry: registry,
    npm_config_cache: join(home, '.npm'),
  };
  const { status, stdout, stderr } = spawnSync(all[0], all.slice(1), { cwd: project, env, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0)} MB`;
}
