import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { canary, leaksIn, secretForms } from '../../support/canary.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { createProject, type Ended, type Project } from '../command-line.ts';
import { createUiProject, type UiProject } from '../ui-project.ts';

const forms = secretForms(canary);
/** Without anything at which a list of words could be divided. */
const word = 'Kanary7/Tok3n-of/the.run';
const privateKey = 'MIIEvAIBADANBgkqhkiG9w0B\nAQEFAASCBKYwggSiAgEAAoIB\nAQC7VJTUt9Us8cKjMzEfYyji';

/** What prints a form, on both streams and in its report, and fails, so that its output is shown everywhere. */
const printers = forms.map(
  ({ name }, at) =>
    `  form_${at}: { command: "cat forms/${at} | tee /dev/stderr; cat reports/${at} >> $ETL_TASK_REPORT; exit 3" } # ${name}\n`,
);

const pipeline = `version: 1
name: shop
params: { private_key: { default: none } }
env: { FEED: "https://feed:\${env:API_TOKEN}@host/x" }
handoffs: { on_failure: { to: On-call }, on_degradation: { to: Platform }, on_success: { to: Research, dataset: leaky } }
notify: { command: "cat >> told.json; env | grep ^ETL_HANDOFF >> told.env; cat forms/* >&2; exit 9" }
requests: { deliverables: { leaky: { table: leaky, tasks: [form_0] } } }
tasks:
${printers.join('')}  two_writes:
    command: |
      printf %s "\${API_TOKEN:0:11}"; sleep 0.6; printf '%s\\n' "\${API_TOKEN:11}"; exit 3
  two_streams:
    command: |
      printf %s "\${API_TOKEN:0:11}"; sleep 0.1; printf '%s\\n' "\${API_TOKEN:11}" >&2; exit 3
  arguments:
    command: |
      ls "/nowhere/$API_TOKEN" || LC_ALL=C ls "/nowhere/$API_TOKEN" || bash -xc ': "$0"' "$API_TOKEN"
      "no-such-program-$API_TOKEN"
  feed: { command: "echo $FEED; exit 3" }
  variables: { command: "env; export -p; exit 3" }
  key: { command: "echo \\"$ETL_PARAM_PRIVATE_KEY\\"; exit 3", fallback: { command: "cat forms/0; exit 3", note: stands in } }
checks:
  - { name: in_an_error, sql: "SELECT v::int FROM leaky" }
  - { name: in_the_data, kind: accepted_values, column: leaky.v, values: [x] }
  - { name: in_a_command, command: "cat forms/0; cat forms/* >&2; exit 1" }
`;

let database: TestDatabase;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  database = await createTestDatabase();
  env = { API_TOKEN: canary, OTHER_TOKEN: word, DATABASE_URL: database.url, ETL_PARAM_PRIVATE_KEY: privateKey };
  const client = new pg.Client(database.url);
  await client.connect();
  await client.query('CREATE TABLE leaky (v text)');
  await client.query('INSERT INTO leaky VALUES ($1)', [canary]);
  await client.end();
});

afterAll(() => database.close());

const ours = /^(?:pipeline\.yaml|(?:forms|reports)\/\d+)$/;

/** Each file that the program has written, by its kind. */
function filesOf(directory: string): readonly (readonly [name: string, text: string])[] {
  return (readdirSync(directory, { recursive: true }) as string[])
    .filter((name) => !ours.test(name) && statSync(join(directory, name)).isFile())
    .map((name) => [name, readFileSync(join(directory, name), 'utf8')]);
}

function writeForms(directory: string): void {
  for (const name of ['forms', 'reports']) mkdirSync(join(directory, name));
  for (const [at, { printed }] of forms.entries()) {
    writeFileSync(join(directory, 'forms', String(at)), `${printed}\n`);
    writeFileSync(join(directory, 'reports', String(at)), `${JSON.stringify({ message: printed.slice(-900) })}\n`);
  }
}

/** Fails with the sink and the forms in it. */
function expectNoLeak(sinks: Iterable<readonly [name: string, text: string]>): void {
  const password = decodeURIComponent(new URL(database.url).password);
  const secrets = [canary, word, password, ...privateKey.split('\n')];
  const leaks = [...sinks].flatMap(([name, text]) =>
    Object.entries(leaksIn(text, secrets)).map(([form, bytes]) => ({ name, form, bytes })),
  );
  expect(leaks).toEqual([]);
}

const said = (name: string, { out, err }: Ended) => [`${name}, standard output`, out, `${name}, standard error`, err];

function pairs(flat: readonly string[]): readonly (readonly [string, string])[] {
  return Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at]!, flat[2 * at + 1]!] as const);
}

function open(): Project {
  const project = createProject(pipeline);
  onTestFinished(project.remove);
  writeForms(project.directory);
  return project;
}

test('a secret is in nothing that a run, its reports and its readers write, in whatever form tasks print it', async () => {
  const { call, directory } = open();
  const summary = join(directory, 'summary.md');
  const args = ['run', '--ci', '-p', 'private_key'];
  const plain = await call([...args, '--junit', 'junit.xml'], env);
  const json = await call([...args, '--reporter', 'json'], env);
  const github = await call([...args, '--reporter', 'github'], { ...env, GITHUB_STEP_SUMMARY: summary });
  expect([plain.code, json.code, github.code]).toEqual([1, 1, 1]);
  const readers = [
    ['report', 'latest', '--html', 'report.html'],
    ['show', 'latest'],
    ['show', 'latest', '--json'],
    ['history', '--json'],
    ['handoffs', 'list', '--json'],
    ['logs', 'latest', 'two_streams'],
    ['logs', 'latest', 'arguments', '--json'],
  ];
  const read = await Promise.all(readers.map(async (words) => said(words.join(' '), await call(words))));
  // The secret is masked, and not merely absent.
  const masked = filesOf(directory).filter(([, text]) => text.includes('***'));
  const kinds = [
    'journal.jsonl',
    '.log',
    'parallel_run',
    'consistency',
    'junit.xml',
    'summary.md',
    'report.html',
    'told',
  ];
  for (const kind of [...kinds, 'handoffs/active']) {
    expect([kind, masked.some(([name]) => name.includes(kind))]).toEqual([kind, true]);
  }
  expectNoLeak([
    ...pairs(said('plain', plain)),
    ...pairs(said('json', json)),
    ...pairs(said('github', github)),
    ...read.flatMap(pairs),
    ...filesOf(directory),
  ]);
}, 240_000);

test('a secret is in no answer to a request, nor in the refusal of one that holds it', async () => {
  const { call, directory } = open();
  const ask = (name: string, scope: string) => {
    writeFileSync(join(directory, name), `type: data_refresh_request\nfrom: Research\nscope: [${scope}]\n`);
    return call(['request', name], env);
  };
  const done = await ask('r.yaml', 'form_0');
  expect(done.code).toBe(1);
  const refused = await ask('refused.yaml', word);
  expect(refused.code).toBe(2);
  const answers = filesOf(directory).filter(([name]) => name.startsWith('handoffs/active'));
  expect(answers.some(([, text]) => text.includes('data_refresh_completed'))).toBe(true);
  const written = filesOf(directory).filter(([name]) => !/refused/.test(name));
  expectNoLeak([...pairs([...said('request', done), ...said('refused', refused)]), ...written]);
});

test('a secret is not on the screen, in no pane', async () => {
  const ui: UiProject = createUiProject(pipeline);
  onTestFinished(() => ui.close());
  writeForms(ui.directory);
  const screen = ui.open(['-p', 'private_key'], { env, columns: 160, rows: 50 });
  const seen: string[] = [];
  const look = async (what: string | RegExp, ...keys: readonly string[]) => {
    screen.press(...keys);
    await screen.waitFor(what);
    seen.push(screen.text());
  };
  await look(/FAILED/);
  await look('***');
  await look(/form_1 /, 'j');
  await look(/in_an_error/, '5');
  await look(/Charts|charts|cpu|CPU/i, '1');
  screen.press('q');
  await screen.waitForExit();
  expectNoLeak([
    ['screen', seen.join('\n')],
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what moves the cursor is between the characters
    ['terminal', screen.sent.replace(/\x1b(?:\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07)/g, '')],
  ]);
});

test('a secret is in no report of a bug', async () => {
  const { call } = createProject('name: shop\ntasks: { a: { comand: x } }\n');
  const fails = 'Intl.Segmenter=class{constructor(){throw%20Error(process.env.SAID)}}';
  const hook = { NODE_OPTIONS: `--import=data:text/javascript,${fails}`, API_TOKEN: canary };
  const shorter = forms.filter(({ printed }) => printed.length < 1_000);
  const ended = await call(['validate'], { ...hook, SAID: shorter.map(({ printed }) => printed).join('\n\n') });
  expect([ended.code, ended.err]).toEqual([70, expect.stringContaining('***')]);
  expectNoLeak(pairs(said('crash', ended)));
});
